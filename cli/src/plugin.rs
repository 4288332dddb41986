//! `tutor PLUGIN …`: the commands that plugins add.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use engine::commands::{Answer, Engine};
use signal_hook::consts::{SIGINT, SIGQUIT};

use crate::diagnostics;
use crate::run::{self, Status};

/// Runs the command that the first of `words` names, with the others as its arguments.
pub(crate) fn run(engine: &mut Engine, words: &[String], strict: bool) -> Status {
    let [name, arguments @ ..] = words else {
        return Status::Usage;
    };
    leave_signals();
    let answer = engine.run_plugin_command(name, arguments);
    ended(engine, answer, strict)
}

/// The terminal tells what runs on it as well: it is for that to say what becomes of it.
pub(crate) fn leave_signals() {
    for signal in [SIGINT, SIGQUIT] {
        let _ = signal_hook::flag::register(signal, Arc::new(AtomicBool::new(false)));
    }
}

/// How what a plugin has done on the terminal ended.
pub(crate) fn ended(engine: &Engine, answer: Answer<u8>, strict: bool) -> Status {
    run::show_printed(engine);
    match answer {
        Ok((status, remarks)) => {
            diagnostics::print(&remarks, strict);
            if status == 0 {
                Status::Success
            } else {
                Status::Of(status)
            }
        }
        Err(problems) => {
            diagnostics::print(&problems, strict);
            let usage = problems
                .iter()
                .any(|problem| problem.code == "unknown-command");
            if usage {
                Status::Usage
            } else {
                Status::Failure
            }
        }
    }
}
