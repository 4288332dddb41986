//! When a plugin is loaded again: exactly if something changed that loading it has read.

use std::fs;
use std::time::{Duration, SystemTime};

use tests::packages::Package;

use super::snake::{GOOD, Snake};

/// A plugin that reads all kinds of things.
const READER: &str = "\
import glob, os
import lib
from . import helper
HERE = os.path.dirname(__file__)
def patches():
    texts = [helper.WORD, lib.WORD, os.environ.get('P_WORD', 'unset')]
    with open(os.path.join(HERE, 'data.txt')) as file:
        texts.append(file.read().strip())
    for path in sorted(glob.glob(os.path.join(HERE, 'patches', '*'))):
        with open(path) as file:
            texts.append(file.read().strip())
    if os.path.exists(os.path.join(HERE, 'optional.txt')):
        texts.append('optional')
    return {'spot': ' '.join(texts)}
";

fn lib(version: &str, word: &str) -> Package {
    Package::library("lib", &format!("WORD = '{word}'\n")).version(version)
}

/// A house with that plugin, a bystander, and all that it reads, saved.
fn reader(sections: &str) -> Snake {
    let snake = Snake::with(&["p", "q"], sections);
    snake.add(
        &Package::new("p", READER)
            .file("p/helper.py", "WORD = 'helper'\n")
            .file("p/data.txt", "data\n")
            .file("p/patches/one", "one\n")
            .file("p/README", "read me\n"),
    );
    snake.add(&Package::new("q", "patches = {'spot': 'q'}\n"));
    snake.add(&lib("1.0", "lib"));
    snake.saves_well();
    becomes(&snake, "helper lib unset data one");
    assert_eq!([snake.loads("p"), snake.loads("q")], [1, 1]);
    snake
}

fn becomes(snake: &Snake, words: &str) {
    assert_eq!(snake.core(), format!("core local.openedx.io {words}\nq"));
}

/// A save after a change loads the reader again, and not the bystander.
fn reloads(snake: &Snake, words: &str) {
    let before = snake.loads("p");
    snake.saves_well();
    becomes(snake, words);
    assert_eq!(snake.loads("p"), before + 1, "loads of the plugin");
    assert_eq!(snake.loads("q"), 1, "loads of the bystander");
    snake.without_python(&["config", "save"]);
}

#[test]
fn its_module_changed() {
    let snake = reader("");
    snake.edit_module(
        "p",
        &READER
            .replace("'optional'", "'?'")
            .replace("' '.join", "'-'.join"),
    );
    reloads(&snake, "helper-lib-unset-data-one");
}

#[test]
fn another_module_of_its_package_changed() {
    let snake = reader("");
    snake.put(&snake.in_site("p/helper.py"), "WORD = 'changed'\n");
    reloads(&snake, "changed lib unset data one");
}

/// Neither size nor time of the file tell, as after a checkout that keeps times.
#[test]
fn its_module_changed_but_for_its_size_and_time() {
    let snake = reader("");
    let path = snake.path(&snake.in_site("p/helper.py"));
    let old = SystemTime::now() - Duration::from_hours(1);
    let set_time = || {
        let file = fs::File::options().write(true).open(&path).unwrap();
        file.set_modified(old).unwrap();
        snake.wrote();
    };
    set_time();
    snake.saves_well();
    snake.put(&snake.in_site("p/helper.py"), "WORD = 'HELPER'\n");
    set_time();
    snake.saves_well();
    becomes(&snake, "HELPER lib unset data one");
}

#[test]
fn a_data_file_that_it_read_changed() {
    let snake = reader("");
    snake.put(&snake.in_site("p/data.txt"), "more data\n");
    reloads(&snake, "helper lib unset more data one");
}

