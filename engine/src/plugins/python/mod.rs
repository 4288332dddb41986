//! Python plugins: found without Python, loaded by Python, and from there on like all others.
//!
//! Packages are found by reading what the package installers wrote: [`python_interpreter`] says which Python it is,
//! [`python_environment`] where its packages are (`probe` asks it where files do not tell), `search_path` where it looks for modules, `distributions` which
//! packages are there, `entry_points` which of them are plugins. All of it is read through the graph's inputs, absent
//! files included. What a plugin does is known once the [`host`] has imported it; [`declaration`] is what it said.

mod alerts;
pub mod asks;
mod base;
mod call_failures;
mod calls;
mod commands;
mod declaration;
mod distributions;
mod entry_points;
pub mod env_saved;
mod environment;
mod failures;
pub mod functions;
pub mod host;
mod impure;
mod interpreter;
mod keeping;
mod last_words;
mod load_failures;
mod loader;
mod loading;
mod made;
mod managers;
mod metadata;
pub mod names;
mod package;
mod paths;
mod patience;
mod plugins;
mod probe;
mod running;
mod running_job;
pub mod sdk;
mod search_path;
mod set;
mod subject;
#[cfg(test)]
mod tests;
mod things;
mod this_save;
mod understanding;
pub mod value;
mod venv;
mod version;

pub use alerts::twice;
pub use commands::Command;
pub use declaration::declaration;
pub use entry_points::Group;
pub use environment::{Environment, Layout, python_environment};
pub use interpreter::{Choice, Interpreter, python_interpreter};
pub use loader::{Loader, Printed};
pub use loading::{declaration_of, loaded};
pub use plugins::{PythonPlugin, PythonPlugins, python_plugins};
pub use running::Run;
pub use running_job::{JobRun, may_have_jobs};
pub use understanding::Loaded;
pub use version::Version;

use crate::diagnostics::Failure;
use crate::inputs::Db;

/// What is wrong with the time that plugins may take.
pub(super) fn problem_with_patience(db: &dyn Db) -> Option<&Failure> {
    patience::time_limit(db).1.as_ref()
}
