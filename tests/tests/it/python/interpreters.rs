//! Which Python it is: the one that the user names, else that of the active virtual environment, else `python3`.

use tests::packages::Package;

use super::snake::{GOOD, Snake};
use super::venv;

const NONE_NAMED: &str = "-- env --\n-TUTOR_PYTHON\n";

fn with_plugin(sections: &str) -> Snake {
    let snake = Snake::with(&["p"], sections);
    snake.add(&Package::new("p", GOOD));
    snake
}

#[test]
fn the_active_virtual_environment_is_used() {
    let snake = with_plugin(&format!("{NONE_NAMED}VIRTUAL_ENV=@world@/venv\n"));
    snake.saves_well();
    assert_eq!(snake.core(), "core local.openedx.io good");
    assert_eq!(snake.starts(), 1);
}

#[test]
fn python3_on_path_is_used() {
    let snake = with_plugin(&format!(
        "{NONE_NAMED}PATH=@world@/venv/bin:/usr/bin:/bin\n"
    ));
    snake.put_script("venv/bin/python3", &snake.read("venv/bin/python"));
    snake.saves_well();
    assert_eq!(snake.core(), "core local.openedx.io good");
    assert_eq!(snake.starts(), 1);
}

#[test]
fn the_python_that_is_named_comes_before_the_active_one() {
    let snake = with_plugin("-- env --\nVIRTUAL_ENV=@world@/nowhere\nPATH=@world@/nowhere\n");
    snake.saves_well();
    assert_eq!(snake.core(), "core local.openedx.io good");
}

/// A manager of versions puts scripts on PATH: only the Python itself knows where its packages are.
#[test]
fn a_script_that_starts_another_python_is_asked_once() {
    let snake = with_plugin("-- env --\nTUTOR_PYTHON=@world@/shims/python\n");
    snake.put_script(
        "shims/python",
        "#!/bin/sh\nexec @world@/venv/bin/python \"$@\"\n",
    );
    snake.saves_well();
    assert_eq!(snake.core(), "core local.openedx.io good");
    assert!(snake.row("p").is_some());
    snake.without_python(&["plugins", "list"]);
    snake.without_python(&["config", "save"]);
}

#[test]
fn another_python_has_other_plugins_and_both_are_remembered_for_themselves() {
    let snake = with_plugin("");
    venv::make(&snake, "other");
    let folder = snake.site().replace("venv/", "other/");
    snake
        .prepared(&Package::new("p", "patches = {'spot': 'other'}\n"))
        .install(&snake.path(&folder))
        .unwrap();
    let save_with = |python: &str, becomes: &str| {
        let mut command = snake.command(&["config", "save"]);
        command.env("TUTOR_PYTHON", snake.path(python));
        assert_eq!(snake.finish(command).status, 0);
        assert_eq!(snake.core(), format!("core local.openedx.io {becomes}"));
    };
    for _ in 0..2 {
        save_with("venv/bin/python", "good");
        save_with("other/bin/python", "other");
    }
}

/// The same packages, another Python in the same place: what loading came to may differ.
#[test]
fn a_virtual_environment_made_anew_loads_its_plugins_anew() {
    let snake = Snake::of(
        "p",
        "import sys\npatches = {'spot': sys.implementation.name}\n",
    );
    snake.saves_well();
    assert_eq!(snake.loads("p"), 1);
    snake.put_script(
        "venv/bin/python",
        &snake.read("venv/bin/python").replace("\"$@\"", "-B \"$@\""),
    );
    snake.saves_well();
    assert_eq!(snake.loads("p"), 2);
}
