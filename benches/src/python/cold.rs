//! A save that has to load all plugins, beside Python alone importing their modules.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tests::{paths, sandbox};

use super::enabled;
use crate::measure::{Samples, Subject};
use crate::plan::Plan;
use crate::project::{self, Project};

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
pub(crate) fn run(plan: &Plan, project: &Project<'_>, python: &Path) -> Result<Cold, String> {
    let ours = project.ours();
    let cache = ours.root.join(".tutor/cache");
    let package = our_package(project)?;
    let imports: Vec<String> = enabled().into_iter().map(module).collect();
    let imports = format!("import {}", imports.join(", "));
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

/// What the entry point of a plugin of that time names.
fn module(plugin: &str) -> String {
    format!("tutor{plugin}.plugin")
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
    pub(crate) fn ratio(&self, import: Duration) -> f64 {
        self.save.as_secs_f64() / import.as_secs_f64()
    }
}
