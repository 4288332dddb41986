//! `json.dumps`.

use std::fmt::Write;
use std::sync::Arc;

use crate::dict::Map;
use crate::repr::{big_digits, float_repr};
use crate::{Error, Result, Value, limits, sort};

/// Options of `json.dumps`.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// `sort_keys`
    pub sort_keys: bool,
    /// `indent`: what one level is indented by.
    pub indent: Option<String>,
    /// `ensure_ascii=False`
    pub keep_unicode: bool,
}

/// `json.dumps(value, …)`
pub fn dumps(value: &Value, options: &Options) -> Result<String> {
    let mut encoder = Encoder {
        options,
        out: String::new(),
        active: Vec::new(),
    };
    encoder.value(value)?;
    Ok(encoder.out)
}

struct Encoder<'a> {
    options: &'a Options,
    out: String,
    /// The containers that are being written.
    active: Vec<usize>,
}

fn float_text(float: f64) -> String {
    if float.is_nan() {
        "NaN".to_owned()
    } else if float.is_infinite() {
        if float > 0.0 { "Infinity" } else { "-Infinity" }.to_owned()
    } else {
        float_repr(float)
    }
}

impl Encoder<'_> {
    fn value(&mut self, value: &Value) -> Result<()> {
        match value {
            Value::Str(text) | Value::Markup(text) => self.text(text),
            Value::List(list) => self.list(list.id(), &list.read())?,
            Value::Tuple(items) => self.list(Arc::as_ptr(items).cast::<()>().addr(), items)?,
            Value::Dict(dict) => self.dict(dict.id(), &dict.read())?,
            _ => match scalar(value)? {
                Some(text) => self.out.push_str(&text),
                None => {
                    return Err(Error::type_error(format!(
                        "Object of type {} is not JSON serializable",
                        value.type_name()
                    )));
                }
            },
        }
        Ok(())
    }

    fn enter(&mut self, id: usize) -> Result<()> {
        if self.active.contains(&id) {
            return Err(Error::value_error("Circular reference detected"));
        }
        limits::deeper(self.active.len(), " while encoding a JSON object")?;
        self.active.push(id);
        Ok(())
    }

    /// Between items, or before the closing bracket.
    fn line(&mut self, separator: bool) {
        match &self.options.indent {
            Some(indent) => {
                self.out.push_str(if separator { ",\n" } else { "\n" });
                self.out
                    .extend(std::iter::repeat_n(indent.as_str(), self.active.len()));
            }
            None if separator => self.out.push_str(", "),
            None => {}
        }
    }

    fn list(&mut self, id: usize, items: &[Value]) -> Result<()> {
        if items.is_empty() {
            self.out.push_str("[]");
            return Ok(());
        }
        self.enter(id)?;
        self.out.push('[');
        for (index, item) in items.iter().enumerate() {
            self.line(index > 0);
            self.value(item)?;
        }
        self.active.pop();
        self.line(false);
        self.out.push(']');
        Ok(())
    }

    fn dict(&mut self, id: usize, items: &Map) -> Result<()> {
        if items.is_empty() {
            self.out.push_str("{}");
            return Ok(());
        }
        self.enter(id)?;
        self.out.push('{');
        if self.options.sort_keys {
            let keyed = items
                .iter()
                .map(|(key, value)| (key.value().clone(), value))
                .collect();
            for (index, (key, value)) in sort::sort_keyed(keyed, false)?.into_iter().enumerate() {
                self.item(index, &key, value)?;
            }
        } else {
            for (index, (key, value)) in items.iter().enumerate() {
                self.item(index, key.value(), value)?;
            }
        }
        self.active.pop();
        self.line(false);
        self.out.push('}');
        Ok(())
    }

    fn item(&mut self, index: usize, key: &Value, value: &Value) -> Result<()> {
        let other;
        let key = if let Some(text) = key.as_str() {
            text
        } else {
            other = scalar(key)?.ok_or_else(|| {
                Error::type_error(format!(
                    "keys must be str, int, float, bool or None, not {}",
                    key.full_type_name()
                ))
            })?;
            &other
        };
        self.line(index > 0);
        self.text(key);
        self.out.push_str(": ");
        self.value(value)
    }

    fn text(&mut self, text: &str) {
        self.out.push('"');
        for c in text.chars() {
            match c {
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                '\t' => self.out.push_str("\\t"),
                '\x08' => self.out.push_str("\\b"),
                '\x0c' => self.out.push_str("\\f"),
                ' '..='~' => self.out.push(c),
                _ if self.options.keep_unicode && c >= ' ' => self.out.push(c),
                _ => {
                    for unit in c.encode_utf16(&mut [0; 2]) {
                        // Writing into a `String` does not fail.
                        let _ = write!(self.out, "\\u{unit:04x}");
                    }
                }
            }
        }
        self.out.push('"');
    }
}

/// The text of a number, a truth value or null; `None` for everything else.
fn scalar(value: &Value) -> Result<Option<String>> {
    Ok(Some(match value {
        Value::None => "null".to_owned(),
        Value::Bool(b) => b.to_string(),
        Value::Int(i) => i.to_string(),
        Value::BigInt(big) => big_digits(big)?,
        Value::Float(float) => float_text(*float),
        _ => return Ok(None),
    }))
}
