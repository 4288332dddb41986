//! Beside Python itself: what we find is what its own `importlib.metadata` finds.
#![expect(
    clippy::disallowed_methods,
    reason = "the test makes files and starts Python"
)]

use std::fs;
use std::path::Path;
use std::process::Command;

use super::machine::Machine;
use super::*;

/// Prints all plugins that Python finds, one a line.
const ASK: &str = r#"
import importlib.metadata as metadata
for group in ["tutor.plugin.v0", "tutor.plugin.v1"]:
    for point in metadata.entry_points(group=group):
        dist = point.dist
        print(group, point.name, point.value, dist.metadata["Name"], dist.version, dist._path, sep="|")
"#;

fn put(path: impl AsRef<Path>, content: &str) {
    fs::create_dir_all(path.as_ref().parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

fn distribution(folder: &Path, name: &str, version: &str, entry_points: &str) {
    put(folder.join("entry_points.txt"), entry_points);
    let metadata = format!("Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n");
    let file = if folder.extension().unwrap() == "dist-info" {
        "METADATA"
    } else {
        "PKG-INFO"
    };
    put(folder.join(file), &metadata);
}

/// What Python says, sorted.
fn asked(python: &Path, machine: &Machine) -> Vec<String> {
    let output = Command::new(python)
        .args(["-c", ASK])
        .env_clear()
        .envs(&machine.variables)
        .env("HOME", &machine.home)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).unwrap();
    let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

/// What we say, in the same form.
fn found(machine: Machine) -> Vec<String> {
    let db = graph(Arc::new(machine));
    let found = python_plugins(&db);
    assert_eq!(found.problems, []);
    let mut lines: Vec<_> = found
        .plugins
        .iter()
        .map(|plugin| {
            let attribute = plugin.attribute.as_ref().map(|name| format!(":{name}"));
            format!(
                "{}|{}|{}{}|{}|{}|{}",
                plugin.group,
                plugin.name,
                plugin.module,
                attribute.unwrap_or_default(),
                plugin.distribution,
                plugin.version.as_deref().unwrap_or_default(),
                plugin.metadata.display()
            )
        })
        .collect();
    lines.sort();
    lines
}

/// Makes a virtual environment; answers whether that worked, and says so if not.
fn make_venv(python: &Path, venv: &Path, options: &[&str]) -> bool {
    let mut command = Command::new(python);
    command
        .args(["-m", "venv", "--without-pip"])
        .args(options)
        .arg(venv);
    match command.output() {
        Ok(output) if output.status.success() => true,
        other => {
            eprintln!(
                "SKIPPED: `{} -m venv` does not work here: {other:?}",
                python.display()
            );
            false
        }
    }
}

#[test]
fn a_real_environment_has_the_plugins_that_python_itself_finds() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    let venv = root.join("venv");
    if !make_venv(Path::new("python3"), &venv, &[]) {
        return;
    }
    let python = venv.join("bin/python");
    let site = "import site, sys; sys.version_info >= (3, 10) and print(site.getsitepackages()[0])";
    let output = Command::new(&python).args(["-c", site]).output().unwrap();
    let site = String::from_utf8(output.stdout).unwrap();
    if site.is_empty() {
        eprintln!("SKIPPED: the `python3` here is older than 3.10, and knows less of entry points");
        return;
    }
    let site = Path::new(site.trim());

    // A wheel, one with a name that has to be normalised, and one that has nothing to do with plugins.
    let wheel = "[console_scripts]\nwheel = w:main\n\n[tutor.plugin.v1]\nwheel = tutorwheel.plugin\nsecond=two:attr\n";
    distribution(
        &site.join("tutor_wheel-1.2.dist-info"),
        "tutor-wheel",
        "1.2",
        wheel,
    );
    distribution(
        &site.join("other-1.0.dist-info"),
        "other",
        "1.0",
        "[console_scripts]\nother = o:main\n",
    );
    // Modern editable installs: by a finder, and by a path below which the build left an egg-info.
    let finder = site.join("tutor_finder-2.0.dist-info");
    distribution(
        &finder,
        "tutor-finder",
        "2.0",
        "[tutor.plugin.v0]\nfinder = tutorfinder\n",
    );
    put(
        finder.join("direct_url.json"),
        r#"{"dir_info": {"editable": true}, "url": "file:///f"}"#,
    );
    put(
        site.join("__editable__.tutor_finder-2.0.pth"),
        "import sys\n",
    );
    let source = root.join("sources/src");
    let path = "[tutor.plugin.v1]\npath = tutorpath\n";
    distribution(
        &site.join("tutor_path-3.0.dist-info"),
        "tutor-path",
        "3.0",
        path,
    );
    distribution(
        &source.join("tutor_path.egg-info"),
        "tutor-path",
        "2.9",
        path,
    );
    put(
        site.join("__editable__.tutor_path-3.0.pth"),
        &format!("{}\n", source.display()),
    );
    // A legacy editable install.
    let legacy = root.join("legacy");
    distribution(
        &legacy.join("tutor_legacy.egg-info"),
        "tutor-legacy",
        "4.0",
        "[tutor.plugin.v0]\nlegacy = l\n",
    );
    put(
        site.join("easy-install.pth"),
        &format!("{}\n", legacy.display()),
    );
    put(
        site.join("tutor-legacy.egg-link"),
        &format!("{}\n.", legacy.display()),
    );
    // On PYTHONPATH, hiding one that is installed.
    let first = root.join("first");
    distribution(
        &first.join("Tutor.Hidden-6.0.dist-info"),
        "Tutor.Hidden",
        "6.0",
        "[tutor.plugin.v1]\nhidden = f\n",
    );
    distribution(
        &site.join("tutor_hidden-5.0.dist-info"),
        "tutor-hidden",
        "5.0",
        "[tutor.plugin.v1]\nhidden = s\n",
    );

    let machine = |variables: &[(&str, &Path)]| Machine {
        variables: variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.display().to_string()))
            .collect(),
        home: root.join("home"),
        ..Machine::default()
    };
    let by_path = [("TUTOR_PYTHON", &*python), ("PYTHONPATH", &*first)];
    let expected = asked(&python, &machine(&by_path));
    assert_eq!(expected.len(), 6, "{expected:#?}");
    assert_eq!(found(machine(&by_path)), expected);
    let active = [("VIRTUAL_ENV", &*venv)];
    let expected = asked(&python, &machine(&active));
    assert_eq!(found(machine(&active)), expected);

    let db = graph(Arc::new(machine(&active)));
    let found = python_plugins(&db);
    let editable = found.plugins.iter().filter(|plugin| plugin.editable);
    let editable: Vec<_> = editable.map(|plugin| &*plugin.name).collect();
    assert_eq!(editable, ["finder", "legacy"]);
    let interpreter = found.interpreter.as_ref().unwrap();
    assert_eq!(interpreter.path, python);
    assert_eq!(interpreter.target, python.canonicalize().unwrap());
}

