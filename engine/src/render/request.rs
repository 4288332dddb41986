//! Rendering with settings that somebody brings along: what Python plugins ask for.
//!
//! Random values are drawn from the system, as Tutor's own functions do it.

use std::sync::Arc;

use indexmap::IndexMap;
use jinja::Error;
use values::Value;

use super::draws::Draws;
use super::host::{GraphHost, Scope};
use super::{failure, patches, templates, text};
use crate::diagnostics::{Diagnostic, Failure, Place};
use crate::inputs::Db;

/// What is to be rendered.
#[derive(Clone, Copy, Debug)]
pub enum Requested<'a> {
    /// This text.
    Text(&'a str),
    /// The template of this name. A binary one is copied.
    Template(&'a str),
    /// A patch of all plugins.
    Patch {
        /// Its name.
        name: &'a str,
        /// What stands between the texts of two plugins.
        separator: &'a str,
        /// What follows them, if there are any.
        suffix: &'a str,
    },
}

/// Renders with `settings`; the answer is a text, or the bytes of a binary template.
///
/// # Errors
/// If it does not render, or there is no such template.
pub fn on_request(
    db: &dyn Db,
    settings: &IndexMap<Arc<str>, Value>,
    requested: Requested<'_>,
) -> Result<Value, Failure> {
    let host = GraphHost::new(db, Scope::Map(settings), Draws::Fresh);
    let rendered = match requested {
        Requested::Text(source) => text::text(&host, source, place_in_text),
        Requested::Template(name) => {
            if let Some(bytes) = templates::binary(db, name)? {
                return Ok(Value::Bytes(bytes));
            }
            let Some(template) = templates::compiled(db, name)? else {
                let message = format!("there is no template '{name}'");
                return Err(Diagnostic::error("template-missing", message).into());
            };
            let place = |error: &Error| failure::template_place(db, name, error);
            host.render(&template, place)
        }
        Requested::Patch {
            name,
            separator,
            suffix,
        } => patches::patch_in(&host, name, separator, suffix),
    };
    rendered.map(Value::str)
}

/// What the filter `name` makes of `value`. Reads no settings, templates or plugins.
///
/// # Errors
/// If it does not take such a value.
pub fn filter(db: &dyn Db, name: &str, value: Value) -> Result<Value, Failure> {
    let settings = IndexMap::from([(Arc::from("value"), value)]);
    let expression = format!("{{{{ value | {name} }}}}");
    let mut host = GraphHost::new(db, Scope::Map(&settings), Draws::Fresh);
    host.is_core_only = true;
    text::text(&host, &expression, place_in_text).map(Value::str)
}

fn place_in_text(error: &Error) -> Place {
    Place {
        origin: String::from("a text of the plugin"),
        line: error.line,
        column: error.column,
        width: 1,
        excerpt: None,
    }
}

/// Whether `encrypted` is what [`filter`] `encrypt` may have made of `text`.
pub fn is_encrypted(text: &str, encrypted: &str) -> bool {
    bcrypt::verify(text, encrypted).unwrap_or_default()
}
