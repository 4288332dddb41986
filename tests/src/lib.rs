//! What the end-to-end tests stand on: real Tutor 22.0.3 in an environment of
//! its own (the oracle), sandboxes to run it and our binary in, case files,
//! and comparisons that say where two trees part.
//!
//! Knows the two programs only from outside: arguments, environment, files,
//! exit status, output. Nothing here links to the engine.

#![allow(
    clippy::disallowed_methods,
    reason = "tests look at real files, processes and environments; the rule is for the engine"
)]

pub mod binary;
pub mod case;
pub mod compare;
pub mod driver;
pub mod era;
mod expectations;
pub mod lab;
pub mod oracle;
pub mod packages;
pub mod parallel;
pub mod paths;
pub mod pinned;
pub mod plugins_gen;
pub mod random;
pub mod runner;
pub mod sandbox;
pub mod secrets;
pub mod snapshot;
pub mod today;
pub mod words;
