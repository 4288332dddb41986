//! Both programs, the same projects, one run.

use std::time::Duration;

use crate::job::{Job, Timed};
use crate::plan::Plan;
use crate::project::{self, Programs, Project};
use crate::target::{self, Target};

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
        rows.extend(jobs(plan, programs, plugins)?);
    }
    Ok(rows)
}

fn jobs(plan: &Plan, programs: &Programs, plugins: usize) -> Result<Vec<Row>, String> {
    let project = Project::new(programs, plugins, 0)?;
    let (ours, real) = (project.ours(), project.real());
    let real_runs = plan.real_runs(plugins);
    let mut rows: Vec<Row> = Vec::new();
    let mut nothing = (Duration::ZERO, Duration::ZERO);
    for job in Job::ALL {
        let timed = job.time_ours(&project, &ours, SETTING, plan.runs)?;
        let real = match job {
            // Real Tutor has no cache to leave out.
            Job::NoCache => nothing.1,
            job => job.time_real(&project, &real, SETTING, real_runs)?,
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
        let targets = target::of_job(job, plugins, timed.ours, timed.floor, real, nothing.0);
        rows.push(Row {
            plugins,
            job,
            timed,
            real,
            targets,
        });
    }
    project::same_bytes(&ours, &real)?;
    Ok(rows)
}
