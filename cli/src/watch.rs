//! `config save --watch`: what it says, and how it ends.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use engine::commands::{Engine, SaveRequest};
use engine::diagnostics::{Diagnostics, Severity};
use engine::watch::{Report, Round, Watch, WatchRequest};
use serde_json::json;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::args::{Format, Save};
use crate::run::Status;
use crate::{diagnostics, output};

/// How many files a line names before it only counts.
const NAMED: usize = 3;

/// Watches until Ctrl-C.
pub(crate) fn run(
    engine: &mut Engine,
    save: &Save,
    first: SaveRequest,
    strict: bool,
    show: &mut dyn FnMut(engine::Event),
) -> Status {
    let watch = Watch::default();
    let stopper = watch.stopper();
    match Signals::new([SIGINT, SIGTERM, SIGHUP]) {
        Ok(mut signals) => {
            std::thread::spawn(move || {
                for _ in signals.forever() {
                    stopper.stop();
                }
            });
        }
        // Then a signal ends the process at once; the next save repairs what that may leave.
        Err(error) => output::alert(format_args!("signals cannot be caught: {error}")),
    }
    let request = WatchRequest {
        first,
        exec: save.exec.clone(),
        poll: save.poll,
    };
    let names = Names {
        root: engine.root().to_owned(),
        plugins_root: engine.plugins_root().to_owned(),
    };
    let mut tell = |report: Report| match save.format {
        Format::Text => text(&names, report, strict),
        Format::Json => line(report, strict),
    };
    match watch.run(engine, &request, show, &mut tell) {
        Ok(()) => Status::Success,
        Err(problems) => {
            diagnostics::print(&problems, strict);
            Status::Failure
        }
    }
}

/// Short names of paths.
struct Names {
    root: PathBuf,
    plugins_root: PathBuf,
}

impl Names {
    /// Some of the paths, and how many there are more.
    fn list(&self, paths: &[PathBuf]) -> String {
        let short = |path: &PathBuf| {
            let below = path.strip_prefix(&self.root);
            let below = below.or_else(|_| path.strip_prefix(&self.plugins_root));
            below.unwrap_or(path).display().to_string()
        };
        let named: Vec<_> = paths.iter().take(NAMED).map(short).collect();
        let mut list = named.join(", ");
        if paths.len() > NAMED {
            let _ = write!(list, " and {} more", paths.len() - NAMED);
        }
        list
    }
}

fn text(names: &Names, report: Report, strict: bool) {
    match report {
        Report::Watching { polling } => {
            let how = polling.map_or(String::new(), |why| {
                format!(" by looking at files every now and then ({why})")
            });
            output::info(format_args!("Watching for changes{how}; Ctrl-C ends it"));
        }
        Report::Printed(printed) => output::error_text(printed.text.trim_end()),
        Report::Saved(round, remarks) => {
            diagnostics::print(&remarks, strict);
            output::info(saved(names, &round));
        }
        Report::Failed(trigger, problems) => {
            diagnostics::print(&problems, strict);
            let what = if trigger.is_empty() {
                String::from("The first save failed")
            } else {
                format!("{} changed, but cannot be saved", names.list(&trigger))
            };
            output::alert(format_args!(
                "{what}: nothing is written until this is put right"
            ));
        }
        Report::Waiting { why } => output::alert(why),
        Report::Ran { status } => match status {
            Ok(Some(0)) => {}
            Ok(Some(status)) => {
                output::alert(format_args!("The command ended with status {status}"));
            }
            Ok(None) => output::alert("The command was killed"),
            Err(error) => output::alert(format_args!("The command cannot be run: {error}")),
        },
    }
}

/// One line for one save.
fn saved(names: &Names, round: &Round) -> String {
    let trigger = if round.trigger.is_empty() {
        String::from("First save")
    } else {
        names.list(&round.trigger)
    };
    let mut done = Vec::new();
    let mut written = round.written.clone();
    if round.config_written {
        written.insert(0, names.root.join("config.yml"));
    }
    if !written.is_empty() {
        done.push(format!(
            "{} written ({})",
            written.len(),
            names.list(&written)
        ));
    }
    if !round.removed.is_empty() {
        done.push(format!(
            "{} removed ({})",
            round.removed.len(),
            names.list(&round.removed)
        ));
    }
    let done = if done.is_empty() {
        String::from("nothing to write")
    } else {
        done.join(", ")
    };
    format!("{trigger}: {done} in {:.1} ms", milliseconds(round))
}

fn milliseconds(round: &Round) -> f64 {
    round.took.as_secs_f64() * 1000.0
}

/// One JSON object a line.
fn line(report: Report, strict: bool) {
    let object = match report {
        Report::Watching { polling } => json!({ "event": "watching", "polling": polling }),
        Report::Printed(printed) => {
            json!({ "event": "printed", "plugin": printed.plugin, "text": printed.text })
        }
        Report::Saved(round, remarks) => json!({
            "event": "saved",
            "trigger": paths(&round.trigger),
            "written": paths(&round.written),
            "removed": paths(&round.removed),
            "config_written": round.config_written,
            "milliseconds": milliseconds(&round),
            "diagnostics": all(&remarks, strict),
        }),
        Report::Failed(trigger, problems) => json!({
            "event": "failed",
            "trigger": paths(&trigger),
            "diagnostics": all(&problems, strict),
        }),
        Report::Waiting { why } => json!({ "event": "waiting", "why": why }),
        Report::Ran { status } => match status {
            Ok(status) => json!({ "event": "ran", "status": status }),
            Err(error) => json!({ "event": "ran", "error": error }),
        },
    };
    output::line(object);
}

fn paths(paths: &[PathBuf]) -> Vec<String> {
    paths.iter().map(|path: &PathBuf| name(path)).collect()
}

fn name(path: &Path) -> String {
    path.display().to_string()
}

fn all(found: &Diagnostics, strict: bool) -> Vec<serde_json::Value> {
    let worth = |severity: Severity| severity > Severity::Remark || strict;
    let shown = found.iter().filter(|diagnostic| worth(diagnostic.severity));
    shown
        .map(|diagnostic| {
            json!({
                "severity": format!("{:?}", diagnostic.severity).to_lowercase(),
                "code": diagnostic.code,
                "message": diagnostic.message,
                "place": diagnostic.place.as_ref().map(ToString::to_string),
                "owner": diagnostic.owner.as_ref().map(ToString::to_string),
                "hint": diagnostic.hint,
            })
        })
        .collect()
}
