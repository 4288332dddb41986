//! Tests of the crate as its callers see it.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test reads its cases from the disk, and fails by panicking"
)]

mod codec;
mod errors;
mod limits;
mod places;
mod speed;
mod tables;
