//! Tests of the engine through its commands, on a system in memory.

#![allow(
    clippy::disallowed_methods,
    reason = "tests look at the real world by themselves"
)]
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests are not tests to clippy"
)]

mod calls;
mod edits;
mod graph;
mod incremental;
mod project;
mod python;
mod python_hooks;
mod python_plugins;
mod saving;
mod snake;
mod watching;
mod world;
