//! Tutor's engine: files and environment come in as inputs, a pure query graph turns them into a plan,
//! and thin shells carry the plan out. See `ARCHITECTURE.md` for the rooms and their rules.
//!
//! This crate never prints and never exits: it returns values, [`Diagnostic`]s and [`Event`]s.

pub mod about;
pub mod cache;
pub mod commands;
pub mod config;
pub mod diagnostics;
pub mod events;
pub mod hooks;
pub mod images;
pub mod inputs;
pub mod jobs;
pub mod plan;
pub mod plugins;
pub mod profile;
pub mod render;
pub mod save;
pub mod system;
pub mod watch;

pub use diagnostics::{Diagnostic, Diagnostics, Severity};
pub use events::Event;
