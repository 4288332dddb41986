//! Random edits of a [`World`].

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

use engine::config::Edit;
use tests::random::Rng;
use values::Value;

use crate::world::{TestSystem, World, plugin};

/// What a sequence of edits has to remember.
#[derive(Default)]
pub(crate) struct Memory {
    /// Files of `env/` that were edited by hand: they may stay when nothing yields them any more.
    pub(crate) edited: BTreeSet<String>,
}

const KEYS: [&str; 7] = [
    "HOST",
    "OTHER",
    "NUMBER",
    "HELLO_NAME",
    "LIST_B",
    "UNUSED",
    "MOUNTS",
];
const VALUES: [&str; 12] = [
    "plain",
    "\"{{ OTHER }}\"",
    "\"{{ HOST }}/{{ ZED|default('none') }}\"",
    "5",
    "[a, b]",
    "[lms:/host:/container, lms:relative:/there]",
    "|\n  block\n  text\n",
    "true",
    "''",
    "2001-12-14",
    "{a: {b: c}}",
    "\"caf\\xe9 \\u2028\"",
];
/// Values that stay what they are however often they are saved.
const STABLE: [&str; 6] = ["plain", "5", "[a, b]", "true", "''", "{a: {b: c}}"];
const WORDS: [&str; 5] = ["world", "earth", "moons", "venus", "a longer word"];
const TEMPLATE_TEXTS: [&str; 6] = [
    "host {{ HOST }}",
    "{{ OTHER }} {{ patch('greeting') }}",
    "{% include 'apps/partials/part' %}",
    "same size 1",
    "same size 2",
    "{{ NOT_DEFINED|default('nothing') }} {{ 4|uuid }} {{ LIST_A }}",
];

/// Makes one random edit; answers what it was.
pub(crate) fn edit(
    rng: &mut Rng,
    world: &World,
    system: &TestSystem,
    memory: &mut Memory,
) -> String {
    match rng.below(22) {
        0..=3 => configuration(rng, world, &VALUES),
        4 => rename_plugins(rng, world),
        5..=8 => plugins(rng, world),
        9..=12 => templates(rng, world),
        13..=15 => outputs(rng, world, memory),
        16 => variables(rng, system),
        17 => clock(rng, system),
        18 => times(rng, world),
        19..=20 => cache(rng, world, memory),
        _ => String::from("nothing"),
    }
}

/// The same, of what a watch is to see.
pub(crate) fn edit_under_watch(rng: &mut Rng, world: &World, memory: &mut Memory) -> String {
    match rng.below(16) {
        0..=2 => configuration(rng, world, &STABLE),
        3 => rename_plugins(rng, world),
        4..=8 => plugins(rng, world),
        9..=13 => templates(rng, world),
        _ => outputs(rng, world, memory),
    }
}

fn configuration(rng: &mut Rng, world: &World, values: &[&str]) -> String {
    let key = rng.pick(&KEYS);
    let text = world.text("root/config.yml");
    let mut blocks = blocks(&text);
    if rng.chance(30) {
        blocks.retain(|block| !block.starts_with(&format!("{key}:")));
    } else if rng.chance(15) {
        blocks.push(format!("# a remark {}\n", rng.below(9)));
    } else {
        blocks.retain(|block| !block.starts_with(&format!("{key}:")));
        let at = rng.below(blocks.len() + 1);
        blocks.insert(at, format!("{key}: {}\n", rng.pick(values)));
    }
    world.write("root/config.yml", blocks.concat());
    format!("config.yml: {key}")
}

/// The lines of a configuration, each setting with those that belong to it.
fn blocks(text: &str) -> Vec<String> {
    let mut blocks: Vec<String> = Vec::new();
    for line in text.split_inclusive('\n') {
        match blocks.last_mut() {
            Some(last) if line.starts_with([' ', '-', '\n']) => last.push_str(line),
            _ => blocks.push(line.to_owned()),
        }
    }
    blocks
}

