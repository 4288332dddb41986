//! Plugins that are Python packages, under a watch: what they read is watched, and only what changed is loaded again.

use std::fs;

use tests::packages::Package;

use super::running::{QUIET, Watch};
use crate::python::snake::{CORE, GOOD, Snake};

const READER: &str = "\
import glob, os
from . import helper
HERE = os.path.dirname(__file__)
def patches():
    texts = [helper.WORD]
    for path in sorted(glob.glob(os.path.join(HERE, 'patches', '*'))):
        with open(path) as file:
            texts.append(file.read().strip())
    return {'spot': ' '.join(texts)}
templates = os.path.join(HERE, 'templates')
";

fn reader() -> Snake {
    let snake = Snake::new(&["p", "q"]);
    snake.add(
        &Package::new("p", READER)
            .file("p/helper.py", "WORD = 'helper'\n")
            .file("p/patches/one", "one\n")
            .file("p/templates/p/apps/a.txt", "a\n"),
    );
    snake.add(&Package::new("q", "patches = {'spot': 'q'}\n"));
    snake.settle();
    snake
}

fn core(words: &str) -> String {
    format!("core local.openedx.io {words}\nq")
}

#[test]
fn what_a_plugin_has_read_is_watched_and_only_that_plugin_is_loaded_again() {
    let snake = reader();
    let mut watch = Watch::start(&snake);
    assert_eq!(snake.core(), core("helper one"));
    snake.put(&snake.in_site("p/helper.py"), "WORD = 'changed'\n");
    watch.until_text(CORE, &core("changed one"));
    snake.put(&snake.in_site("p/patches/two"), "two\n");
    watch.until_text(CORE, &core("changed one two"));
    fs::remove_file(snake.path(&snake.in_site("p/patches/one"))).unwrap();
    watch.until_text(CORE, &core("changed two"));
    snake.edit_module("p", &READER.replace("' '.join", "'-'.join"));
    watch.until_text(CORE, &core("changed-two"));
    watch.settles();
    assert_eq!(snake.loads("q"), 1, "loads of the bystander");
    assert_eq!(snake.starts(), 1, "one Python for the life of the watch");
    watch.ends_well();
}

#[test]
fn a_template_of_a_plugin_is_rendered_again_without_loading_it() {
    let snake = reader();
    let mut watch = Watch::start(&snake);
    snake.put(&snake.in_site("p/templates/p/apps/a.txt"), "edited\n");
    watch.until_text("root/env/plugins/p/apps/a.txt", "edited");
    watch.settles();
    assert_eq!([snake.loads("p"), snake.loads("q")], [1, 1]);
    watch.ends_well();
}

#[test]
fn a_plugin_that_breaks_and_is_repaired_is_seen_each_time() {
    let snake = reader();
    let mut watch = Watch::start(&snake);
    snake.put(&snake.in_site("p/helper.py"), "WORD = = 1\n");
    watch.until_text(CORE, "core local.openedx.io q");
    let told = watch
        .said
        .iter()
        .any(|line| line.text().contains("helper.py"));
    assert!(told, "{:?}", watch.said);
    snake.put(&snake.in_site("p/helper.py"), "WORD = 'repaired'\n");
    watch.until_text(CORE, &core("repaired one"));
    watch.until_quiet();
    watch.ends_well();
}

#[test]
fn a_plugin_that_is_installed_upgraded_and_uninstalled_is_seen_each_time() {
    let snake = Snake::new(&["p", "q"]);
    snake.add(&Package::new("q", "patches = {'spot': 'q'}\n"));
    let mut watch = Watch::start(&snake);
    assert_eq!(snake.core(), "core local.openedx.io q");
    let first = Package::new("p", GOOD);
    snake.add(&first);
    watch.until_text(CORE, &core("good"));
    watch.until_quiet();
    let second = Package::new("p", "patches = {'spot': 'better'}\n").version("2.0");
    snake.remove(&first);
    snake.add(&second);
    watch.until_text(CORE, &core("better"));
    watch.until_quiet();
    snake.remove(&second);
    watch.until_text(CORE, "core local.openedx.io q");
    watch.until_quiet();
    watch.ends_well();
}

#[test]
fn a_plugin_that_nobody_enabled_writes_nothing() {
    let snake = reader();
    let mut watch = Watch::start(&snake);
    snake.add(&Package::new("unused", GOOD));
    while let Some(line) = watch.line_within(QUIET) {
        assert_eq!(line.written(), [""; 0]);
    }
    assert_eq!(snake.loads("unused"), 0);
    watch.ends_well();
}

#[test]
fn the_watch_outlives_a_plugin_that_kills_its_process() {
    let snake = reader();
    let mut watch = Watch::start(&snake);
    snake.put(&snake.in_site("p/helper.py"), "import os\nos._exit(1)\n");
    watch.until_text(CORE, "core local.openedx.io q");
    snake.put(&snake.in_site("p/helper.py"), "WORD = 'alive'\n");
    watch.until_text(CORE, &core("alive one"));
    watch.until_quiet();
    watch.ends_well();
}

/// It goes with the watch, however that ends.
#[test]
fn no_python_is_left_when_the_watch_has_ended() {
    for signal in ["INT", "KILL"] {
        let snake = reader();
        let mut watch = Watch::start(&snake);
        snake.put(&snake.in_site("p/helper.py"), "WORD = 'changed'\n");
        watch.until_text(CORE, &core("changed one"));
        let interpreter = snake.shown("venv/bin/python");
        assert!(is_running(&interpreter), "is there another way to keep it?");
        watch.signal(signal);
        watch.ended();
        let patience = std::time::Instant::now();
        while is_running(&interpreter) {
            assert!(
                patience.elapsed().as_secs() < 5,
                "it runs on after {signal}"
            );
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }
}

/// Whether a process was started as this program.
fn is_running(program: &str) -> bool {
    let processes = fs::read_dir("/proc").unwrap().flatten();
    processes
        .filter_map(|process| fs::read(process.path().join("cmdline")).ok())
        .any(|line| line.split(|byte| *byte == 0).next() == Some(program.as_bytes()))
}
