//! A Jinja2 3.1.6 engine with Python's semantics, over the values of the crate [`values`].
//!
//! It renders what `jinja2.Environment(undefined=StrictUndefined)` renders, byte for byte, and raises the same
//! exceptions. It knows nothing of files, of settings or of Tutor: whatever a template reads from outside goes
//! through [`Host`].

mod ast;
mod compile;
mod environment;
mod error;
pub mod filters;
mod host;
mod lexer;
mod names;
mod parser;
mod program;
mod render;
mod source;
mod stack;
mod undefined;

pub use environment::{Environment, Template};
pub use error::{Error, ErrorData, ErrorKind, Frame, Result};
pub use filters::{FilterFn, TestFn};
pub use host::{Host, HostFunction};
pub(crate) use render as state;
pub use render::State;
pub use undefined::{SoftUndefined, is_undefined, type_repr};
