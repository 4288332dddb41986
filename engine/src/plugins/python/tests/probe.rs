//! What is asked, what is kept of the answer and for how long, and what comes of no answer.

use std::io::ErrorKind;

use super::*;
use crate::cache::{CacheFolder, Context, Store};
use crate::diagnostics::{Owner, Severity};
use crate::system::Program;

const SHIM: &str = "/home/user/.pyenv/shims/python3";
const REAL: &str = "/home/user/.pyenv/versions/3.11.7";

/// What the Python below `prefix` answers; `more` are further members of the answer.
fn answer(prefix: &str, version: (u16, u16), more: &str) -> Program {
    let (major, minor) = version;
    let folder = format!("{prefix}/lib/python{major}.{minor}");
    let user = format!("/home/user/.local/lib/python{major}.{minor}/site-packages");
    Program::Says(vec![format!(
        r#"{{"version": {{"major": {major}, "minor": {minor}, "free_threaded": false}}, "prefix": "{prefix}",
        "executable": "{prefix}/bin/python3", "library": "{folder}/os.py", "sites": ["{user}", "{folder}/site-packages"],
        "variables": {{"PYTHONHOME": null, {more} "LD_PRELOAD": null}}}}"#
    )])
}

impl World {
    /// A machine with pyenv and a plugin in its Python.
    fn with_pyenv() -> Self {
        let site = format!("{REAL}/lib/python3.11/site-packages");
        let world = Self::new()
            .file(SHIM, "#!/usr/bin/env bash\nexec pyenv exec python3\n")
            .file("/home/user/.pyenv/version", "3.11.7\n")
            .python(REAL, "python3", "3.11", &[&site])
            .plugin(&site, "mfe", "20.0.0")
            .variable("PATH", "/home/user/.pyenv/shims:/usr/bin");
        world.answers(answer(REAL, (3, 11), ""))
    }

    fn answers(self, program: Program) -> Self {
        self.system.put_program(SHIM, program);
        self
    }

    /// What a process finds that remembers what those before have kept, and how often it has asked.
    fn process(&self) -> (PythonPlugins, u64) {
        let folder = CacheFolder::new(Path::new("/state"));
        let store = Store::open(&*self.system, &folder, Context::new([&b"here"[..]]));
        let store = Arc::new(store);
        let db = Database::new(
            self.system.clone(),
            vec![],
            Known::default(),
            Some(store.clone()),
            None,
        );
        let before = self.system.started();
        let found = python_plugins(&db).clone();
        let _ = self.system.create_folders(Path::new("/state"));
        store.save(&*self.system, &folder, false);
        (found, self.system.started() - before)
    }

    /// How often the next process asks.
    fn asks(&self) -> u64 {
        self.process().1
    }
}

#[test]
fn plugins_are_found_where_the_interpreter_says_and_the_real_one_is_to_be_started() {
    let found = World::with_pyenv().found();
    assert_eq!(names(&found), ["mfe 20.0.0"]);
    assert_eq!(found.problems, []);
    let interpreter = found.interpreter.unwrap();
    assert_eq!(interpreter.path, Path::new(REAL).join("bin/python3"));
    let Environment::Known(layout) = found.environment else {
        panic!("{:?}", found.environment)
    };
    assert_eq!(layout.version.to_string(), "3.11");
    assert_eq!(layout.prefix, Path::new(REAL));
    assert_eq!(
        layout.sites,
        [Path::new(REAL).join("lib/python3.11/site-packages")]
    );
}

#[test]
fn what_is_known_from_an_earlier_process_is_not_asked_again() {
    let world = World::with_pyenv();
    let first = world.process();
    assert_eq!(first.1, 1);
    assert_eq!(world.process(), (first.0, 0));
    // What has nothing to do with it.
    let world = world
        .variable("PAGER", "less")
        .file("/work/project/x", "")
        .file("/home/user/.pyenv/shims/pip", "");
    assert_eq!(world.asks(), 0);
}

