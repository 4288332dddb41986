//! Both programs, the same projects, one run.

use std::time::Duration;

use crate::job::{Job, Timed};
use crate::plan::Plan;
use crate::project::{self, Programs, Project};
use crate::target::{self, Measured, Target};

/// One measured job.
pub(crate) struct Row {
    /// How many plugins there were.
    pub(crate) plugins: usize,
    /// What was done.
    pub(crate) job: Job,
    /// By our program, beside `/bin/true`.
    pub(crate) timed: Timed,
    /// By real Tutor.
    pub(crate) real: Duration,
    /// What is aimed at.
    pub(crate) targets: Vec<Target>,
}

/// The setting that is changed.
pub(crate) const SETTING: &str = "PLATFORM_NAME";

/// Measures all jobs with all numbers of plugins.
pub(crate) fn run(plan: &Plan, programs: &Programs) -> Result<Vec<Row>, String> {
    let mut rows = Vec::new();
    for &plugins in &plan.plugins {
        let project = Project::new(programs, plugins, 0)?;
        rows.extend(jobs(plan, &project, &Job::GENERATED, target::of_generated)?);
        project::same_bytes(&project.ours(), &project.real())?;
    }
    Ok(rows)
}

/// Measures `jobs` with a project.
pub(crate) fn jobs(
    plan: &Plan,
    project: &Project<'_>,
    jobs: &[Job],
    targets: fn(&Measured) -> Vec<Target>,
) -> Result<Vec<Row>, String> {
    let (plugins, ours, real) = (project.size(), project.ours(), project.real());
    let real_runs = plan.real_runs(plugins);
    let mut rows: Vec<Row> = Vec::new();
    let mut nothing = (Duration::ZERO, Duration::ZERO);
    for &job in jobs {
        let timed = job.time_ours(project, &ours, SETTING, plan.runs)?;
        let real = match job {
            // Real Tutor has no cache to leave out.
            Job::NoCache => nothing.1,
            job => job.time_real(project, &real, SETTING, real_runs)?,
        };
        if job == Job::Nothing {
            nothing = (timed.ours, real);
        }
        println!(
            "{plugins} plugins, {}: ours {:?}, /bin/true {:?}, real {real:?}",
            job.name(),
            timed.ours,
            timed.floor
        );
        let targets = targets(&Measured {
            job,
            plugins,
            timed,
            real,
            nothing: nothing.0,
        });
        rows.push(Row {
            plugins,
            job,
            timed,
            real,
            targets,
        });
    }
    Ok(rows)
}
