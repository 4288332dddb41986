//! A Jinja2 3.1.6 engine with Python's semantics, over the values of the crate [`values`].
//!
//! It renders what `jinja2.Environment(undefined=StrictUndefined)` renders, byte for byte, and raises the same
//! exceptions. It knows nothing of files, of settings or of Tutor: whatever a template reads from outside goes
//! through [`Host`].
//!
//! What differs, by intention:
//! - An error of kind [`ErrorKind::Unsupported`] says so at run time: complex numbers, attributes such as
//!   `__class__`, `\\N{name}` and lone surrogates in strings, and `include … without context` in a macro, call block
//!   or recursive loop, of which Jinja2 makes a generator.
//! - Expressions and statements may nest up to 197 deep, where Python gives up at 68 parentheses or 98 blocks. Calls
//!   nest as deep as in Python (about 245 macros, 980 includes); the wording of a `RecursionError` is always the same.
//! - A template imported without context is run once a render, not once an environment; so is a filter of the host
//!   that is applied to a constant, which Jinja2 folds while it compiles.

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
// What filters import is called after what they get.
pub(crate) use render as state;
pub use render::State;
pub use undefined::{SoftUndefined, is_undefined, type_repr};
