//! A Python plugin whose files are edited at random: what is remembered of it never makes a save wrong.
#![allow(clippy::print_stdout, reason = "what is skipped is said aloud")]

use std::sync::Arc;

use engine::commands::{Engine, SaveRequest};
use engine::config::{Edit, Edits};
use tests::random::Rng;

use crate::edits::{self, Memory};
use crate::incremental::{Clean, said};
use crate::world::{TestSystem, World};

const SEQUENCES: u64 = 10;
const STEPS: usize = 8;
/// Set this to run more, or others: `200` or `50..60`.
const VARIABLE: &str = "TUTOR_RANDOM_SNAKES";

/// The Python of this machine, `None` (said aloud) if there is none.
pub(crate) fn python() -> Option<String> {
    let program = "import sys; print(sys.executable)";
    let output = std::process::Command::new("python3")
        .args(["-c", program])
        .output();
    let path = output
        .ok()
        .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    let path = path.filter(|path| !path.is_empty());
    if path.is_none() {
        println!("SKIPPED: there is no python3");
    }
    path
}

/// What the plugin begins with.
const MODULE: &str = "
import json, os, random
from pathlib import Path
here = Path(__file__).parent
";

/// Things that it may do: each declares something, or not at all.
const PARTS: [&str; 14] = [
    "config['defaults']['NAME'] = 'WORD at {{ HOST }}'",
    "config['defaults']['DATA'] = json.loads((here / 'data.json').read_text())",
    "config['add']['TOKEN'] = 'token-WORD'",
    "config['defaults']['DRAWN'] = random.random()",
    "config['defaults']['DRAWN_TEXT'] = os.urandom(4).hex()",
    "config['defaults']['MODE'] = os.environ.get('SNAKE_MODE', 'none')",
    "config['set']['OTHER'] = 'WORD'",
    "patches.update({one.name: one.read_text() for one in sorted((here / 'patches').iterdir())})",
    "from snake_helper import word; patches['deep'] = word",
    "import snakelib; patches['deeper'] = snakelib.version",
    "templates = str(here / 'templates')",
    "config['defaults']['THERE'] = os.path.exists(here / 'perhaps')",
    "def hooks(): return {'init': ['lms']}",
    "patches['greeting'] = '{{ SNAKE_NAME|default(\"WORD\") }} {{ HOST }}'",
];
/// Things that go wrong.
const MISTAKES: [&str; 5] = [
    "1 / 0",
    "import nothing_of_this_name",
    "x = (",
    "config['add'] = 5",
    "def patches(): raise KeyError('gone')",
];
const WORDS: [&str; 4] = ["mamba", "viper", "adder", "a longer word"];

fn module(rng: &mut Rng) -> String {
    let mut text = format!(
        "{MODULE}\nconfig = {{'add': {{}}, 'defaults': {{}}, 'set': {{}}}}\npatches = {{}}\n"
    );
    for part in PARTS {
        if rng.chance(45) {
            text.push_str(&part.replace("WORD", rng.pick(&WORDS)));
            text.push('\n');
        }
    }
    if rng.chance(12) {
        text.push_str(rng.pick(&MISTAKES));
    }
    text
}

/// What a plugin of API v1 begins with.
const HOOKS: &str = "
import json, os
from tutor import hooks
site = os.environ['PYTHONPATH']
data = os.path.join(site, 'tutorsnake', 'data.json')
";

