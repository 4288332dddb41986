//! Python is started only when what is known does not answer.

use std::process::Command;

use tests::packages::Package;

use super::snake::{GOOD, Snake};
use crate::house::House;

/// Commands that ask nothing new, however often they are run.
const COMMANDS: [&[&str]; 9] = [
    &["config", "save"],
    &["config", "printvalue", "P_A"],
    &["config", "printroot"],
    &["config", "patches", "list"],
    &["config", "patches", "show", "spot"],
    &["plugins", "list"],
    &["plugins", "enable", "p"],
    &["plugins", "disable", "unused"],
    &["--help"],
];

fn three() -> Snake {
    let snake = Snake::with(
        &["p", "q", "y"],
        "-- plugins/y.yml --\nname: y\npatches: {spot: y}\n",
    );
    snake.add(&Package::new(
        "p",
        "config = {'defaults': {'A': 'a'}, 'add': {'B': '{{ 8|random_string }}'}}\npatches = {'spot': 'p'}\n",
    ));
    snake.add(&Package::new("q", GOOD));
    snake.add(&Package::new("unused", GOOD));
    snake
}

#[test]
fn a_cold_save_starts_python_once_for_all_plugins() {
    let snake = three();
    snake.saves_well();
    assert_eq!(snake.starts(), 1);
    assert_eq!(
        [snake.loads("p"), snake.loads("q"), snake.loads("unused")],
        [1, 1, 0]
    );
    assert_eq!(snake.core(), "core local.openedx.io p\ngood\ny");
}

#[test]
fn warm_commands_start_no_python() {
    let snake = three();
    snake.saves_well();
    for args in COMMANDS {
        snake.without_python(args);
    }
    assert_eq!([snake.loads("p"), snake.loads("q")], [1, 1]);
}

/// The proof from outside: which programs the system was asked to execute.
#[test]
fn warm_commands_execute_no_program_at_all() {
    let snake = three();
    snake.saves_well();
    for args in COMMANDS {
        let Some(programs) = executed(&snake, args) else {
            return;
        };
        assert_eq!(programs.len(), 1, "`{}`: {programs:#?}", args.join(" "));
    }
    // That it would be seen is shown by a command that has to start it.
    let programs = executed(&snake, &["config", "save", "--no-cache"]).unwrap_or_default();
    let is_python = |line: &String| line.contains("python");
    assert!(programs.iter().any(is_python), "{programs:#?}");
}

/// The proof from outside: which programs the system was asked to execute for a command, which must work. The first is
/// ours. `None` if there is no `strace` to tell.
pub(crate) fn executed(house: &House, args: &[&str]) -> Option<Vec<String>> {
    let there = Command::new("strace").arg("-V").output();
    if !there.is_ok_and(|output| output.status.success()) {
        eprintln!(
            "SKIPPED: there is no strace; starts that Python's wrapper notes are counted elsewhere"
        );
        return None;
    }
    let log = house.folder().join("strace.log");
    let only = [
        "-f",
        "-qq",
        "-e",
        "trace=execve,execveat",
        "-e",
        "signal=none",
        "-o",
    ];
    let wrapper = [&["strace"], &only[..], &[log.to_str()?]].concat();
    let answer = house.finish(house.wrapped(&wrapper, args));
    assert_eq!(answer.status, 0, "{}", answer.stderr);
    let text = std::fs::read_to_string(&log).unwrap();
    let lines = text.lines().filter(|line| line.contains("exec"));
    Some(lines.map(str::to_owned).collect())
}

#[test]
fn a_changed_setting_starts_no_python() {
    let snake = three();
    snake.saves_well();
    snake.without_python(&["config", "save", "-s", "LMS_HOST=a.example"]);
    assert_eq!(snake.core(), "core a.example p\ngood\ny");
    snake.put("plugins/y.yml", "name: y\npatches: {spot: edited}\n");
    snake.without_python(&["config", "save"]);
    assert_eq!(snake.core(), "core a.example p\ngood\nedited");
}

#[test]
fn disabling_starts_no_python_and_neither_does_enabling_again() {
    let snake = three();
    snake.saves_well();
    snake.without_python(&["plugins", "disable", "q"]);
    assert_eq!(snake.core(), "core local.openedx.io p\ny");
    snake.without_python(&["plugins", "enable", "q"]);
    assert_eq!(snake.core(), "core local.openedx.io p\ngood\ny");
}

#[test]
fn enabling_another_plugin_loads_that_one_only() {
    let snake = three();
    snake.saves_well();
    snake.works(&["plugins", "enable", "unused"]);
    assert_eq!(
        [snake.loads("p"), snake.loads("q"), snake.loads("unused")],
        [1, 1, 1]
    );
}

#[test]
fn what_a_look_has_found_out_is_known_to_the_next_save() {
    let snake = three();
    snake.saves_well();
    for args in [&["plugins", "list"][..], &["config", "printvalue", "P_A"]] {
        snake.edit_module("q", &format!("patches = {{'spot': '{}'}}\n", args[1]));
        snake.works(args);
        snake.without_python(&["config", "save"]);
        assert_eq!(
            snake.core(),
            format!("core local.openedx.io p\n{}\ny", args[1])
        );
    }
}

#[test]
fn a_look_before_the_first_save_writes_nothing() {
    let snake = three();
    let before = snake.root();
    snake.works(&["plugins", "list"]);
    snake.works(&["config", "patches", "list"]);
    crate::house::assert_same(&before, &snake.root());
    assert!(!snake.path("root/.tutor").exists());
}

#[test]
fn without_cache_python_is_started_each_time_and_nothing_is_kept() {
    let snake = three();
    snake.works(&["config", "save", "--no-cache"]);
    snake.works(&["config", "save", "--no-cache"]);
    assert_eq!(snake.starts(), 2);
    snake.saves_well();
    assert_eq!(snake.starts(), 3);
}

#[test]
fn a_project_without_packages_starts_no_python() {
    let snake = Snake::with(&["y"], "-- plugins/y.yml --\nname: y\npatches: {spot: y}\n");
    snake.add(&Package::new("unused", GOOD));
    for args in [
        &["config", "save"][..],
        &["config", "save", "--no-cache"],
        &["plugins", "list"],
    ] {
        snake.without_python(args);
    }
    assert_eq!(snake.starts(), 0);
}
