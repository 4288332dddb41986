//! Errors while watching: they are told once, `env/` stays as it was, and putting things right goes on.

use std::fs;

use super::running::{A, A_TEMPLATE, CORE, CORE_TEMPLATE, PLUGIN, WORLD, Watch, edit, env, put};
use crate::house::{House, assert_same};

/// While the file at `path` holds `text`, saves fail with a message that `says` something. What was there comes back.
fn fails_while(path: &str, text: &str, says: &str) {
    let house = House::new(WORLD);
    let mut watch = Watch::start(&house);
    let (before, good) = (env(&house), house.read(path));
    house.write(path, text);
    let line = watch.next_is("failed");
    assert_eq!(line.trigger(), [path]);
    assert!(line.text().contains(says), "{line:?}");
    watch.is_quiet();
    assert_same(&before, &env(&house));
    assert_eq!(house.read(path), text);
    // The same again is not told again.
    house.write(path, text);
    watch.is_quiet();
    house.write(path, &good);
    watch.next_is("saved");
    assert_same(&before, &env(&house));
    edit(&house, CORE_TEMPLATE, "core", "heart");
    watch.until_text(CORE, "heart local.openedx.io patched");
    watch.settles();
    watch.ends_well();
}

#[test]
fn a_template_that_does_not_parse_is_told_and_env_stays() {
    fails_while(A_TEMPLATE, "a {% if %}", "a.txt:1");
}

#[test]
fn a_setting_that_does_not_exist_is_told_and_env_stays() {
    fails_while(CORE_TEMPLATE, "{{ NO_SUCH_SETTING }}", "NO_SUCH_SETTING");
}

#[test]
fn a_configuration_that_is_no_yaml_is_told_and_env_stays() {
    fails_while("root/config.yml", "ID: [1, 2\nX: }", "config.yml");
}

#[test]
fn a_plugin_that_is_no_yaml_is_told_and_is_back_when_it_is_put_right() {
    let house = House::new(WORLD);
    let mut watch = Watch::start(&house);
    let good = house.read(PLUGIN);
    house.write(PLUGIN, "name: [p");
    let line = watch.next();
    assert!(line.text().contains("p.yml:"), "{line:?}");
    house.write(PLUGIN, &good);
    watch.until_text(A, "a hello");
    watch.settles();
    watch.ends_well();
}

#[test]
fn with_strict_a_plugin_that_is_no_yaml_stops_the_save() {
    let house = House::new(WORLD);
    let mut watch = Watch::start_with(&house, &["--strict"]);
    let (before, good) = (house.root(), house.read(PLUGIN));
    house.write(PLUGIN, "name: [p");
    let line = watch.next_is("failed");
    assert!(line.text().contains("p.yml:"), "{line:?}");
    assert_same(&before, &house.root());
    house.write(PLUGIN, &good.replace("hello", "again"));
    watch.until_text(A, "a again");
    watch.settles();
    watch.ends_well();
}

#[test]
fn an_include_that_is_missing_is_seen_when_it_comes() {
    let house = House::new(WORLD);
    let mut watch = Watch::start(&house);
    house.write(A_TEMPLATE, "{% include 'p/partials/later' %}");
    let line = watch.next_is("failed");
    assert!(line.text().contains("p/partials/later"), "{line:?}");
    put(
        &house,
        "host/tpl/p/partials/later",
        "there {{ P_GREETING }}",
    );
    watch.until_text(A, "there hello");
    fs::remove_file(house.path("host/tpl/p/partials/later")).unwrap();
    watch.next_is("failed");
    put(
        &house,
        "host/tpl/p/partials/later",
        "again {{ P_GREETING }}",
    );
    watch.until_text(A, "again hello");
    watch.settles();
    watch.ends_well();
}

#[test]
fn a_first_save_that_fails_is_no_end() {
    let house = House::new(WORLD);
    let good = house.read(A_TEMPLATE);
    house.write(A_TEMPLATE, "{% if %}");
    let mut watch = Watch::spawn(
        &house,
        house.command(&["config", "save", "--watch", "--format", "json"]),
    );
    let line = watch.next_is("failed");
    assert_eq!(line.trigger(), [""; 0]);
    watch.next_is("watching");
    assert!(env(&house).is_empty());
    house.write(A_TEMPLATE, &good);
    watch.until_text(A, "a hello");
    watch.settles();
    watch.ends_well();
}

#[test]
fn what_was_edited_by_hand_meanwhile_is_put_right_after_an_error() {
    let house = House::new(WORLD);
    let mut watch = Watch::start(&house);
    let good = house.read(A_TEMPLATE);
    house.write(A_TEMPLATE, "{% if %}");
    watch.next_is("failed");
    house.write(CORE, "by hand");
    watch.is_quiet();
    assert_eq!(house.read(CORE), "by hand");
    house.write(A_TEMPLATE, &good);
    watch.until_text(CORE, "core local.openedx.io patched");
    watch.settles();
    watch.ends_well();
}
