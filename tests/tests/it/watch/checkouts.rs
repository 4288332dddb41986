//! Git changes many files: that is one change.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use tests::plugins_gen;

use super::running::{A, CONFIG, WORLD, Watch, edit, env};
use crate::house::House;

/// How many plugins there are; the other files are templates.
const PLUGINS: usize = 100;
/// How many templates.
const TEMPLATES: usize = 400;

/// Runs Git in the house; `None` where there is no Git.
fn git(house: &House, args: &[&str]) -> Option<()> {
    let mut command = Command::new("git");
    command
        .args(["-c", "user.name=x", "-c", "user.email=x@x.example"])
        .args(["-c", "init.defaultBranch=one"])
        .args(args)
        .current_dir(house.path(""))
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1");
    let Ok(output) = command.output() else {
        eprintln!("SKIPPED: there is no git");
        return None;
    };
    assert!(output.status.success(), "{args:?}: {output:?}");
    Some(())
}

/// A house whose plugins and templates are a work tree with two branches, `one` and `two`, the first checked out.
fn work_tree() -> Option<House> {
    let house = House::new(WORLD);
    git(&house, &["init", "-q"])?;
    fs::write(house.path(".gitignore"), "/root/\n/home/\n").unwrap();
    let names = plugins_gen::generate_plugins(&house.path("plugins"), PLUGINS).unwrap();
    let template = |number| house.path(&format!("host/tpl/p/apps/d{}/t{number}.txt", number % 20));
    let write = |text: &str| {
        for number in 0..TEMPLATES {
            let path: PathBuf = template(number);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, format!("{text} {number} {{{{ P_GREETING }}}}")).unwrap();
        }
    };
    write("one");
    git(&house, &["add", "."])?;
    git(&house, &["commit", "-q", "-m", "one"])?;
    git(&house, &["checkout", "-q", "-b", "two"])?;
    write("two");
    edit(&house, "plugins/p.yml", "hello", "bye");
    for name in &names {
        let path = format!("plugins/{name}.yml");
        edit(&house, &path, "PORT: 8", "PORT: 9");
    }
    fs::remove_dir_all(house.path("host/tpl/p/apps/d7")).unwrap();
    git(&house, &["add", "."])?;
    git(&house, &["commit", "-q", "-m", "two"])?;
    git(&house, &["checkout", "-q", "one"])?;
    let enabled = format!("PLUGINS: [p, {}]", names.join(", "));
    edit(&house, CONFIG, "PLUGINS: [p]", &enabled);
    Some(house)
}

#[test]
fn a_checkout_of_many_files_is_one_save() {
    let Some(house) = work_tree() else { return };
    let mut watch = Watch::start(&house);
    let one = env(&house);
    assert!(one.len() > TEMPLATES, "{}", one.len());
    for (branch, text) in [("two", "a bye"), ("one", "a hello")] {
        git(&house, &["checkout", "-q", branch]).unwrap();
        let mut lines = watch.until_text(A, text);
        lines += watch.until_quiet();
        // The second one, should a machine be so slow that it sees the end by itself.
        let gone = house.path("root/env/plugins/p/apps/d7/t7.txt");
        assert_eq!(gone.exists(), branch == "one");
        assert!((1..=2).contains(&lines), "{lines} lines: {:?}", watch.said);
    }
    watch.ends_well();
}