/// Functions that it may have.
const FUNCTIONS: [&str; 9] = [
    "
def called(word, more='WORD'):
    with open(data) as file:
        return [word, more, json.load(file)]
hooks.Filters.ENV_TEMPLATE_VARIABLES.add_item(('called', called))
",
    "
class Thing:
    def __init__(self, name): self.name = name + ' WORD'
    def loud(self): return self.name.upper()
hooks.Filters.ENV_TEMPLATE_VARIABLES.add_item(('Thing', Thing))
",
    "
hooks.Filters.ENV_TEMPLATE_FILTERS.add_item(('hissing', lambda text: text + ' hisses WORD'))
",
    "
@hooks.Filters.CONFIG_DEFAULTS.add()
def defaults(items):
    return items + [('VIPER_COUNT', len([1 for name, _ in items if name.startswith('HELLO_')])), ('VIPER_NAME', 'WORD {{ HOST }}')]
",
    "
@hooks.Filters.ENV_PATCHES.add()
def patches(items):
    return items + [('greeting', 'WORD ' + str(len(items)))]
",
    "
@hooks.Actions.CONFIG_LOADED.add()
def loaded(config):
    print('WORD', config['HOST'])
",
    "
@hooks.Actions.ENV_SAVED.add()
def saved(root, config):
    with open(os.path.join(root, 'viper.txt'), 'w') as file:
        file.write('WORD ' + config['HOST'] + ' ' + open(data).read() + open(os.path.join(root, 'version')).read())
",
    "
@hooks.Actions.PLUGINS_LOADED.add()
def late():
    hooks.Filters.ENV_PATCHES.add_item(('deep', 'late WORD'))
",
    "
hooks.Filters.CONFIG_DEFAULTS.add_item(('VIPER_MODE', os.environ.get('SNAKE_MODE', 'none')), priority=hooks.priorities.LOW)
",
];

/// A template that uses them, if they are there.
const CALLING: &str = "{{ called('a') if called is defined }} {{ called('b', more=HOST) if called is defined }} \
    {{ Thing('t').loud() if Thing is defined }} {{ VIPER_COUNT|default('-') }} {{ VIPER_NAME|default('-') }}";
const HISSING: &str = "{{ HOST|hissing }}";

fn functions(rng: &mut Rng) -> String {
    let mut text = HOOKS.to_owned();
    for part in FUNCTIONS {
        if rng.chance(55) {
            text.push_str(&part.replace("WORD", rng.pick(&WORDS)));
        }
    }
    if rng.chance(8) {
        text.push_str(rng.pick(&MISTAKES));
    }
    text
}

pub(crate) fn metadata(world: &World, name: &str, version: &str, entry_points: &str) {
    let folder = format!("site/{name}-{version}.dist-info");
    world.write(
        &format!("{folder}/METADATA"),
        format!("Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"),
    );
    if !entry_points.is_empty() {
        world.write(&format!("{folder}/entry_points.txt"), entry_points);
    }
}

fn library(world: &World, version: &str) {
    for old in ["1.0", "1.1"] {
        let _ = std::fs::remove_dir_all(world.path(&format!("site/snakelib-{old}.dist-info")));
    }
    world.write(
        "site/snakelib/__init__.py",
        format!("version = 'lib {version}'\n"),
    );
    metadata(world, "snakelib", version, "");
}

fn install(world: &World, rng: &mut Rng) {
    metadata(
        world,
        "tutor_snake",
        "1.0",
        "[tutor.plugin.v0]\nsnake = tutorsnake.plugin\n",
    );
    world.write("site/tutorsnake/__init__.py", "");
    world.write("site/tutorsnake/plugin.py", module(rng));
    world.write("site/tutorsnake/data.json", "[1]");
    world.write("site/tutorsnake/patches/greeting", "hello");
    world.write("site/tutorsnake/templates/snake/apps/own", "own {{ HOST }}");
    world.write("site/snake_helper.py", "word = 'help'\n");
    library(world, "1.0");
    world.write("plugins/viper.py", functions(rng));
    world.write("templates/apps/calling", CALLING);
}

