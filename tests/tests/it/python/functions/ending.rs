//! Functions that never end, and functions that end more than themselves.

use super::{at, house, house_with, is_an_error};

const PATIENCE: &str = "-- env --\nTUTOR_PYTHON_TIMEOUT=2\n";

#[test]
fn a_function_never_ends() {
    for statement in ["while True: pass", "import time; time.sleep(600)"] {
        let body = format!("def f():\n    {statement}\nV.add_item(('f', f))\n");
        let snake = house_with(&body, "\n{{ f() }}\n", PATIENCE);
        is_an_error(&snake, &["page:2", "TUTOR_PYTHON_TIMEOUT", &at(1)]);
    }
}

#[test]
fn a_generator_never_ends() {
    let body = "def f():\n    while True:\n        yield 1\nV.add_item(('f', f))\n";
    let snake = house_with(body, "\n{% for n in f() %}{{ n }}{% endfor %}\n", PATIENCE);
    is_an_error(&snake, &["page:2"]);
}

#[test]
fn a_callback_and_an_action_never_end() {
    for (hook, arguments) in [
        ("Filters.CONFIG_DEFAULTS", "items"),
        ("Filters.ENV_PATCHES", "items"),
        ("Actions.CONFIG_LOADED", "config"),
        ("Actions.ENV_SAVED", "root, config"),
        ("Actions.PLUGINS_LOADED", ""),
    ] {
        let body = format!("@hooks.{hook}.add()\ndef _hang({arguments}):\n    while True: pass\n");
        let (_, name) = hook.split_once('.').unwrap();
        let snake = house_with(&body, "", PATIENCE);
        is_an_error(&snake, &[name, "TUTOR_PYTHON_TIMEOUT", &at(2)]);
    }
}

#[test]
fn a_function_ends_the_process() {
    for statement in [
        "os._exit(3)",
        "os._exit(0)",
        "os.kill(os.getpid(), 9)",
        "os.abort()",
    ] {
        let body = format!("def f():\n    {statement}\nV.add_item(('f', f))\n");
        let snake = house(&body, "\n{{ f() }}\n");
        is_an_error(&snake, &["page:2", "ended Python"]);
    }
}

#[test]
fn an_action_ends_the_process() {
    for (action, arguments) in [("ENV_SAVED", "root, config"), ("CONFIG_LOADED", "config")] {
        let body =
            format!("@hooks.Actions.{action}.add()\ndef _end({arguments}):\n    os._exit(0)\n");
        is_an_error(&house(&body, ""), &[action]);
    }
}

#[test]
fn who_was_at_work_when_python_ended_is_told_with_its_last_words() {
    let body = "@hooks.Filters.ENV_PATCHES.add()\ndef ends(items):\n    print('my last words')\n    os.write(2, b'and these\\n')\n    os._exit(3)\n\
                @hooks.Filters.ENV_PATCHES.add()\ndef innocent(items):\n    return items\n";
    let told = [
        "(exit status 3)",
        "the function ends of plugin 'bad' for ENV_PATCHES",
        "my last words",
        "and these",
        &at(0),
    ];
    is_an_error(&house(body, ""), &told);
}
