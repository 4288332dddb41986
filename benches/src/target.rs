//! What is aimed at, and whether it was hit.

use std::time::Duration;

use crate::job::{Job, Timed};
use crate::measure::milliseconds;

/// Says that a target was met.
pub(crate) const MET: &str = "met";
/// Says that one was not.
pub(crate) const MISSED: &str = "**missed**";

/// One aim, held against what was measured.
pub(crate) struct Target {
    /// What is aimed at.
    pub(crate) text: String,
    /// Whether it was hit.
    pub(crate) met: bool,
}

impl Target {
    /// A time that is not to be exceeded, in milliseconds.
    pub(crate) fn at_most(time: Duration, limit: f64) -> Self {
        Self {
            text: format!("≤ {limit} ms"),
            met: milliseconds(time) <= limit,
        }
    }

    /// A ratio that is not to be exceeded.
    pub(crate) fn ratio(ratio: f64, limit: f64) -> Self {
        Self {
            text: format!("≤ {limit}"),
            met: ratio <= limit,
        }
    }

    /// A time that is not to exceed that of `/bin/true` more than so many times.
    fn times_floor(time: Duration, floor: Duration, limit: f64) -> Self {
        Self {
            text: format!("≤ {limit} × `/bin/true`"),
            met: time.as_secs_f64() <= limit * floor.as_secs_f64(),
        }
    }

    /// The same with a few milliseconds more.
    fn times_floor_and(time: Duration, floor: Duration, limit: f64, more: f64) -> Self {
        Self {
            text: format!("≤ {limit} × `/bin/true` + {more} ms"),
            met: milliseconds(time) <= limit * milliseconds(floor) + more,
        }
    }

    /// A time that is to be so many times shorter than another.
    pub(crate) fn faster(time: Duration, real: Duration, limit: f64) -> Self {
        Self {
            text: format!("≥ {limit} times faster"),
            met: limit * time.as_secs_f64() <= real.as_secs_f64(),
        }
    }

    /// A time that is not to exceed that of saving without changes.
    fn as_nothing(time: Duration, nothing: Duration) -> Self {
        Self {
            text: String::from("≤ nothing changed"),
            met: time <= nothing,
        }
    }
}

/// A measured job, as far as it matters for what is aimed at.
pub(crate) struct Measured {
    /// What was done.
    pub(crate) job: Job,
    /// With so many plugins.
    pub(crate) plugins: usize,
    /// By our program, beside `/bin/true`.
    pub(crate) timed: Timed,
    /// By real Tutor.
    pub(crate) real: Duration,
    /// The time of a save without changes.
    pub(crate) nothing: Duration,
}

/// What is aimed at with generated plugins.
pub(crate) fn of_generated(measured: &Measured) -> Vec<Target> {
    let Timed { ours, floor } = measured.timed;
    match (measured.job, measured.plugins) {
        (Job::Nothing | Job::PrintValue, 0) => vec![Target::times_floor(ours, floor, 3.0)],
        (Job::Nothing, 1000) => vec![
            Target::at_most(ours, 10.0),
            Target::faster(ours, measured.real, 5000.0),
        ],
        (Job::OneSetting, 0) => vec![Target::at_most(ours, 8.0)],
        (Job::OneSetting, 1000) => vec![Target::at_most(ours, 25.0)],
        (Job::NoCache, 0) => vec![Target::at_most(ours, 6.0)],
        (Job::NoCache, 1000) => vec![Target::at_most(ours, 60.0)],
        (Job::PrintValue, 1000) => vec![Target::as_nothing(ours, measured.nothing)],
        _ => Vec::new(),
    }
}

/// What is aimed at with Python plugins of API v0.
pub(crate) fn of_python(measured: &Measured) -> Vec<Target> {
    match measured.job {
        Job::Nothing => vec![Target::at_most(measured.timed.ours, 8.0)],
        _ => Vec::new(),
    }
}

/// What is aimed at with Python plugins of today.
pub(crate) fn of_today(measured: &Measured) -> Vec<Target> {
    let Timed { ours, floor } = measured.timed;
    match measured.job {
        Job::Nothing => vec![
            Target::at_most(ours, 10.0),
            Target::faster(ours, measured.real, 300.0),
        ],
        Job::OneSetting => vec![Target::at_most(ours, 50.0)],
        Job::PrintValue => vec![Target::times_floor_and(ours, floor, 3.0, 2.0)],
        _ => Vec::new(),
    }
}

/// Two cells of a table: what is aimed at, and whether it was hit.
pub(crate) fn cells(targets: &[Target]) -> String {
    if targets.is_empty() {
        return String::from("| |");
    }
    let texts: Vec<&str> = targets.iter().map(|target| target.text.as_str()).collect();
    let met: Vec<&str> = targets
        .iter()
        .map(|target| if target.met { MET } else { MISSED })
        .collect();
    format!("| {} | {}", texts.join(", "), met.join(", "))
}
