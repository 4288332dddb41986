//! A Python that is not there, or not right; and a cache that cannot be written.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;

use super::skipped::{bad, beside_a_good_one, with_a_good_one};
use super::snake::{GOOD, Snake};
use tests::packages::Package;

/// A plugin in a file goes on; that in a package is left out, with an alert that says `told`; and it can be disabled.
fn packages_are_left_out(snake: &Snake, told: &[&str]) {
    let answer = snake.save(&[]);
    for text in told.iter().chain(&["plugin 'p'", "help:", "Warning"]) {
        assert!(answer.stderr.contains(text), "{text}: {}", answer.stderr);
    }
    assert_eq!(snake.core(), "core local.openedx.io from a file");
    let strict = snake.command(&["config", "save", "--strict"]);
    let stderr = snake.fails_and_changes_nothing(strict);
    for text in told {
        assert!(stderr.contains(text), "{text}: {stderr}");
    }
    assert_eq!(snake.value("PLUGINS"), "['p', 'y']");
    assert_eq!(snake.row("y").unwrap()[1], "✅ enabled");
    snake.works(&["config", "printroot"]);
    snake.works(&["plugins", "disable", "p"]);
    assert_eq!(snake.value("PLUGINS"), "['y']");
    snake.save(&[]);
    assert_eq!(snake.core(), "core local.openedx.io from a file");
}

fn with_both(sections: &str) -> Snake {
    let file = "-- plugins/y.yml --\nname: y\npatches: {spot: from a file}\n";
    let snake = Snake::with(&["p", "y"], &format!("{file}{sections}"));
    snake.add(&Package::new("p", GOOD));
    snake
}

#[test]
fn there_is_no_python_at_all() {
    let snake = with_both("-- env --\n-TUTOR_PYTHON\nPATH=@world@/nowhere\n");
    packages_are_left_out(&snake, &["no Python", "TUTOR_PYTHON"]);
}

#[test]
fn there_is_no_python_where_the_user_says() {
    let snake = with_both("-- env --\nTUTOR_PYTHON=@world@/nowhere/python\n");
    packages_are_left_out(&snake, &["TUTOR_PYTHON", "nowhere/python"]);
}

#[test]
fn the_python_that_the_user_names_is_a_folder() {
    let snake = with_both("-- env --\nTUTOR_PYTHON=@world@/venv\n");
    packages_are_left_out(&snake, &["TUTOR_PYTHON", "folder", "venv/bin/python"]);
}

#[test]
fn without_any_plugin_of_a_package_nobody_misses_python() {
    let file = "-- plugins/y.yml --\nname: y\npatches: {spot: from a file}\n";
    let env = "-- env --\n-TUTOR_PYTHON\nPATH=@world@/nowhere\n";
    let snake = Snake::with(&["y"], &format!("{file}{env}"));
    snake.saves_well();
    snake.save(&["--strict"]);
}

#[test]
fn plugins_are_known_again_when_python_is_back() {
    let snake = with_both("");
    snake.saves_well();
    let core = "core local.openedx.io good\nfrom a file";
    assert_eq!(snake.core(), core);
    fs::rename(snake.path("venv"), snake.path("away")).unwrap();
    let answer = snake.save(&[]);
    assert!(answer.stderr.contains("plugin 'p'"), "{}", answer.stderr);
    fs::rename(snake.path("away"), snake.path("venv")).unwrap();
    snake.saves_well();
    assert_eq!(snake.core(), core);
}

#[test]
fn the_virtual_environment_has_lost_its_interpreter() {
    let snake = with_both("");
    fs::remove_file(snake.path("venv/bin/python")).unwrap();
    symlink("/no/such/python3.9", snake.path("venv/bin/python")).unwrap();
    packages_are_left_out(&snake, &["venv/bin/python"]);
}

#[test]
fn the_active_virtual_environment_is_gone() {
    let snake =
        with_both("-- env --\n-TUTOR_PYTHON\nVIRTUAL_ENV=@world@/gone\nPATH=@world@/nowhere\n");
    packages_are_left_out(&snake, &["gone"]);
}

#[test]
fn the_virtual_environment_was_made_for_another_python() {
    let snake = with_both("");
    let base = &tests::era::Plain::get().unwrap().base;
    fs::remove_file(snake.path("venv/bin/python")).unwrap();
    symlink(base, snake.path("venv/bin/python")).unwrap();
    let lib = snake.path(snake.site());
    fs::rename(lib.parent().unwrap(), snake.path("venv/lib/python3.4")).unwrap();
    packages_are_left_out(&snake, &["3.4", "venv"]);
}

