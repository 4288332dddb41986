//! Functions that look at the clock, run processes or write elsewhere: they are called again whenever what uses them is
//! made anew, and only then; `--timings` names them.

use super::house;
use crate::python::snake::Snake;

/// Functions that come to something else each time, and one that does not.
const BODY: &str = "\
import datetime, subprocess, time
log = os.path.join(os.path.dirname(here), 'log')
def note(what):
    with open(log, 'a') as file:
        file.write(what + '\\n')
def count(what):
    return str(open(log).read().split().count(what)) if os.path.exists(log) else '0'
def process(): return subprocess.check_output(['date', '+%N']).decode().strip()
def clock(): return repr(time.time())
def today(): return datetime.datetime.now().isoformat()
def device(): return open('/dev/urandom', 'rb').read(4).hex()
V.add_items([('process', process), ('clock', clock), ('today', today), ('device', device), ('pure', lambda: 'pure')])
";

const PAGE: &str = "{{ process() }} {{ clock() }} {{ today() }} {{ device() }} {{ pure() }}\n";

fn page(snake: &Snake, name: &str) -> String {
    snake.read(&format!("root/env/plugins/bad/apps/{name}"))
}

#[test]
fn an_impure_function_is_called_again_when_what_uses_it_is_rendered_and_only_then() {
    let snake = house(BODY, PAGE);
    snake.put(
        "plugins/templates/bad/apps/other",
        &format!("{PAGE}{{{{ LMS_HOST }}}}\n"),
    );
    snake.save(&[]);
    let (first, other) = (page(&snake, "page"), page(&snake, "other"));
    // Within one save, once.
    assert_eq!(other.lines().next(), first.lines().next());
    snake.without_python(&["config", "save"]);
    snake.without_python(&["config", "save", "-s", "PLATFORM_NAME=x"]);
    assert_eq!(
        (page(&snake, "page"), page(&snake, "other")),
        (first.clone(), other.clone())
    );
    snake.save(&["-s", "LMS_HOST=b.example"]);
    assert_eq!(page(&snake, "page"), first);
    let words = |text: &str| {
        text.split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let (before, after) = (words(&other), words(&page(&snake, "other")));
    let same: Vec<_> = before.iter().zip(&after).map(|(a, b)| a == b).collect();
    // What a process says is asked for again if the text is another one.
    assert_eq!(same, [true, false, false, false, true, false]);
    snake.put(
        "plugins/templates/bad/apps/other",
        &format!("edited {PAGE}"),
    );
    snake.save(&[]);
    assert_ne!(words(&page(&snake, "other"))[1], before[0]);
    snake.without_python(&["config", "save"]);
    snake.save(&["--no-cache"]);
    assert_ne!(page(&snake, "page"), first);
}

#[test]
fn timings_name_impure_calls_with_their_plugin_and_why() {
    let snake = house(BODY, PAGE);
    let answer = snake.save(&["--timings"]);
    for told in [
        "plugin 'bad': 'process' (process at ",
        "plugin 'bad': 'clock' (time at ",
        "plugin 'bad': 'today' (time at ",
        "plugin 'bad': 'device' (urandom at ",
        "bad.py:15; called once)",
    ] {
        assert!(answer.stderr.contains(told), "{told}: {}", answer.stderr);
    }
    assert!(!answer.stderr.contains("'pure' ("), "{}", answer.stderr);
    let answer = snake.save(&["--timings=json", "-s", "PLATFORM_NAME=x"]);
    let json = answer
        .stdout
        .lines()
        .rev()
        .find(|line| line.starts_with('{'));
    let json: serde_json::Value = serde_json::from_str(json.unwrap()).unwrap();
    let impure = json["impure"].as_array().unwrap();
    let process = impure
        .iter()
        .find(|one| one["call"] == "'process'")
        .unwrap();
    assert_eq!(
        (&process["owner"], &process["times"]),
        (&"plugin 'bad'".into(), &0.into())
    );
    assert!(
        process["because"].to_string().contains("bad.py:14"),
        "{process}"
    );
}

#[test]
fn an_impure_callback_is_called_in_each_save_that_finds_something_to_do() {
    let body = format!(
        "{BODY}@hooks.Filters.CONFIG_DEFAULTS.add()\ndef _defaults(items):\n    note('callback')\n    return items + [('BAD_AT', clock())]\n"
    );
    let snake = house(&body, "{{ BAD_AT }}\n");
    // Files that are this young may be looked at again by the second save.
    snake.save(&[]);
    snake.save(&[]);
    let before = snake.read("log").lines().count();
    let first = page(&snake, "page");
    snake.without_python(&["config", "save"]);
    assert_eq!(page(&snake, "page"), first);
    snake.save(&["-s", "PLATFORM_NAME=x"]);
    assert_ne!(page(&snake, "page"), first);
    assert_eq!(snake.read("log").lines().count(), before + 1);
}

#[test]
fn an_action_that_writes_elsewhere_does_so_in_each_save_that_finds_something_to_do() {
    for (action, arguments) in [("CONFIG_LOADED", "config"), ("ENV_SAVED", "root, config")] {
        let body = format!(
            "{BODY}@hooks.Actions.{action}.add()\ndef _action({arguments}):\n    note('action')\n    print('it is', 'done')\n"
        );
        let snake = house(&body, "x\n");
        let times = || snake.read("log").lines().count();
        let answer = snake.save(&[]);
        assert_eq!(answer.stderr.matches("it is done").count(), 1, "{action}");
        assert!(!answer.stderr.contains("Warning"), "{}", answer.stderr);
        // Files that are this young may be looked at again by the second save.
        snake.save(&[]);
        let before = times();
        let answer = snake.without_python(&["config", "save"]);
        assert!(!answer.stderr.contains("it is done"), "{action}");
        assert_eq!(times(), before, "{action}");
        snake.save(&["-s", "PLATFORM_NAME=x"]);
        assert_eq!(times(), before + 1, "{action}");
    }
}

#[test]
fn what_a_pure_action_prints_is_told_in_each_save_that_finds_something_to_do() {
    let body = "@hooks.Actions.CONFIG_LOADED.add()\ndef _loaded(config):\n    print('I see', config['LMS_HOST'])\n";
    let snake = house(body, "x\n");
    let said = |answer: &tests::oracle::Answer| answer.stderr.contains("I see local.openedx.io");
    assert!(said(&snake.save(&[])));
    assert!(!said(&snake.without_python(&["config", "save"])));
    let answer = snake.without_python(&["config", "save", "-s", "PLATFORM_NAME=x"]);
    assert!(said(&answer), "{}", answer.stderr);
}

#[test]
fn what_keeps_something_is_told_and_called_again_from_the_beginning() {
    let body = "seen = []\ndef tick():\n    seen.append(1)\n    return len(seen)\nV.add_items([('tick', tick), ('pure', lambda: 'p')])\n";
    let snake = house(body, "{{ tick() }} {{ tick() }}\n");
    snake.put(
        "plugins/templates/bad/apps/other",
        "{{ tick() }} {{ LMS_HOST }}\n",
    );
    let answer = snake.save(&["--timings"]);
    let told = "plugin 'bad': tutor.plugin.v1.bad.seen";
    assert!(answer.stderr.contains(told), "{}", answer.stderr);
    assert_eq!(page(&snake, "page"), "2 3");
    assert_eq!(page(&snake, "other"), "1 local.openedx.io");
    snake.without_python(&["config", "save"]);
    snake.save(&["-s", "LMS_HOST=b.example"]);
    assert_eq!(
        (
            page(&snake, "other").as_str(),
            page(&snake, "page").as_str()
        ),
        ("1 b.example", "2 3")
    );
    // One that comes earlier makes all others count further.
    snake.put("plugins/templates/bad/apps/early", "{{ tick() }}\n");
    snake.save(&[]);
    assert_eq!(
        (
            page(&snake, "other").as_str(),
            page(&snake, "page").as_str()
        ),
        ("2 b.example", "3 4")
    );
}
