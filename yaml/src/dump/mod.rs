//! Values to text, as `yaml.dump(value, default_flow_style=False, allow_unicode=True)` writes them.
//!
//! Values become a graph of nodes ([`represent`]), in which objects that occur twice are one node; the nodes get
//! anchors ([`anchor`]) and are laid out ([`emit`]); each text is written in the plainest way that can be read back
//! ([`analyze`], [`write`]).

mod analyze;
mod anchor;
mod emit;
mod graph;
mod represent;
mod sort;
mod write;

use std::fmt;

use values::Value;

/// How many collections may be inside each other. `PyYAML` fails at 329 with Python's recursion limit.
const MAX_DEPTH: usize = 400;

/// Why a value cannot be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DumpError {
    /// A value that is not plain data; its Python type.
    Unsupported(String),
    /// Collections are inside each other too deeply.
    TooDeep,
    /// An integer has more digits than Python writes.
    TooManyDigits,
}

impl fmt::Display for DumpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsupported(name) => {
                write!(f, "a value of type {name} cannot be written as YAML")
            }
            Self::TooDeep => write!(f, "more than {MAX_DEPTH} collections are inside each other"),
            Self::TooManyDigits => {
                f.write_str("Exceeds the limit (4300 digits) for integer string conversion")
            }
        }
    }
}

impl std::error::Error for DumpError {}

/// The text of `value`.
///
/// # Errors
/// See [`DumpError`].
pub fn dump(value: &Value) -> Result<String, DumpError> {
    text(value, false)
}

/// The same, but what `!!omap` and `!!pairs` are read as is written as `!!pairs`: `PyYAML` writes tuples in a form
/// that its own safe loader refuses.
///
/// # Errors
/// See [`DumpError`].
pub fn dump_readable(value: &Value) -> Result<String, DumpError> {
    text(value, true)
}

fn text(value: &Value, readable: bool) -> Result<String, DumpError> {
    let graph = represent::represent(value, readable)?;
    let anchors = anchor::anchors(&graph)?;
    Ok(emit::emit(&graph, &anchors))
}
