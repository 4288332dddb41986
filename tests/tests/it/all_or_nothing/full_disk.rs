//! Disks that are full, files that may not be written.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::house::{House, PLAIN, assert_same_bytes};

/// A user without rights, for tests that root runs.
const NOBODY: u32 = 65534;

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|meta| meta.uid() == 0)
}

/// Hands the world to `NOBODY` if we are root, whom modes do not stop.
fn without_rights(house: &House) {
    if is_root() {
        fs::set_permissions(house.folder(), fs::Permissions::from_mode(0o755)).unwrap();
        give_away(&house.path(""));
    }
}

fn give_away(path: &Path) {
    chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            give_away(&entry.unwrap().path());
        }
    }
}

/// The command, by a user whom modes stop. The binary may lie where that user
/// cannot reach it, so a copy in the world is run.
fn by_nobody(house: &House, args: &[&str]) -> Command {
    if !is_root() {
        return house.command(args);
    }
    let copy = house.folder().join("tutor");
    if !copy.exists() {
        fs::copy(tests::binary::tutor().unwrap(), &copy).unwrap();
    }
    let mut command = Command::new(copy);
    let plain = house.command(args);
    command.args(plain.get_args()).env_clear();
    for (key, value) in plain.get_envs() {
        if let Some(value) = value {
            command.env(key, value);
        }
    }
    command.current_dir(house.path("")).uid(NOBODY).gid(NOBODY);
    command
}

/// A house whose templates `NOBODY` can read.
fn open_house() -> House {
    let house = House::new(&format!(
        "{PLAIN}-- templates/apps/extra --\nx {{{{ LMS_HOST }}}}\n"
    ));
    without_rights(&house);
    let first = house.finish(by_nobody(&house, &["config", "save"]));
    assert_eq!(first.status, 0, "{}", first.stderr);
    house
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

const CHANGE: [&str; 4] = ["config", "save", "-s", "LMS_HOST=changed.example"];

#[test]
fn an_unwritable_env_file_stops_the_save_before_it_begins() {
    let house = open_house();
    let file = house.path("root/env/apps/openedx/config/lms.env.yml");
    set_mode(&file, 0o444);
    let told = house.fails_and_changes_nothing(by_nobody(&house, &CHANGE));
    assert!(told.contains("lms.env.yml"), "{told}");
    set_mode(&file, 0o644);
    assert_eq!(house.finish(by_nobody(&house, &CHANGE)).status, 0);
}

#[test]
fn an_unwritable_env_folder_stops_the_save_before_it_begins() {
    let house = open_house();
    let folder = house.path("root/env/apps");
    house.change(&["rm", "root/env/apps/extra"]);
    set_mode(&folder, 0o555);
    let told = house.fails_and_changes_nothing(by_nobody(&house, &CHANGE));
    set_mode(&folder, 0o755);
    assert!(told.contains("env/apps"), "{told}");
}

#[test]
fn an_unwritable_root_stops_the_save_before_it_begins() {
    let house = open_house();
    set_mode(&house.path("root"), 0o555);
    let told = house.fails_and_changes_nothing(by_nobody(&house, &CHANGE));
    set_mode(&house.path("root"), 0o755);
    assert!(told.contains("root"), "{told}");
}

#[test]
fn a_config_yml_that_may_not_be_read_is_an_error_with_its_name() {
    let house = open_house();
    set_mode(&house.path("root/config.yml"), 0o000);
    let told = house.finish(by_nobody(&house, &["config", "save"]));
    set_mode(&house.path("root/config.yml"), 0o600);
    assert_eq!(told.status, 1);
    assert!(told.stderr.contains("config.yml"), "{}", told.stderr);
}

#[test]
fn a_root_that_may_only_be_read_still_answers() {
    let house = open_house();
    set_mode(&house.path("root"), 0o555);
    for args in [
        &["config", "printvalue", "LMS_HOST"][..],
        &["plugins", "list"],
        &["config", "printroot"],
    ] {
        let answer = house.finish(by_nobody(&house, args));
        assert_eq!(answer.status, 0, "{args:?}: {}", answer.stderr);
    }
    set_mode(&house.path("root"), 0o755);
}

#[test]
fn a_write_that_fails_half_way_leaves_everything_as_it_was() {
    // No file may grow beyond `blocks` of 512 bytes; the signal is ignored, so that the write fails.
    for blocks in [0, 1, 4, 8, 16, 24] {
        let house = House::new(PLAIN);
        house.save(&[]);
        let script = format!("(trap '' XFSZ; ulimit -f {blocks}; exec \"$@\" 2>&1) | cat");
        let before = house.root();
        let command = house.wrapped(&["sh", "-c", &script, "sh"], &CHANGE);
        let answer = house.finish(command);
        let after = house.root();
        if after.get("config.yml").map(|e| &e.bytes) == before.get("config.yml").map(|e| &e.bytes) {
            assert_same_bytes(&before, &after);
            assert!(!answer.stdout.is_empty(), "a silent failure");
        } else {
            panic!(
                "config.yml changed under a limit of {blocks} blocks: {}",
                answer.stdout
            );
        }
        house.save(&[]);
        assert_same_bytes(&before, &house.root());
    }
}

#[test]
fn a_save_killed_by_its_file_size_limit_is_repaired_by_the_next() {
    for blocks in [1, 4, 8, 16, 24] {
        let house = House::new(PLAIN);
        house.save(&[]);
        let before = house.root();
        let script = format!("ulimit -c 0; ulimit -f {blocks}; exec \"$@\"");
        house.finish(house.wrapped(&["sh", "-c", &script, "sh"], &CHANGE));
        let config = house.read("root/config.yml");
        house.save(&[]);
        let after = house.root();
        if config.contains("changed.example") {
            assert!(
                house
                    .read("root/env/apps/caddy/Caddyfile")
                    .contains("changed.example")
            );
        } else {
            assert_same_bytes(&before, &after);
        }
    }
}

/// A small file system of its own, unmounted at the end.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(at: &Path, kilobytes: u32) -> Option<Self> {
        let size = format!("size={kilobytes}k");
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "tmpfs"])
            .arg(at)
            .output()
            .ok()?;
        mount.status.success().then(|| Self(at.to_path_buf()))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_leaves_everything_as_it_was() {
    for spare in [0, 4, 8, 16, 40, 80] {
        let house = House::new("");
        let root = house.path("root");
        let Some(_disk) = SmallDisk::mount(&root, 600) else {
            eprintln!("SKIPPED: mounting a small tmpfs is not permitted here");
            return;
        };
        house.save(&[]);
        let filler = house.path("root/data");
        fill(&filler, spare);
        let before = house.root();
        let setting = format!("LMS_HOST={}.example", "long".repeat(700));
        let answer = house.tutor(&["config", "save", "-s", &setting]);
        if answer.status == 0 {
            continue; // It did fit.
        }
        assert_eq!(answer.status, 1, "{}", answer.stderr);
        assert_same_bytes(&before, &house.root());
        fs::remove_file(&filler).unwrap();
        house.save(&[]);
        let mut before = before;
        before.remove("data");
        assert_same_bytes(&before, &house.root());
    }
}

/// Fills the disk that `path` is on, but for `spare` kilobytes.
fn fill(path: &Path, spare: usize) {
    use std::io::Write as _;
    let mut file = fs::File::create(path).unwrap();
    let mut written: u64 = 0;
    while file.write_all(&[b'x'; 1024]).is_ok() {
        written += 1024;
    }
    file.set_len(written.saturating_sub(spare as u64 * 1024))
        .unwrap();
}
