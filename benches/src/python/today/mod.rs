//! Python plugins of API v1, beside the Tutor that they are for.

mod reimport;
mod section;
mod watch;

use tests::today::{PLUGINS, Today};

use super::cold::{self, Cold};
use super::{modules, starts};
use crate::compare::{self, Row};
use crate::job::Job;
use crate::plan::Plan;
use crate::project::{self, Programs, Project};
use crate::target;

use watch::Watched;

/// Settings of the plugins that both programs would draw. Not secrets of anybody.
const SECRETS: &str = include_str!("../../../../tests/today/secrets.yml");

/// What was measured.
pub(crate) struct Measured {
    /// What real Tutor is made of.
    versions: String,
    /// Both programs.
    rows: Vec<Row>,
    /// Nothing remembered.
    cold: Cold,
    /// Edits of modules.
    watched: Watched,
}

/// Measures everything that has to do with these plugins.
pub(crate) fn run(plan: &Plan) -> Result<Measured, String> {
    let today = Today::get()?;
    let programs = Programs::with_plugins(today.tutor_python(), today.templates())?;
    let project = Project::of_installed(&programs, &PLUGINS, SECRETS.to_owned())?;
    let rows = compare::jobs(plan, &project, &Job::PYTHON, target::of_today)?;
    project::same_bytes(&project.ours(), &project.real())?;
    starts::none_when_warm(&project, programs.python())?;
    Ok(Measured {
        versions: programs.versions()?,
        rows,
        cold: cold::run(plan, &project, programs.python(), &modules(&PLUGINS))?,
        watched: watch::run(plan, today)?,
    })
}
