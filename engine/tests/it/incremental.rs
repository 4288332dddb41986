//! Whatever is edited: a save that uses what earlier processes remember writes what a save without memory writes.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::commands::{Engine, SaveRequest};
use engine::diagnostics::Diagnostics;
use engine::inputs::Db;
use tests::random::Rng;

use crate::edits::{self, Memory};
use crate::world::{TestSystem, World};

/// Set this to run more, or others: `2000` or `500..600`.
const VARIABLE: &str = "TUTOR_RANDOM_EDITS";
const USUALLY: u64 = 120;
const STEPS: usize = 10;

fn seeds() -> std::ops::Range<u64> {
    let Ok(text) = std::env::var(VARIABLE) else {
        return 0..USUALLY;
    };
    let number = |text: &str| text.parse().unwrap_or_else(|_| panic!("{VARIABLE}={text}"));
    match text.split_once("..") {
        Some((first, end)) => number(first)..number(end),
        None => 0..number(&text),
    }
}

/// What a command said, without what depends on where it ran and on what was there before.
pub(crate) fn said(diagnostics: &Diagnostics) -> Vec<String> {
    let mut said: Vec<_> = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.code != "edited-by-hand")
        .map(|diagnostic| format!("{diagnostic:?}").replace("/clean/", "/root/"))
        .collect();
    said.sort();
    said
}

/// A save of the same inputs in a new root, without memory: what it wrote and said.
pub(crate) struct Clean {
    config: Option<Vec<u8>>,
    env: BTreeMap<String, Vec<u8>>,
    said: Result<Vec<String>, Vec<String>>,
}

impl Clean {
    pub(crate) fn save(
        world: &World,
        system: &Arc<TestSystem>,
        config: Option<&[u8]>,
        request: &SaveRequest,
    ) -> Self {
        let _ = std::fs::remove_dir_all(world.path("clean"));
        std::fs::create_dir_all(world.path("clean/.tutor")).unwrap();
        if let Some(config) = config {
            world.write("clean/config.yml", config);
        }
        if let Some(secret) = world.read("root/.tutor/secret") {
            world.write("clean/.tutor/secret", secret);
        }
        let mut engine = Engine::new(system.clone(), world.options("clean", true));
        let answer = engine.save(request, &mut |_| ());
        Self {
            config: world.read("clean/config.yml"),
            env: world.tree("clean/env"),
            said: match answer {
                Ok((_, remarks)) => Ok(said(&remarks)),
                Err(problems) => Err(said(&problems)),
            },
        }
    }
}

impl Clean {
    /// What it said; what was wrong, if it failed.
    pub(crate) fn said(&self) -> &Result<Vec<String>, Vec<String>> {
        &self.said
    }

    /// What in the project's root is not as it is here; nothing if this failed: then nothing is to be written.
    pub(crate) fn differs(&self, world: &World, memory: &Memory) -> Option<String> {
        self.said.as_ref().ok()?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let found = world.read("root/config.yml").map(|bytes| text(&bytes));
        let wanted = self.config.as_deref().map(text);
        if found != wanted {
            return Some(format!("config.yml: {found:?}, wanted {wanted:?}"));
        }
        let env = world.tree("root/env");
        for (path, bytes) in &self.env {
            if env.get(path) != Some(bytes) {
                let found = env.get(path).map(|bytes| text(bytes));
                return Some(format!("env/{path}: {found:?}, wanted {:?}", text(bytes)));
            }
        }
        let mut left = env.keys().filter(|path| !self.env.contains_key(*path));
        left.find(|path| !memory.edited.contains(*path))
            .map(|path| format!("env/{path} is left"))
    }
}

fn sequence(seed: u64) {
    let mut rng = Rng::new(seed);
    let world = World::new();
    let system = Arc::new(TestSystem::default());
    let mut memory = Memory::default();
    let mut history = Vec::new();
    // The secrets are drawn once.
    Engine::new(system.clone(), world.options("root", false))
        .save(&SaveRequest::default(), &mut |_| ())
        .unwrap();
    for _ in 0..STEPS {
        for _ in 0..=rng.below(3) {
            history.push(edits::edit(&mut rng, &world, &system, &mut memory));
        }
        let request = SaveRequest {
            edits: edits::command_line(&mut rng),
            env_only: rng.chance(10),
            clean: rng.chance(5),
            must_exist: false,
        };
        history.push(format!("save {request:?}"));
        let config = world.read("root/config.yml");
        let before = world.tree("root/env");
        let mut engine = Engine::new(system.clone(), world.options("root", false));
        let answer = engine.save(&request, &mut |_| ());
        let clean = Clean::save(&world, &system, config.as_deref(), &request);
        check(
            &world,
            &answer.map(|(_, remarks)| remarks),
            &clean,
            &before,
            config.as_deref(),
            &memory,
            &history,
            seed,
        );
        if request.clean && clean.said.is_ok() {
            memory.edited.clear();
        }
        print_value(&world, &system, &mut rng, &history, seed);
    }
}

