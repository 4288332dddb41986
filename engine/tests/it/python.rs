//! A plugin that Python loads.
#![allow(clippy::print_stdout, reason = "what is skipped is said aloud")]

use std::time::Duration;

use engine::plugins::python::host::{Api, Failed, Host, Load, Problem};
use engine::plugins::python::{declaration, sdk};
use engine::system::{Ended, OsSystem, System};
use serde_json::Value as Json;

/// Loads the module `plugin` with this text. `None`, said aloud, where there is no Python.
fn load(text: &str, patience: Duration) -> Option<Result<Result<Json, Box<Problem>>, Failed>> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("tutorhello.py"), text).unwrap();
    // As if it were installed.
    let program = format!(
        "import sys; sys.path.insert(0, {:?})\n{}",
        folder.path().display().to_string(),
        sdk::BOOTSTRAP
    );
    let start = || OsSystem.converse("python3".as_ref(), &["-c", &program, "{fd}"], false);
    let plugin = Load {
        name: "hello".into(),
        api: Api::V0,
        module: "tutorhello".into(),
        attribute: None,
        file: None,
        distribution: "tutor-hello".into(),
        version: Some("1.0".into()),
        seed: None,
    };
    let asked = &mut |_: &str, _: &Json| Err(String::from("nothing is known here"));
    match Host::default().load(&start, &sdk::modules(), &plugin, patience, asked) {
        Err(Failed::Start(why)) => {
            println!("SKIPPED: python3 does not start: {why}");
            None
        }
        answer => Some(answer.map(|answer| answer.outcome)),
    }
}

#[test]
fn the_python_side_passes_its_own_tests() {
    let folder =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/plugins/python/sdk_tests");
    let run = std::process::Command::new("python3")
        .args(["-B", "-m", "unittest"])
        .current_dir(folder)
        .output();
    match run {
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{said}");
            println!("{}", said.lines().last().unwrap_or_default());
        }
        Err(error) => println!("SKIPPED: python3 does not start: {error}"),
    }
}

const PATIENCE: Duration = Duration::from_secs(30);

#[test]
fn a_python_plugin_declares_what_a_yaml_plugin_would() {
    let text = r#"
print("a plugin that prints is no harm")
config = {
    "add": {"SECRET": "{{ 8|random_string }}"},
    "defaults": {"PORT": 8000, "LIST": ["a", {"b": None}]},
    "set": {"OTHER": True},
}
def patches():
    return {"greeting": "hello {{ HELLO_PORT }}"}
hooks = {"init": ["lms"], "build-image": {"hello": "hello:1"}}
"#;
    let Some(answer) = load(text, PATIENCE) else {
        return;
    };
    let found = declaration("hello", &answer.unwrap().unwrap()).unwrap();
    let names = |settings: &[engine::plugins::Setting]| {
        settings
            .iter()
            .map(|setting| setting.name.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&found.unique), ["HELLO_SECRET"]);
    assert_eq!(names(&found.defaults), ["HELLO_PORT", "HELLO_LIST"]);
    assert_eq!(names(&found.overrides), ["OTHER"]);
    assert_eq!(
        values::repr::repr(&found.defaults[1].value),
        "['a', {'b': None}]"
    );
    assert_eq!(&*found.patches[0].1, "hello {{ HELLO_PORT }}");
    assert_eq!(
        (&*found.tasks[0].service, &*found.build_images[0].tag),
        ("lms", "hello:1")
    );
}

#[test]
fn what_goes_wrong_in_python_is_told_with_its_line() {
    let Some(answer) = load("x = 1\ny = 1 / 0\n", PATIENCE) else {
        return;
    };
    let Ok(Err(problem)) = answer else {
        panic!("{answer:?}")
    };
    assert_eq!(problem.kind, "ZeroDivisionError");
    assert_eq!(problem.frames.last().unwrap().line, Some(2));
}

#[test]
fn a_plugin_that_ends_the_process_or_hangs_is_no_end() {
    let Some(answer) = load(
        "import os\nos.write(2, b'farewell')\nos._exit(7)\n",
        PATIENCE,
    ) else {
        return;
    };
    let Err(Failed::Died {
        how, last_words, ..
    }) = answer
    else {
        panic!("{answer:?}")
    };
    assert_eq!(how, Some(Ended::Status(7)));
    assert!(last_words.contains("farewell"), "{last_words:?}");
    let patience = Duration::from_secs(2);
    let answer = load("import time\ntime.sleep(100)\n", patience).unwrap();
    let Err(Failed::Silent { last_words, .. }) = answer else {
        panic!("{answer:?}")
    };
    assert!(
        last_words.contains("tutorhello.py\", line 2"),
        "{last_words}"
    );
}
