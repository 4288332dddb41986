//! `tutor local do JOB …`: jobs that plugins add; and the commands that they add beside `do`.

use super::asked::Answers;
use super::plugin_command::status_of;
use super::{Answer, Engine, checks};
use crate::diagnostics::{Diagnostic, did_you_mean};
use crate::jobs::{CORE, DO, Platform};
use crate::plugins::python::{self, JobRun, host};

impl Engine {
    /// Whether enabled plugins may have jobs. If none may, nobody can tell what a job's arguments mean.
    pub fn may_have_jobs(&mut self) -> bool {
        let session = self.session();
        // What is not known of a root without a secret is not known of its plugins either: they are asked then.
        let _ = session.load_secret();
        checks::of_plugins(session.graph());
        python::may_have_jobs(session.graph())
    }

    /// Runs the command of a platform that `words` begin with, on the terminal: `do` and a job, or one that a plugin has
    /// added. Answers its exit status.
    ///
    /// # Errors
    /// With the code `unknown-command`, if plugins can have no such thing, and the core has none; if it cannot be run; if
    /// an exception gets out of it.
    pub fn run_on(&mut self, platform: Platform, words: &[String]) -> Answer<u8> {
        if !self.may_have_jobs() {
            return Err(match words {
                [first, rest @ ..] if first == DO => {
                    without_jobs(rest.first().map_or("", String::as_str))
                }
                _ => without_commands(platform, words),
            }
            .into());
        }
        let root = self.root().to_owned();
        let system = self.system();
        let session = self.session();
        let problems = checks::of_plugins(session.graph());
        if problems.is_fatal(session.options.strict) {
            return Err(problems);
        }
        let run = JobRun::new(session.graph(), platform, words, &root);
        session.remember_records();
        let Some(run) = run else {
            return Err(Diagnostic::error("python-missing", "no Python was found").into());
        };
        let mut answers = Answers::new(self);
        let ended = run.on_terminal(&*system, &mut |what, with| answers.answer(what, with));
        match ended {
            Ok(Ok(status)) => Ok((status, problems)),
            Ok(Err(problem)) => Err(problem.into()),
            Err(host::Failed::Died { how: Some(how), .. }) => Ok((status_of(how), problems)),
            Err(failed) => Err(run.failure(&failed).into()),
        }
    }
}

/// Why there is no such command where plugins have none.
fn without_commands(platform: Platform, words: &[String]) -> Diagnostic {
    let (platform, name) = (platform.name(), words.first().map_or("", String::as_str));
    let message = format!("there is no `tutor {platform} {name}` here");
    Diagnostic::error("unknown-command", message).hint(format!(
        "of `tutor {platform}`, only `do` is built so far, and no plugin that is enabled can have added any"
    ))
}

/// Why there is no such job where plugins have none.
fn without_jobs(name: &str) -> Diagnostic {
    if CORE.contains(&name) {
        let message = format!("'{name}' is a job of Tutor's core, and is not built yet");
        return Diagnostic::error("job-of-core", message).hint("only jobs that plugins add are");
    }
    let mut error = Diagnostic::error("unknown-command", format!("No such command '{name}'."));
    error.hint = Some(match did_you_mean(name, CORE.iter().copied()) {
        Some(near) => format!("did you mean '{near}'?"),
        None => String::from("no plugin that is enabled has jobs"),
    });
    error
}

#[cfg(test)]
mod tests {
    use super::without_jobs;

    #[test]
    fn a_job_of_the_core_is_known_and_others_are_not() {
        assert_eq!(without_jobs("init").code, "job-of-core");
        let near = without_jobs("createusr");
        assert_eq!(near.code, "unknown-command");
        assert_eq!(near.hint.unwrap(), "did you mean 'createuser'?");
    }
}
