//! `markupsafe.escape`.

use std::borrow::Cow;

use crate::object::elsewhere;
use crate::{Result, Value, repr};

/// Appends `text` to `out`, with `&`, `<`, `>`, `'` and `"` as HTML entities.
pub fn escape_into(text: &str, out: &mut String) {
    let mut rest = 0;
    for (at, byte) in text.bytes().enumerate() {
        let entity = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'\'' => "&#39;",
            b'"' => "&#34;",
            _ => continue,
        };
        out.push_str(&text[rest..at]);
        out.push_str(entity);
        rest = at + 1;
    }
    out.push_str(&text[rest..]);
}

/// The text with `&`, `<`, `>`, `'` and `"` as HTML entities.
pub fn escape_str(text: &str) -> Cow<'_, str> {
    if text
        .bytes()
        .any(|byte| matches!(byte, b'&' | b'<' | b'>' | b'\'' | b'"'))
    {
        let mut out = String::with_capacity(text.len() + 16);
        escape_into(text, &mut out);
        Cow::Owned(out)
    } else {
        Cow::Borrowed(text)
    }
}

/// A `str` escaped, a `Markup` as it is; `None` for what is no text.
pub(crate) fn escape_text(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::Str(text) => Some(escape_str(text)),
        Value::Markup(text) => Some(Cow::Borrowed(text)),
        _ => None,
    }
}

/// `markupsafe.escape(value)`
///
/// # Errors
/// Of an undefined value.
pub fn escape(value: &Value) -> Result<Value> {
    match value {
        Value::Markup(_) => Ok(value.clone()),
        Value::Str(text) => Ok(Value::Markup(match escape_str(text) {
            Cow::Borrowed(_) => text.clone(),
            Cow::Owned(escaped) => escaped.into(),
        })),
        Value::Object(object) if object.is_a("html") => {
            let found = elsewhere("method", &[value, &Value::str("__html__")]);
            let found = found.unwrap_or_else(|| Ok(value.clone()))?;
            Ok(Value::Markup(repr::to_str(&found)?.into()))
        }
        _ => {
            let text = repr::to_str(value)?;
            Ok(Value::Markup(escape_str(&text).into()))
        }
    }
}

/// `Markup(text).striptags()`
///
/// # Errors
/// See [`unescape`].
pub fn striptags(text: &str) -> Result<String> {
    crate::methods::striptags(text)
}

/// `html.unescape(text)` for numbers and the commonest names.
///
/// # Errors
/// [`crate::ErrorKind::Unsupported`] for what may be one of HTML's other two thousand names.
pub fn unescape(text: &str) -> Result<String> {
    crate::methods::unescape(text)
}
