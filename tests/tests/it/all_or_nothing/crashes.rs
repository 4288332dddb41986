//! Several saves at once, and saves that are killed.

use std::collections::BTreeSet;
use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::house::{House, PLAIN, assert_same_bytes};

/// How often a save is killed.
const KILLS: u32 = 40;

#[test]
fn saves_at_once_wait_for_each_other_and_lose_nothing() {
    let house = House::new(PLAIN);
    let settings: Vec<String> = (0..8).map(|i| format!("AT_ONCE_{i}=value-{i}")).collect();
    let children: Vec<_> = settings
        .iter()
        .map(|s| house.start_save(&["-s", s]))
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let config = house.read("root/config.yml");
    for setting in settings {
        let line = setting.replace('=', ": ");
        assert!(config.contains(&line), "{line} is lost");
    }
    let after = house.root();
    house.save(&[]);
    assert_same_bytes(&after, &house.root());
}

#[test]
fn the_second_of_two_saves_says_that_it_waits() {
    let house = House::new("-- config.yml --\n@secrets@\n");
    house.change(&["generate", "1000"]);
    let children = [
        house.start_save(&["-s", "A=1"]),
        house.start_save(&["-s", "B=2"]),
    ];
    let told: Vec<String> = children
        .into_iter()
        .map(|child| {
            String::from_utf8_lossy(&child.wait_with_output().unwrap().stderr).into_owned()
        })
        .collect();
    let waiting = told
        .iter()
        .filter(|text| text.to_lowercase().contains("wait"))
        .count();
    assert_eq!(waiting, 1, "{told:?}");
}

#[test]
fn a_reader_never_sees_half_a_config_yml() {
    let house = House::new(PLAIN);
    house.save(&["-s", "SIDE=left"]);
    let done = AtomicBool::new(false);
    let path = house.path("root/config.yml");
    thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut seen = BTreeSet::new();
            while !done.load(Ordering::Relaxed) {
                seen.insert(fs::read_to_string(&path).unwrap());
            }
            seen
        });
        for i in 0..10 {
            house.save(&[
                "-s",
                if i % 2 == 0 {
                    "SIDE=right"
                } else {
                    "SIDE=left"
                },
            ]);
        }
        done.store(true, Ordering::Relaxed);
        let seen = reader.join().unwrap();
        assert!(seen.len() <= 2, "{} states of config.yml", seen.len());
    });
}

#[test]
fn a_save_killed_at_any_moment_is_repaired_by_the_next() {
    let house = House::new("-- config.yml --\n@secrets@\n");
    house.change(&["generate", "60"]);
    let hosts = ["one.example", "two.example"];
    let mut wanted = Vec::new();
    let mut longest = Duration::ZERO;
    for i in 0..4 {
        let started = Instant::now();
        house.save(&["-s", &format!("LMS_HOST={}", hosts[i % 2])]);
        if i < 2 {
            wanted.push(house.root());
        } else {
            longest = longest.max(started.elapsed());
        }
    }
    let mut cut_short = 0;
    for i in 0..KILLS {
        let host = hosts[(i % 2) as usize];
        let mut child = house.start_save(&["-s", &format!("LMS_HOST={host}")]);
        thread::sleep(moment(i, longest));
        cut_short += u32::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();

        let config = house.read("root/config.yml");
        let state = wanted
            .iter()
            .position(|root| root["config.yml"].bytes == config.as_bytes());
        let state = state.unwrap_or_else(|| panic!("half a config.yml after {i} kills:\n{config}"));
        house.save(&[]);
        assert_same_bytes(&wanted[state], &house.root());
    }
    assert!(
        cut_short >= KILLS / 8,
        "only {cut_short} saves were cut short"
    );
    let left: Vec<String> = fs::read_dir(house.path("root"))
        .unwrap()
        .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| name.contains("tmp") || name.ends_with('~'))
        .collect();
    assert!(left.is_empty(), "{left:?} stayed");
}

/// Spread over `longest`, in a mixed order.
fn moment(i: u32, longest: Duration) -> Duration {
    longest.mul_f64(f64::from(i * 7 % KILLS) / f64::from(KILLS))
}
