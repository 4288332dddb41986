//! `plugins enable` and `disable` with plugins that do not load.

use super::skipped::{bad, with_a_good_one};
use super::snake::Snake;

#[test]
fn enabling_what_does_not_load_is_an_error_that_changes_nothing() {
    let snake = Snake::new(&[]);
    snake.add(&bad("x = 1\n1 / 0\n"));
    snake.saves_well();
    let told = snake.fails_and_changes_nothing(snake.command(&["plugins", "enable", "bad"]));
    for text in ["plugin 'bad'", "ZeroDivisionError", "bad/plugin.py:3"] {
        assert!(told.contains(text), "{text}: {told}");
    }
    assert_eq!(snake.value("PLUGINS"), "[]");
}

#[test]
fn enabling_what_is_not_installed_is_an_error_that_suggests_a_name() {
    let snake = with_a_good_one("");
    snake.works(&["plugins", "disable", "all"]);
    let told = snake.fails_and_changes_nothing(snake.command(&["plugins", "enable", "goood"]));
    assert!(told.contains("goood"), "{told}");
    assert!(told.contains("'good'"), "{told}");
}

#[test]
fn enabling_another_one_works_beside_one_that_does_not_load() {
    let snake = with_a_good_one("");
    snake.add(&bad("1 / 0\n"));
    snake.works(&["plugins", "disable", "good"]);
    assert_eq!(snake.value("PLUGINS"), "['bad']");
    let answer = snake.works(&["plugins", "enable", "good"]);
    assert!(answer.stderr.contains("plugin 'bad'"), "{}", answer.stderr);
    assert_eq!(snake.value("PLUGINS"), "['bad', 'good']");
    assert_eq!(snake.core(), "core local.openedx.io good");
}

#[test]
fn disabling_needs_nothing_of_the_plugin() {
    let snake = with_a_good_one("-- env --\nTUTOR_PYTHON_TIMEOUT=1\n");
    for module in [
        "1 / 0\n",
        "import os\nos._exit(1)\n",
        "import time\ntime.sleep(600)\n",
    ] {
        snake.add(&bad(module));
        snake.works(&["plugins", "enable", "good"]);
        snake.put("root/config.yml", &with_bad(&snake.read("root/config.yml")));
        assert_eq!(snake.value("PLUGINS"), "['bad', 'good']");
        snake.works(&["plugins", "disable", "bad"]);
        assert_eq!(snake.value("PLUGINS"), "['good']");
    }
}

fn with_bad(config: &str) -> String {
    config.replace("PLUGINS:\n- good\n", "PLUGINS:\n- bad\n- good\n")
}
