//! Hooks that Python plugins change in unusual ways: when Python is asked, and when not. The host follows a script.

use std::sync::Arc;
use std::time::Duration;

use engine::commands::{Engine, SaveRequest};
use engine::system::{MemorySystem, Program};
use serde_json::{Value as Json, json};

use crate::project::{Project, options};

const PYTHON: &str = "/venv/bin/python3.11";
const SITE: &str = "/venv/lib/python3.11/site-packages";
const MODULE: &str = "/venv/lib/python3.11/site-packages/odd/plugin.py";

/// What the host says: of the plugin `odd`, to what it is told before a call, and to `calls`.
fn host(callbacks: &Json, cleared: &[&str], calls: &[Json]) -> Program {
    let mut declared = json!({
        "filters": { "ENV_PATCHES": [{ "priority": 10, "items": [{ "t": "tuple", "v": ["greeting", "declared"] }] }] },
        "commands": [], "version": "1.0",
    });
    declared["callbacks"] = callbacks.clone();
    declared["cleared"] = json!(cleared);
    let reads = json!({ "files": [MODULE] });
    let told = json!({ "result": null });
    let mut lines = vec![
        json!({ "ready": { "protocol": 1, "path": [SITE] } }),
        json!({ "result": declared, "reads": reads }),
        told.clone(), // what the core contributes
        told.clone(), // the order of plugins
        told,         // all are loaded
    ];
    let answers = calls.iter();
    lines.extend(answers.map(|result| json!({ "result": result, "reads": { "ran": ["odd"] } })));
    Program::Says(lines.iter().map(Json::to_string).collect())
}

fn install(system: &MemorySystem, host: Program) {
    system.set_variable("TUTOR_PYTHON", Some(PYTHON));
    system.put(PYTHON, "ELF");
    system.put_program(PYTHON, host);
    system.put("/venv/pyvenv.cfg", "home = /usr/bin\nversion = 3.11.7\n");
    let metadata = format!("{SITE}/tutor_odd-1.0.dist-info");
    system.put(
        format!("{metadata}/entry_points.txt"),
        "[tutor.plugin.v1]\nodd = odd.plugin\n",
    );
    system.put(
        format!("{metadata}/METADATA"),
        "Name: tutor-odd\nVersion: 1.0\n",
    );
    system.put(MODULE, "text");
    system.put("/root/config.yml", "PLUGINS: [odd]\n");
    // What was just written may be written once more within the same tick of the clock.
    system.pass(Duration::from_secs(10));
}

fn save(system: &Arc<MemorySystem>) {
    let mut engine = Engine::new(system.clone(), options(system, false));
    engine
        .save(&SaveRequest::default(), &mut |_| ())
        .unwrap_or_else(|problems| panic!("{problems:#?}"));
}

fn changes_names() -> Json {
    json!([{
        "hook": "filter", "name": "ENV_TEMPLATE_VARIABLES", "priority": 10, "function": "change", "file": MODULE, "line": 3,
    }])
}

/// What `ENV_TEMPLATE_VARIABLES` comes to: a word, and the core's version.
fn names(word: &str) -> Json {
    json!([
        ["TUTOR_VERSION", null, "data", "22.0.3"],
        ["iter_mounts", null, "core", null],
        ["word", "odd", "data", word],
        null,
    ])
}

#[test]
fn names_that_a_function_changes_are_asked_for_once_and_again_when_the_plugin_changes() {
    let system = Project::new().system;
    install(&system, host(&changes_names(), &[], &[names("first")]));
    system.put(
        "/templates/apps/direct",
        "{{ word }} {{ HOST }} {{ TUTOR_APP is defined }}",
    );
    save(&system);
    let direct = || system.text("/root/env/apps/direct");
    // The function has left out what the core gives.
    assert_eq!(direct().as_deref(), Some("first example.com False"));
    save(&system);
    system.put("/root/config.yml", "PLUGINS: [odd]\nHOST: other\n");
    save(&system);
    assert_eq!(direct().as_deref(), Some("first other False"));
    assert_eq!(
        system.started(),
        1,
        "nothing that the function depends on has changed"
    );
    system.put(MODULE, "another text");
    system.put_program(PYTHON, host(&changes_names(), &[], &[names("second")]));
    save(&system);
    assert_eq!(direct().as_deref(), Some("second other False"));
    assert_eq!(system.started(), 2);
}

#[test]
fn a_hook_that_a_plugin_clears_is_what_python_says_and_that_is_remembered() {
    let system = Project::new().system;
    let pairs = json!([{ "t": "tuple", "v": ["greeting", "of Python"] }]);
    install(&system, host(&json!([]), &["ENV_PATCHES"], &[pairs]));
    save(&system);
    let patched = || system.text("/root/env/apps/patched");
    assert_eq!(patched().as_deref(), Some("before\nof Python\nafter"));
    system.put("/root/config.yml", "PLUGINS: [odd]\nHOST: other\n");
    save(&system);
    assert_eq!(system.started(), 1);
    assert_eq!(patched().as_deref(), Some("before\nof Python\nafter"));
}

#[test]
fn a_plugin_that_only_adds_names_is_not_asked_what_they_come_to() {
    let system = Project::new().system;
    let item = json!([{
        "hook": "filter", "name": "ENV_TEMPLATE_VARIABLES", "priority": 10, "function": "f", "file": MODULE, "line": 3,
        "item": true, "key": "unused",
    }]);
    // There is no answer to any call in the script.
    install(&system, host(&item, &[], &[]));
    save(&system);
    save(&system);
    assert_eq!(system.started(), 1);
    let patched = system.text("/root/env/apps/patched");
    assert_eq!(patched.as_deref(), Some("before\ndeclared\nafter"));
}
