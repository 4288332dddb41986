//! Where the system cannot tell of changes: files are looked at; and lost events.

use std::fs;
use std::process::Command;

use super::running::{A, A_TEMPLATE, CONFIG, CORE, PLUGIN, WORLD, Watch, edit, put};
use crate::house::House;

/// All kinds of changes are seen.
fn sees_everything(house: &House, mut watch: Watch<'_>) {
    house.write(A_TEMPLATE, "one {{ P_GREETING }}");
    watch.until_text(A, "one hello");
    edit(house, PLUGIN, "hello", "bye");
    watch.until_text(A, "one bye");
    edit(house, CONFIG, "PLUGINS:", "LMS_HOST: l.example\nPLUGINS:");
    watch.until_text(CORE, "core l.example patched");
    put(house, "host/tpl/p/apps/deep/er/new.txt", "new");
    watch.until_text("root/env/plugins/p/apps/deep/er/new.txt", "new");
    fs::remove_dir_all(house.path("host/tpl/p/apps/deep")).unwrap();
    watch.until_gone("root/env/plugins/p/apps/deep/er/new.txt");
    fs::remove_dir_all(house.path("root/env")).unwrap();
    watch.until_texts(&[(A, Some("one bye")), (CORE, Some("core l.example patched"))]);
    let config = house.read(CONFIG);
    fs::remove_file(house.path(CONFIG)).unwrap();
    watch.until_line("waiting");
    house.write(CONFIG, &config.replace("l.example", "m.example"));
    watch.until_text(CORE, "core m.example patched");
    watch.settles();
    watch.ends_well();
}

/// The most important kinds of changes are seen.
fn sees_changes(house: &House, mut watch: Watch<'_>) {
    house.write(A_TEMPLATE, "one {{ P_GREETING }}");
    watch.until_text(A, "one hello");
    put(house, "host/tpl/p/apps/deep/er/new.txt", "new");
    fs::remove_file(house.path(A)).unwrap();
    let new = "root/env/plugins/p/apps/deep/er/new.txt";
    watch.until_texts(&[(A, Some("one hello")), (new, Some("new"))]);
    watch.settles();
    watch.ends_well();
}

/// Whether this machine lets us limit what `name` says in a namespace of its own; if not, that is said loudly.
fn can_limit(name: &str) -> bool {
    let script = format!("echo 0 > /proc/sys/user/{name}");
    let tried = Command::new("unshare")
        .args(["-Ur", "sh", "-c", &script])
        .output();
    let can = tried.as_ref().is_ok_and(|output| output.status.success());
    if !can {
        eprintln!("SKIPPED: {name} cannot be limited here: {tried:?}");
    }
    can
}

/// Under this limit a watch looks at files instead, and says why.
fn polls_under(name: &str, limit: u32, says: &str) {
    if !can_limit(name) {
        return;
    }
    let house = House::new(WORLD);
    let script = format!("echo {limit} > /proc/sys/user/{name} && exec \"$@\"");
    let wrapper = ["unshare", "-Ur", "sh", "-c", &script, "sh"];
    let watch = Watch::start_wrapped(&house, &wrapper, &[]);
    let line = watch.said.last().unwrap();
    let polling = line.get("polling").as_str().unwrap_or("no");
    assert!(polling.contains(says), "{line:?}");
    sees_changes(&house, watch);
}

#[test]
fn asked_to_poll_it_sees_everything() {
    let house = House::new(WORLD);
    let watch = Watch::start_with(&house, &["--poll"]);
    assert_eq!(watch.said.last().unwrap().get("polling"), "--poll");
    sees_everything(&house, watch);
}

#[test]
fn without_a_limit_it_sees_the_same() {
    let house = House::new(WORLD);
    let watch = Watch::start(&house);
    sees_everything(&house, watch);
}

#[test]
fn out_of_instances_it_polls_and_says_so() {
    polls_under("max_inotify_instances", 0, "max_user_instances");
}

#[test]
fn out_of_watched_folders_it_polls_and_says_so() {
    polls_under("max_inotify_watches", 2, "max_user_watches");
}

#[test]
fn running_out_of_watched_folders_later_it_polls_from_then_on_and_says_so() {
    let name = "max_inotify_watches";
    if !can_limit(name) {
        return;
    }
    let house = House::new(WORLD);
    let script = format!("echo 40 > /proc/sys/user/{name} && exec \"$@\"");
    let wrapper = ["unshare", "-Ur", "sh", "-c", &script, "sh"];
    let mut watch = Watch::start_wrapped(&house, &wrapper, &[]);
    let line = watch.said.last().unwrap();
    assert!(line.get("polling").is_null(), "{line:?}");
    for number in 0..50 {
        put(&house, &format!("host/tpl/p/apps/f{number}/x"), "x");
    }
    let line = watch.until_line("watching");
    assert!(line.text().contains("max_user_watches"), "{line:?}");
    watch.until_quiet();
    sees_changes(&house, watch);
}

#[test]
fn lost_events_are_made_up_for() {
    let limit = fs::read_to_string("/proc/sys/fs/inotify/max_queued_events").unwrap();
    let limit: usize = limit.trim().parse().unwrap();
    if limit > 20_000 {
        eprintln!("SKIPPED: fs.inotify.max_queued_events is {limit}");
        return;
    }
    let house = House::new(WORLD);
    let mut watch = Watch::start(&house);
    watch.is_quiet();
    watch.signal("STOP");
    // Each makes at least three events in a folder that is watched.
    let junk = house.path("plugins/junk");
    for _ in 0..limit / 3 + 100 {
        fs::write(&junk, "x").unwrap();
        fs::remove_file(&junk).unwrap();
    }
    edit(&house, PLUGIN, "hello", "bye");
    put(&house, "host/tpl/p/apps/new/new.txt", "new");
    fs::remove_file(house.path(CORE)).unwrap();
    watch.signal("CONT");
    watch.until_texts(&[
        (A, Some("a bye")),
        ("root/env/plugins/p/apps/new/new.txt", Some("new")),
        (CORE, Some("core local.openedx.io patched")),
    ]);
    house.write("host/tpl/p/apps/new/new.txt", "newer");
    watch.until_text("root/env/plugins/p/apps/new/new.txt", "newer");
    watch.settles();
    watch.ends_well();
}
