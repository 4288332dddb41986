//! Docker, as a library that blocks: an engine that inspects, builds, pulls and
//! pushes images, and registries that are asked without an engine.
//!
//! It knows nothing of who uses it. What it depends on of the surroundings is
//! handed in as an [`Environment`]; what happens is told as [`Event`]s on the
//! caller's thread; what went wrong is an [`Error`] that says what to do. This
//! is the one crate with an asynchronous runtime, and it lets none of that out.

#![allow(
    clippy::disallowed_methods,
    reason = "this crate is an outside: sockets, the files of a context, programs that hold credentials"
)]

mod address;
mod build;
mod classify;
pub mod credentials;
mod dial;
mod endpoint;
mod engine;
mod environment;
mod error;
mod event;
mod http;
pub mod reference;
pub mod registry;
mod runtime;
mod spec;
mod tls;
mod transfer;
pub mod web;

pub use build::executor::{Executor, Reason};
pub use build::files::{Files, Filter, Verdict};
pub use credentials::{Credentials, Login};
pub use endpoint::{Endpoint, Origin};
pub use engine::{Engine, ImageInfo, Kind, Version};
pub use environment::Environment;
pub use error::{Error, FailedStep};
pub use event::{Cancel, Event};
pub use reference::Reference;
pub use spec::{BuildSpec, Built, NamedContext};