#[test]
fn a_file_came_into_its_folder_of_patches_and_went() {
    let snake = reader("");
    snake.put(&snake.in_site("p/patches/two"), "two\n");
    reloads(&snake, "helper lib unset data one two");
    snake.rm(&snake.in_site("p/patches/one"));
    reloads(&snake, "helper lib unset data two");
}

#[test]
fn a_file_that_it_looked_for_came() {
    let snake = reader("");
    snake.put(&snake.in_site("p/optional.txt"), "");
    reloads(&snake, "helper lib unset data one optional");
}

#[test]
fn a_dependency_was_installed_in_another_version() {
    let snake = reader("");
    fs::remove_dir_all(snake.path(&snake.in_site(&lib("1.0", "").metadata()))).unwrap();
    snake.add(&lib("1.1", "newer"));
    reloads(&snake, "helper newer unset data one");
}

#[test]
fn a_variable_that_it_read_changed() {
    let snake = reader("");
    let with = |value: Option<&str>| {
        let mut command = snake.command(&["config", "save"]);
        if let Some(value) = value {
            command.env("P_WORD", value);
        }
        assert_eq!(snake.finish(command).status, 0);
        (snake.core(), snake.loads("p"))
    };
    let core = |word: &str| format!("core local.openedx.io helper lib {word} data one\nq");
    assert_eq!(with(Some("set")), (core("set"), 2));
    assert_eq!(with(Some("set")), (core("set"), 2));
    assert_eq!(with(Some("other")), (core("other"), 3));
    assert_eq!(with(None).0, core("unset"));
    assert_eq!(snake.loads("q"), 1);
}

#[test]
fn the_package_was_installed_in_another_version() {
    let snake = reader("");
    let metadata = |version: &str| snake.in_site(&Package::bare("q").version(version).metadata());
    fs::rename(snake.path(&metadata("1.0")), snake.path(&metadata("2.0"))).unwrap();
    snake.put(
        &format!("{}/METADATA", metadata("2.0")),
        "Metadata-Version: 2.1\nName: tutor-q\nVersion: 2.0\n",
    );
    snake.put(
        &snake.in_site("q/plugin.py"),
        "patches = {'spot': 'q of 2.0'}\n",
    );
    snake.saves_well();
    assert_eq!(
        snake.core(),
        "core local.openedx.io helper lib unset data one\nq of 2.0"
    );
    assert_eq!(snake.row("q").unwrap()[2], "2.0");
    assert_eq!(snake.loads("p"), 1);
}

#[test]
fn nothing_that_it_read_changed() {
    let snake = reader("-- env --\nUNRELATED=1\n");
    let calm = |what: &str| {
        let starts = snake.starts();
        snake.saves_well();
        becomes(&snake, "helper lib unset data one");
        assert_eq!(snake.starts(), starts, "{what}");
    };
    snake.put(&snake.in_site("p/README"), "read me again\n");
    calm("a file of the package that nobody reads");
    snake.put(&snake.in_site("p/unused.py"), "x = 1\n");
    calm("a module of the package that nobody imports");
    snake.put(&snake.in_site("p/data.txt.bak"), "x\n");
    calm("a file beside one that it reads");
    snake.add(&Package::new("another", GOOD));
    calm("another package with a plugin, not enabled");
    snake.add(&Package::library("unrelated", "").version("3.0"));
    calm("another package");
    snake.put("plugins/y.yml", "name: y\n");
    calm("a plugin in a file");
    let data = snake.path(&snake.in_site("p/data.txt"));
    fs::write(&data, "data\n").unwrap();
    snake.wrote();
    calm("a file written with what it had");
    let mut command = snake.command(&["config", "save"]);
    command.env("UNRELATED", "2").env("MORE", "3");
    let starts = snake.starts();
    assert_eq!(snake.finish(command).status, 0);
    assert_eq!(snake.starts(), starts, "variables that it does not read");
    snake.works(&["config", "save", "-s", "LMS_HOST=b.example"]);
    assert_eq!(snake.starts(), starts, "a setting");
}
