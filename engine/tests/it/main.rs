//! Tests of the engine through its commands, on a system in memory.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests are not tests to clippy"
)]

mod graph;
mod project;
mod saving;