fn rename_plugins(rng: &mut Rng, world: &World) -> String {
    let lists = ["[hello]", "[]", "[hello, again]", "[again, hello, missing]"];
    let list = rng.pick(&lists);
    let text = world.text("root/config.yml");
    let mut blocks = blocks(&text);
    blocks.retain(|block| !block.starts_with("PLUGINS:"));
    blocks.push(format!("PLUGINS: {list}\n"));
    world.write("root/config.yml", blocks.concat());
    format!("PLUGINS: {list}")
}

fn plugins(rng: &mut Rng, world: &World) -> String {
    let name = rng.pick(&["hello", "again", "idle"]);
    let path = format!("plugins/{name}.yml");
    let templates = world.path(&format!("{name}templates"));
    match rng.below(8) {
        0 => {
            let _ = std::fs::remove_file(world.path(&path));
            format!("{path} removed")
        }
        1 => {
            world.write(&path, "name: [broken\n");
            format!("{path} broken")
        }
        2 => {
            let text = plugin(name, rng.pick(&WORDS), &templates);
            world.write(&path, format!("{text}unknown: 1\nversion: 2.0\n"));
            format!("{path} with an unknown key")
        }
        3 => {
            let text = plugin(name, rng.pick(&WORDS), &templates);
            world.write(
                &path,
                text.replace("  deep:", "  set: {HOST: \"{{ ID }}.set\"}\n  deep:"),
            );
            format!("{path} with a wrong patch")
        }
        4 => {
            let text = plugin(name, rng.pick(&WORDS), &templates);
            world.write(
                &path,
                text.replace(
                    "config:\n",
                    "config:\n  set: {HOST: \"{{ ID }}.set\", DAY: 2001-12-14}\n",
                ),
            );
            format!("{path} sets")
        }
        _ => {
            world.write(&path, plugin(name, rng.pick(&WORDS), &templates));
            format!("{path} written")
        }
    }
}

fn templates(rng: &mut Rng, world: &World) -> String {
    let path = rng.pick(&[
        "templates/apps/direct",
        "templates/apps/new",
        "templates/apps/deep/er/file",
        "templates/apps/partials/part",
        "templates/apps/icon.png",
        "templates/config/defaults.yml",
        "hellotemplates/hello/apps/own",
        "hellotemplates/hello/build/image/Dockerfile",
        "hellotemplates/apps/direct",
        "againtemplates/again/apps/another",
    ]);
    if path.ends_with("defaults.yml") {
        let host = rng.pick(&["example.com", "example.org"]);
        let text = world.text(path);
        let rest: String = text.split_inclusive('\n').skip(1).collect();
        world.write(path, format!("HOST: {host}\n{rest}"));
        return format!("{path}: {host}");
    }
    match rng.below(6) {
        0 if !path.contains("part") => {
            let _ = std::fs::remove_file(world.path(path));
            format!("{path} removed")
        }
        1 => {
            world.write(path, "{{ broken ");
            format!("{path} broken")
        }
        2 if path.contains("icon") => {
            world.write(path, [0xff, 0xfe, rng.below(2) as u8]);
            format!("{path} written")
        }
        _ => {
            world.write(path, rng.pick(&TEMPLATE_TEXTS));
            format!("{path} written")
        }
    }
}

fn outputs(rng: &mut Rng, world: &World, memory: &mut Memory) -> String {
    let name = rng.pick(&[
        "apps/direct",
        "apps/patched",
        "version",
        "plugins/hello/apps/own",
    ]);
    let path = format!("root/env/{name}");
    match rng.below(4) {
        0 => {
            let _ = std::fs::remove_file(world.path(&path));
            format!("{path} removed")
        }
        1 => {
            let _ = std::fs::remove_dir_all(world.path("root/env"));
            String::from("root/env removed")
        }
        2 => {
            if let Some(mut content) = world.read(&path).filter(|content| !content.is_empty()) {
                content[0] ^= 1;
                world.write(&path, content);
                memory.edited.insert(name.to_owned());
            }
            format!("{path} edited, same size")
        }
        _ => {
            if world.read(&path).is_some() {
                world.write(&path, "by hand");
                memory.edited.insert(name.to_owned());
            }
            format!("{path} edited")
        }
    }
}