/// Prints version, prefix and the folders of packages on the path, one a line.
const LAYOUT: &str = r#"
import sys
print("%d.%d" % sys.version_info[:2], sys.prefix, sep="\n")
for path in sys.path:
    if path.endswith("-packages"):
        print(path)
"#;

/// What the interpreter says of where its packages are, and what we say.
fn layouts(python: &Path, home: &Path) -> (Vec<String>, Vec<String>) {
    let output = Command::new(python)
        .args(["-c", LAYOUT])
        .env_clear()
        .env("HOME", home)
        .output()
        .unwrap();
    let asked = String::from_utf8(output.stdout).unwrap();
    let variables = [("TUTOR_PYTHON".to_owned(), python.display().to_string())].into();
    let machine = Machine {
        variables,
        home: home.to_owned(),
        ..Machine::default()
    };
    let db = graph(Arc::new(machine));
    let found = match python_environment(&db) {
        Environment::Known(layout) => {
            let paths = std::iter::once(&layout.prefix).chain(&layout.sites);
            let paths = paths.map(|path| path.display().to_string());
            std::iter::once(layout.version.to_string())
                .chain(paths)
                .collect()
        }
        other => vec![format!("{other:?}")],
    };
    (asked.lines().map(str::to_owned).collect(), found)
}

#[test]
fn the_folders_of_packages_are_those_that_python_itself_has() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    let home = root.join("home");
    for (number, base) in ["python3", "/usr/bin/python3"].iter().enumerate() {
        let venv = root.join(format!("venv{number}"));
        let wide = root.join(format!("wide{number}"));
        if !make_venv(Path::new(base), &venv, &[])
            || !make_venv(Path::new(base), &wide, &["--system-site-packages"])
        {
            continue;
        }
        let python = venv.join("bin/python");
        let installed = python.canonicalize().unwrap();
        for user_site in [false, true] {
            let plain = installed.with_file_name("python3");
            for python in [&python, &wide.join("bin/python3"), &installed, &plain] {
                let (asked, found) = layouts(python, &home);
                assert_eq!(found, asked, "{} {user_site}", python.display());
            }
            let (asked, _) = layouts(&python, &home);
            let site = format!(".local/lib/python{}/site-packages", asked[0]);
            fs::create_dir_all(home.join(site)).unwrap();
        }
    }
}
