//! Running a plugin's command, in a process of its own, on the terminal.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value as Json;

use super::failures;
use super::host::{Asked, Failed, Load, RunCommand, run_command};
use super::interpreter::Interpreter;
use super::load_failures;
use super::loader::start;
use super::loading::what_to_load;
use super::plugins::{PythonPlugin, python_to_start};
use super::sdk;
use crate::diagnostics::{Diagnostic, Severity};
use crate::inputs::Db;
use crate::system::System;

/// What it takes to run a plugin's command.
#[derive(Debug)]
pub struct Run {
    plugin: Arc<PythonPlugin>,
    interpreter: Interpreter,
    load: Load,
}

impl Run {
    /// `None` if there is no Python.
    pub fn new(db: &dyn Db, plugin: &Arc<PythonPlugin>) -> Option<Self> {
        let load = Load {
            // A command draws as it likes.
            seed: None,
            ..what_to_load(db, plugin)
        };
        Some(Self {
            plugin: plugin.clone(),
            interpreter: python_to_start(db).clone()?,
            load,
        })
    }

    /// The call of the command `name`.
    pub fn call<'a>(
        &'a self,
        command: &'a str,
        arguments: &'a [String],
        root: &'a Path,
    ) -> RunCommand<'a> {
        RunCommand {
            plugin: &self.load,
            command,
            arguments,
            root,
        }
    }

    /// Runs it. Answers its exit status; or the exception that got out of it, as an error.
    ///
    /// # Errors
    /// If the host does not do it.
    pub fn on_terminal(
        &self,
        system: &dyn System,
        call: &RunCommand<'_>,
        asked: Asked<'_>,
    ) -> Result<Result<u8, Diagnostic>, Failed> {
        let program: PathBuf = self.interpreter.path.clone();
        let start = || start(system, &program, true);
        let answer = run_command(&start, &sdk::modules(), call, asked)?;
        Ok(match answer.outcome {
            Ok(status) => Ok(status_of(&status)),
            Err(problem) => Err(as_error(load_failures::of_plugin(
                &self.plugin,
                &self.interpreter,
                &problem,
                None,
            ))),
        })
    }

    /// Why the host did not do it.
    pub fn failure(&self, failed: &Failed) -> Diagnostic {
        as_error(load_failures::of_host(
            &self.plugin,
            &self.interpreter,
            failed,
        ))
    }
}

/// An exit status that the host has told.
pub(super) fn status_of(told: &Json) -> u8 {
    let status = told.as_u64().and_then(|status| u8::try_from(status).ok());
    status.unwrap_or(1)
}

fn as_error(diagnostic: Diagnostic) -> Diagnostic {
    let mut notes = diagnostic.notes;
    notes.retain(|note| note != failures::LEFT_OUT);
    Diagnostic {
        severity: Severity::Error,
        notes,
        ..diagnostic
    }
}
