//! What goes wrong while a function of a plugin is called, in words.

use std::borrow::Cow;

use super::failures::{called_from, place};
use super::host::{Doer, Failed, Problem};
use super::last_words::{MORE_TIME, frames_in, last_lines};
use crate::diagnostics::{Diagnostic, Owner, Place};

/// How much of what an exception says is told.
const LONGEST: usize = 2000;

/// A function, for people: whose, which, for what, and where it is written.
fn describe(doer: &Doer) -> String {
    let what = doer.function.as_ref().map_or_else(
        || String::from("what was added"),
        |name| format!("the function {name}"),
    );
    let whose = match &doer.plugin {
        Some(plugin) => format!("of plugin '{plugin}'"),
        None => String::from("of the core"),
    };
    let hook = doer
        .hook
        .as_deref()
        .map_or_else(String::new, |hook| format!(" for {hook}"));
    let place = place_of(doer).map_or_else(String::new, |place| {
        let line = place
            .line
            .map_or_else(String::new, |line| format!(":{line}"));
        format!(" ({}{line})", place.origin)
    });
    format!("{what} {whose}{hook}{place}")
}

fn place_of(doer: &Doer) -> Option<Place> {
    Some(Place {
        origin: doer.file.clone()?,
        line: doer.line,
        ..Place::default()
    })
}

/// Whose it is, as the host says; else as `owner` says.
fn owner_of(doer: Option<&Doer>, owner: Owner) -> Owner {
    let plugin = doer.and_then(|doer| doer.plugin.as_deref());
    plugin.map_or(owner, |plugin| Owner::Plugin(plugin.into()))
}

/// The host did not make a call.
pub(super) fn of_call(what: &str, owner: Owner, failed: &Failed) -> Diagnostic {
    let is_slow = matches!(failed, Failed::Silent { .. });
    let (message, last_words, doer) = match failed {
        Failed::Start(why) | Failed::Refused(why) | Failed::Nonsense(why) => {
            (format!("{what} cannot be called: {why}"), "", &None)
        }
        Failed::Silent {
            patience,
            last_words,
            doer,
        } => (
            format!(
                "{what} has not answered within {} s",
                patience.as_secs_f64()
            ),
            last_words.as_str(),
            doer,
        ),
        Failed::Died {
            how,
            last_words,
            doer,
        } => {
            let how = how.map_or_else(String::new, |how| format!(" ({how})"));
            let message = format!("{what} ended Python{how}");
            (message, last_words.as_str(), doer)
        }
    };
    let doer = doer.as_deref();
    let owner = owner_of(doer, owner);
    let mut diagnostic = Diagnostic::error("plugin-call", message).of(owner);
    if let Some(doer) = doer {
        diagnostic.place = place_of(doer);
        let note = format!("at work was {}", describe(doer));
        diagnostic.notes.push(note);
    }
    diagnostic.notes.extend(last_lines(last_words));
    {
        let of_plugin = |place: &Place| {
            let is_pythons = place.origin.contains("/lib/python");
            !is_pythons || place.origin.contains("/site-packages/")
        };
        let found = frames_in(last_words).find(of_plugin);
        diagnostic.place = found.or(diagnostic.place);
    }
    if is_slow {
        diagnostic.hint = Some(MORE_TIME.to_owned());
    }
    diagnostic
}

/// Who has given something that nobody expects.
fn odd(given: &Doer) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let found = match &*text(&given.found) {
        "NoneType" => String::from("None"),
        other => other.to_owned(),
    };
    format!(
        "{} returned {found}, expected a {}",
        describe(given),
        text(&given.expected)
    )
}

/// A function that was called has raised an exception, or its result cannot be told.
pub(super) fn of_called(what: &str, owner: Owner, problem: &Problem) -> Diagnostic {
    let whole = in_circles(&problem.message);
    let mut said: String = whole.chars().take(LONGEST).collect();
    if said.len() < whole.len() {
        said.push('…');
    }
    let message = match &*problem.kind {
        "Unrepresentable" => format!("what {what} answers cannot be told: {said}"),
        "Refusal" => format!("{what} cannot be called: {said}"),
        "Declaration" => said,
        kind => format!("{what} has raised {kind}: {said}"),
    };
    let given = problem.given.as_deref();
    let message = match given {
        // Nobody has failed on it yet.
        Some(given) if problem.kind == "Turned" => {
            format!("{what} comes to nothing: {}", odd(given))
        }
        Some(given) => format!("{}; {message}", odd(given)),
        None => message,
    };
    let mut diagnostic = Diagnostic::error("plugin-call", message).of(owner_of(given, owner));
    diagnostic.place = given.and_then(place_of);
    if given.is_some() && problem.kind != "Turned" {
        let plugin = problem.plugin.as_deref();
        let whose = plugin.map_or_else(
            || String::from("the core"),
            |name| format!("plugin '{name}'"),
        );
        diagnostic.notes.push(match problem.frames.last() {
            Some(frame) => {
                let line = frame
                    .line
                    .map_or_else(String::new, |line| format!(":{line}"));
                let function = frame.function.as_deref().unwrap_or("<module>");
                format!(
                    "a function of {whose} failed on it: {}{line}, in {function}",
                    frame.file
                )
            }
            None => format!("what {whose} adds could not be added to it"),
        });
    }
    let declared = || {
        Some(Place {
            origin: problem.file.clone()?,
            line: problem.line,
            ..Place::default()
        })
    };
    diagnostic.place = diagnostic
        .place
        .or_else(|| problem.frames.last().map(place))
        .or_else(declared);
    let above = problem.frames.iter().rev().skip(1);
    diagnostic.notes.extend(above.map(called_from));
    diagnostic
}

/// What is said of errors of errors: where functions call each other through what they render, it is the same again and
/// again.
fn in_circles(message: &str) -> Cow<'_, str> {
    const RAISED: &str = " has raised ";
    let times = message.matches(RAISED).count();
    match (message.split_once(RAISED), message.rsplit_once(RAISED)) {
        (Some((first, _)), Some((_, last))) if times > 3 => Cow::Owned(format!(
            "{first}, and so on, {times} times within each other, has raised {last}"
        )),
        _ => Cow::Borrowed(message),
    }
}
