//! With the real pyenv, where there is one.
#![expect(
    clippy::disallowed_methods,
    reason = "the test makes files, starts Python and measures time"
)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use super::machine::Machine;
use super::*;
use crate::cache::{CacheFolder, Context, Store};
use crate::inputs::{Content, Db};
use crate::system::OsSystem;

/// Where the packages of `version` are.
fn site(version: &str) -> String {
    let short = Version::parse(version).unwrap();
    format!("home/.pyenv/versions/{version}/lib/python{short}/site-packages")
}

/// A pyenv of the test's own, with the program and the Pythons of the real one.
struct Pyenv {
    folder: tempfile::TempDir,
    versions: Vec<String>,
}

impl Pyenv {
    /// `None`, said aloud, where there is no pyenv.
    fn new() -> Option<Self> {
        let root = std::env::var("PYENV_ROOT").map_or_else(
            |_| std::env::home_dir().unwrap_or_default().join(".pyenv"),
            PathBuf::from,
        );
        let installed = fs::read_dir(root.join("versions")).into_iter().flatten();
        let mut versions: Vec<String> = installed
            .flatten()
            .filter(|entry| entry.path().join("bin/python3").is_file())
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| Version::parse(name).is_some_and(|version| version.minor >= 8))
            .collect();
        versions.sort();
        if versions.len() < 2 || !root.join("libexec/pyenv").is_file() {
            eprintln!(
                "SKIPPED: there is no pyenv with two Pythons at {}",
                root.display()
            );
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let pyenv = Self { folder, versions };
        fs::create_dir_all(pyenv.path("work/project")).unwrap();
        fs::create_dir_all(pyenv.path("home/.pyenv/shims")).unwrap();
        for version in &pyenv.versions {
            let venv = pyenv.path(&format!("home/.pyenv/versions/{version}"));
            let python = root.join("versions").join(version).join("bin/python3");
            let made = Command::new(python)
                .args(["-m", "venv", "--without-pip"])
                .arg(&venv)
                .status()
                .unwrap();
            assert!(made.success());
            pyenv.plugin(version, &format!("on-{version}"));
        }
        let shim = format!(
            "#!/usr/bin/env bash\nset -e\nexport PYENV_ROOT=\"{}\"\nexec \"{}\" exec \"${{0##*/}}\" \"$@\"\n",
            pyenv.path("home/.pyenv").display(),
            root.join("libexec/pyenv").display(),
        );
        pyenv.write("home/.pyenv/shims/python3", &shim);
        let mode = fs::Permissions::from_mode(0o755);
        fs::set_permissions(pyenv.path("home/.pyenv/shims/python3"), mode).unwrap();
        pyenv.write("home/.pyenv/version", &pyenv.versions[0]);
        Some(pyenv)
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
        fs::write(self.path(path), text).unwrap();
    }

    fn plugin(&self, version: &str, name: &str) {
        let info = format!("{}/tutor_{name}-1.0.dist-info", site(version));
        self.write(
            &format!("{info}/METADATA"),
            &format!("Name: tutor-{name}\nVersion: 1.0\n"),
        );
        let points = format!("[tutor.plugin.v1]\n{name} = plugin\n");
        self.write(&format!("{info}/entry_points.txt"), &points);
    }

    fn machine(&self) -> Machine {
        let path = format!("{}:/usr/bin:/bin", self.path("home/.pyenv/shims").display());
        Machine {
            variables: [("PATH".to_owned(), path)].into(),
            home: self.path("home"),
            current: Some(self.path("work/project")),
        }
    }

    /// What a process finds, and whether it has asked for it.
    fn process(&self, machine: &Machine) -> (PythonPlugins, bool) {
        let (found, asked, _) = self.timed(machine, Known::default());
        (found, asked)
    }

    /// The same, with what is known of files, and how long it took; and then with what there is to know of them.
    fn timed(&self, machine: &Machine, known: Known) -> (PythonPlugins, bool, (Duration, Known)) {
        let cache = CacheFolder::new(&self.path("state"));
        fs::create_dir_all(self.path("state")).unwrap();
        let store = Store::open(machine, &cache, Context::new([&b"here"[..]]));
        let store = Arc::new(store);
        let system = Arc::new(machine.clone());
        let mut db = Database::new(system, vec![], known, Some(store.clone()), None);
        db.start_log();
        let start = Instant::now();
        let found = python_plugins(&db).clone();
        let took = start.elapsed();
        let asked = db.take_log().iter().any(|ran| ran.starts_with("ask("));
        store.save(machine, &cache, false);
        let known = db.watched().0.into_iter().filter_map(|path| {
            let hash = match db.file(&path).content(&db) {
                Content::File(_) => db.file(&path).content(&db).hash()?,
                _ => return None,
            };
            let stamp = OsSystem.stamp(&path).ok()??;
            Some((path.into_os_string(), (stamp, hash)))
        });
        (found, asked, (took, known.collect()))
    }
}

