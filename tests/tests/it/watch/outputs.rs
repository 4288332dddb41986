//! What a watch writes: it says so, does not take it for news, puts it right, and rests.

use std::fs;
use std::thread;
use std::time::Duration;

use super::running::{A, A_TEMPLATE, CORE, WORLD, Watch, env, read};
use crate::house::{House, assert_same_bytes};

#[test]
fn each_save_says_why_what_and_how_long() {
    let house = House::new(WORLD);
    let mut watch = Watch::spawn(
        &house,
        house.command(&["config", "save", "-w", "--format", "json"]),
    );
    let first = watch.next_is("saved");
    assert_eq!(first.trigger(), [""; 0]);
    assert_eq!(first.written(), [CORE, A]);
    assert_eq!(first.get("config_written").as_bool(), Some(true));
    assert!(first.get("milliseconds").as_f64().unwrap() > 0.0);
    let watching = watch.next_is("watching");
    assert!(watching.get("polling").is_null(), "{watching:?}");
    house.write(A_TEMPLATE, "b {{ P_GREETING }}");
    let second = watch.next_is("saved");
    assert_eq!(second.trigger(), [A_TEMPLATE]);
    assert_eq!(second.written(), [A]);
    assert_eq!(second.removed(), [""; 0]);
    assert_eq!(second.get("config_written").as_bool(), Some(false));
    assert!(second.get("milliseconds").as_f64().unwrap() > 0.0);
    // What we wrote ourselves triggers nothing.
    watch.settles();
    watch.ends_well();
}

#[test]
fn the_built_in_templates_are_saved_and_our_own_writes_trigger_nothing() {
    let house = House::new(&WORLD.replace("bare templates", "built-in templates"));
    let mut watch = Watch::start(&house);
    let config = house.read("root/config.yml");
    watch.is_quiet();
    house.write(
        "root/config.yml",
        &format!("{config}LMS_HOST: other.example\n"),
    );
    let line = watch.next_is("saved");
    assert!(line.written().len() > 5, "{line:?}");
    watch.settles();
    watch.ends_well();
}

#[test]
fn files_of_env_that_are_deleted_or_edited_are_put_right() {
    let house = House::new(WORLD);
    let mut watch = Watch::start(&house);
    let before = env(&house);
    fs::remove_file(house.path(A)).unwrap();
    assert_eq!(watch.next_is("saved").written(), [A]);
    assert_same_bytes(&before, &env(&house));
    house.write(CORE, "by hand");
    let line = watch.next_is("saved");
    assert_eq!((line.trigger(), line.written()), (vec![CORE], vec![CORE]));
    assert!(line.text().contains("edited-by-hand"), "{line:?}");
    assert_same_bytes(&before, &env(&house));
    fs::rename(house.path(A), house.path(CORE)).unwrap();
    watch.until("both are back", || {
        read(&house, A).is_some() && read(&house, CORE).is_some_and(|text| text.contains("core"))
    });
    assert_same_bytes(&before, &env(&house));
    for folder in ["root/env", "root/env/plugins", "root/env"] {
        fs::remove_dir_all(house.path(folder)).unwrap();
        let wanted = before.len();
        watch.until("all is back", || env(&house).len() == wanted);
        watch.until_quiet();
        assert_same_bytes(&before, &env(&house));
    }
    fs::rename(house.path("root/env"), house.path("root/env.old")).unwrap();
    watch.until("all is back", || env(&house).len() == before.len());
    watch.until_quiet();
    fs::remove_dir_all(house.path("root/env.old")).unwrap();
    watch.settles();
    watch.ends_well();
}

#[test]
fn files_of_others_in_env_are_none_of_our_business() {
    let house = House::new(WORLD);
    let mut watch = Watch::start(&house);
    house.write("root/env/apps/mine.txt", "mine");
    house.write("root/env/apps/mine.txt", "mine again");
    watch.is_quiet();
    assert_eq!(house.read("root/env/apps/mine.txt"), "mine again");
    fs::remove_file(house.path("root/env/apps/mine.txt")).unwrap();
    watch.settles();
    watch.ends_well();
}

