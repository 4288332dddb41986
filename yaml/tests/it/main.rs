//! Tests of the crate as its callers see it.

mod codec;
mod errors;
mod limits;
mod places;
mod speed;
mod tables;