#[expect(clippy::too_many_arguments, reason = "all that a failure has to tell")]
fn check(
    world: &World,
    answer: &Result<Diagnostics, Diagnostics>,
    clean: &Clean,
    before: &BTreeMap<String, Vec<u8>>,
    config: Option<&[u8]>,
    memory: &Memory,
    history: &[String],
    seed: u64,
) {
    let told = || format!("seed {seed}:\n{}", history.join("\n"));
    match (answer, &clean.said) {
        (Ok(remarks), Ok(wanted)) => {
            assert_eq!(&said(remarks), wanted, "{}", told());
            assert_eq!(clean.differs(world, memory), None, "{}", told());
        }
        (Err(problems), Err(wanted)) => {
            assert_eq!(&said(problems), wanted, "{}", told());
            assert_eq!(
                world.read("root/config.yml").as_deref(),
                config,
                "{}",
                told()
            );
            assert_eq!(&world.tree("root/env"), before, "{}", told());
        }
        (found, wanted) => panic!("{found:#?}, but without memory {wanted:#?}; {}", told()),
    }
}

fn print_value(
    world: &World,
    system: &Arc<TestSystem>,
    rng: &mut Rng,
    history: &[String],
    seed: u64,
) {
    let key = rng.pick(&["HOST", "SUB", "HELLO_NAME", "NUMBER", "MISSING", "ID"]);
    let ask = |no_cache| {
        let mut engine = Engine::new(system.clone(), world.options("root", no_cache));
        match engine.print_value(key) {
            Ok((value, remarks)) => (Ok(value), said(&remarks)),
            Err(problems) => (Err(()), said(&problems)),
        }
    };
    assert_eq!(
        ask(false),
        ask(true),
        "{key}, seed {seed}:\n{}",
        history.join("\n")
    );
}

#[test]
fn random_edits_give_what_a_clean_save_gives() {
    for seed in seeds() {
        sequence(seed);
    }
}

#[test]
fn nothing_changed_needs_no_graph() {
    let world = World::new();
    let system = Arc::new(TestSystem::default());
    let save = || {
        let mut engine = Engine::new(system.clone(), world.options("root", false));
        engine.save(&SaveRequest::default(), &mut |_| ()).unwrap();
        engine.has_graph()
    };
    assert!(save());
    assert!(!save());
    let value = || {
        let mut engine = Engine::new(system.clone(), world.options("root", false));
        (engine.print_value("SUB").unwrap().0, engine.has_graph())
    };
    assert_eq!(value(), (String::from("sub.example.com"), false));
    world.write("templates/apps/direct", "changed");
    // What settings do not depend on does not make them be computed again.
    assert_eq!(value(), (String::from("sub.example.com"), false));
    assert!(save());
    assert!(!save());
}

#[test]
fn a_variable_that_a_query_has_read_is_looked_at_again() {
    let world = World::new();
    let system = Arc::new(TestSystem::default());
    let open = || Engine::new(system.clone(), world.options("root", false));
    let save = |mut engine: Engine| {
        engine.save(&SaveRequest::default(), &mut |_| ()).unwrap();
        engine.has_graph()
    };
    let value = || {
        let mut engine = open();
        engine.print_value("SUB").unwrap();
        engine.has_graph()
    };
    // What a process that looks for Python plugins does.
    let save_asking = || {
        let mut engine = open();
        engine.session().graph().variable("PYTHONPATH");
        save(engine)
    };
    for (before, after) in [
        (None, Some("/a")),
        (Some("/a"), Some("/b")),
        (Some("/b"), Some("")),
        (Some(""), None),
    ] {
        system.set_variable("PYTHONPATH", before);
        assert!(save_asking());
        assert!(!save(open()) && !value(), "{before:?}");
        // Nobody has asked for this one.
        system.set_variable("PAGER", after);
        assert!(!save(open()) && !value(), "{before:?}");
        system.set_variable("PYTHONPATH", after);
        assert!(value(), "{after:?}");
        assert!(save(open()), "{after:?}");
    }
}

