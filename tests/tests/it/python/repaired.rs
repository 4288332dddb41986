//! Plugins that are edited, broken and repaired: what is loaded is always what is there now.

use tests::packages::Package;

use super::snake::{GOOD, Snake};

#[test]
fn a_plugin_that_imports_another_is_loaded_again_with_it() {
    let snake = Snake::new(&["base", "user"]);
    snake.add(&Package::new("base", "WORD = 'base'\n"));
    snake.add(&Package::new(
        "user",
        "from base.plugin import WORD\npatches = {'spot': WORD}\n",
    ));
    snake.saves_well();
    assert_eq!(snake.core(), "core local.openedx.io base");
    snake.edit_module("base", "WORD = 'changed'\n");
    snake.saves_well();
    assert_eq!(snake.core(), "core local.openedx.io changed");
    snake.without_python(&["config", "save"]);
}

#[test]
fn a_plugin_that_did_not_load_is_tried_again_when_it_was_repaired() {
    let snake = Snake::of(
        "p",
        "import missing_thing\npatches = {'spot': missing_thing.WORD}\n",
    );
    let answer = snake.save(&[]);
    assert!(answer.stderr.contains("missing_thing"), "{}", answer.stderr);
    assert_eq!(snake.core(), "core local.openedx.io");
    snake.add(&Package::library("missing_thing", "WORD = 'there'\n"));
    snake.saves_well();
    assert_eq!(snake.core(), "core local.openedx.io there");
    snake.edit_module("p", "oh no\n");
    assert!(snake.save(&[]).stderr.contains("plugin 'p'"));
    assert_eq!(snake.core(), "core local.openedx.io");
    snake.edit_module("p", "patches = {'spot': 'repaired'}\n");
    snake.saves_well();
    assert_eq!(snake.core(), "core local.openedx.io repaired");
}

/// One plugin spoils the Python that another is loaded in after it: that other one is not to blame, and what came of it
/// is not to be believed for longer than that lasts.
#[test]
fn a_plugin_that_failed_because_of_another_is_tried_again_when_that_one_is_repaired() {
    let snake = Snake::new(&["first", "second"]);
    snake.add(&Package::new(
        "first",
        "import sys\nsys.meta_path.clear()\n",
    ));
    snake.add(&Package::new("second", GOOD));
    snake.save(&[]);
    snake.edit_module("first", "x = 1\n");
    snake.saves_well();
    assert_eq!(snake.core(), "core local.openedx.io good");
}

/// What is changed twice within a second, with the same size, is what Python's own bytecode cache does not see.
#[test]
fn a_module_edited_several_times_a_second_is_never_stale() {
    let snake = Snake::of("p", "patches = {'spot': 'v0'}\n");
    snake.saves_well();
    for round in 1..6 {
        snake.edit_module("p", &format!("patches = {{'spot': 'v{round}'}}\n"));
        snake.saves_well();
        assert_eq!(snake.core(), format!("core local.openedx.io v{round}"));
    }
}