#[test]
fn the_python_behind_a_shim_is_found_and_followed_when_it_changes() {
    let Some(pyenv) = Pyenv::new() else {
        return;
    };
    let machine = pyenv.machine();
    let (first, second) = (&*pyenv.versions[0], &*pyenv.versions[1]);
    let on = |version: &str| vec![format!("on-{version} 1.0")];
    let (found, asked) = pyenv.process(&machine);
    assert!(asked);
    assert_eq!(found.problems, []);
    assert_eq!(names(&found), on(first));
    let interpreter = found.interpreter.as_ref().unwrap();
    let real = pyenv.path(&format!("home/.pyenv/versions/{first}/bin/python3"));
    assert_eq!(interpreter.path, real);
    assert_eq!(interpreter.target, real.canonicalize().unwrap());
    let Environment::Known(layout) = &found.environment else {
        panic!("{:?}", found.environment)
    };
    assert_eq!(layout.sites, [pyenv.path(&site(first))]);
    assert_eq!(pyenv.process(&machine), (found.clone(), false));

    // Another version in the folder, or by a variable.
    pyenv.write("work/.python-version", &format!("{second}\n"));
    let (other, asked) = pyenv.process(&machine);
    assert_eq!((names(&other), asked), (on(second), true));
    let mut by_variable = machine.clone();
    let variable = ("PYENV_VERSION".to_owned(), first.to_owned());
    by_variable.variables.extend([variable]);
    let (chosen, asked) = pyenv.process(&by_variable);
    assert_eq!((names(&chosen), asked), (on(first), true));
    let elsewhere = Machine {
        current: Some(pyenv.path("home")),
        ..machine.clone()
    };
    let (found, asked) = pyenv.process(&elsewhere);
    assert_eq!((names(&found), asked), (on(first), true));

    // A plugin that is installed there meanwhile is found without asking.
    pyenv.plugin(first, "new");
    let (found, asked) = pyenv.process(&elsewhere);
    assert_eq!((found.plugins.len(), asked), (2, false));

    // A version that is gone (what pyenv does then is up to it), and is installed again.
    let installed = pyenv.path(&format!("home/.pyenv/versions/{second}"));
    let away = pyenv.path("away");
    fs::rename(&installed, &away).unwrap();
    let (found, asked) = pyenv.process(&machine);
    assert_eq!((names(&found), asked), (vec![], true));
    fs::rename(&away, &installed).unwrap();
    let (found, asked) = pyenv.process(&machine);
    assert_eq!((names(&found), asked), (on(second), false));
}

#[test]
fn a_shim_for_what_is_not_installed_is_an_alert_that_says_what_pyenv_says() {
    let Some(pyenv) = Pyenv::new() else {
        return;
    };
    let shim = pyenv.path("home/.pyenv/shims/python3.99");
    fs::copy(pyenv.path("home/.pyenv/shims/python3"), &shim).unwrap();
    let mut machine = pyenv.machine();
    let choice = ("TUTOR_PYTHON".to_owned(), "python3.99".to_owned());
    machine.variables.extend([choice]);
    // What has failed is not kept.
    for _ in 0..2 {
        let (found, asked) = pyenv.process(&machine);
        assert_eq!((names(&found), asked), (vec![], true));
        assert!(!found.is_lasting);
        let [problem] = &found.problems[..] else {
            panic!("{:?}", found.problems)
        };
        assert_eq!(
            problem.message,
            format!(
                "the Python interpreter {} has ended without an answer (exit status 127)",
                shim.display()
            )
        );
        assert_eq!(
            problem.notes[0],
            "it printed: pyenv: python3.99: command not found"
        );
    }
}

