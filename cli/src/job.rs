//! `tutor local do JOB …`: the jobs that plugins add, and the commands that they add beside `do`.

use engine::commands::Engine;
use engine::jobs::{DO, Platform};

use crate::run::Status;
use crate::{help, plugin};

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
    let words: Vec<_> = [DO.to_owned()].into_iter().chain(words.to_vec()).collect();
    command(engine, platform, &words, strict)
}

/// Runs a command of a platform.
pub(crate) fn command(
    engine: &mut Engine,
    platform: Platform,
    words: &[String],
    strict: bool,
) -> Status {
    plugin::leave_signals();
    let answer = engine.run_on(platform, words);
    plugin::ended(engine, answer, strict)
}
