//! What a save writes, and what it leaves alone.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use tests::{compare, snapshot};

use crate::house::{House, PLAIN, assert_same};

#[test]
fn a_second_save_writes_nothing() {
    let house = House::new(PLAIN);
    house.save(&[]);
    let before = house.root();
    house.save(&[]);
    assert_same(&before, &house.root());
}

#[test]
fn a_fresh_root_saved_twice_is_written_once() {
    let house = House::new("");
    house.save(&[]);
    let before = house.root();
    house.save(&[]);
    assert_same(&before, &house.root());
}

#[test]
fn a_changed_setting_writes_only_the_files_that_show_it_and_keeps_their_inodes() {
    let house = House::new(PLAIN);
    house.save(&[]);
    let before = house.root();
    house.save(&["-s", "REDIS_PORT=7777"]);
    let after = house.root();
    let changed = compare::changes(&before, &after);
    assert!(
        changed.contains(&"config.yml changed (content)".into()),
        "{changed:?}"
    );
    assert!(
        changed.len() > 2 && changed.len() < before.len() / 2,
        "{changed:?}"
    );
    for (path, old) in &before {
        let new = &after[path];
        if path != "config.yml" {
            assert_eq!(old.inode, new.inode, "{path} was replaced");
        }
        if old.bytes == new.bytes {
            assert_eq!(old.modified, new.modified, "{path} was written");
        }
    }
}

#[test]
fn config_yml_is_private_and_env_is_as_the_umask_says() {
    for (umask, mode) in [
        ("022", 0o644),
        ("027", 0o640),
        ("077", 0o600),
        ("002", 0o664),
    ] {
        let house = House::new("-- config.yml --\n@secrets@\n");
        let script = format!("umask {umask}; exec \"$@\"");
        let command = house.wrapped(&["sh", "-c", &script, "sh"], &["config", "save"]);
        assert_eq!(house.finish(command).status, 0);
        for (path, entry) in house.root() {
            let wanted = if path == "config.yml" { 0o600 } else { mode };
            assert_eq!(entry.mode & 0o777, wanted, "{path} with umask {umask}");
        }
        let env = fs::metadata(house.path("root/env/apps"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(
            env & 0o777,
            mode | ((mode & 0o444) >> 2),
            "env/apps with umask {umask}"
        );
    }
}

#[test]
fn what_only_we_keep_in_the_root_is_private() {
    let house = House::new(PLAIN);
    house.save(&[]);
    let all = snapshot::take(&house.path("root")).unwrap();
    for (path, entry) in all.iter().filter(|(path, _)| path.starts_with('.')) {
        assert_eq!(entry.mode & 0o077, 0, "{path} is open to others");
    }
}

#[test]
fn a_file_that_nothing_yields_any_more_goes() {
    let house = House::new(&format!(
        "{PLAIN}-- templates/apps/mine/a --\na\n-- templates/apps/mine/b --\nb\n"
    ));
    house.save(&[]);
    house.write("root/env/apps/mine/by-hand", "not ours");
    house.change(&["rm", "templates/apps/mine/a"]);
    house.save(&[]);
    let root = house.root();
    assert!(!root.contains_key("env/apps/mine/a"));
    assert!(root.contains_key("env/apps/mine/b"));
    assert!(root.contains_key("env/apps/mine/by-hand"));
    house.change(&["rm", "templates/apps/mine"]);
    house.change(&["rm", "root/env/apps/mine/by-hand"]);
    house.save(&[]);
    assert!(
        !house.path("root/env/apps/mine").exists(),
        "an empty folder stayed"
    );
}

#[test]
fn a_file_of_a_disabled_plugin_goes() {
    let house = House::new(
        "-- config.yml --\n@secrets@\nPLUGINS: [t]\n-- plugins/t.yml --\nname: t\n\
         templates: @world@/host/tpl\n-- host/tpl/t/apps/a --\na\n",
    );
    house.save(&[]);
    assert_eq!(house.read("root/env/plugins/t/apps/a"), "a");
    assert_eq!(house.tutor(&["plugins", "disable", "t"]).status, 0);
    assert!(!house.path("root/env/plugins/t").exists());
}

#[test]
fn an_output_edited_by_hand_is_named_when_it_is_overwritten() {
    let house = House::new(PLAIN);
    let quiet = house.save(&[]);
    assert!(!quiet.stderr.contains("uwsgi.ini"), "{}", quiet.stderr);
    let wanted = house.root();
    house.write("root/env/apps/openedx/uwsgi.ini", "mine");
    let answer = house.save(&[]);
    assert!(
        answer.stderr.contains("apps/openedx/uwsgi.ini"),
        "{}",
        answer.stderr
    );
    assert!(!answer.stderr.contains("redis.conf"), "{}", answer.stderr);
    assert_eq!(
        house.root()["env/apps/openedx/uwsgi.ini"].bytes,
        wanted["env/apps/openedx/uwsgi.ini"].bytes
    );
}

#[test]
fn an_output_that_only_changes_because_a_setting_did_is_not_called_edited() {
    let house = House::new(PLAIN);
    house.save(&[]);
    let answer = house.save(&["-s", "LMS_HOST=other.example"]);
    assert!(!answer.stderr.contains("by hand"), "{}", answer.stderr);
}

#[test]
fn an_output_removed_by_hand_comes_back() {
    let house = House::new(PLAIN);
    house.save(&[]);
    let wanted = house.read("root/env/version");
    house.change(&["rm", "root/env/version"]);
    house.save(&[]);
    assert_eq!(house.read("root/env/version"), wanted);
}

#[test]
fn an_error_in_one_patch_leaves_all_the_rest_as_it_was() {
    let house = House::new(
        "-- config.yml --\n@secrets@\nPLUGINS: [p]\n-- plugins/p.yml --\nname: p\npatches:\n  lms-env: \"OK: 1\"\n",
    );
    house.save(&[]);
    house.write(
        "plugins/p.yml",
        "name: p\npatches:\n  redis-conf: \"{{ NOPE }}\"\n",
    );
    for args in [
        &["config", "save", "-s", "LMS_HOST=new.example"][..],
        &["config", "save", "--clean"],
        &["config", "save", "-e"],
        &["config", "save", "-U", "ID"],
    ] {
        let told = house.fails_and_changes_nothing(house.command(args));
        assert!(
            told.contains("NOPE") && told.contains("plugin 'p'"),
            "{told}"
        );
    }
}

#[test]
fn a_failed_first_save_leaves_no_trace_of_secrets() {
    let house =
        House::new("-- plugins/p.yml --\nname: p\nconfig:\n  defaults:\n    A: \"{{ NOPE }}\"\n");
    house.write("root/config.yml", "PLUGINS: [p]\n");
    house.fails_and_changes_nothing(house.command(&["config", "save"]));
    assert!(!house.path("root/env").exists());
}
