//! Plugins whose code does not run: what went wrong is told with the plugin, the file and the line.
//!
//! Line 1 of a module is the note of its import (see `snake`): what a test writes begins at line 2.

use tests::packages::Package;

use super::skipped::{bad, beside_a_good_one, is_skipped, module_is_skipped, with_a_good_one};
use super::snake::{GOOD, Snake};

#[test]
fn a_module_that_it_imports_is_missing() {
    module_is_skipped(
        "x = 1\nimport not_installed_here\n",
        &["not_installed_here", "bad/plugin.py:3"],
    );
}

#[test]
fn a_name_that_it_imports_is_missing() {
    module_is_skipped(
        "from os import no_such_name\n",
        &["no_such_name", "bad/plugin.py:2"],
    );
}

#[test]
fn what_it_imports_of_tutor_is_not_there() {
    module_is_skipped(
        "from tutor.no_such_module import thing\n",
        &["tutor.no_such_module", "bad/plugin.py:2"],
    );
}

#[test]
fn a_module_deeper_in_the_package_fails() {
    let package = bad("from . import deep\n").file("bad/deep.py", "\n\n1 / 0\n");
    is_skipped(
        &beside_a_good_one(&package),
        &["ZeroDivisionError", "bad/deep.py:3"],
    );
}

#[test]
fn the_syntax_is_wrong() {
    module_is_skipped("x = 1\ny = = 2\n", &["syntax", "bad/plugin.py:3"]);
}

#[test]
fn the_indentation_is_wrong() {
    module_is_skipped("def f():\nreturn 1\n", &["bad/plugin.py:3"]);
}

#[test]
fn the_module_is_not_utf8() {
    let snake = beside_a_good_one(&bad(GOOD));
    let path = snake.path(&snake.in_site("bad/plugin.py"));
    std::fs::write(path, b"x = 1\ny = '\xff\xfe'\n").unwrap();
    is_skipped(&snake, &["bad/plugin.py"]);
}

#[test]
fn it_raises_an_exception_while_it_is_imported() {
    module_is_skipped(
        "def f():\n    raise ValueError('a value like no other')\nf()\n",
        &["ValueError", "a value like no other", "bad/plugin.py:3"],
    );
}

#[test]
fn a_callable_raises_an_exception() {
    for name in ["config", "patches", "hooks", "templates"] {
        module_is_skipped(
            &format!("def {name}():\n    return {{}}['absent']\n"),
            &["KeyError", "absent", name, "bad/plugin.py:3"],
        );
    }
}

#[test]
fn a_callable_wants_arguments() {
    module_is_skipped("def patches(name):\n    return {}\n", &["patches", "name"]);
}

#[test]
fn a_file_that_it_reads_is_missing() {
    module_is_skipped(
        "def patches():\n    return {'a': open('/no/such/file').read()}\n",
        &["/no/such/file", "bad/plugin.py:3"],
    );
}

#[test]
fn an_exception_cannot_be_shown() {
    module_is_skipped(
        "class Odd(Exception):\n    def __str__(self):\n        raise RuntimeError('no')\nraise Odd()\n",
        &["Odd", "bad/plugin.py:5"],
    );
}

#[test]
fn it_recurses_without_end() {
    module_is_skipped(
        "def f():\n    return f()\nf()\n",
        &["RecursionError", "bad/plugin.py:3"],
    );
}

#[test]
fn two_plugins_import_each_other() {
    let snake = Snake::new(&["bad", "good"]);
    snake.add(&bad("from good.plugin import THING\nOTHER = 1\n"));
    snake.add(&Package::new(
        "good",
        "from bad.plugin import OTHER\nTHING = 1\n",
    ));
    let answer = snake.save(&[]);
    assert!(answer.stderr.contains("plugin 'bad'"), "{}", answer.stderr);
    assert!(
        answer.stderr.contains("bad/plugin.py:2"),
        "{}",
        answer.stderr
    );
    snake.works(&["plugins", "disable", "bad", "good"]);
    snake.saves_well();
}

#[test]
fn its_package_is_not_there_any_more() {
    let snake = beside_a_good_one(&Package::bare("bad"));
    is_skipped(&snake, &["bad", "entry_points.txt:2"]);
}

#[test]
fn its_entry_point_names_a_module_that_is_not_there() {
    let package = bad(GOOD).entry_points("[tutor.plugin.v0]\nbad = bad.plugins\n");
    is_skipped(&beside_a_good_one(&package), &["bad.plugins"]);
}

