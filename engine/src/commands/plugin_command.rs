//! Commands that plugins add: which there are, and running one.

use std::sync::Arc;

use super::asked::Answers;
use super::{Answer, Engine, Session, checks};
use crate::diagnostics::{Diagnostic, Diagnostics, Severity, did_you_mean};
use crate::plugins::python::{self, Command, PythonPlugin, host};
use crate::plugins::{self, Origin};
use crate::system::Ended;

/// The exit status of what has left without a word.
pub(super) fn status_of(how: Ended) -> u8 {
    let status = match how {
        Ended::Status(status) => status,
        Ended::Signal(signal) => 128 + signal,
    };
    u8::try_from(status).unwrap_or(1)
}

impl Session {
    /// The commands of the enabled plugins, with their plugins, sorted by name. Where two have one name, the last plugin
    /// wins. Never fails.
    fn commands(&mut self) -> Vec<(Arc<PythonPlugin>, Command)> {
        let _ = self.load_secret();
        checks::of_plugins(&self.db);
        let mut commands: Vec<(Arc<PythonPlugin>, Command)> = Vec::new();
        for (_, origin) in &plugins::enabled(&self.db).plugins {
            let Origin::Python(plugin) = origin else {
                continue;
            };
            for command in &python::loaded(&self.db, plugin).commands {
                commands.retain(|(_, other)| other.name != command.name);
                commands.push((plugin.clone(), command.clone()));
            }
        }
        commands.sort_by(|(_, a), (_, b)| a.name.cmp(&b.name));
        self.remember_records();
        commands
    }
}

impl Engine {
    /// The commands that enabled plugins add, sorted by name.
    pub fn plugin_commands(&mut self) -> Vec<Command> {
        let commands = self.session().commands().into_iter();
        commands.map(|(_, command)| command).collect()
    }

    /// Runs the command `name` of a plugin on the terminal, with `arguments`. Answers its exit status.
    ///
    /// # Errors
    /// With the code `unknown-command`, if no enabled plugin has such a command; if it cannot be run; if an exception gets
    /// out of it.
    pub fn run_plugin_command(&mut self, name: &str, arguments: &[String]) -> Answer<u8> {
        let commands = self.session().commands();
        let Some((plugin, _)) = commands.iter().find(|(_, command)| command.name == name) else {
            return Err(self.unknown_command(name, &commands));
        };
        let root = self.root().to_owned();
        let system = self.system();
        let Some(run) = python::Run::new(self.session().graph(), plugin) else {
            return Err(Diagnostic::error("python-missing", "no Python was found").into());
        };
        let mut answers = Answers::new(self);
        let call = run.call(name, arguments, &root);
        let ended = run.on_terminal(&*system, &call, &mut |what, with| {
            answers.answer(what, with)
        });
        match ended {
            Ok(Ok(status)) => Ok((status, Diagnostics::new())),
            Ok(Err(problem)) => Err(problem.into()),
            // It has left without a word: its status says it.
            Err(host::Failed::Died { how: Some(how), .. }) => {
                Ok((status_of(how), Diagnostics::new()))
            }
            Err(failed) => Err(run.failure(&failed).into()),
        }
    }

    fn unknown_command(
        &mut self,
        name: &str,
        commands: &[(Arc<PythonPlugin>, Command)],
    ) -> Diagnostics {
        let graph = self.session().graph();
        let mut problems = Diagnostics::new();
        let mut error = Diagnostic::error("unknown-command", format!("No such command '{name}'."));
        let enabled = plugins::enabled(graph);
        error.hint = if enabled.failed.iter().any(|failed| **failed == *name) {
            // Why the plugin did not load is more than that it has no command.
            problems.extend(enabled.problems.iter().cloned());
            Some(format!("plugin '{name}' is enabled, but does not load"))
        } else if enabled.contains(name) {
            Some(format!("plugin '{name}' has no command"))
        } else if plugins::is_installed(graph, name) {
            Some(format!(
                "plugin '{name}' is not enabled: tutor plugins enable {name}"
            ))
        } else {
            did_you_mean(name, commands.iter().map(|(_, command)| &*command.name))
                .map(|near| format!("did you mean '{near}'?"))
        };
        debug_assert_eq!(error.severity, Severity::Error);
        problems.push(error);
        problems
    }
}
