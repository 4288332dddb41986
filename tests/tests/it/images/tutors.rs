//! The images of the core and of real plugins, with mounts: what ours would build is what Tutor has `docker` build.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use serde_json::Value as Json;
use tests::binary;
use tests::today::Today;

use super::{lab, write};

/// A program that stands for `docker`: it notes how it was called, a word a line, with an empty line at the end.
const FAKE: &str = "#!/bin/sh\nprintf '%s\\n' \"$@\" '' >> \"$FAKE_CALLS\"\n";

const CONFIG: &str = "\
ID: abc
PLUGINS: [discovery, indigo, mfe, notes]
MFE_SITE_REPOSITORY: https://a.example/site.git
MOUNTS:
- @/edx-platform
- @/frontend-app-authn
- @/course-discovery
- @/xblock-poll
- lms,cms:@/other:/openedx/other
";

const NAMES: [&str; 7] = [
    "openedx",
    "openedx-dev",
    "mfe",
    "authn-dev",
    "discovery",
    "notes",
    "permissions",
];

/// A build, as far as both programs tell of it.
type Build = BTreeMap<String, Vec<String>>;

/// What a call of `docker buildx build` means, in the words of bake.
fn of_call(words: &str, root: &str) -> Build {
    let mut build = Build::new();
    let mut words = words.lines().skip_while(|word| *word != "build").skip(1);
    while let Some(word) = words.next() {
        let (option, value) = match word.split_once('=') {
            Some((option, value)) if word.starts_with("--") => (option, value),
            _ if word.starts_with("--") => (word, words.next().unwrap()),
            _ => ("context", word.strip_prefix(root).unwrap()),
        };
        let (key, value) = match option {
            "--tag" => ("tags", value.to_owned()),
            "--build-arg" => ("args", value.to_owned()),
            "--add-host" => ("extra-hosts", value.replacen(':', "=", 1)),
            "--build-context" => ("contexts", value.to_owned()),
            "--cache-from" => ("cache-from", value.to_owned()),
            "--target" => ("target", value.to_owned()),
            "context" => (option, value.to_owned()),
            "--output" => continue,
            other => panic!("what is {other}?"),
        };
        build.entry(key.to_owned()).or_default().push(value);
    }
    sorted(build)
}

/// What a target of bake means.
fn of_target(target: &Json, root: &str) -> Build {
    let text = |value: &Json| value.as_str().unwrap().to_owned();
    let mut build = Build::new();
    for (key, value) in target.as_object().unwrap() {
        let values = match (key.as_str(), value) {
            ("description", _) => continue,
            ("context", value) => vec![text(value).strip_prefix(root).unwrap().to_owned()],
            (_, Json::Array(items)) => items.iter().map(text).collect(),
            (_, Json::Object(pairs)) => pairs
                .iter()
                .map(|(key, value)| format!("{key}={}", text(value)))
                .collect(),
            (_, value) => vec![text(value)],
        };
        build.insert(key.clone(), values);
    }
    sorted(build)
}

fn sorted(mut build: Build) -> Build {
    for values in build.values_mut() {
        values.sort();
    }
    build
}

#[test]
fn images_and_mounts_are_those_of_tutor() {
    let Some((lab, _caches)) = lab("images_and_mounts_are_those_of_tutor") else {
        return;
    };
    let today = Today::get().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path();
    let path = |name: &str| place.join(name);
    for name in [
        "edx-platform",
        "frontend-app-authn",
        "course-discovery",
        "xblock-poll",
        "other",
    ] {
        fs::create_dir(path(name)).unwrap();
    }
    let config = CONFIG.replace('@', &place.display().to_string());
    write(&path("bin/docker"), FAKE);
    fs::set_permissions(path("bin/docker"), fs::Permissions::from_mode(0o755)).unwrap();
    let run = |program: &Path, root: &str, args: &[&str], variables: &[(String, String)]| {
        let output = Command::new(program)
            .args(args)
            .env_clear()
            .env("HOME", place)
            .env("LANG", "C.UTF-8")
            .env("TUTOR_ROOT", path(root))
            .env("TUTOR_PLUGINS_ROOT", path("plugins"))
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .current_dir(place)
            .output()
            .unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{args:?}: {stderr}");
        String::from_utf8(output.stdout).unwrap()
    };
    let pair = |name: &str, value: String| (name.to_owned(), value);
    let text = |path: &Path| path.display().to_string();
    let options = ["--build-arg", "A=b", "--add-host", "h:1.2.3.4"];

    let fakes = [
        pair("PATH", format!("{}:/usr/bin:/bin", text(&path("bin")))),
        pair("FAKE_CALLS", text(&path("calls"))),
    ];
    let real = today.tutor_python().with_file_name("tutor");
    write(&path("real/config.yml"), &config);
    run(&real, "real", &["config", "save"], &fakes);
    let _ = fs::remove_file(path("calls"));
    run(
        &real,
        "real",
        &[&["images", "build"], &NAMES[..], &options].concat(),
        &fakes,
    );
    let calls = fs::read_to_string(path("calls")).unwrap();
    let calls: Vec<_> = calls
        .split("\n\n")
        .filter(|call| !call.trim().is_empty())
        .collect();
    let real = calls.iter().map(|call| of_call(call, &text(&path("real"))));

    let mut variables = lab.newest().variables();
    variables.push(pair("TUTOR_PYTHON", text(today.python())));
    variables.push(pair("TUTOR_TEMPLATES_ROOT", text(today.templates())));
    let ours = binary::tutor().unwrap();
    write(&path("ours/config.yml"), &config);
    run(&ours, "ours", &["config", "save"], &variables);
    let build = ["images", "build", "--plan", "--offline", "--format", "json"];
    let plan = run(
        &ours,
        "ours",
        &[&build, &NAMES[..], &options].concat(),
        &variables,
    );
    let plan: Json = serde_json::from_str(&plan).unwrap();
    for (name, real) in NAMES.iter().zip(real) {
        let ours = of_target(&plan["target"][name], &text(&path("ours")));
        assert_eq!(ours, real, "{name}");
    }
    assert_eq!(calls.len(), NAMES.len());
    // That there is something to compare.
    assert_eq!(
        plan["target"]["authn-dev"]["contexts"]
            .as_object()
            .unwrap()
            .len(),
        1
    );
}
