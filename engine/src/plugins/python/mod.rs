//! Python plugins that are installed as packages: found by reading what the package installers wrote, without
//! starting Python.
//!
//! [`python_interpreter`] says which Python it is, [`python_environment`] where its packages are, `search_path` where
//! it looks for modules, `distributions` which packages are there, `entry_points` which of them are plugins. All of
//! it is read through the graph's inputs, absent files included. What a plugin does is not known here: for that it
//! has to be imported, which is another room's job.

mod alerts;
mod base;
mod distributions;
mod entry_points;
mod environment;
mod interpreter;
mod metadata;
mod paths;
mod plugins;
mod search_path;
#[cfg(test)]
mod tests;
mod venv;
mod version;

pub use entry_points::Group;
pub use environment::{Environment, Layout, python_environment};
pub use interpreter::{Choice, Interpreter, python_interpreter};
pub use plugins::{PythonPlugin, PythonPlugins, python_plugins, python_plugins_in};
pub use version::Version;
