//! YAML as `PyYAML` reads and writes it: `yaml.load(text, Loader=yaml.SafeLoader)` and
//! `yaml.dump(value, default_flow_style=False, allow_unicode=True)`.
//!
//! Reading goes from text to tokens ([`scanner`]), to a graph of nodes ([`compose`]), to values ([`construct`]);
//! writing from values to a graph with anchors to text ([`dump`]). Texts that `PyYAML` accepts give the same value,
//! texts that it refuses are refused with the same error, and what is written are the same bytes.
//! `yaml/README.md` lists where this is not so. This crate knows nothing of Tutor, files or templates.
//!
//! Nothing here panics, whatever the text: depth and growth are limited.

mod base64;
mod compose;
mod construct;
mod cursor;
mod document;
mod dump;
mod error;
mod graph;
mod resolve;
mod scanner;
mod timestamp;
mod token;

pub use document::{Children, Document, Entry, Node, PathItem};
pub use dump::{DumpError, dump, dump_readable};
pub use error::{Error, ErrorKind, Mark, Span};
pub use token::Style;
use values::Value;

/// The value of the single document in `text`; `None` if there is no document.
///
/// # Errors
/// What `PyYAML` refuses, and values that contain themselves.
pub fn load(text: &str) -> Result<Value, Error> {
    cursor::check_printable(text)?;
    let (mut graph, root) = compose::compose(text)?;
    match root {
        Some(root) => Ok(construct::construct(&mut graph, root)?.0),
        None => Ok(Value::None),
    }
}

/// Like [`load`], with the places of all parts.
///
/// # Errors
/// As for [`load`].
pub fn load_document(text: &str) -> Result<Document, Error> {
    cursor::check_printable(text)?;
    let (mut graph, root) = compose::compose(text)?;
    let Some(root) = root else {
        return Ok(Document {
            value: Value::None,
            root: document::nothing(),
        });
    };
    let (value, values) = construct::construct(&mut graph, root)?;
    Ok(Document {
        value,
        root: document::tree(&graph, &values, root),
    })
}
