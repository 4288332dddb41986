//! The ways in which editors save files: each is one change, and what they leave in between is none.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::running::replaced;
use super::running::{A, A_TEMPLATE, CONFIG, CORE, CORE_TEMPLATE, PLUGIN, WORLD, Watch, env};
use crate::house::House;

/// A way to save a file.
type Way = fn(&Path, &str);

fn beside(path: &Path, suffix: &str) -> PathBuf {
    PathBuf::from(format!("{}{suffix}", path.display()))
}

/// `sed -i`, VS Code's atomic saves: another file, renamed over.
fn rename_over(path: &Path, text: &str) {
    let other = path.with_file_name("sedTq1x9A");
    fs::write(&other, text).unwrap();
    fs::rename(other, path).unwrap();
}

/// Nano, VS Code: the file itself, from its beginning.
fn truncate_and_write(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
}

/// The same in pieces, with time between them.
fn in_pieces(path: &Path, text: &str) {
    let mut file = File::create(path).unwrap();
    for piece in text.as_bytes().chunks(text.len() / 3 + 1) {
        file.write_all(piece).unwrap();
        file.flush().unwrap();
        thread::sleep(Duration::from_millis(15));
    }
}

/// `PyCharm`, gedit: another file, on the disk for sure, renamed over; a backup on the way.
fn sync_and_rename(path: &Path, text: &str) {
    let other = beside(path, "___jb_tmp___");
    let mut file = File::create(&other).unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file.sync_all().unwrap();
    drop(file);
    let old = beside(path, "___jb_old___");
    fs::rename(path, &old).unwrap();
    fs::rename(other, path).unwrap();
    fs::remove_file(old).unwrap();
}

/// Vim: can I make files here? Then the old file goes away, a new one comes, the old one is removed.
fn vim(path: &Path, text: &str) {
    let swap = path.with_file_name(format!(
        ".{}.swp",
        path.file_name().unwrap().to_string_lossy()
    ));
    fs::write(&swap, "b0VIM").unwrap();
    let probe = path.with_file_name("4913");
    File::create(&probe).unwrap();
    fs::remove_file(probe).unwrap();
    let backup = beside(path, "~");
    fs::rename(path, &backup).unwrap();
    let mut file = File::create(path).unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file.sync_all().unwrap();
    drop(file);
    fs::remove_file(backup).unwrap();
    fs::remove_file(swap).unwrap();
}

/// Emacs: a lock that is a link to nowhere while it edits, an autosave, then the old file is copied to a backup.
fn emacs(path: &Path, text: &str) {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let lock = path.with_file_name(format!(".#{name}"));
    symlink("me@host.4711:1790000000", &lock).unwrap();
    let autosave = path.with_file_name(format!("#{name}#"));
    fs::write(&autosave, &text[..text.len() / 2]).unwrap();
    let backup = beside(path, "~");
    fs::rename(path, &backup).unwrap();
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file.sync_all().unwrap();
    drop(file);
    fs::remove_file(backup).unwrap();
    fs::remove_file(autosave).unwrap();
    fs::remove_file(lock).unwrap();
}

const WAYS: [(&str, Way); 6] = [
    ("rename-over", rename_over),
    ("truncate", truncate_and_write),
    ("in-pieces", in_pieces),
    ("sync-and-rename", sync_and_rename),
    ("vim", vim),
    ("emacs", emacs),
];

/// Saves `path` in every way, each time with another word, which then is in the file `yields`. Whatever else is in
/// `env/` stays, and no way leaves a file there.
fn every_way_is_one_change(path: &str, word: &str, yields: &str) {
    let house = House::new(WORLD);
    let mut watch = Watch::start(&house);
    let names: Vec<String> = env(&house).into_keys().collect();
    let mut last = word.to_owned();
    for (way, save) in WAYS {
        let next = format!("by-{way}");
        let wanted = replaced(&house, yields, &last, &next);
        let text = replaced(&house, path, &last, &next);
        save(&house.path(path), &text);
        watch.until_text(yields, wanted.trim_end());
        last = next;
    }
    // A machine may be so slow that what passes in no time takes some; but not as a rule.
    let others: Vec<_> = watch.said[2..]
        .iter()
        .filter(|line| line.trigger() != [path] || !line.removed().is_empty())
        .collect();
    assert!(others.len() <= 2, "{others:?}");
    watch.settles();
    assert_eq!(env(&house).into_keys().collect::<Vec<_>>(), names);
    watch.ends_well();
}

#[test]
fn every_editor_can_save_the_configuration() {
    let host = "LMS_HOST: by-hand\n";
    let house = House::new(WORLD);
    let mut watch = Watch::start(&house);
    let mut last = host.to_owned();
    house.write(CONFIG, &format!("{}{host}", house.read(CONFIG)));
    watch.until_text(CORE, "core by-hand patched");
    for (way, save) in WAYS {
        let next = format!("LMS_HOST: by-{way}\n");
        save(&house.path(CONFIG), &replaced(&house, CONFIG, &last, &next));
        watch.until_text(CORE, &format!("core by-{way} patched"));
        last = next;
    }
    watch.settles();
    watch.ends_well();
}

#[test]
fn every_editor_can_save_a_plugin() {
    every_way_is_one_change(PLUGIN, "hello", A);
}

#[test]
fn every_editor_can_save_a_template_of_a_plugin_and_leaves_nothing_in_env() {
    every_way_is_one_change(A_TEMPLATE, "a ", A);
}

#[test]
fn every_editor_can_save_a_template_of_the_root_and_leaves_nothing_in_env() {
    every_way_is_one_change(CORE_TEMPLATE, "core", CORE);
}

#[test]
fn files_saved_together_are_saved_once() {
    let house = House::new(WORLD);
    let mut watch = Watch::start(&house);
    for round in ["1", "2", "3"] {
        let plugin = format!(
            "name: p\ntemplates: {}\nconfig:\n  defaults: {{GREETING: g{round}}}\npatches: {{spot: s{round}}}\n",
            house.path("host/tpl").display()
        );
        house.write(PLUGIN, &plugin);
        house.write(A_TEMPLATE, &format!("a{round} {{{{ P_GREETING }}}}"));
        house.write(CORE_TEMPLATE, &format!("c{round} {{{{ patch('spot') }}}}"));
        let lines = watch.until_texts(&[
            (A, Some(&format!("a{round} g{round}"))),
            (CORE, Some(&format!("c{round} s{round}"))),
        ]);
        // They are written one after the other: the first one may be seen by itself.
        assert!(lines <= 2, "{lines} lines");
    }
    watch.settles();
    watch.ends_well();
}
