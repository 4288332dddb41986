//! Our program alone, with ever more plugins and template files.

use std::time::Duration;

use ::tests::plugins_gen::setting_of_one_template;

use crate::compare::SETTING;
use crate::job::Job;
use crate::measure::milliseconds;
use crate::plan::Plan;
use crate::plot::{Line, Panel};
use crate::project::{Programs, Project};

/// What was measured as one thing grew.
pub(crate) struct Scale {
    /// What grew.
    pub(crate) what: &'static str,
    /// By size.
    pub(crate) rows: Vec<Row>,
}

/// What was measured at one size.
pub(crate) struct Row {
    /// How many of it there were.
    pub(crate) size: usize,
    /// Times of [`JOBS`].
    pub(crate) times: [Duration; JOBS.len()],
    /// Most memory that a save without cache had, in MiB.
    pub(crate) memory: f64,
    /// Most memory that a save without changes had.
    pub(crate) memory_nothing: f64,
}

/// What is done at each size, in the order of the report.
pub(crate) const JOBS: [(Job, &str); 3] = [
    (Job::NoCache, "no cache"),
    (Job::Nothing, "nothing changed"),
    (Job::OneSetting, "one setting changed"),
];

/// Measures all sizes.
pub(crate) fn run(plan: &Plan, programs: &Programs) -> Result<[Scale; 2], String> {
    let runs = plan.scale_runs();
    let measure = |what, sizes: &[usize], is_templates: bool| {
        let rows: Result<Vec<Row>, String> = sizes
            .iter()
            .map(|&size| {
                let row = measure(programs, size, is_templates, runs)?;
                println!("{size} {what}: {:?}, {:.0} MiB", row.times, row.memory);
                Ok(row)
            })
            .collect();
        Ok::<_, String>(Scale { what, rows: rows? })
    };
    Ok([
        measure("plugins", &plan.scale_plugins, false)?,
        measure("template files", &plan.scale_templates, true)?,
    ])
}

fn measure(
    programs: &Programs,
    size: usize,
    is_templates: bool,
    runs: usize,
) -> Result<Row, String> {
    let (project, setting) = if is_templates {
        let project = Project::new(programs, 0, size)?;
        (project, setting_of_one_template())
    } else {
        (Project::new(programs, size, 0)?, SETTING.to_owned())
    };
    let ours = project.ours();
    Job::First.time_ours(&project, &ours, &setting, 1)?;
    let mut times = [Duration::ZERO; JOBS.len()];
    for (time, (job, _)) in times.iter_mut().zip(JOBS) {
        *time = job.time_ours(&project, &ours, &setting, runs)?.ours;
    }
    Ok(Row {
        size,
        times,
        memory: ours.memory(&["config", "save", "--no-cache"])?,
        memory_nothing: ours.memory(&["config", "save"])?,
    })
}

impl Scale {
    /// How each of [`JOBS`] grows from the second largest size to the largest, as an exponent: 1 is in proportion.
    pub(crate) fn growth(&self) -> Option<Growth> {
        let [.., before, last] = self.rows.as_slice() else {
            return None;
        };
        if before.size == 0 || before.size >= last.size {
            return None;
        }
        let ratio = last.size as f64 / before.size as f64;
        let exponent = |job: usize| {
            let times = last.times[job].as_secs_f64() / before.times[job].as_secs_f64();
            times.ln() / ratio.ln()
        };
        Some(Growth {
            from: before.size,
            to: last.size,
            exponents: std::array::from_fn(exponent),
        })
    }
}

/// Growth between two sizes.
pub(crate) struct Growth {
    /// The smaller size.
    pub(crate) from: usize,
    /// The larger one.
    pub(crate) to: usize,
    /// The exponents, by [`JOBS`].
    pub(crate) exponents: [f64; JOBS.len()],
}

/// What the plot shows. A size of zero has no place on a logarithmic axis.
pub(crate) fn panels(scales: &[Scale]) -> Vec<Panel> {
    scales.iter().map(panel).collect()
}

fn panel(scale: &Scale) -> Panel {
    let line = |(index, (_, name)): (usize, (Job, &'static str))| Line {
        name,
        points: scale
            .rows
            .iter()
            .filter(|row| row.size > 0)
            .map(|row| (row.size as f64, milliseconds(row.times[index])))
            .collect(),
    };
    Panel {
        what: scale.what,
        lines: JOBS.into_iter().enumerate().map(line).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_doubles_with_the_size_grows_in_proportion() {
        let row = |size: usize| Row {
            size,
            times: [1, 2, 3].map(|factor| Duration::from_millis((size * factor) as u64)),
            memory: 0.0,
            memory_nothing: 0.0,
        };
        let scale = Scale {
            what: "plugins",
            rows: vec![row(1), row(100), row(200)],
        };
        let growth = scale.growth().unwrap();
        assert_eq!((growth.from, growth.to), (100, 200));
        assert!(
            growth
                .exponents
                .iter()
                .all(|exponent| (exponent - 1.0).abs() < 1e-9)
        );
    }
}
