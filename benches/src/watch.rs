//! How soon a watch has written what an editor has saved.

use std::thread::sleep;
use std::time::Duration;

use crate::compare::SETTING;
use crate::editor::Editor;
use crate::measure::{Samples, milliseconds};
use crate::plan::Plan;
use crate::project::{Programs, Project, settle};
use crate::target::Target;
use crate::watched::RunningWatch;

/// Between two edits.
const PAUSE: Duration = Duration::from_millis(2);
/// Every so many edits there is a longer pause.
const LONG_PAUSE_EVERY: usize = 50;
/// Long enough that the watch does what it puts off until it is idle.
const LONG_PAUSE: Duration = Duration::from_millis(600);
/// How long the watch is left alone before its processor time is looked at.
const CALM: Duration = Duration::from_secs(1);
/// How long that is looked at.
const IDLE: Duration = Duration::from_secs(2);

/// Where templates come from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Templates {
    /// A folder: those of real Tutor.
    Real,
    /// Our own.
    BuiltIn,
}

/// What a watch did.
pub(crate) struct Watched {
    /// With so many plugins.
    pub(crate) plugins: usize,
    /// With these templates.
    pub(crate) templates: Templates,
    /// From the editor's last call to the line that tells of the save.
    pub(crate) latency: Samples,
    /// The same for edits of `config.yml` alone.
    pub(crate) of_config: Samples,
    /// The same for edits of plugins alone.
    pub(crate) of_plugins: Samples,
    /// The part of it that the save took.
    pub(crate) saving: Samples,
    /// Memory before the first edit, in MiB.
    pub(crate) memory_at_first: f64,
    /// Memory after a tenth of the edits.
    pub(crate) memory_at_start: f64,
    /// Memory after the last one.
    pub(crate) memory_at_end: f64,
    /// Processor time while nothing happened, in ticks.
    pub(crate) idle_ticks: u64,
}

/// One line of the report.
pub(crate) struct Line {
    /// What was measured.
    pub(crate) what: String,
    /// What came out.
    pub(crate) figure: String,
    /// What is aimed at.
    pub(crate) targets: Vec<Target>,
}

/// Measures watches with all numbers of plugins, for long with the first, and with that on the built-in templates, too.
pub(crate) fn run(plan: &Plan, programs: &Programs) -> Result<Vec<Watched>, String> {
    let numbers = &plan.watch_plugins;
    let built_in = numbers
        .first()
        .map(|&plugins| (plugins, Templates::BuiltIn));
    let real = numbers.iter().map(|&plugins| (plugins, Templates::Real));
    real.chain(built_in)
        .enumerate()
        .map(|(place, (plugins, templates))| {
            let edits = if place == 0 {
                plan.long_edits
            } else {
                plan.edits
            };
            watch(programs, plugins, templates, edits)
        })
        .collect()
}

fn watch(
    programs: &Programs,
    plugins: usize,
    templates: Templates,
    edits: usize,
) -> Result<Watched, String> {
    let project = Project::new(programs, plugins, 0)?;
    let mut ours = project.ours();
    if templates == Templates::BuiltIn {
        ours.templates = None;
    }
    project.prepare(&ours.root)?;
    ours.time(&["config", "save", "--set", &format!("{SETTING}=Number 0")])?;
    settle(&ours)?;
    let editor = Editor::new(&ours.root, &project.plugins(), plugins)?;
    let watch = RunningWatch::start(&ours)?;
    sleep(CALM);
    let memory_at_first = watch.memory()?;
    let mut memory_at_start = memory_at_first;
    let (mut of_config, mut of_plugins, mut saving) = (Vec::new(), Vec::new(), Vec::new());
    for number in 1..=edits {
        let edit = |error: std::io::Error| format!("edit {number}: {error}");
        let saved = editor.edit(number).map_err(edit)?;
        let wrote = watch
            .wrote()
            .map_err(|problem| format!("after edit {number}: {problem}"))?;
        let latency = if editor.edits_config(number) {
            &mut of_config
        } else {
            &mut of_plugins
        };
        latency.push(wrote.at.saturating_duration_since(saved));
        saving.push(wrote.took);
        let long = number % LONG_PAUSE_EVERY == 0;
        sleep(if long { LONG_PAUSE } else { PAUSE });
        if number == edits.div_ceil(10) {
            memory_at_start = watch.memory()?;
        }
    }
    sleep(CALM);
    let memory_at_end = watch.memory()?;
    let before = watch.ticks()?;
    sleep(IDLE);
    let watched = Watched {
        plugins,
        templates,
        latency: Samples::new([&of_config[..], &of_plugins[..]].concat()),
        of_config: Samples::new(of_config),
        of_plugins: Samples::new(of_plugins),
        saving: Samples::new(saving),
        memory_at_first,
        memory_at_start,
        memory_at_end,
        idle_ticks: watch.ticks()? - before,
    };
    println!(
        "watch with {plugins} plugins, {} templates, {edits} edits: median {:?}, p99 {:?}, longest {:?}",
        templates.name(),
        watched.latency.median(),
        watched.latency.percentile(99),
        watched.latency.longest()
    );
    Ok(watched)
}

impl Templates {
    /// What the report calls them.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Real => "real",
            Self::BuiltIn => "built-in",
        }
    }
}

impl Watched {
    /// The report's lines.
    pub(crate) fn lines(&self) -> Vec<Line> {
        let median = self.latency.median();
        let late = self.latency.percentile(99);
        let aim = |time, limit: Option<f64>| -> Vec<Target> {
            limit
                .map(|limit| Target::at_most(time, limit))
                .into_iter()
                .collect()
        };
        let (median_limit, late_limit) = match self.plugins {
            0 => (Some(2.0), Some(5.0)),
            1000 => (None, Some(15.0)),
            _ => (None, None),
        };
        let time = |what: &str, time: Duration, targets| Line {
            what: what.to_owned(),
            figure: format!("{:.2} ms", milliseconds(time)),
            targets,
        };
        let memory = |what: &str, memory: f64, targets| Line {
            what: what.to_owned(),
            figure: format!("{memory:.1} MiB"),
            targets,
        };
        let flat = Target {
            text: String::from("≤ 5 % more than after a tenth"),
            met: self.memory_at_end <= self.memory_at_start * 1.05,
        };
        let idle = Target {
            text: String::from("0 ticks"),
            met: self.idle_ticks == 0,
        };
        let mut lines = vec![
            time("median", median, aim(median, median_limit)),
            time("99 of 100", late, aim(late, late_limit)),
            time("longest", self.latency.longest(), Vec::new()),
        ];
        if self.of_plugins.count() > 0 {
            let (config, plugins) = (self.of_config.median(), self.of_plugins.median());
            lines.push(time("median of edits of `config.yml`", config, Vec::new()));
            lines.push(time("median of edits of a patch", plugins, Vec::new()));
        }
        lines.extend([
            time("the save alone, median", self.saving.median(), Vec::new()),
            memory("memory before the edits", self.memory_at_first, Vec::new()),
            memory("memory after a tenth", self.memory_at_start, Vec::new()),
            memory("memory after all", self.memory_at_end, vec![flat]),
            Line {
                what: format!("processor time in {} idle seconds", IDLE.as_secs()),
                figure: format!("{} ticks", self.idle_ticks),
                targets: vec![idle],
            },
        ]);
        lines
    }
}