#[test]
fn whatever_the_choice_may_depend_on_has_it_asked_again_when_it_changes() {
    let changes: &[(&str, &dyn Fn(World) -> World)] = &[
        ("the shim", &|world| {
            world.file(SHIM, "#!/bin/sh\nexec other\n")
        }),
        ("a variable of pyenv", &|world| {
            world.variable("PYENV_VERSION", "3.12")
        }),
        ("one of asdf", &|world| {
            world.variable("ASDF_PYTHON_VERSION", "3.12")
        }),
        ("one of conda", &|world| {
            world.variable("CONDA_PREFIX", "/conda")
        }),
        ("PATH", &|world| {
            world.variable("PATH", "/bin:/home/user/.pyenv/shims")
        }),
        ("another program of that name", &|world| {
            world.file("/usr/bin/python3", "ELF")
        }),
        ("the version here", &|world| {
            world.file("/work/project/.python-version", "3.12")
        }),
        ("the version above", &|world| {
            world.file("/work/.tool-versions", "python 3.12")
        }),
        ("the version at home", &|world| {
            world.file("/home/user/.tool-versions", "python 3.12")
        }),
        ("the version of the machine", &|world| {
            world.file("/home/user/.pyenv/version", "3.12")
        }),
        ("the installed versions", &|world| {
            world.file("/home/user/.pyenv/versions/3.12.1/bin/python3", "ELF")
        }),
        ("the virtual environment's settings", &|world| {
            world.file(&format!("{REAL}/pyvenv.cfg"), "home = /usr/bin\n")
        }),
    ];
    for (what, change) in changes {
        let world = World::with_pyenv();
        assert_eq!((world.asks(), world.asks()), (1, 0), "{what}");
        let world = change(world);
        assert_eq!((world.asks(), world.asks()), (1, 0), "{what}");
    }
}

#[test]
fn an_answer_that_names_what_is_gone_is_not_believed() {
    for gone in ["bin/python3", "lib/python3.11/os.py"] {
        let world = World::with_pyenv();
        assert_eq!((world.asks(), world.asks()), (1, 0), "{gone}");
        world.system.take(Path::new(REAL).join(gone));
        assert_eq!(world.asks(), 1, "{gone}");
    }
}

#[test]
fn the_same_is_noticed_within_one_process() {
    let world = World::with_pyenv();
    let mut db = world.graph();
    assert_eq!(names(python_plugins(&db)), ["mfe 20.0.0"]);
    let world = world.file("/work/x", "");
    db.apply(&Changes::Rescan);
    python_plugins(&db);
    assert_eq!(world.system.started(), 1);
    let other = "/home/user/.pyenv/versions/3.12.1";
    let site = format!("{other}/lib/python3.12/site-packages");
    let world = world
        .file("/work/project/.python-version", "3.12.1")
        .python(other, "python3", "3.12", &[&site])
        .plugin(&site, "notes", "1.0")
        .answers(answer(other, (3, 12), ""));
    db.apply(&Changes::Rescan);
    assert_eq!(names(python_plugins(&db)), ["notes 1.0"]);
    assert_eq!(world.system.started(), 2);
}

#[test]
fn a_folder_of_packages_that_comes_later_is_found_without_asking() {
    let world = World::with_pyenv();
    assert_eq!(names(&world.process().0), ["mfe 20.0.0"]);
    let user = "/home/user/.local/lib/python3.11/site-packages";
    let world = world.plugin(user, "mine", "1.0");
    let (found, asked) = world.process();
    assert_eq!(names(&found), ["mfe 20.0.0", "mine 1.0"]);
    assert_eq!(asked, 0);
}