/// Edits something of the plugin; answers what.
fn edit(world: &World, system: &TestSystem, rng: &mut Rng) -> String {
    let word = rng.pick(&WORDS);
    let file = |path: &str, text: String| {
        world.write(path, text);
        format!("{path} written")
    };
    match rng.below(17) {
        0..=3 => file("site/tutorsnake/plugin.py", module(rng)),
        4 => file(
            "site/tutorsnake/data.json",
            format!("[\"{word}\", {}]", rng.below(3)),
        ),
        5 => file(
            &format!(
                "site/tutorsnake/patches/{}",
                rng.pick(&["greeting", "deep", "deeper"])
            ),
            word.to_owned(),
        ),
        6 => {
            let path = format!(
                "site/tutorsnake/patches/{}",
                rng.pick(&["greeting", "deep", "deeper"])
            );
            let _ = std::fs::remove_file(world.path(&path));
            format!("{path} removed")
        }
        7 => file("site/snake_helper.py", format!("word = '{word}'\n")),
        8 => {
            let version = rng.pick(&["1.0", "1.1"]);
            library(world, version);
            format!("snakelib {version}")
        }
        9 => {
            let mode = Some(word).filter(|_| rng.chance(60));
            system.set_variable("SNAKE_MODE", mode);
            format!("SNAKE_MODE={mode:?}")
        }
        10 => {
            if rng.chance(50) {
                file("site/tutorsnake/perhaps", String::new())
            } else {
                let _ = std::fs::remove_file(world.path("site/tutorsnake/perhaps"));
                String::from("site/tutorsnake/perhaps removed")
            }
        }
        12..=14 => file("plugins/viper.py", functions(rng)),
        15 => {
            let texts = [CALLING, HISSING, "nothing"];
            file("templates/apps/calling", rng.pick(&texts).to_string())
        }
        11 => file(
            "site/tutorsnake/templates/snake/apps/own",
            format!("{word} {{{{ HOST }}}}"),
        ),
        _ => file("site/unrelated.py", word.to_owned()),
    }
}

fn sequence(seed: u64, python: &str) {
    let mut rng = Rng::new(seed);
    let world = World::new();
    let system = Arc::new(TestSystem::default());
    system.set_variable("TUTOR_PYTHON", Some(python));
    system.set_variable("PYTHONPATH", world.path("site").to_str());
    install(&world, &mut rng);
    world.write("root/config.yml", "PLUGINS: [hello, snake, viper]\n");
    let mut memory = Memory::default();
    let mut history = Vec::new();
    let save = |edits: Edits| {
        let mut engine = Engine::new(system.clone(), world.options("root", false));
        let request = SaveRequest {
            edits,
            ..SaveRequest::default()
        };
        engine
            .save(&request, &mut |_| ())
            .map(|(_, remarks)| remarks)
    };
    // The secrets are drawn once.
    let _ = save(Edits::new());
    for _ in 0..STEPS {
        for _ in 0..=rng.below(2) {
            history.push(edit(&world, &system, &mut rng));
            if rng.chance(40) {
                history.push(edits::edit(&mut rng, &world, &system, &mut memory));
            }
        }
        let changes: Edits = if rng.chance(20) {
            vec![Edit::Set("NUMBER".into(), values::Value::Int(7))]
        } else {
            Edits::new()
        };
        history.push(format!("save {changes:?}"));
        let config = world.read("root/config.yml");
        let answer = save(changes.clone());
        let request = SaveRequest {
            edits: changes,
            ..SaveRequest::default()
        };
        let clean = Clean::save(&world, &system, config.as_deref(), &request);
        let told = || {
            format!(
                "seed {seed}:\n{}\n{}",
                history.join("\n"),
                world.text("site/tutorsnake/plugin.py")
            )
        };
        let found = answer.as_ref().map(said).map_err(said);
        assert_eq!(&found, clean.said(), "{}", told());
        if found.is_ok() {
            assert_eq!(clean.differs(&world, &memory), None, "{}", told());
        }
    }
}

#[test]
fn random_edits_of_a_python_plugin_give_what_a_clean_save_gives() {
    let Some(python) = python() else {
        return;
    };
    let number = |text: &str| text.parse().unwrap_or_else(|_| panic!("{VARIABLE}={text}"));
    let seeds = match std::env::var(VARIABLE) {
        Ok(text) => match text.split_once("..") {
            Some((first, end)) => number(first)..number(end),
            None => 0..number(&text),
        },
        Err(_) => 0..SEQUENCES,
    };
    for seed in seeds {
        sequence(seed, &python);
    }
}
