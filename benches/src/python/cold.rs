//! A save that has to load all plugins, beside Python alone importing their modules.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tests::{paths, sandbox};

use crate::measure::{Samples, Subject};
use crate::plan::Plan;
use crate::project::{self, Project};
use crate::report::milliseconds;
use crate::target::{self, Target};

/// Medians of runs that took turns.
pub(crate) struct Cold {
    /// The whole save.
    pub(crate) save: Duration,
    /// The modules, which import that Tutor.
    pub(crate) with_tutor: Duration,
    /// The modules, which import our package `tutor`.
    pub(crate) with_ours: Duration,
    /// A Python that does nothing.
    pub(crate) python: Duration,
}

/// Measures by turns.
pub(crate) fn run(
    plan: &Plan,
    project: &Project<'_>,
    python: &Path,
    modules: &[String],
) -> Result<Cold, String> {
    let ours = project.ours();
    let cache = ours.root.join(".tutor/cache");
    let package = our_package(project)?;
    let imports = format!("import {}", modules.join(", "));
    let with_tutor = alone(project, python, Vec::new());
    let with_ours = alone(project, python, vec![("PYTHONPATH", package)]);
    // So that bytecode is there.
    with_ours.time(&["-c", &imports])?;
    project::settle(&ours)?;
    let mut times: [Vec<Duration>; 4] = Default::default();
    for _ in 0..plan.runs {
        fs::remove_dir_all(&cache).map_err(|error| format!("{}: {error}", cache.display()))?;
        let [save, tutor, our, nothing] = &mut times;
        save.push(ours.time(&["config", "save"])?);
        tutor.push(with_tutor.time(&["-c", &imports])?);
        our.push(with_ours.time(&["-c", &imports])?);
        nothing.push(with_tutor.time(&["-c", ""])?);
    }
    let [save, with_tutor, with_ours, python] = times.map(|times| Samples::new(times).median());
    println!(
        "cold: save {save:?}, bare import {with_tutor:?}, with our package {with_ours:?}, Python alone {python:?}"
    );
    Ok(Cold {
        save,
        with_tutor,
        with_ours,
        python,
    })
}

/// Python by itself.
fn alone(project: &Project<'_>, python: &Path, variables: Vec<(&'static str, PathBuf)>) -> Subject {
    Subject {
        program: python.to_owned(),
        variables,
        ..project.real()
    }
}

/// Our package `tutor` as files, to be imported without us.
fn our_package(project: &Project<'_>) -> Result<PathBuf, String> {
    let sources = paths::workspace_dir().join("engine/src/plugins/python/sdk");
    let folder = project.folder("sdk");
    sandbox::copy_tree(&sources.join("tutor"), &folder.join("tutor"))
        .and_then(|()| sandbox::copy_tree(&sources.join("tutor_host"), &folder.join("tutor_host")))
        .map_err(|error| format!("{}: {error}", sources.display()))?;
    Ok(folder)
}

impl Cold {
    /// How many times longer a save takes than the import of the same modules.
    fn ratio(&self, import: Duration) -> f64 {
        self.save.as_secs_f64() / import.as_secs_f64()
    }

    /// What the report says of it.
    pub(crate) fn tell(&self, text: &mut String) {
        text.push_str(
            "\nCold: `.tutor/cache` is removed before each save, so that all plugins are loaded by Python; its own bytecode is\n\
             there. Beside it, by turns, the same Python importing the modules of the same plugins in one process, which\n\
             import `tutor`: once that of the installed Tutor, once ours, which imports less, laid out as files.\n\n\
             | what | ms | save, times as long | target | met? |\n|---|---:|---:|---|---|\n",
        );
        let _ = writeln!(
            text,
            "| `config save` | {} | | | |",
            milliseconds(self.save)
        );
        let rows = [
            (
                "bare import, with Tutor's own package",
                self.with_tutor,
                true,
            ),
            ("bare import, with ours", self.with_ours, true),
            ("Python that does nothing", self.python, false),
        ];
        for (what, time, is_aim) in rows {
            let ratio = self.ratio(time);
            let target = is_aim.then(|| Target::ratio(ratio, 1.2));
            let _ = writeln!(
                text,
                "| {what} | {} | {ratio:.2} {} |",
                milliseconds(time),
                target::cells(target.as_slice())
            );
        }
    }
}
