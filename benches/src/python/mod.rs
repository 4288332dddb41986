//! Python plugins of API v0, beside the Tutor of their time; those of API v1 are in [`today`].

mod cold;
mod discovery;
mod section;
mod starts;
pub(crate) mod today;

use tests::era::{Era, PLUGINS, VERSION};
use tests::oracle::Request;

use crate::compare::{self, Row};
use crate::job::Job;
use crate::plan::Plan;
use crate::project::{self, Programs, Project};
use crate::target;

use cold::Cold;
use discovery::Discovery;

/// The plugins that are enabled: all that are installed. `ecommerce` needs `mfe`, which is of API v1, as is `webui`.
fn enabled() -> [&'static str; PLUGINS.len()] {
    PLUGINS.map(|(name, _)| name)
}

/// What the entry points of plugins name, of that time and of today.
fn modules(plugins: &[&str]) -> Vec<String> {
    let module = |name: &&str| format!("tutor{name}.plugin");
    plugins.iter().map(module).collect()
}

/// Settings of the plugins that both programs would draw. Not secrets of anybody.
const SECRETS: &str = include_str!("../../../tests/era/secrets.yml");

/// What was measured.
pub(crate) struct Python {
    /// What real Tutor is made of.
    versions: String,
    /// Both programs.
    rows: Vec<Row>,
    /// Nothing remembered.
    cold: Cold,
    /// Many packages.
    discovery: Discovery,
}

/// Measures everything that has to do with Python.
pub(crate) fn run(plan: &Plan) -> Result<Python, String> {
    let era = Era::get()?;
    let programs = Programs::with_plugins(era.tutor_python(), era.templates())?;
    let settings = format!("TUTOR_VERSION: {VERSION}\n{SECRETS}");
    let project = Project::of_installed(&programs, &enabled(), settings)?;
    let rows = compare::jobs(plan, &project, &Job::PYTHON, target::of_python)?;
    same_bytes(&project)?;
    starts::none_when_warm(&project, programs.python())?;
    Ok(Python {
        versions: programs.versions()?,
        rows,
        cold: cold::run(plan, &project, programs.python(), &modules(&enabled()))?,
        discovery: discovery::run(plan, &programs)?,
    })
}

/// Both programs write the same bytes, once that Tutor takes patches in our order: by the names of plugins, rather than
/// those of API v1 last.
fn same_bytes(project: &Project<'_>) -> Result<(), String> {
    let real = project.real();
    let path = |name: &str, path: &std::path::Path| (name.to_owned(), path.display().to_string());
    let request = Request {
        args: vec!["config".into(), "save".into()],
        env: vec![
            path("HOME", &real.root),
            path("TUTOR_ROOT", &real.root),
            path("TUTOR_PLUGINS_ROOT", &real.plugins),
        ],
        cwd: real.root.clone(),
        templates: None,
        prelude: Some(Era::patches_by_name()),
    };
    let answer = Era::get()?.run(&request)?;
    if answer.status != 0 {
        return Err(format!("real Tutor {VERSION}: {}", answer.stderr));
    }
    project::same_bytes(&project.ours(), &real)
}