#[test]
fn a_script_without_which_the_interpreter_would_not_work_alike_is_what_has_to_be_started() {
    let path = |world: &World| {
        world
            .found()
            .interpreter
            .unwrap()
            .path
            .display()
            .to_string()
    };
    let world = World::with_pyenv().plugin("/shared", "shared", "1.0");
    let world = world.answers(answer(REAL, (3, 11), r#""PYTHONPATH": "/shared","#));
    assert_eq!(path(&world), SHIM);
    assert_eq!(world.names(), ["mfe 20.0.0", "shared 1.0"]);
    // Here it is not the script that has set it.
    let world = world.variable("PYTHONPATH", "/shared");
    assert_eq!(path(&world), format!("{REAL}/bin/python3"));
    assert_eq!(world.names(), ["mfe 20.0.0", "shared 1.0"]);
    let world = world.answers(answer(REAL, (3, 11), r#""LD_LIBRARY_PATH": "/lib","#));
    assert_eq!(path(&world), SHIM);
}

#[test]
fn an_interpreter_that_does_not_know_itself_is_started_as_it_was_found() {
    let said = r#"{"version": {"major": 3, "minor": 11, "free_threaded": false}, "prefix": "/somewhere",
        "executable": null, "library": null, "sites": ["/real"], "variables": {}}"#;
    let world = World::with_pyenv().plugin("/real", "notes", "1.0");
    let world = world.answers(Program::Says(vec![said.into()]));
    let (found, _) = world.process();
    assert_eq!(names(&found), ["notes 1.0"]);
    assert_eq!(found.interpreter.unwrap().path, Path::new(SHIM));
    assert_eq!(world.asks(), 0);
}

#[test]
fn an_old_python_has_its_plugins_as_well() {
    let old = "/home/user/.pyenv/versions/2.7.18";
    let site = format!("{old}/lib/python2.7/site-packages");
    let world = World::with_pyenv()
        .python(old, "python3", "2.7", &[&site])
        .plugin(&site, "old", "1.0")
        .answers(answer(old, (2, 7), ""));
    assert_eq!(world.names(), ["old 1.0"]);
}

#[test]
fn an_interpreter_that_does_not_answer_is_an_alert_and_is_asked_again_by_the_next_process() {
    let died =
        "Traceback (most recent call last):\n  a\n  b\n\n  c\n  d\n  e\nImportError: no json\n";
    let cases = [
        (
            Program::Fails(ErrorKind::PermissionDenied),
            "cannot be started: permission denied",
            "",
        ),
        (Program::Hangs, "has not answered within 10 s", ""),
        (
            Program::Dies(died.into()),
            "has ended without an answer (exit status 1)",
            "Traceback (most recent call last):|  a|  b|  d|  e|ImportError: no json",
        ),
        (
            Program::Says(vec!["hello".into()]),
            "was asked where its packages are, and answers \"hello\"",
            "",
        ),
        (
            Program::Says(vec![r#"{"version": 3}"#.into()]),
            "was asked where its packages are, and answers \"{\\\"version\\\": 3}\"",
            "",
        ),
    ];
    for (program, what, printed) in cases {
        let world = World::with_pyenv().answers(program);
        let (found, asked) = world.process();
        assert_eq!((names(&found), asked), (vec![], 1));
        assert!(!found.is_lasting);
        let [problem] = &found.problems[..] else {
            panic!("{:?}", found.problems)
        };
        assert_eq!(
            (problem.severity, &*problem.code),
            (Severity::Alert, "python-environment")
        );
        assert_eq!(
            problem.message,
            format!("the Python interpreter {SHIM} {what}")
        );
        let said: Vec<_> = problem
            .notes
            .iter()
            .filter_map(|note| note.strip_prefix("it printed: "))
            .collect();
        assert_eq!(said.join("|"), printed);
        assert!(
            problem
                .notes
                .contains(&"no Python plugins are found".into())
        );
        assert_eq!(problem.owner, None);
        assert!(problem.hint.as_ref().unwrap().contains("TUTOR_PYTHON"));
        assert_eq!(found.environment, Environment::Broken(problem.clone()));
        // It may be able to by now.
        let world = world.answers(answer(REAL, (3, 11), ""));
        let (found, asked) = world.process();
        assert_eq!((names(&found), asked), (vec!["mfe 20.0.0".into()], 1));
        assert!(found.is_lasting);
    }
}

#[test]
fn an_interpreter_that_the_user_chose_and_that_does_not_answer_is_the_users() {
    let world = World::with_pyenv()
        .answers(Program::Hangs)
        .variable("TUTOR_PYTHON", SHIM);
    let owner = world.found().problems[0].owner.clone();
    assert_eq!(owner, Some(Owner::Environment("TUTOR_PYTHON".into())));
}