#[test]
fn values_of_variables_are_not_kept() {
    let world = World::new();
    let system = Arc::new(TestSystem::default());
    system.set_variable("PYTHONPATH", Some("/a/secret/path"));
    let mut engine = Engine::new(system, world.options("root", false));
    engine.session().graph().variable("PYTHONPATH");
    engine.save(&SaveRequest::default(), &mut |_| ()).unwrap();
    for name in ["trace", "settings"] {
        let bytes = world.read(&format!("root/.tutor/cache/{name}")).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(text.contains("PYTHONPATH") && !text.contains("secret/path"));
    }
}

#[test]
fn what_is_kept_is_for_the_user_only() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::new();
    let system = Arc::new(TestSystem::default());
    Engine::new(system, world.options("root", false))
        .save(&SaveRequest::default(), &mut |_| ())
        .unwrap();
    let mode = |path: &str| {
        std::fs::metadata(world.path(path))
            .unwrap()
            .permissions()
            .mode()
            & 0o777
    };
    assert_eq!(mode("root/.tutor/cache"), 0o700);
    for name in ["trace", "store", "settings"] {
        assert_eq!(mode(&format!("root/.tutor/cache/{name}")), 0o600, "{name}");
    }
}

#[test]
fn a_folder_that_cannot_be_written_costs_time_and_nothing_else() {
    let world = World::new();
    let system = Arc::new(TestSystem::default());
    // A file stands where the cache would be: nobody can write there, not even root.
    world.write("root/.tutor/cache", "in the way");
    let mut engine = Engine::new(system.clone(), world.options("root", false));
    engine.save(&SaveRequest::default(), &mut |_| ()).unwrap();
    let mut engine = Engine::new(system, world.options("root", false));
    engine.save(&SaveRequest::default(), &mut |_| ()).unwrap();
    assert_eq!(world.text("root/env/apps/including"), "other other");
}

/// Saves the project in the folder `root` in a process of its own.
fn save(world: &World, root: &str) {
    let mut engine = Engine::new(Arc::new(TestSystem::default()), world.options(root, false));
    engine.save(&SaveRequest::default(), &mut |_| ()).unwrap();
}

#[test]
fn an_edit_of_the_same_size_in_the_same_moment_is_seen() {
    let world = World::new();
    for number in 0..50 {
        world.write("templates/apps/direct", format!("text {number:03}"));
        save(&world, "root");
        // At once, and with the old time: only the content tells.
        let path = world.path("templates/apps/direct");
        let time = path.metadata().unwrap().modified().unwrap();
        world.write("templates/apps/direct", format!("TEXT {number:03}"));
        let file = std::fs::File::options().write(true).open(&path).unwrap();
        file.set_modified(time).unwrap();
        save(&world, "root");
        assert_eq!(
            world.text("root/env/apps/direct"),
            format!("TEXT {number:03}")
        );
    }
}

#[test]
fn what_another_root_remembers_is_of_no_use() {
    let world = World::new();
    world.write("other/config.yml", "PLUGINS: []\nHOST: other.example.com\n");
    save(&world, "other");
    save(&world, "other");
    save(&world, "root");
    std::fs::remove_dir_all(world.path("root/.tutor/cache")).unwrap();
    std::fs::create_dir_all(world.path("root/.tutor/cache")).unwrap();
    for name in ["trace", "store", "settings"] {
        let bytes = world.read(&format!("other/.tutor/cache/{name}")).unwrap();
        world.write(&format!("root/.tutor/cache/{name}"), bytes);
    }
    world.write("root/env/apps/direct", "by hand");
    save(&world, "root");
    assert_eq!(world.text("root/env/apps/direct"), "host example.com 4");
    let mut engine = Engine::new(
        Arc::new(TestSystem::default()),
        world.options("root", false),
    );
    assert_eq!(engine.print_value("HOST").unwrap().0, "example.com");
}

#[test]
fn a_value_is_not_printed_from_before_an_edit() {
    let world = World::new();
    let value = |key: &str| {
        let mut engine = Engine::new(
            Arc::new(TestSystem::default()),
            world.options("root", false),
        );
        engine.print_value(key).map(|(value, _)| value)
    };
    save(&world, "root");
    assert_eq!(value("HELLO_NAME").unwrap(), "world at example.com");
    let plugin = world.text("plugins/hello.yml");
    world.write("plugins/hello.yml", plugin.replace("world at", "earth at"));
    assert_eq!(value("HELLO_NAME").unwrap(), "earth at example.com");
    assert_eq!(value("HELLO_NAME").unwrap(), "earth at example.com");
    std::fs::remove_file(world.path("root/config.yml")).unwrap();
    assert!(value("HELLO_NAME").is_err());
}
