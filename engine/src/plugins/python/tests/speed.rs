//! How long it takes. Run by hand:
//! `cargo test --release -p engine --lib two_hundred_packages -- --ignored --nocapture`
#![expect(
    clippy::disallowed_methods,
    reason = "the test makes files and measures time"
)]

use std::fs;
use std::time::{Duration, Instant};

use super::machine::Machine;
use super::*;
use crate::cache::{CacheFolder, Context, Store};
use crate::inputs::Db;
use crate::system::OsSystem;

#[test]
#[ignore = "a measurement"]
fn two_hundred_packages_are_searched_in_three_milliseconds() {
    // How many of twenty packages have entry points of some kind.
    for share in [8, 20] {
        let median = measure(share);
        assert!(median < Duration::from_millis(3));
    }
}

fn measure(share: usize) -> Duration {
    let folder = tempfile::tempdir().unwrap();
    let venv = folder.path().join("venv");
    let site = venv.join("lib/python3.11/site-packages");
    fs::create_dir_all(venv.join("bin")).unwrap();
    fs::write(folder.path().join("python3.11"), "ELF").unwrap();
    std::os::unix::fs::symlink(folder.path().join("python3.11"), venv.join("bin/python")).unwrap();
    fs::create_dir_all(&site).unwrap();
    fs::write(
        venv.join("pyvenv.cfg"),
        "home = /usr/bin\nversion = 3.11.7\n",
    )
    .unwrap();
    for number in 0..200 {
        let info = site.join(format!("package{number}-1.{number}.dist-info"));
        fs::create_dir_all(&info).unwrap();
        fs::create_dir_all(site.join(format!("package{number}"))).unwrap();
        let metadata = format!(
            "Name: package{number}\nVersion: 1.{number}\n\n{}",
            "text\n".repeat(2000)
        );
        fs::write(info.join("METADATA"), metadata).unwrap();
        let entry_points = match number % 20 {
            0 => format!("[tutor.plugin.v1]\nplugin{number} = module.plugin\n"),
            rest if rest < share => "[console_scripts]\nprogram = package.main:run\n".repeat(3),
            _ => continue,
        };
        fs::write(info.join("entry_points.txt"), entry_points).unwrap();
    }
    let mut times: Vec<Duration> = (0..50)
        .map(|_| {
            let machine = Machine {
                variables: [("VIRTUAL_ENV".to_owned(), venv.display().to_string())].into(),
                home: folder.path().join("home"),
                ..Machine::default()
            };
            let db = graph(Arc::new(machine));
            let start = Instant::now();
            let found = python_plugins(&db).plugins.len();
            let took = start.elapsed();
            assert_eq!(found, 10);
            took
        })
        .collect();
    let first = times[0];
    times.sort();
    let (median, slowest) = (times[25], times[49]);
    eprintln!(
        "{share}/20 with entry points: first {first:?}, median {median:?}, slowest {slowest:?}"
    );
    median
}

/// `cargo test --release -p engine --lib this_machines_python -- --ignored --nocapture`
#[test]
#[ignore = "a measurement"]
fn this_machines_python_is_searched_in_three_milliseconds_once_it_has_answered() {
    let folder = tempfile::tempdir().unwrap();
    let cache = CacheFolder::new(folder.path());
    let mut known = Known::default();
    let mut times = Vec::new();
    for _ in 0..50 {
        let store = Store::open(&OsSystem, &cache, Context::new([&b"here"[..]]));
        let store = Arc::new(store);
        let db = Database::new(Arc::new(OsSystem), vec![], known, Some(store.clone()), None);
        let start = Instant::now();
        let found = python_plugins(&db);
        times.push(start.elapsed());
        if times.len() == 1 {
            eprintln!("{:?}: {:?}", found.interpreter, found.problems);
        }
        store.save(&OsSystem, &cache, false);
        let files = db.watched().0.into_iter().filter_map(|path| {
            let hash = db.file(&path).content(&db).hash()?;
            let stamp = OsSystem.stamp(&path).ok()??;
            Some((path.into_os_string(), (stamp, hash)))
        });
        known = files.collect();
    }
    let first = times.remove(0);
    times.sort();
    let (median, slowest) = (times[24], times[48]);
    eprintln!("first {first:?}, then median {median:?}, slowest {slowest:?}");
    assert!(median < Duration::from_millis(3));
}