fn variables(rng: &mut Rng, system: &TestSystem) -> String {
    let name = rng.pick(&[
        "TUTOR_HOST",
        "TUTOR_OTHER",
        "TUTOR_APP",
        "TUTOR_UNKNOWN",
        "TUTOR_NUMBER",
    ]);
    let value = rng.pick(&["", "7", "from.the.environment", "{{ ID }}"]);
    let value = Some(value).filter(|_| rng.chance(60));
    system.set_variable(name, value);
    format!("{name}={value:?}")
}

fn clock(rng: &mut Rng, system: &TestSystem) -> String {
    let ahead = [0, 0, 3600, -3600, 100_000_000][rng.below(5)];
    system.set_clock_ahead(ahead);
    format!("clock {ahead} s ahead")
}

/// Changes modification times, with or without contents.
fn times(rng: &mut Rng, world: &World) -> String {
    let path = rng.pick(&[
        "root/config.yml",
        "plugins/hello.yml",
        "templates/apps/direct",
        "root/env/apps/direct",
    ]);
    let Ok(file) = std::fs::File::options().write(true).open(world.path(path)) else {
        return String::from("nothing");
    };
    let before = file.metadata().unwrap().modified().unwrap();
    let time = match rng.below(3) {
        0 => before,
        1 => before + Duration::from_secs(1000),
        _ => SystemTime::UNIX_EPOCH,
    };
    if path == "templates/apps/direct" && rng.chance(60) {
        world.write(path, rng.pick(&["same size 1", "same size 2"]));
    }
    file.set_modified(time).unwrap();
    format!("time of {path}")
}

/// Breaks what is remembered.
fn cache(rng: &mut Rng, world: &World, memory: &mut Memory) -> String {
    let name = rng.pick(&["trace", "store", "settings"]);
    let path = format!("root/.tutor/cache/{name}");
    let Some(mut content) = world.read(&path).filter(|content| !content.is_empty()) else {
        return String::from("nothing");
    };
    match rng.below(6) {
        0 => {
            std::fs::remove_file(world.path(&path)).unwrap();
            format!("{path} removed")
        }
        1 => {
            content.truncate(rng.below(content.len()));
            world.write(&path, content);
            format!("{path} cut off")
        }
        2 => {
            world.write(&path, "not ours");
            format!("{path} overwritten")
        }
        3 => {
            std::fs::remove_dir_all(world.path("root/.tutor/cache")).unwrap();
            String::from("cache removed")
        }
        4 => {
            world.write("root/.tutor/journal.json", "{\"files\":[\"apps/direct\"]}");
            world.write("root/env/apps/direct", "half-wri");
            // It may be that nothing yields it any more.
            memory.edited.insert(String::from("apps/direct"));
            String::from("an interrupted save")
        }
        _ => {
            let at = rng.below(content.len());
            content[at] ^= 1 << rng.below(8);
            world.write(&path, content);
            format!("{path} broken at {at}")
        }
    }
}

/// A random change on the command line, now and then.
pub(crate) fn command_line(rng: &mut Rng) -> Vec<Edit> {
    if rng.chance(80) {
        return Vec::new();
    }
    let key = rng.pick(&KEYS).to_owned();
    if rng.chance(30) {
        vec![Edit::Unset(key.into())]
    } else {
        vec![Edit::Set(
            key.into(),
            Value::str(*rng.pick(&[&"set", &"{{ HOST }}", &"text\n\n"])),
        )]
    }
}
