//! `--timings` and `--trace`: where the time went.

use std::path::Path;
use std::time::Duration;

use engine::profile::{Profile, Span, Work};
use engine::system::System;
use serde_json::{Value, json};

use crate::args::{Format, Save};
use crate::output;
use crate::run::Status;

/// How many owners are listed for people.
const OWNERS: usize = 20;

/// Tells what was measured, in the ways that were asked for.
pub(crate) fn tell(profile: &Profile, save: &Save, system: &dyn System) -> Status {
    match save.timings {
        Some(Format::Text) => output::error_text(text(profile)),
        Some(Format::Json) => output::line(object(profile)),
        None => {}
    }
    match &save.trace {
        Some(path) => trace(profile, path, system),
        None => Status::Success,
    }
}

fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1_000_000.0).round() / 1000.0
}

fn phases(profile: &Profile) -> impl Iterator<Item = Span> {
    let all = profile.all().into_iter();
    all.filter(|span| span.work == Work::Phase)
}

fn text(profile: &Profile) -> String {
    let mut lines = vec![format!(
        "Where the time went ({:.3} ms since the start of the command)",
        milliseconds(profile.elapsed())
    )];
    for phase in phases(profile) {
        lines.push(format!(
            "  {:14} {:10.3} ms",
            phase.name,
            milliseconds(phase.took)
        ));
    }
    let costs = profile.costs();
    if !costs.is_empty() {
        lines.push(String::from("What was done, and for whom"));
    }
    for (owner, cost) in costs.iter().take(OWNERS) {
        let parts: Vec<_> = cost
            .work
            .iter()
            .map(|(work, (count, took))| {
                let name = match (count, work) {
                    (1, work) => work.name(),
                    (_, Work::Phase) => "phases",
                    (_, Work::Declaration) => "declarations",
                    (_, Work::Setting) => "settings",
                    (_, Work::Patch) => "patches",
                    (_, Work::Template) => "templates",
                    (_, Work::Call) => "calls",
                };
                format!("{count} {name} {:.3}", milliseconds(*took))
            })
            .collect();
        lines.push(format!(
            "  {:20} {:10.3} ms  ({})",
            owner.to_string(),
            milliseconds(cost.total()),
            parts.join(", ")
        ));
    }
    if costs.len() > OWNERS {
        let rest: Duration = costs[OWNERS..].iter().map(|(_, cost)| cost.total()).sum();
        lines.push(format!(
            "  {} others{:15} {:10.3} ms",
            costs.len() - OWNERS,
            "",
            milliseconds(rest)
        ));
    }
    let counts = profile.counts();
    lines.extend(profile.notes());
    lines.extend(unsteady(profile));
    lines.push(format!(
        "Queries: {} ran, {} reused; {} answers from the cache",
        counts.ran, counts.reused, counts.recalled
    ));
    lines.join("\n")
}

/// What cannot be remembered as others are, in words.
fn unsteady(profile: &Profile) -> Vec<String> {
    let unsteady = profile.unsteady();
    let mut lines = Vec::new();
    if !unsteady.impure.is_empty() {
        lines.push(String::from(
            "Impure calls, made anew whenever what uses them is",
        ));
    }
    for ((owner, what), impure) in &unsteady.impure {
        let causes: Vec<_> = impure.causes.iter().map(String::as_str).collect();
        let times = match impure.times {
            0 => String::from("not called"),
            1 => String::from("called once"),
            times => format!("called {times} times"),
        };
        lines.push(format!(
            "  {owner}: {what} ({}; {times})",
            causes.join(", ")
        ));
    }
    if !unsteady.kept.is_empty() {
        lines.push(String::from(
            "Kept from call to call: all calls that depend on it are made in each save that renders anything",
        ));
    }
    for (name, what) in &unsteady.kept {
        let what: Vec<_> = what.iter().map(String::as_str).collect();
        lines.push(format!("  {name}: {}", what.join(", ")));
    }
    lines
}

fn object(profile: &Profile) -> Value {
    let unsteady = profile.unsteady();
    let impure = unsteady.impure.iter().map(|((owner, what), impure)| {
        json!({
            "owner": owner.to_string(),
            "call": what,
            "because": impure.causes,
            "times": impure.times,
        })
    });
    let kept = unsteady
        .kept
        .iter()
        .map(|(name, what)| json!({ "by": name, "what": what }));
    let counts = profile.counts();
    let costs = profile.costs();
    let owners = costs.iter().map(|(owner, cost)| {
        let work = cost.work.iter().map(|(work, (count, took))| {
            (
                work.name().to_owned(),
                json!({ "count": count, "milliseconds": milliseconds(*took) }),
            )
        });
        json!({
            "owner": owner.to_string(),
            "milliseconds": milliseconds(cost.total()),
            "work": work.collect::<serde_json::Map<_, _>>(),
        })
    });
    let phases = phases(profile)
        .map(|phase| json!({ "name": &*phase.name, "milliseconds": milliseconds(phase.took) }));
    json!({
        "milliseconds": milliseconds(profile.elapsed()),
        "phases": phases.collect::<Vec<_>>(),
        "owners": owners.collect::<Vec<_>>(),
        "notes": profile.notes(),
        "impure": impure.collect::<Vec<_>>(),
        "kept": kept.collect::<Vec<_>>(),
        "queries": {
            "ran": counts.ran,
            "reused": counts.reused,
            "from_cache": counts.recalled,
        },
    })
}

/// A trace in Chrome's format: times in microseconds.
fn trace(profile: &Profile, path: &Path, system: &dyn System) -> Status {
    let microseconds = |time: Duration| time.as_secs_f64() * 1_000_000.0;
    let events = profile.all().into_iter().map(|span| {
        json!({
            "name": &*span.name,
            "cat": span.work.name(),
            "ph": "X",
            "ts": microseconds(span.start),
            "dur": microseconds(span.took),
            "pid": 1,
            "tid": span.thread,
            "args": { "owner": span.owner.map(|owner| owner.to_string()) },
        })
    });
    let trace = json!({ "traceEvents": events.collect::<Vec<_>>(), "displayTimeUnit": "ms" });
    let path = system.resolve(path);
    match system.write(&path, trace.to_string().as_bytes()) {
        Ok(()) => Status::Success,
        Err(error) => {
            output::alert(format_args!(
                "{} cannot be written: {error}",
                path.display()
            ));
            Status::Failure
        }
    }
}
