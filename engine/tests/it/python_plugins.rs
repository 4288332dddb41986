//! Python plugins in the graph: when Python is asked, and when not. The host follows a script.

use std::sync::Arc;

use engine::commands::{Engine, SaveRequest};
use engine::inputs::Changes;
use engine::system::{MemorySystem, Program};
use serde_json::json;

use crate::project::{Project, options};

const PYTHON: &str = "/venv/bin/python3.11";
const SITE: &str = "/venv/lib/python3.11/site-packages";

/// What the host says of the plugin `hello`, which has read all kinds of things.
fn host(patch: &str) -> Program {
    let declaration = json!({
        "config": { "add": [], "defaults": [["NAME", "world"]], "set": [] },
        "patches": [["greeting", patch]],
        "hooks": { "init": [], "pre-init": [], "build-image": [], "remote-image": [] },
        "templates": null, "command": null, "version": "1.0", "unknown": [],
    });
    let reads = json!({
        "files": [format!("{SITE}/hello/plugin.py"), format!("{SITE}/hello/data.json")],
        "listings": [format!("{SITE}/hello/patches")],
        "stats": [format!("{SITE}/hello/only-looked-at")],
        "absent": ["/etc/hello.cfg"],
        "variables": ["HELLO_MODE"],
        "modules": { "requests": { "version": "2.0", "path": format!("{SITE}/requests-2.0.dist-info") } },
        "plugins": [],
        "volatile": [],
    });
    Program::Says(vec![
        json!({ "ready": { "protocol": 1, "path": [SITE] } }).to_string(),
        json!({ "result": declaration, "reads": reads }).to_string(),
    ])
}

fn install(system: &MemorySystem) {
    system.set_variable("TUTOR_PYTHON", Some(PYTHON));
    system.put(PYTHON, "ELF");
    system.put_program(PYTHON, host("hello {{ HELLO_NAME }}"));
    system.put("/venv/pyvenv.cfg", "home = /usr/bin\nversion = 3.11.7\n");
    let metadata = format!("{SITE}/tutor_hello-1.0.dist-info");
    system.put(
        format!("{metadata}/entry_points.txt"),
        "[tutor.plugin.v0]\nhello = hello.plugin\n",
    );
    let headers = "Name: tutor-hello\nVersion: 1.0\n";
    system.put(format!("{metadata}/METADATA"), headers);
    for file in [
        "plugin.py",
        "data.json",
        "patches/one",
        "only-looked-at",
        "other.py",
    ] {
        system.put(format!("{SITE}/hello/{file}"), file);
    }
    let headers = "Name: requests\nVersion: 2.0\n";
    system.put(format!("{SITE}/requests-2.0.dist-info/METADATA"), headers);
    // What was just written may be written once more within the same tick of the clock.
    system.pass(std::time::Duration::from_secs(10));
}

/// A saved project with the plugin `hello`.
fn saved() -> Project {
    let mut project = Project::new();
    install(&project.system);
    project.system.put("/root/config.yml", "PLUGINS: [hello]\n");
    let (_, remarks) = project.save().unwrap();
    assert!(remarks.is_empty(), "{remarks:#?}");
    project.save().unwrap();
    assert_eq!(project.system.started(), 1);
    project
}

#[test]
fn a_python_plugin_contributes_as_any_other() {
    let project = saved();
    let env = project.system.text("/root/env/apps/patched");
    assert_eq!(env.as_deref(), Some("before\nhello world\nafter"));
}

#[test]
fn python_is_asked_again_exactly_if_something_changed_that_the_plugin_has_read() {
    type Change = (&'static str, fn(&MemorySystem) -> String);
    let changes: [Change; 6] = [
        ("its module", |system| {
            let path = format!("{SITE}/hello/plugin.py");
            system.put(&path, "another text");
            path
        }),
        ("a data file", |system| {
            let path = format!("{SITE}/hello/data.json");
            system.put(&path, "another text");
            path
        }),
        ("a new file in a folder that it listed", |system| {
            let path = format!("{SITE}/hello/patches/two");
            system.put(&path, "");
            path
        }),
        ("a file that was not there", |system| {
            system.put("/etc/hello.cfg", "");
            String::from("/etc/hello.cfg")
        }),
        ("a file that it looked at is gone", |system| {
            let path = format!("{SITE}/hello/only-looked-at");
            system.take(&path);
            path
        }),
        ("the version of what it imports", |system| {
            let path = format!("{SITE}/requests-2.0.dist-info/METADATA");
            system.put(&path, "Name: requests\nVersion: 2.0.1\n");
            path
        }),
    ];
    for (what, change) in changes {
        let mut project = saved();
        let path = change(&project.system);
        project
            .session
            .database()
            .apply(&Changes::Paths(vec![path.into()]));
        project.save().unwrap();
        assert_eq!(project.system.started(), 2, "{what}");
    }
    let mut project = saved();
    project.system.set_variable("HELLO_MODE", Some("loud"));
    project.save().unwrap();
    assert_eq!(project.system.started(), 2, "a variable");
    project.system.set_variable("OTHER", Some("loud"));
    project.edit(&format!("{SITE}/hello/other.py"), "another text");
    project.edit(&format!("{SITE}/hello/only-looked-at"), "another text");
    project.edit(&format!("{SITE}/hello/patches/one"), "another text");
    project.edit(&format!("{SITE}/newcomer.py"), "another text");
    project.add_to_config("OTHER: changed");
    project.save().unwrap();
    assert_eq!(project.system.started(), 2, "things that it has not read");
}

#[test]
fn the_next_process_does_not_ask_python_but_one_without_memory_does() {
    let project = Project::new();
    let system = project.system;
    install(&system);
    system.put("/root/config.yml", "PLUGINS: [hello]\n");
    let save = |no_cache| {
        let mut engine = Engine::new(system.clone(), options(&system, no_cache));
        engine.save(&SaveRequest::default(), &mut |_| ()).unwrap();
    };
    save(false);
    save(false);
    system.put(
        "/templates/apps/direct",
        "another {{ HOST }} {{ HELLO_NAME }}",
    );
    save(false);
    assert_eq!(system.started(), 1);
    assert_eq!(
        system.text("/root/env/apps/direct").as_deref(),
        Some("another example.com world")
    );
    save(true);
    assert_eq!(system.started(), 2);
    system.put_program(PYTHON, host("good bye"));
    system.put(format!("{SITE}/hello/plugin.py"), "another text");
    save(false);
    assert_eq!(system.started(), 3);
    let env = system.text("/root/env/apps/patched");
    assert_eq!(env.as_deref(), Some("before\ngood bye\nafter"));
}

#[test]
fn what_came_of_chance_is_not_remembered() {
    let project = Project::new();
    let system = project.system;
    install(&system);
    system.put("/root/config.yml", "PLUGINS: [hello]\n");
    let save = |system: &Arc<MemorySystem>| {
        let mut engine = Engine::new(system.clone(), options(system, false));
        let answer = engine.save(&SaveRequest::default(), &mut |_| ());
        let (_, remarks) = answer.unwrap();
        remarks.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    system.put_program(PYTHON, Program::Dies(String::from("out of luck")));
    for round in 1..3 {
        let said = save(&system);
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].contains("does not work: it ended"), "{said:?}");
        assert_eq!(system.started(), round);
    }
    system.put_program(PYTHON, host("hello"));
    assert_eq!(save(&system), Vec::<String>::new());
}