#[test]
fn its_entry_point_names_an_attribute_that_is_not_there() {
    let package = bad("x = 1\n").entry_points("[tutor.plugin.v0]\nbad = bad.plugin:nothing\n");
    is_skipped(&beside_a_good_one(&package), &["nothing"]);
}

#[test]
fn its_entry_point_names_no_module() {
    for line in ["bad =", "bad", "bad = a-b"] {
        let package = bad(GOOD).entry_points(&format!("[tutor.plugin.v0]\n{line}\n"));
        let snake = beside_a_good_one(&package);
        for _ in 0..2 {
            let answer = snake.save(&[]);
            for told in ["entry_points.txt:2", "'bad'", "help:"] {
                assert!(answer.stderr.contains(told), "{told}: {}", answer.stderr);
            }
            assert_eq!(snake.core(), "core local.openedx.io good");
        }
        snake.fails_and_changes_nothing(snake.command(&["config", "save", "--strict"]));
        snake.works(&["plugins", "disable", "bad"]);
        assert_eq!(snake.value("PLUGINS"), "['good']");
    }
}

#[test]
fn its_entry_points_are_no_text() {
    let snake = beside_a_good_one(&bad(GOOD));
    let path = snake.in_site(&format!("{}/entry_points.txt", bad("").metadata()));
    std::fs::write(snake.path(&path), b"[tutor.plugin.v0]\nbad = \xff\n").unwrap();
    let answer = snake.save(&[]);
    for told in ["entry_points.txt:2", "plugin 'bad'", "UTF-8"] {
        assert!(answer.stderr.contains(told), "{told}: {}", answer.stderr);
    }
    assert_eq!(snake.core(), "core local.openedx.io good");
    snake.works(&["plugins", "disable", "bad"]);
    snake.save(&[]);
    assert_eq!(snake.core(), "core local.openedx.io good");
}

#[test]
fn a_name_that_is_enabled_is_not_installed() {
    is_skipped(&with_a_good_one(""), &["not installed"]);
}

#[test]
fn two_packages_declare_a_plugin_of_one_name() {
    let snake = Snake::new(&["dup"]);
    snake.add(&Package::new("dup", "patches = {'spot': 'first'}\n"));
    snake.add(
        &Package::new("other", "patches = {'spot': 'second'}\n")
            .entry_points("[tutor.plugin.v0]\ndup = other.plugin\n"),
    );
    let answer = snake.save(&[]);
    for told in ["dup", "tutor-dup", "tutor-other", "help:"] {
        assert!(answer.stderr.contains(told), "{told}: {}", answer.stderr);
    }
    let core = snake.core();
    assert!(core.contains("first") || core.contains("second"), "{core}");
    snake.fails_and_changes_nothing(snake.command(&["config", "save", "--strict"]));
    snake.works(&["plugins", "list"]);
    snake.works(&["plugins", "disable", "dup"]);
    assert_eq!(snake.value("PLUGINS"), "[]");
}

#[test]
fn a_package_and_a_file_declare_a_plugin_of_one_name() {
    let file = "-- plugins/dup.yml --\nname: dup\npatches: {spot: from the file}\n";
    let snake = Snake::with(&["dup"], file);
    snake.add(&Package::new(
        "dup",
        "patches = {'spot': 'from the package'}\n",
    ));
    let answer = snake.save(&[]);
    for told in ["dup", "tutor-dup", "dup.yml"] {
        assert!(answer.stderr.contains(told), "{told}: {}", answer.stderr);
    }
    snake.works(&["plugins", "disable", "dup"]);
    assert_eq!(snake.value("PLUGINS"), "[]");
}

#[test]
fn several_that_are_wrong_are_told_at_once() {
    let snake = Snake::new(&["a", "b", "c", "good"]);
    snake.add(&Package::new("a", "1 / 0\n"));
    snake.add(&Package::new("b", "x = = 1\n"));
    snake.add(&Package::new("c", "patches = []\n"));
    snake.add(&Package::new("good", GOOD));
    let answer = snake.save(&[]);
    for told in [
        "plugin 'a'",
        "plugin 'b'",
        "plugin 'c'",
        "a/plugin.py:2",
        "b/plugin.py:2",
    ] {
        assert!(answer.stderr.contains(told), "{told}: {}", answer.stderr);
    }
    assert_eq!(snake.core(), "core local.openedx.io good");
}
