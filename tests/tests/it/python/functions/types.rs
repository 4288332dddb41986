//! Functions that answer something else than they should, and items of the wrong shape.

use super::{at, house, is_an_error, is_forgotten};

#[test]
fn a_callback_answers_nothing() {
    for filter in [
        "CONFIG_UNIQUE",
        "CONFIG_OVERRIDES",
        "ENV_PATTERNS_IGNORE",
        "ENV_TEMPLATE_ROOTS",
        "ENV_TEMPLATE_TARGETS",
        "MOUNTED_DIRECTORIES",
    ] {
        nothing_comes_of(filter);
    }
}

fn nothing_comes_of(filter: &str) {
    let body = format!("@hooks.Filters.{filter}.add()\ndef _callback(items):\n    pass\n");
    let page = "{% for m in iter_mounted_directories(['/x/a'], 'lms') %}{% endfor %}\n";
    is_an_error(&house(&body, page), &[filter, "None"]);
}

#[test]
fn a_callback_of_mounts_answers_nothing() {
    let body = "@hooks.Filters.COMPOSE_MOUNTS.add()\ndef _callback(mounts, name):\n    pass\n";
    let page = "\n{% for m in iter_mounts(['/x/a'], 'lms') %}{% endfor %}\n";
    is_an_error(&house(body, page), &["COMPOSE_MOUNTS", "page:2"]);
}

#[test]
fn an_item_has_the_wrong_shape() {
    for (filter, item) in [
        ("ENV_PATCHES", "'text'"),
        ("ENV_PATCHES", "('name', 1)"),
        ("ENV_PATCHES", "(1, 'text')"),
        ("CONFIG_DEFAULTS", "('a', 'b', 'c')"),
        ("CONFIG_DEFAULTS", "(1, 'b')"),
        ("ENV_TEMPLATE_ROOTS", "1"),
        ("ENV_TEMPLATE_TARGETS", "'text'"),
    ] {
        an_item_is_told(filter, item);
    }
}

fn an_item_is_told(filter: &str, item: &str) {
    let snake = house(&format!("hooks.Filters.{filter}.add_item({item})\n"), "");
    let answer = snake.tutor(&["config", "save"]);
    assert!(
        answer.stderr.contains(filter) && answer.stderr.contains("plugin 'bad'"),
        "{filter} {item}: {}\n{}",
        answer.status,
        answer.stderr
    );
    is_forgotten(&snake);
}

#[test]
fn a_filter_of_templates_is_no_function() {
    let snake = house("F.add_item(('f', 1))\n", "\n{{ 'a'|f }}\n");
    is_an_error(&snake, &["page:2"]);
}

#[test]
fn a_setting_is_no_data() {
    let snake = house(
        "hooks.Filters.CONFIG_DEFAULTS.add_item(('BAD_A', object()))\n",
        "{{ BAD_A }}\n",
    );
    let answer = snake.tutor(&["config", "save"]);
    for told in ["CONFIG_DEFAULTS", "object", "plugin 'bad'"] {
        assert!(answer.stderr.contains(told), "{told}: {}", answer.stderr);
    }
    is_forgotten(&snake);
}

/// Text that tells where an object is in memory is another one each time.
#[test]
fn what_cannot_be_represented_is_told_where_it_is_used() {
    for value in [
        "__import__('threading').Lock()",
        "open(__file__)",
        "object()",
        "(lambda: 1)",
    ] {
        let body = format!("def f():\n    return {value}\nV.add_item(('f', f))\n");
        let snake = house(&body, "\n{{ f() }}\n");
        let answer = snake.tutor(&["config", "save"]);
        let page = || snake.read("root/env/plugins/bad/apps/page");
        if answer.status == 0 {
            let before = page();
            snake.works(&["config", "save", "--no-cache"]);
            assert_eq!(before, page(), "{value} is not the same each time");
        } else {
            for told in ["page:2", "plugin 'bad'"] {
                assert!(answer.stderr.contains(told), "{told}: {}", answer.stderr);
            }
        }
        is_forgotten(&snake);
    }
}

#[test]
fn a_filter_that_there_is_not_is_an_alert() {
    for (statement, told) in [
        ("hooks.Filters.NOPE.add_item(1)", "NOPE"),
        ("hooks.Actions.NOPE.add()", "NOPE"),
        ("hooks.priorities.NOPE", "NOPE"),
        ("from tutor.hooks import NOPE", "NOPE"),
        ("import tutor.nope", "tutor.nope"),
    ] {
        let snake = house(&format!("{statement}\n"), "");
        let answer = snake.save(&[]);
        for told in [told, &at(0), "plugin 'bad'", "Warning"] {
            assert!(answer.stderr.contains(told), "{told}: {}", answer.stderr);
        }
        assert_eq!(snake.core(), "core local.openedx.io good");
        snake.fails_and_changes_nothing(snake.command(&["config", "save", "--strict"]));
        is_forgotten(&snake);
    }
}

/// The one that failed on it is named, too; so is the one that gave it.
#[test]
fn a_callback_that_answers_nothing_is_blamed_for_what_others_fail_on() {
    let body = "@hooks.Filters.CONFIG_DEFAULTS.add()\ndef drop(items):\n    pass\n\
                @hooks.Filters.ENV_PATCHES.add()\ndef drop_patches(items):\n    pass\n";
    for (filter, later) in [
        ("CONFIG_DEFAULTS", "items + [('LATER_A', 1)]"),
        ("CONFIG_DEFAULTS", "items"),
        ("ENV_PATCHES", "items + [('spot', 'x')]"),
    ] {
        let function = if filter == "ENV_PATCHES" {
            "drop_patches"
        } else {
            "drop"
        };
        let only = body
            .split("@hooks")
            .find(|part| part.contains(&format!("def {function}(")));
        let snake = house(&format!("@hooks{}", only.unwrap()), "x\n");
        snake.put(
            "plugins/later.py",
            &format!("from tutor import hooks\n@hooks.Filters.{filter}.add()\ndef later(items):\n    return {later}\n"),
        );
        let config = snake.read("root/config.yml");
        snake.put("root/config.yml", &config.replace("good]", "good, later]"));
        let answer = snake.tutor(&["config", "save"]);
        assert_eq!(answer.status, 1);
        let told = format!("the function {function} of plugin 'bad' for {filter}");
        for told in [
            &*told,
            "returned None, expected a list",
            "from: plugin 'bad'",
            &at(0),
        ] {
            assert!(answer.stderr.contains(told), "{told}: {}", answer.stderr);
        }
        let failed = match (filter, later) {
            ("ENV_PATCHES", _) => "what plugin 'good' adds could not be added to it",
            (_, "items") => "comes to nothing",
            _ => "a function of plugin 'later' failed on it",
        };
        assert!(answer.stderr.contains(failed), "{}", answer.stderr);
    }
}
