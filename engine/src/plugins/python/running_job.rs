//! Running a job or a command of a plugin's, in a process of its own, on the terminal, with all enabled plugins there.

use std::path::Path;

use serde_json::{Value as Json, json};

use super::call_failures;
use super::entry_points::Group;
use super::host::{Asked, Failed, run_once};
use super::interpreter::Interpreter;
use super::loader::{Member, start};
use super::plugins::python_to_start;
use super::running::status_of;
use super::sdk;
use super::set::members;
use crate::diagnostics::{Diagnostic, Owner};
use crate::inputs::Db;
use crate::jobs::{CORE, DO, Platform};
use crate::plugins::{self, Origin};
use crate::system::System;

/// Whether plugins may have jobs: whether any is of API v1.
pub fn may_have_jobs(db: &dyn Db) -> bool {
    let mut enabled = plugins::enabled(db).plugins.iter();
    enabled.any(|(_, origin)| matches!(origin, Origin::Python(one) if one.group == Group::V1))
}

/// What it takes to run a job.
#[derive(Debug)]
pub struct JobRun {
    interpreter: Interpreter,
    request: Json,
    /// How messages call it.
    shown: String,
}

impl JobRun {
    /// Of the command of a platform that `words` begin with: `do` and a job, or one that a plugin has added. `None` if
    /// there is no Python.
    pub fn new(db: &dyn Db, platform: Platform, words: &[String], root: &Path) -> Option<Self> {
        let member = |member: &Member| match member {
            Member::Plugin { load, .. } => json!(load),
            Member::Data { plugin, filters } => json!({ "plugin": plugin, "filters": filters }),
        };
        let request = json!({
            "call": "run_job",
            "platform": platform.name(),
            "args": words,
            "root": root,
            "members": members(db).iter().map(member).collect::<Vec<_>>(),
            "core": CORE,
        });
        Some(Self {
            interpreter: python_to_start(db).clone()?,
            request,
            shown: match words {
                [first, job, ..] if first == DO => format!("job '{job}'"),
                [first, ..] if first != DO => format!("command '{first}'"),
                _ => String::from("a job"),
            },
        })
    }

    /// Runs it. Answers its exit status; or the exception that got out of it, as an error.
    ///
    /// # Errors
    /// If the host does not do it.
    pub fn on_terminal(
        &self,
        system: &dyn System,
        asked: Asked<'_>,
    ) -> Result<Result<u8, Diagnostic>, Failed> {
        let start = || start(system, &self.interpreter.path, true);
        let answer = run_once(&start, &sdk::modules(), &self.request, asked)?;
        Ok(match answer.outcome {
            Ok(status) => Ok(status_of(&status)),
            Err(problem) => {
                let owner = problem.plugin.as_deref();
                let owner = owner.map_or(Owner::Core, |name| Owner::Plugin(name.into()));
                Err(call_failures::of_called(&self.shown, owner, &problem))
            }
        })
    }

    /// Why the host did not do it.
    pub fn failure(&self, failed: &Failed) -> Diagnostic {
        call_failures::of_call(&self.shown, Owner::Core, failed)
    }
}