#[test]
fn a_shim_that_was_asked_once_costs_less_than_three_milliseconds() {
    let Some(pyenv) = Pyenv::new() else {
        return;
    };
    let packages = site(&pyenv.versions[0]);
    for number in 0..50 {
        let info = format!("{packages}/package{number}-1.0.dist-info");
        pyenv.write(&format!("{info}/METADATA"), "Name: package\nVersion: 1.0\n");
        pyenv.write(
            &format!("{info}/entry_points.txt"),
            "[console_scripts]\nx = y\n",
        );
    }
    let machine = pyenv.machine();
    let (_, asked, (cold, mut known)) = pyenv.timed(&machine, Known::default());
    assert!(asked);
    let mut times = Vec::new();
    for _ in 0..20 {
        let (found, asked, (took, more)) = pyenv.timed(&machine, known);
        assert_eq!((found.plugins.len(), asked), (1, false));
        known = more;
        times.push(took);
    }
    times.sort();
    eprintln!(
        "asking {cold:?}; known {:?}, at most {:?}",
        times[10], times[19]
    );
    // Without optimisation, and beside other tests: the fastest is what it takes.
    assert!(times[0] < Duration::from_millis(3), "{times:?}");
}

#[test]
fn what_is_no_python_is_told_with_its_last_words() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    let found = |program: &str| {
        let machine = Machine {
            variables: [
                ("TUTOR_PYTHON".to_owned(), program.to_owned()),
                ("PATH".to_owned(), "/usr/bin:/bin".to_owned()),
            ]
            .into(),
            home: root.clone(),
            current: Some(root.clone()),
        };
        let found = python_plugins(&graph(Arc::new(machine))).clone();
        assert_eq!(names(&found), [""; 0]);
        let [problem] = &found.problems[..] else {
            panic!("{:?}", found.problems)
        };
        (problem.message.clone(), problem.notes.clone())
    };
    // A shell takes the program for one of its own, and ends it at once.
    let (message, _) = found("/bin/sh");
    assert!(
        message.ends_with("/bin/sh has ended without an answer (exit status 3)"),
        "{message}"
    );
    let (message, notes) = found("/bin/ls");
    assert!(message.contains("has ended without an answer"), "{message}");
    assert!(notes[0].starts_with("it printed: "), "{notes:?}");
    fs::write(root.join("program"), "not executable").unwrap();
    let direct = OsSystem.converse(&root.join("program"), &[], false);
    assert_eq!(
        direct.unwrap_err().kind(),
        std::io::ErrorKind::PermissionDenied
    );
}

#[test]
fn a_large_program_behind_many_names_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    let program = root.join("mise");
    fs::write(&program, "#!/bin/sh\nexit 7\n").unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    std::os::unix::fs::symlink(&program, root.join("python3")).unwrap();
    let machine = Machine {
        variables: [("PATH".to_owned(), root.display().to_string())].into(),
        home: root.clone(),
        ..Machine::default()
    };
    let db = graph(Arc::new(machine));
    let found = python_plugins(&db);
    assert!(found.problems[0].message.ends_with("(exit status 7)"));
    assert!(!db.has_file(&program) && !db.has_file(&root.join("python3")));
    assert!(db.has_file(&root.join("mise.toml")) && db.has_file(Path::new("/mise.toml")));
}

#[test]
fn the_probe_answers_in_every_python_that_is_here() {
    let root = std::env::home_dir()
        .unwrap_or_default()
        .join(".pyenv/versions");
    let installed = fs::read_dir(&root).into_iter().flatten().flatten();
    let versions: Vec<_> = installed.map(|entry| entry.path()).collect();
    if versions.is_empty() {
        eprintln!("SKIPPED: there is no Python in {}", root.display());
        return;
    }
    for prefix in versions {
        let machine = Machine {
            // Has it asked.
            variables: [
                ("PYTHONHOME".to_owned(), prefix.display().to_string()),
                (
                    "TUTOR_PYTHON".to_owned(),
                    prefix.join("bin/python").display().to_string(),
                ),
            ]
            .into(),
            home: "/home/nobody".into(),
            ..Machine::default()
        };
        let db = graph(Arc::new(machine));
        assert!(matches!(
            python_environment(&db),
            Environment::NeedsProbe { .. }
        ));
        let found = python_plugins(&db);
        let Environment::Known(layout) = &found.environment else {
            panic!("{}: {:?}", prefix.display(), found.environment)
        };
        let named = prefix.file_name().unwrap().to_str().unwrap();
        assert_eq!(Some(layout.version), Version::parse(named));
        assert_eq!(layout.prefix, prefix);
        let site = format!("lib/python{}/site-packages", layout.version);
        assert_eq!(layout.sites, [prefix.join(site)]);
        let interpreter = found.interpreter.as_ref().unwrap();
        assert_eq!(
            interpreter.target,
            prefix.join("bin/python").canonicalize().unwrap()
        );
    }
}
