//! The integration tests of the crate, in one binary.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod cases;
mod filters;
mod hosts;
mod limits;
mod places;
mod support;
