//! Functions that do what they should not: print, replace what others use, change things behind everybody's back.

use std::time::Instant;

use super::{AT_ONCE, house, is_forgotten};

#[test]
fn what_functions_print_is_not_on_standard_output() {
    let body = "print('while loading')\n\
                def f():\n    print('in a function'); os.write(1, b'a raw line\\n'); os.system('echo a child')\n    return 'x'\n\
                V.add_item(('f', f))\n\
                @hooks.Filters.CONFIG_DEFAULTS.add()\ndef _defaults(items):\n    print('in a callback')\n    return items + [('BAD_A', 'a')]\n\
                @hooks.Actions.ENV_SAVED.add()\ndef _saved(root, config):\n    print('in an action')\n";
    let snake = house(body, "{{ f() }} {{ BAD_A }}\n");
    let answer = snake.save(&[]);
    for line in [
        "in a function",
        "a raw line",
        "a child",
        "in a callback",
        "in an action",
    ] {
        assert!(!answer.stdout.contains(line), "{}", answer.stdout);
        assert!(answer.stderr.contains(line), "{line}: {}", answer.stderr);
    }
    assert_eq!(snake.read("root/env/plugins/bad/apps/page"), "x a");
    assert_eq!(
        snake.works(&["config", "printvalue", "BAD_A"]).stdout,
        "a\n"
    );
    let without = ["--no-cache", "config", "printvalue", "BAD_A"];
    assert_eq!(snake.works(&without).stdout, "a\n");
    is_forgotten(&snake);
}

#[test]
fn a_function_prints_very_much() {
    let body = "def f():\n    for n in range(1000000):\n        print('x' * 99)\n    return 'x'\nV.add_item(('f', f))\n";
    let snake = house(body, "{{ f() }}\n");
    let started = Instant::now();
    let answer = snake.save(&[]);
    assert!(started.elapsed() < AT_ONCE, "{:?}", started.elapsed());
    assert!(answer.stderr.len() < 1_000_000, "{}", answer.stderr.len());
    assert_eq!(snake.read("root/env/plugins/bad/apps/page"), "x");
    is_forgotten(&snake);
}

#[test]
fn a_function_reads_standard_input() {
    let body = "import sys\nV.add_item(('f', lambda: '<' + sys.stdin.read() + '>'))\n";
    let snake = house(body, "{{ f() }}\n");
    snake.save(&[]);
    assert_eq!(snake.read("root/env/plugins/bad/apps/page"), "<>");
    is_forgotten(&snake);
}

/// Nobody can help a plugin that breaks what it is called by; but it ends, it is told whose fault it is, and one can get
/// rid of it.
#[test]
fn a_plugin_replaces_what_others_use() {
    for statement in [
        "hooks.Filters.ENV_PATCHES = None",
        "hooks.Filters.CONFIG_DEFAULTS.apply = None",
        "hooks.Filters.CONFIG_DEFAULTS.iterate = lambda *a: [(1, 2, 3)]",
        "from tutor.core.hooks import Filter; Filter.iterate = None; Filter.apply = None; Filter.add_items = None",
        "from tutor.core.hooks import Action; Action.do = lambda *a, **k: 1 / 0",
        "import tutor.env; tutor.env.Renderer = None; tutor.env.render_str = None",
        "import tutor.fmt; tutor.fmt.echo_alert = tutor.fmt.echo = None",
        "hooks.Filters = None; hooks.Actions = None",
        "import tutor.core.hooks.filters as f; f.__dict__.clear()",
        "import json; json.dumps = json.loads = None",
        "import builtins; builtins.len = builtins.isinstance = None",
    ] {
        for later in [false, true] {
            let body = if later {
                format!("def f():\n    {statement}\n    return 'x'\nV.add_item(('f', f))\n")
            } else {
                format!("V.add_item(('f', lambda: 'x'))\n{statement}\n")
            };
            let snake = house(&body, "{{ f() }}\n");
            let started = Instant::now();
            let answer = snake.tutor(&["config", "save"]);
            assert!(started.elapsed() < AT_ONCE, "{:?}", started.elapsed());
            assert!(!answer.stderr.contains("panicked"), "{}", answer.stderr);
            match answer.status {
                0 => assert!(
                    snake.core().ends_with("good"),
                    "{statement}: {}",
                    snake.core()
                ),
                1 => assert!(
                    answer.stderr.contains("plugin 'bad'"),
                    "{statement}: {}",
                    answer.stderr
                ),
                other => panic!("{statement}: {other} {}", answer.stderr),
            }
            is_forgotten(&snake);
        }
    }
}

#[test]
fn a_function_changes_its_surroundings() {
    for statement in [
        "os.chdir('/')",
        "os.environ.clear()",
        "import signal; signal.signal(15, signal.SIG_IGN)",
        "os.close(0); os.close(1)",
        "import threading, time; threading.Thread(target=time.sleep, args=(30,)).start()",
        "import subprocess; subprocess.Popen(['sleep', '30'])",
        "import atexit, time; atexit.register(time.sleep, 30)",
        "os.fork() or os._exit(0)",
        "import sys; sys.modules.clear()",
        "import sys; sys.setrecursionlimit(60)",
    ] {
        let body = format!("def f():\n    {statement}\n    return 'x'\nV.add_item(('f', f))\n");
        let snake = house(&body, "{{ f() }}\n");
        let started = Instant::now();
        let answer = snake.tutor(&["config", "save"]);
        assert!(
            started.elapsed() < AT_ONCE,
            "{statement}: {:?}",
            started.elapsed()
        );
        if answer.status == 0 {
            assert_eq!(snake.read("root/env/plugins/bad/apps/page"), "x");
        } else {
            assert!(
                answer.stderr.contains("plugin 'bad'"),
                "{statement}: {}",
                answer.stderr
            );
        }
        is_forgotten(&snake);
    }
}

#[test]
fn a_function_answers_very_much() {
    let body = "V.add_item(('f', lambda: 'x' * 50_000_000))\n";
    let snake = house(body, "{{ f()|length }}\n");
    let started = Instant::now();
    snake.save(&[]);
    assert!(started.elapsed() < AT_ONCE, "{:?}", started.elapsed());
    assert_eq!(snake.read("root/env/plugins/bad/apps/page"), "50000000");
    is_forgotten(&snake);
}

#[test]
fn an_action_writes_outside_of_the_environment() {
    let body = "@hooks.Actions.ENV_SAVED.add()\ndef _saved(root, config):\n    open(os.path.join(here, 'beside'), 'a').write('x')\n";
    let snake = house(body, "");
    snake.save(&[]);
    assert!(snake.path("plugins/beside").exists());
    is_forgotten(&snake);
}
