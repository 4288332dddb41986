//! Templates and folders of them that come, change, move and go.

use std::fs;

use super::running::{A, A_TEMPLATE, CORE, CORE_TEMPLATE, WORLD, Watch, put, read};
use crate::house::House;

/// The folder of templates, and the one that they become.
const PLACES: [(&str, &str); 2] = [
    ("host/tpl/p/apps", "root/env/plugins/p/apps"),
    ("templates/apps", "root/env/apps"),
];

/// Does `what` with each folder of templates, while it is watched.
fn in_each_place(what: impl Fn(&House, &mut Watch<'_>, &str, &str)) {
    let house = House::new(WORLD);
    let mut watch = Watch::start(&house);
    for (templates, env) in PLACES {
        what(&house, &mut watch, templates, env);
    }
    watch.settles();
    watch.ends_well();
}

#[test]
fn templates_come_change_are_renamed_and_go() {
    in_each_place(|house, watch, templates, env| {
        let (new, named) = (
            format!("{templates}/new.txt"),
            format!("{templates}/named.txt"),
        );
        house.write(&new, "new {{ LMS_HOST }}");
        let line = watch.next_is("saved");
        assert_eq!(line.written(), [format!("{env}/new.txt")]);
        assert_eq!(
            read(house, &format!("{env}/new.txt")).unwrap(),
            "new local.openedx.io"
        );
        house.write(&new, "newer");
        let line = watch.next_is("saved");
        assert_eq!(
            (line.trigger(), line.removed().len()),
            (vec![new.as_str()], 0)
        );
        assert_eq!(read(house, &format!("{env}/new.txt")).unwrap(), "newer");
        fs::rename(house.path(&new), house.path(&named)).unwrap();
        watch.until_texts(&[
            (&format!("{env}/named.txt"), Some("newer")),
            (&format!("{env}/new.txt"), None),
        ]);
        fs::remove_file(house.path(&named)).unwrap();
        watch.until_gone(&format!("{env}/named.txt"));
    });
}

#[test]
fn a_folder_made_with_nested_folders_is_seen_with_all_that_is_in_it() {
    in_each_place(|house, watch, templates, env| {
        for round in 0..5 {
            let below = format!("{templates}/n{round}/a/b/c");
            put(house, &format!("{below}/deep.txt"), "deep");
            put(
                house,
                &format!("{templates}/n{round}/a/shallow.txt"),
                "shallow",
            );
            watch.until_texts(&[
                (&format!("{env}/n{round}/a/b/c/deep.txt"), Some("deep")),
                (&format!("{env}/n{round}/a/shallow.txt"), Some("shallow")),
            ]);
            house.write(&format!("{below}/deep.txt"), "deeper");
            watch.until_text(&format!("{env}/n{round}/a/b/c/deep.txt"), "deeper");
        }
        fs::remove_dir_all(house.path(&format!("{templates}/n0"))).unwrap();
        watch.until_texts(&[
            (&format!("{env}/n0/a/b/c/deep.txt"), None),
            (&format!("{env}/n0/a/shallow.txt"), None),
        ]);
    });
}

#[test]
fn a_folder_that_is_moved_in_and_out_is_seen() {
    in_each_place(|house, watch, templates, env| {
        let (out, inside) = (
            house.path("outside"),
            house.path(&format!("{templates}/moved")),
        );
        put(house, "outside/x/y/z.txt", "z1");
        fs::rename(&out, &inside).unwrap();
        watch.until_text(&format!("{env}/moved/x/y/z.txt"), "z1");
        house.write(&format!("{templates}/moved/x/y/z.txt"), "z2");
        watch.until_text(&format!("{env}/moved/x/y/z.txt"), "z2");
        fs::rename(&inside, &out).unwrap();
        watch.until_gone(&format!("{env}/moved/x/y/z.txt"));
        // It is nothing to us any more.
        house.write("outside/x/y/z.txt", "z3");
        fs::rename(&out, &inside).unwrap();
        watch.until_text(&format!("{env}/moved/x/y/z.txt"), "z3");
        fs::rename(&inside, house.path(&format!("{templates}/other"))).unwrap();
        watch.until_texts(&[
            (&format!("{env}/other/x/y/z.txt"), Some("z3")),
            (&format!("{env}/moved/x/y/z.txt"), None),
        ]);
        fs::remove_dir_all(house.path(&format!("{templates}/other"))).unwrap();
        watch.until_gone(&format!("{env}/other/x/y/z.txt"));
    });
}

#[test]
fn a_folder_comes_where_a_file_was_and_a_file_where_a_folder_was() {
    in_each_place(|house, watch, templates, env| {
        put(house, &format!("{templates}/thing"), "file");
        watch.until_text(&format!("{env}/thing"), "file");
        fs::remove_file(house.path(&format!("{templates}/thing"))).unwrap();
        watch.until_gone(&format!("{env}/thing"));
        put(house, &format!("{templates}/thing/below"), "below");
        watch.until_text(&format!("{env}/thing/below"), "below");
        fs::remove_dir_all(house.path(&format!("{templates}/thing"))).unwrap();
        watch.until_gone(&format!("{env}/thing/below"));
        put(house, &format!("{templates}/thing"), "file again");
        watch.until_text(&format!("{env}/thing"), "file again");
    });
}

#[test]
fn all_templates_of_a_plugin_are_moved_away_and_back() {
    let house = House::new(WORLD);
    let mut watch = Watch::start(&house);
    for folder in ["host/tpl/p/apps", "host/tpl/p", "host/tpl"] {
        fs::rename(house.path(folder), house.path("away")).unwrap();
        watch.until_gone(A);
        fs::rename(house.path("away"), house.path(folder)).unwrap();
        watch.until_text(A, "a hello");
    }
    house.write(A_TEMPLATE, "still seen");
    watch.until_text(A, "still seen");
    watch.settles();
    watch.ends_well();
}

#[test]
fn a_template_root_that_is_exchanged_is_seen() {
    let house = House::new(WORLD);
    let mut watch = Watch::start(&house);
    let text = house.read(CORE_TEMPLATE);
    fs::rename(
        house.path("templates/apps"),
        house.path("templates/apps.old"),
    )
    .unwrap();
    watch.until_gone(CORE);
    put(&house, CORE_TEMPLATE, &text.replace("core", "new"));
    watch.until_text(CORE, "new local.openedx.io patched");
    fs::rename(house.path("templates"), house.path("templates.old")).unwrap();
    watch.until_line("failed");
    fs::rename(house.path("templates.old"), house.path("templates")).unwrap();
    house.write(CORE_TEMPLATE, &text.replace("core", "newer"));
    watch.until_text(CORE, "newer local.openedx.io patched");
    watch.settles();
    watch.ends_well();
}

#[test]
fn a_template_that_is_included_is_watched_and_one_that_is_not_is_not() {
    let house = House::new(WORLD);
    put(&house, "host/tpl/p/partials/used", "one");
    put(&house, "host/tpl/p/partials/unused", "one");
    house.write(A_TEMPLATE, "{% include 'p/partials/used' %}");
    let mut watch = Watch::start(&house);
    house.write("host/tpl/p/partials/used", "two");
    let line = watch.next_is("saved");
    assert_eq!(line.written(), [A]);
    house.write("host/tpl/p/partials/unused", "two");
    watch.settles();
    watch.ends_well();
}

#[test]
fn executable_templates_stay_so() {
    use std::os::unix::fs::PermissionsExt as _;
    let house = House::new(WORLD);
    let mut watch = Watch::start(&house);
    let path = house.path("host/tpl/p/apps/run.sh");
    put(&house, "host/tpl/p/apps/run.sh", "#!/bin/sh\n");
    watch.until_text("root/env/plugins/p/apps/run.sh", "#!/bin/sh");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    watch.until_quiet();
    watch.ends_well();
}