#[test]
fn what_is_called_python_is_something_else() {
    for script in [
        "exit 0",
        "exit 9",
        "echo 'no way' >&2; exit 1",
        "cat",
        "echo '{}'",
        "kill -9 $$",
    ] {
        let snake = with_both("-- env --\nTUTOR_PYTHON_TIMEOUT=2\n");
        snake.put_script("venv/bin/python", &format!("#!/bin/sh\n{script}\n"));
        packages_are_left_out(&snake, &["venv/bin/python"]);
    }
}

#[test]
fn what_is_called_python_cannot_be_started() {
    let snake = with_both("");
    let python = snake.path("venv/bin/python");
    fs::set_permissions(&python, fs::Permissions::from_mode(0o644)).unwrap();
    packages_are_left_out(&snake, &["venv/bin/python"]);
}

/// The host looks at `sys.version_info`, which is set here as soon as Python starts.
#[test]
fn the_python_is_too_old() {
    let snake = with_both("");
    snake.put(
        &snake.in_site("old.pth"),
        "import sys; sys.version_info = (3, 6, 15, 'final', 0)\n",
    );
    packages_are_left_out(&snake, &["3.6.15", "too old", "venv/bin/python"]);
}

#[test]
fn python_itself_is_broken() {
    let snake = with_both("");
    snake.put_script(
        "venv/bin/python",
        &snake
            .read("venv/bin/python")
            .replace("exec", "PYTHONHOME=/nowhere exec"),
    );
    packages_are_left_out(&snake, &["venv/bin/python"]);
}

#[test]
fn the_metadata_of_a_package_say_no_version() {
    let snake = beside_a_good_one(&bad(GOOD));
    let metadata = snake.in_site(&format!("{}/METADATA", bad("").metadata()));
    fs::remove_file(snake.path(&metadata)).unwrap();
    let answer = snake.works(&["plugins", "list"]);
    assert!(answer.stdout.contains("bad"), "{}", answer.stdout);
    assert!(answer.stderr.contains("plugin 'bad'"), "{}", answer.stderr);
    snake.save(&[]);
    assert_eq!(snake.core(), "core local.openedx.io good\ngood");
}

#[test]
fn disabling_needs_no_python_even_if_nothing_is_known_yet() {
    let snake = with_a_good_one("-- env --\nTUTOR_PYTHON=@world@/nowhere/python\n");
    snake.works(&["plugins", "disable", "bad"]);
    assert_eq!(snake.value("PLUGINS"), "['good']");
    snake.works(&["plugins", "disable", "all"]);
    assert_eq!(snake.value("PLUGINS"), "[]");
    assert_eq!(snake.starts(), 0);
}

/// A folder of which nothing can be changed, not even by root.
struct ReadOnly(std::path::PathBuf);

impl ReadOnly {
    fn new(path: &std::path::Path) -> Option<Self> {
        let mount = |options: &[&str]| {
            let done = Command::new("mount").args(options).arg(path).output();
            done.is_ok_and(|output| output.status.success())
        };
        let text = path.to_str()?;
        (mount(&["--bind", text]) && mount(&["-o", "remount,bind,ro"]))
            .then(|| Self(path.to_owned()))
    }
}

impl Drop for ReadOnly {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn the_cache_cannot_be_written() {
    let snake = with_both("");
    let cache = snake.path("root/.tutor/cache");
    fs::create_dir_all(&cache).unwrap();
    let Some(_read_only) = ReadOnly::new(&cache) else {
        eprintln!("SKIPPED: mounting is not permitted here");
        return;
    };
    for _ in 0..2 {
        snake.save(&[]);
        assert_eq!(snake.core(), "core local.openedx.io good\nfrom a file");
    }
    assert_eq!(snake.row("p").unwrap()[1], "✅ enabled");
    snake.works(&["plugins", "disable", "p"]);
    assert_eq!(snake.core(), "core local.openedx.io from a file");
}

#[test]
fn the_cache_is_not_a_folder() {
    let snake = with_both("");
    snake.put("root/.tutor/cache", "a file\n");
    snake.save(&[]);
    assert_eq!(snake.core(), "core local.openedx.io good\nfrom a file");
    snake.save(&[]);
    snake.works(&["plugins", "list"]);
}

#[test]
fn the_cache_is_garbage() {
    let snake = with_both("");
    snake.saves_well();
    let mut spoiled = 0;
    for entry in fs::read_dir(snake.path("root/.tutor/cache")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            fs::write(path, b"\x00garbage").unwrap();
            spoiled += 1;
        }
    }
    assert!(spoiled > 0);
    snake.save(&[]);
    assert_eq!(snake.core(), "core local.openedx.io good\nfrom a file");
    is_known_again(&snake);
}

fn is_known_again(snake: &Snake) {
    snake.without_python(&["config", "save"]);
    snake.without_python(&["plugins", "list"]);
}
