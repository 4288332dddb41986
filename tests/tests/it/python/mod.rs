//! Plugins that are Python packages, of API v0: found, loaded, remembered, and told of when they are not right.
//!
//! Messages are looked at for what a person needs of them (plugin, file, line, a way on), not for their words. What the
//! real plugins of the Tutor 13 era become is elsewhere (`era`), and so is watching (`watch::python`).

mod attributes;
mod bad_code;
mod bad_environment;
mod bad_manners;
mod bad_types;
mod commands;
mod discovery;
mod editable;
mod enabling;
mod functions;
mod hanging;
mod help;
mod installed_tutor;
mod interpreters;
mod random;
mod reload;
mod repaired;
mod seed;
mod skipped;
pub(crate) mod snake;
mod templates;
mod terminal;
mod venv;
pub(crate) mod warm;
