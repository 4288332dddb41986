//! Tests of the engine through its commands, on a system in memory.

mod graph;
mod project;
mod saving;
