//! What a program is asked to do while the clock runs.

use std::thread::sleep;
use std::time::Duration;

use crate::measure::{Samples, Subject};
use crate::plan::SETTLED;
use crate::project::{self, Project};

/// Something that users do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Job {
    /// Save into an empty root.
    First,
    /// Save what is saved.
    Nothing,
    /// Save another value of a setting.
    OneSetting,
    /// Save what is saved, computing everything anew.
    NoCache,
    /// Ask for a setting.
    PrintValue,
    /// Ask which plugins there are.
    List,
}

/// Medians of runs that took turns.
#[derive(Clone, Copy)]
pub(crate) struct Timed {
    /// Our program.
    pub(crate) ours: Duration,
    /// `/bin/true`.
    pub(crate) floor: Duration,
}

impl Job {
    /// With generated plugins, in the order in which they can be done.
    pub(crate) const GENERATED: [Self; 5] = [
        Self::First,
        Self::Nothing,
        Self::OneSetting,
        Self::NoCache,
        Self::PrintValue,
    ];

    /// With Python plugins.
    pub(crate) const PYTHON: [Self; 5] = [
        Self::First,
        Self::Nothing,
        Self::OneSetting,
        Self::PrintValue,
        Self::List,
    ];

    /// What it is called in the report.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::First => "first save",
            Self::Nothing => "save again, nothing changed",
            Self::OneSetting => "save, one setting changed",
            Self::NoCache => "save, no cache",
            Self::PrintValue => "printvalue",
            Self::List => "plugins list",
        }
    }

    /// Times our program and `/bin/true`, by turns. `setting` is the one to change.
    pub(crate) fn time_ours(
        self,
        project: &Project<'_>,
        ours: &Subject,
        setting: &str,
        runs: usize,
    ) -> Result<Timed, String> {
        let nothing = Subject::nothing();
        if !matches!(self, Self::First | Self::NoCache) {
            project::settle(ours)?;
        }
        let (mut times, mut floor) = (Vec::new(), Vec::new());
        for number in (0..runs).rev() {
            if self == Self::OneSetting {
                // Nobody changes a setting while the last change is being saved.
                sleep(SETTLED);
            }
            floor.push(nothing.time(&[])?);
            times.push(self.run(project, ours, setting, number)?);
        }
        Ok(Timed {
            ours: Samples::new(times).median(),
            floor: Samples::new(floor).median(),
        })
    }

    /// Times real Tutor.
    pub(crate) fn time_real(
        self,
        project: &Project<'_>,
        real: &Subject,
        setting: &str,
        runs: usize,
    ) -> Result<Duration, String> {
        let times: Result<Vec<_>, String> = (0..runs)
            .rev()
            .map(|number| self.run(project, real, setting, number))
            .collect();
        Ok(Samples::new(times?).median())
    }

    /// One run. The last one of a series has the number 0, so that series of any length leave the same behind.
    pub(crate) fn run(
        self,
        project: &Project<'_>,
        subject: &Subject,
        setting: &str,
        number: usize,
    ) -> Result<Duration, String> {
        match self {
            Self::First => {
                project.prepare(&subject.root)?;
                subject.time(&["config", "save"])
            }
            Self::Nothing => subject.time(&["config", "save"]),
            Self::OneSetting => {
                let edit = format!("{setting}=Number {number}");
                subject.time(&["config", "save", "--set", &edit])
            }
            Self::NoCache => subject.time(&["config", "save", "--no-cache"]),
            Self::PrintValue => subject.time(&["config", "printvalue", "LMS_HOST"]),
            Self::List => subject.time(&["plugins", "list"]),
        }
    }
}
