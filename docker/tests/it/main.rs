//! The crate beside real engines and registries.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test program: it may fail loudly, and look at the real world"
)]

mod bench;
mod building;
mod buildx;
mod connecting;
mod failing;
mod moving;
mod registry;
