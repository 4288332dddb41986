//! Python's data model, as far as YAML settings and Jinja2 templates can see it.
//!
//! A [`Value`] behaves like the Python object it stands for: equality, hashing, ordering, truth,
//! arithmetic, `str`, `repr`, formatting, methods. This crate knows neither YAML, nor Jinja2, nor Tutor.
//!
//! The source of every rule here is `CPython` 3.11; the tables in `tests/` are generated from it.

#[macro_use]
mod macros;

pub mod args;
pub mod attr;
pub mod convert;
pub mod dict;
pub mod error;
pub mod escape;
pub mod format;
pub mod iter;
pub mod json;
mod limits;
pub mod list;
pub mod methods;
pub mod object;
pub mod ops;
pub mod repr;
mod slice;
pub mod sort;
pub mod time;
mod unicode;
pub mod value;
mod views;

pub use args::Args;
pub use dict::{Dict, Key};
pub use error::{Error, ErrorKind, Result};
pub use list::List;
pub use object::Object;
pub use time::{Date, DateTime};
pub use value::{Undefined, Value};
