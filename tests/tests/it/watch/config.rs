//! `config.yml` while it is being edited: a watch draws nothing anew, and writes nothing that half a file says.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::thread;
use std::time::Duration;

use super::running::{CONFIG, CORE, QUIET, WORLD, Watch, edit, env};
use crate::house::{House, assert_same};

/// While `config.yml` holds `text` (or is away), nothing is written and one line says why; then it is put back.
fn waits_while(text: Option<&str>, says: &str) {
    let house = House::new(WORLD);
    house.save(&[]);
    let mut watch = Watch::start(&house);
    let (config, before) = (house.read(CONFIG), env(&house));
    match text {
        Some(text) => house.write(CONFIG, text),
        None => fs::remove_file(house.path(CONFIG)).unwrap(),
    }
    let line = watch.next();
    assert!(line.text().contains(says), "{line:?}");
    let events = ["waiting", "failed"];
    assert!(events.contains(&line.event()), "{line:?}");
    watch.is_quiet();
    assert_eq!(fs::read_to_string(house.path(CONFIG)).ok().as_deref(), text);
    assert_same(&before, &env(&house));
    // Other changes do not talk it into saving.
    edit(&house, "templates/apps/core.txt", "core", "heart");
    watch.is_quiet();
    assert_same(&before, &env(&house));
    house.write(CONFIG, &config);
    watch.until_text(CORE, "heart local.openedx.io patched");
    watch.is_quiet();
    assert_eq!(house.read(CONFIG), config);
    watch.ends_well();
}

#[test]
fn a_configuration_that_is_deleted_is_waited_for() {
    waits_while(None, "config.yml is gone");
}

#[test]
fn a_configuration_that_loses_its_settings_is_waited_for() {
    waits_while(Some(""), "must be a mapping");
    waits_while(Some("PLUGINS: []\n"), "config.yml has lost");
}

#[test]
fn a_secret_that_is_deleted_is_waited_for_and_not_drawn_again() {
    let house = House::new(WORLD);
    let text = house.read(CONFIG);
    let line = text.lines().find(|line| line.starts_with("ID: ")).unwrap();
    let without = text.replace(&format!("{line}\n"), "");
    drop(house);
    waits_while(Some(&without), "config.yml has lost ID");
}

#[test]
fn a_configuration_that_is_half_written_is_waited_for() {
    let house = House::new(WORLD);
    house.save(&[]);
    let mut watch = Watch::start(&house);
    let before = env(&house);
    // All secrets are in the first half: only PLUGINS and what comes after it is not.
    let text = format!("{}LMS_HOST: whole.example\n", house.read(CONFIG));
    let half = text.find("PLUGINS:").unwrap();
    let mut file = OpenOptions::new()
        .write(true)
        .truncate(true)
        .open(house.path(CONFIG))
        .unwrap();
    file.write_all(&text.as_bytes()[..half]).unwrap();
    watch.is_quiet();
    assert_same(&before, &env(&house));
    assert_eq!(house.read(CONFIG), text[..half]);
    file.write_all(&text.as_bytes()[half..]).unwrap();
    drop(file);
    watch.until_text(CORE, "core whole.example patched");
    assert_eq!(sorted(&house.read(CONFIG)), sorted(&text));
    watch.settles();
    watch.ends_well();
}

#[test]
fn a_configuration_that_is_half_written_is_waited_for_whatever_else_happens() {
    let house = House::new(WORLD);
    house.save(&[]);
    let mut watch = Watch::start(&house);
    let text = format!("{}LMS_HOST: whole.example\n", house.read(CONFIG));
    let half = text.find("PLUGINS:").unwrap();
    let mut file = OpenOptions::new()
        .write(true)
        .truncate(true)
        .open(house.path(CONFIG))
        .unwrap();
    file.write_all(&text.as_bytes()[..half]).unwrap();
    // A folder that is watched goes and comes, and files change.
    fs::rename(house.path("templates/apps"), house.path("templates/away")).unwrap();
    fs::rename(house.path("templates/away"), house.path("templates/apps")).unwrap();
    for round in 0..10 {
        house.write("host/tpl/p/apps/a.txt", &format!("a{round}"));
        thread::sleep(Duration::from_millis(100));
        assert_eq!(house.read(CONFIG), text[..half]);
    }
    file.write_all(&text.as_bytes()[half..]).unwrap();
    drop(file);
    watch.until_text(CORE, "core whole.example patched");
    assert_eq!(sorted(&house.read(CONFIG)), sorted(&text));
    watch.until_quiet();
    watch.ends_well();
}

#[test]
fn a_configuration_in_the_making_is_not_begun_by_a_watch() {
    let house = House::new(WORLD);
    house.save(&[]);
    let mut watch = Watch::start(&house);
    let config = house.read(CONFIG);
    fs::rename(house.path(CONFIG), house.path("root/config.old")).unwrap();
    watch.next_is("waiting");
    thread::sleep(QUIET);
    assert!(!house.path(CONFIG).exists());
    fs::rename(house.path("root/config.old"), house.path(CONFIG)).unwrap();
    edit(
        &house,
        CONFIG,
        "PLUGINS:",
        "LMS_HOST: back.example\nPLUGINS:",
    );
    watch.until_text(CORE, "core back.example patched");
    assert!(house.read(CONFIG).contains(config.lines().next().unwrap()));
    watch.ends_well();
}

/// The lines of a text, in order: a save may put settings elsewhere.
fn sorted(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines
}
