//! Exceptions in functions, wherever they are called from.

use super::{at, house, house_with, is_an_error, is_forgotten, says};

const PAGE: &str = "bad/apps/page";

#[test]
fn a_function_of_a_template_raises() {
    let snake = house(
        "def f():\n    return 1 / 0\nV.add_item(('f', f))\n",
        "one\n{{ f() }}\n",
    );
    is_an_error(
        &snake,
        &[
            PAGE,
            "page:2",
            &at(1),
            "ZeroDivisionError",
            "division by zero",
        ],
    );
}

#[test]
fn a_function_deep_below_raises() {
    let body = "def g(n):\n    return g(n - 1) if n else {}['key']\ndef f():\n    return g(3)\nV.add_item(('f', f))\n";
    let snake = house(body, "one\n\n{{ f() }}\n");
    is_an_error(&snake, &["page:3", &at(1), &at(3), "KeyError", "key"]);
}

#[test]
fn a_method_raises() {
    let body = "class A:\n    def m(self, x):\n        raise ValueError('not ' + x)\nV.add_item(('a', A()))\n";
    let snake = house(body, "{{ a.m('this') }}\n");
    is_an_error(&snake, &["page:1", &at(2), "ValueError", "not this"]);
}

#[test]
fn a_generator_raises_in_its_middle() {
    let body = "def f():\n    yield 1\n    raise ValueError('enough')\nV.add_item(('f', f))\n";
    let snake = house(body, "{% for n in f() %}\n{{ n }}{% endfor %}\n");
    is_an_error(&snake, &["page:1", &at(2), "ValueError", "enough"]);
}

#[test]
fn a_filter_of_a_template_raises() {
    let body = "def f(value):\n    return value.nothing\nF.add_item(('f', f))\n";
    let snake = house(body, "\n{{ 'a'|f }}\n");
    is_an_error(&snake, &["page:2", &at(1), "AttributeError", "nothing"]);
}

#[test]
fn a_function_called_in_a_patch_raises() {
    let body = "def f():\n    return 1 / 0\nV.add_item(('f', f))\n\
                hooks.Filters.ENV_PATCHES.add_item(('spot', 'first\\n{{ f() }}'))\n";
    let snake = house(body, "");
    is_an_error(&snake, &["spot", &at(1), "ZeroDivisionError"]);
}

#[test]
fn a_function_called_with_wrong_arguments() {
    let snake = house(
        "def f(a):\n    return a\nV.add_item(('f', f))\n",
        "\n{{ f(1, 2) }}\n",
    );
    is_an_error(&snake, &["page:2", "TypeError", "positional argument"]);
}

#[test]
fn callbacks_of_filters_raise() {
    for filter in [
        "CONFIG_DEFAULTS",
        "CONFIG_UNIQUE",
        "CONFIG_OVERRIDES",
        "CONFIG_USER",
        "ENV_PATCHES",
        "ENV_PATTERNS_IGNORE",
        "ENV_TEMPLATE_TARGETS",
        "LMS_WORKER_COMMAND",
        "MOUNTED_DIRECTORIES",
        "COMPOSE_MOUNTS",
    ] {
        a_callback_raises(filter);
    }
}

fn a_callback_raises(filter: &str) {
    let body = format!(
        "@hooks.Filters.{filter}.add()\ndef _callback(*args):\n    raise ValueError('in ' + 'the callback')\n"
    );
    let page = "{{ iter_lms_celery_parameters()|list }}\n{% for m in iter_mounts(MOUNTS, 'lms') %}{% endfor %}\n";
    let snake = house_with(&body, page, "");
    let config = snake.read("root/config.yml");
    snake.put("root/config.yml", &format!("{config}MOUNTS: [/x/a]\n"));
    is_an_error(&snake, &[filter, &at(2), "ValueError", "in the callback"]);
}

#[test]
fn actions_raise() {
    for (action, arguments) in [
        ("ENV_SAVED", "root, config"),
        ("CONFIG_LOADED", "config"),
        ("PLUGINS_LOADED", ""),
    ] {
        let body = format!(
            "@hooks.Actions.{action}.add()\ndef _action({arguments}):\n    raise ValueError('in the action')\n"
        );
        let snake = house(&body, "");
        is_an_error(&snake, &[action, &at(2), "ValueError", "in the action"]);
    }
}

/// It was right before; what is there stays as it is.
#[test]
fn a_function_raises_after_a_setting_is_changed() {
    let body = "def f(host):\n    assert host == 'local.openedx.io', 'not there'\nV.add_item(('f', f))\n\
                @hooks.Actions.ENV_SAVED.add()\ndef _saved(root, config):\n    assert config['CMS_HOST'] != 'x.example', 'not x'\n";
    let snake = house(body, "{{ f(LMS_HOST) }}\n");
    snake.saves_well();
    for (setting, told) in [
        ("LMS_HOST=b.example", &["not there", "page:1", &at(1)][..]),
        ("CMS_HOST=x.example", &["not x", "ENV_SAVED", &at(5)]),
    ] {
        let command = snake.command(&["config", "save", "-s", setting]);
        let stderr = snake.fails_and_changes_nothing(command);
        says(&stderr, told, setting);
        says(&stderr, &["AssertionError"], setting);
    }
    snake.saves_well();
    is_forgotten(&snake);
}

#[test]
fn exceptions_of_all_kinds_are_told() {
    for (statement, told) in [
        ("raise SystemExit(3)", "SystemExit"),
        ("import sys; sys.exit('enough')", "enough"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("raise BaseException('base')", "base"),
        ("raise ValueError", "ValueError"),
        ("raise ValueError('x' * 1000000)", "ValueError"),
        ("raise ValueError('\\ud800 \\x1b[31m \\x00')", "ValueError"),
        (
            "raise type('Odd', (Exception,), {'__str__': lambda self: 1 / 0})()",
            "Odd",
        ),
        ("raise StopIteration", "StopIteration"),
        ("f()", "RecursionError"),
        ("import nothing_at_all", "nothing_at_all"),
        ("open('/nothing/at/all')", "/nothing/at/all"),
    ] {
        let body = format!("def f():\n    {statement}\nV.add_item(('f', f))\n");
        is_an_error(&house(&body, "\n{{ f() }}\n"), &["page:2", &at(1), told]);
    }
}

/// `tutor.exceptions.TutorError` is what plugins raise to end with a message.
#[test]
fn an_error_of_tutor_is_told() {
    let body = "from tutor.exceptions import TutorError\n@hooks.Actions.CONFIG_LOADED.add()\ndef _loaded(config):\n    raise TutorError('set P_KEY first')\n";
    is_an_error(&house(body, ""), &["set P_KEY first", "CONFIG_LOADED"]);
}
