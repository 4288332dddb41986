//! `tutor local do JOB …`: the jobs that plugins add.

use engine::commands::Engine;
use engine::diagnostics::Diagnostic;
use engine::jobs::Platform;

use crate::run::Status;
use crate::{diagnostics, help, plugin};

/// Runs the job that the first of `words` names, with the others as its arguments.
pub(crate) fn run(
    engine: &mut Engine,
    platform: Platform,
    words: &[String],
    strict: bool,
) -> Status {
    let asked = words.first().map(String::as_str);
    let wants_help = matches!(asked, None | Some("-h" | "--help"));
    // Who knows the jobs also tells of them.
    if wants_help && !engine.may_have_jobs() {
        help::of_jobs(platform);
        return if asked.is_some() {
            Status::Success
        } else {
            Status::Usage
        };
    }
    plugin::leave_signals();
    let answer = engine.run_job(platform, words);
    plugin::ended(engine, answer, strict)
}

/// Says that of the commands beside `do` none is there.
pub(crate) fn not_built(platform: Platform, words: &[String]) -> Status {
    let (platform, name) = (platform.name(), words.first().map_or("", String::as_str));
    let error = Diagnostic::error(
        "unknown-command",
        format!("there is no `tutor {platform} {name}` here"),
    );
    let hint = format!("of `tutor {platform}`, only `do` is built so far");
    diagnostics::print(&error.hint(hint).into(), false);
    Status::Usage
}