#[test]
fn a_command_runs_after_each_save_that_wrote_something() {
    let house = House::new(WORLD);
    let log = house.path("host/log");
    let command = format!(
        "echo ran >> {}; test ! -e {}",
        log.display(),
        house.path("host/no").display()
    );
    let ran = || fs::read_to_string(&log).unwrap_or_default().lines().count();
    let mut watch = Watch::spawn(
        &house,
        house.command(&[
            "config", "save", "--watch", "--format", "json", "--exec", &command,
        ]),
    );
    watch.next_is("saved");
    assert_eq!(watch.next_is("ran").get("status").as_i64(), Some(0));
    watch.next_is("watching");
    assert_eq!(ran(), 1);
    // A comment changes no file.
    house.write(A_TEMPLATE, "a {{ P_GREETING }}{# a comment #}\n");
    assert_eq!(watch.next_is("saved").written(), [""; 0]);
    watch.is_quiet();
    assert_eq!(ran(), 1);
    house.write("host/no", "");
    house.write(A_TEMPLATE, "b {{ P_GREETING }}");
    assert_eq!(watch.next_is("saved").written(), [A]);
    assert_eq!(watch.next_is("ran").get("status").as_i64(), Some(1));
    assert_eq!(ran(), 2);
    house.write(A_TEMPLATE, "{% if %}");
    watch.next_is("failed");
    watch.is_quiet();
    assert_eq!(ran(), 2);
    house.write(A_TEMPLATE, "c");
    watch.next_is("saved");
    watch.next_is("ran");
    watch.ends_well();
}

#[test]
fn a_watch_that_has_nothing_to_do_uses_no_time() {
    let house = House::new(&WORLD.replace("bare templates", "built-in templates"));
    let mut watch = Watch::start(&house);
    house.write(A_TEMPLATE, "b {{ P_GREETING }}");
    watch.next_is("saved");
    // It may look once more, and remember what it did.
    watch.is_quiet_for(Duration::from_millis(1500));
    let before = ticks(watch.id());
    thread::sleep(Duration::from_millis(1500));
    assert_eq!(ticks(watch.id()), before);
    watch.ends_well();
}

#[test]
fn a_watch_that_waits_or_fails_uses_no_time() {
    let house = House::new(WORLD);
    let mut watch = Watch::start(&house);
    house.write(A_TEMPLATE, "{% if %}");
    watch.next_is("failed");
    house.write(CORE, "by hand");
    watch.is_quiet_for(Duration::from_millis(2500));
    let woke = || {
        let before = switches(watch.id());
        thread::sleep(Duration::from_millis(1500));
        switches(watch.id()) - before
    };
    // On a busy machine the last look around may be late. From then on there is nothing to wake up for.
    for _ in 0..4 {
        if woke() <= 1 {
            break;
        }
    }
    // Who only reads is none of its business.
    for _ in 0..20 {
        house.read(A_TEMPLATE);
    }
    let more = woke();
    assert!(more <= 1, "it woke up {more} times");
    house.write(A_TEMPLATE, "a");
    watch.until_text(A, "a");
    watch.ends_well();
}

/// Time that a process has used, in ticks of the clock.
fn ticks(id: u32) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap();
    let fields: Vec<&str> = stat
        .rsplit(')')
        .next()
        .unwrap()
        .split_whitespace()
        .collect();
    // The fields utime and stime, counted from the one after the name.
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

/// How often the threads of a process have gone to sleep, but for the one that the system's events go to: that is woken
/// up also by who opens a file in a watched folder to read it (in a virtual environment, that is each start of Python),
/// and can do nothing about it.
fn switches(id: u32) -> u64 {
    let tasks = fs::read_dir(format!("/proc/{id}/task")).unwrap();
    let count = |task: fs::DirEntry| {
        let status = fs::read_to_string(task.path().join("status")).unwrap();
        let of = |key| status.lines().find_map(|line| line.strip_prefix(key));
        let is_told = of("Name:").unwrap().trim().starts_with("notify");
        let switches = of("voluntary_ctxt_switches:").unwrap().trim();
        if is_told {
            0
        } else {
            switches.parse().unwrap()
        }
    };
    tasks.map(|task| count(task.unwrap())).sum()
}
