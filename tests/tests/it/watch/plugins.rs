//! Plugins that come, change and go, and roots of them.

use std::fs;

use super::running::{A, CONFIG, CORE, PLUGIN, WORLD, Watch, edit, put};
use crate::house::House;

/// A plugin that fills the patch of the core's template.
const Q: &str = "name: q\nversion: 1.0.0\npatches: {spot: from q}\n";

#[test]
fn plugins_come_change_and_go() {
    let house = House::new(&WORLD.replace("[p]", "[p, q]"));
    let mut watch = Watch::start(&house);
    for _ in 0..3 {
        put(&house, "plugins/q.yml", Q);
        watch.until_text(CORE, "core local.openedx.io patched\nfrom q");
        edit(&house, "plugins/q.yml", "from q", "still q");
        watch.until_text(CORE, "core local.openedx.io patched\nstill q");
        fs::remove_file(house.path("plugins/q.yml")).unwrap();
        watch.until_text(CORE, "core local.openedx.io patched");
        fs::rename(house.path(PLUGIN), house.path("plugins/p.off")).unwrap();
        watch.until_texts(&[(A, None), (CORE, Some("core local.openedx.io"))]);
        fs::rename(house.path("plugins/p.off"), house.path(PLUGIN)).unwrap();
        watch.until_text(A, "a hello");
    }
    watch.until_quiet();
    watch.ends_well();
}

#[test]
fn a_plugin_that_nobody_enabled_triggers_nothing_that_is_written() {
    let house = House::new(WORLD);
    let mut watch = Watch::start(&house);
    put(&house, "plugins/q.yml", Q);
    while let Some(line) = watch.line_within(super::running::QUIET) {
        assert_eq!(line.written(), [""; 0]);
    }
    edit(&house, CONFIG, "- p", "- p\n- q");
    watch.until_text(CORE, "core local.openedx.io patched\nfrom q");
    watch.settles();
    watch.ends_well();
}

#[test]
fn a_plugins_root_that_does_not_exist_yet_is_seen_when_it_comes() {
    let house = House::new(WORLD);
    fs::rename(house.path("plugins"), house.path("later")).unwrap();
    let mut watch = Watch::start(&house);
    assert!(!house.path(A).exists());
    fs::create_dir(house.path("plugins")).unwrap();
    fs::copy(house.path("later/p.yml"), house.path(PLUGIN)).unwrap();
    watch.until_text(A, "a hello");
    fs::remove_dir_all(house.path("plugins")).unwrap();
    watch.until_gone(A);
    fs::rename(house.path("later"), house.path("plugins")).unwrap();
    watch.until_text(A, "a hello");
    edit(&house, PLUGIN, "hello", "bye");
    watch.until_text(A, "a bye");
    watch.settles();
    watch.ends_well();
}

#[test]
fn a_plugins_root_deep_in_folders_that_do_not_exist_yet_is_seen_when_it_comes() {
    let deep = "-- env --\nTUTOR_PLUGINS_ROOT=@world@/x/y/z\n";
    let house = House::new(&format!("{WORLD}{deep}"));
    let mut watch = Watch::start(&house);
    put(&house, "x/y/z/p.yml", &house.read(PLUGIN));
    watch.until_text(A, "a hello");
    edit(&house, "x/y/z/p.yml", "hello", "bye");
    watch.until_text(A, "a bye");
    fs::rename(house.path("x/y"), house.path("x/away")).unwrap();
    watch.until_gone(A);
    fs::rename(house.path("x/away"), house.path("x/y")).unwrap();
    watch.until_text(A, "a bye");
    fs::remove_dir_all(house.path("x")).unwrap();
    watch.until_gone(A);
    put(&house, "x/y/z/p.yml", &house.read(PLUGIN));
    watch.until_text(A, "a hello");
    watch.settles();
    watch.ends_well();
}
