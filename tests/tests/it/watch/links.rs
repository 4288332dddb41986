//! Roots, plugins and templates that are symbolic links.

use std::fs;
use std::os::unix::fs::symlink;

use super::running::{
    A, A_TEMPLATE, CORE, PLUGIN, WORLD, Watch, edit, env, put, replace, replaced,
};
use crate::house::House;

/// Moves `path` to `elsewhere` and leaves a link to it.
fn move_and_link(house: &House, path: &str, elsewhere: &str) {
    let target = house.path(elsewhere);
    fs::create_dir_all(target.parent().unwrap()).unwrap();
    fs::rename(house.path(path), &target).unwrap();
    symlink(target, house.path(path)).unwrap();
}

#[test]
fn a_project_root_can_be_a_link() {
    let house = House::new(WORLD);
    move_and_link(&house, "root", "zdisk/project");
    let mut watch = Watch::start(&house);
    let config = house.read("root/config.yml");
    house.write(
        "zdisk/project/config.yml",
        &format!("{config}LMS_HOST: l1\n"),
    );
    watch.until_text(CORE, "core l1 patched");
    house.write("root/config.yml", &format!("{config}LMS_HOST: l2\n"));
    watch.until_text(CORE, "core l2 patched");
    house.write("zdisk/project/env/apps/core.txt", "by hand");
    watch.until_text(CORE, "core l2 patched");
    fs::remove_dir_all(house.path("zdisk/project/env")).unwrap();
    watch.until_texts(&[(CORE, Some("core l2 patched")), (A, Some("a hello"))]);
    watch.settles();
    watch.ends_well();
}

#[test]
fn a_plugin_can_be_a_link_to_a_file_that_is_edited_elsewhere() {
    let house = House::new(WORLD);
    move_and_link(&house, PLUGIN, "work/tutor-p/p.yml");
    let mut watch = Watch::start(&house);
    house.write(
        "work/tutor-p/p.yml",
        &replaced(&house, PLUGIN, "hello", "one"),
    );
    watch.until_text(A, "a one");
    let text = replaced(&house, PLUGIN, "one", "two");
    replace(&house.path("work/tutor-p/p.yml"), &text);
    watch.until_text(A, "a two");
    // The link is made to point elsewhere, in one step.
    put(&house, "work/other/p.yml", &text.replace("two", "three"));
    lead(&house, PLUGIN, "work/other/p.yml");
    watch.until_text(A, "a three");
    house.write("work/other/p.yml", &text.replace("two", "four"));
    watch.until_text(A, "a four");
    // The file that it led to before is nothing any more.
    watch.until_quiet();
    house.write("work/tutor-p/p.yml", &text.replace("two", "five"));
    watch.settles();
    watch.ends_well();
}

/// The folder sorts before or after the link: it is one folder with two names.
#[test]
fn a_plugins_root_can_be_a_link() {
    for elsewhere in ["disk2", "zdisk"] {
        let house = House::new(&WORLD.replace("[p]", "[p, q]"));
        move_and_link(&house, "plugins", &format!("{elsewhere}/plugins"));
        let (p, q) = (
            format!("{elsewhere}/plugins/p.yml"),
            format!("{elsewhere}/plugins/q.yml"),
        );
        let mut watch = Watch::start(&house);
        house.write(&p, &replaced(&house, PLUGIN, "hello", "one"));
        watch.until_text(A, "a one");
        edit(&house, PLUGIN, "one", "two");
        watch.until_text(A, "a two");
        put(&house, &q, "name: q\npatches: {spot: from q}");
        watch.until_text(CORE, "core local.openedx.io patched\nfrom q");
        fs::remove_file(house.path(&q)).unwrap();
        watch.until_text(CORE, "core local.openedx.io patched");
        put(&house, "plugins/q.yml", "name: q\npatches: {spot: q again}");
        watch.until_text(CORE, "core local.openedx.io patched\nq again");
        watch.settles();
        watch.ends_well();
    }
}

#[test]
fn a_template_folder_can_be_a_link() {
    let house = House::new(WORLD);
    move_and_link(&house, "host/tpl", "zwork/tpl");
    let mut watch = Watch::start(&house);
    house.write("zwork/tpl/p/apps/a.txt", "one {{ P_GREETING }}");
    watch.until_text(A, "one hello");
    put(&house, "zwork/tpl/p/apps/new.txt", "new");
    watch.until_text("root/env/plugins/p/apps/new.txt", "new");
    put(&house, "zwork/tpl/p/apps/deep/er/new.txt", "deep");
    watch.until_text("root/env/plugins/p/apps/deep/er/new.txt", "deep");
    fs::remove_dir_all(house.path("zwork/tpl/p/apps/deep")).unwrap();
    watch.until_gone("root/env/plugins/p/apps/deep/er/new.txt");
    house.write(A_TEMPLATE, "two {{ P_GREETING }}");
    watch.until_text(A, "two hello");
    assert_eq!(env(&house).len(), 3, "{:?}", env(&house).keys());
    watch.settles();
    watch.ends_well();
}

/// Makes the link at `path` lead to `target`, in one step.
fn lead(house: &House, path: &str, target: &str) {
    let beside = house.path(path).with_extension("beside");
    symlink(house.path(target), &beside).unwrap();
    fs::rename(beside, house.path(path)).unwrap();
}

#[test]
fn a_plugins_root_can_be_made_to_lead_elsewhere() {
    let house = House::new(WORLD);
    move_and_link(&house, "plugins", "work/one");
    put(
        &house,
        "work/two/p.yml",
        &replaced(&house, PLUGIN, "hello", "two"),
    );
    let mut watch = Watch::start(&house);
    lead(&house, "plugins", "work/two");
    watch.until_text(A, "a two");
    house.write("work/two/p.yml", &replaced(&house, PLUGIN, "two", "three"));
    watch.until_text(A, "a three");
    watch.settles();
    watch.ends_well();
}

#[test]
fn a_folder_above_the_plugins_root_can_be_made_to_lead_elsewhere() {
    let deep = "-- env --\nTUTOR_PLUGINS_ROOT=@world@/x/y/z\n";
    let house = House::new(&format!("{WORLD}{deep}"));
    put(&house, "one/y/z/p.yml", &house.read(PLUGIN));
    put(
        &house,
        "two/y/z/p.yml",
        &replaced(&house, PLUGIN, "hello", "two"),
    );
    symlink(house.path("one"), house.path("x")).unwrap();
    let mut watch = Watch::start(&house);
    lead(&house, "x", "two");
    watch.until_text(A, "a two");
    house.write(
        "two/y/z/p.yml",
        &house.read(PLUGIN).replace("hello", "three"),
    );
    watch.until_text(A, "a three");
    watch.settles();
    watch.ends_well();
}

#[test]
fn a_template_folder_can_be_made_to_lead_elsewhere() {
    let house = House::new(WORLD);
    move_and_link(&house, "host/tpl", "work/one");
    put(&house, "work/two/p/apps/a.txt", "two {{ P_GREETING }}");
    let mut watch = Watch::start(&house);
    lead(&house, "host/tpl", "work/two");
    watch.until_text(A, "two hello");
    house.write("work/two/p/apps/a.txt", "three {{ P_GREETING }}");
    watch.until_text(A, "three hello");
    watch.settles();
    watch.ends_well();
}
