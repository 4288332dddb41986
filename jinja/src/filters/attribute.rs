//! The attribute paths of `map`, `sort`, `groupby` and others, and the filter `attr`.

use values::{Args, Key, Value, convert, methods};

use super::signature::bind;
use crate::state::missing_attr;
use crate::{Error, Result, State, is_undefined};

/// A way to get from an item to what it is judged by.
#[derive(Clone, Debug)]
pub(super) struct Path {
    parts: Vec<Value>,
    /// Takes the place of an undefined value on the way.
    default: Option<Value>,
    /// Texts are taken in lower case.
    ignore_case: bool,
}

impl Path {
    /// The path that the argument `attribute` spells; without one, the item itself.
    pub(super) fn new(attribute: Option<&Value>) -> Result<Self> {
        let parts = match attribute {
            None | Some(Value::None) => Vec::new(),
            Some(value) => match value.as_str() {
                Some(path) => path.split('.').map(part).collect::<Result<_>>()?,
                None => vec![value.clone()],
            },
        };
        Ok(Self {
            parts,
            default: None,
            ignore_case: false,
        })
    }
    /// The paths that are separated by commas.
    pub(super) fn several(attribute: Option<&Value>) -> Result<Vec<Self>> {
        match attribute.and_then(Value::as_str) {
            Some(paths) => paths
                .split(',')
                .map(|path| Self::new(Some(&Value::str(path))))
                .collect(),
            None => Ok(vec![Self::new(attribute)?]),
        }
    }
    /// With a default.
    pub(super) fn or(mut self, default: Option<Value>) -> Self {
        self.default = default;
        self
    }
    /// With texts in lower case, or not.
    pub(super) fn ignoring_case(mut self, ignore: bool) -> Self {
        self.ignore_case = ignore;
        self
    }
    /// What is at the end of the path.
    pub(super) fn get(&self, state: &mut State<'_>, item: &Value) -> Result<Value> {
        let mut item = item.clone();
        for part in &self.parts {
            item = state.get_item(&item, part)?;
            if let Some(default) = &self.default
                && is_undefined(&item)
            {
                item = default.clone();
            }
        }
        Ok(if self.ignore_case { lower(item) } else { item })
    }
}

/// A part of a path: a number if it consists of digits.
fn part(text: &str) -> Result<Value> {
    let value = Value::str(text);
    let digits = matches!(
        methods::call(&value, "isdigit", &Args::default()),
        Ok(Value::Bool(true))
    );
    if !digits {
        return Ok(value);
    }
    // There are digits, such as superscripts, that `isdigit` takes and `int` does not.
    Ok(Value::big(convert::int_from_str(text, 10)?))
}

/// The text in lower case; other values as they are.
pub(super) fn lower(value: Value) -> Value {
    match &value {
        Value::Str(text) => Value::str(text.to_lowercase()),
        Value::Markup(text) => Value::Markup(text.to_lowercase().into()),
        Value::Object(object) => match object.as_text() {
            Some(text) => Value::str(text.to_lowercase()),
            None => value,
        },
        _ => value,
    }
}

/// `attr(name)`: the attribute, and never the item.
pub(super) fn attr(state: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    let [name] = bind("do_attr", &["environment", "obj"], ["name"], 1, args)?;
    let name = name.unwrap_or(Value::None);
    let Some(text) = name.as_str() else {
        // It is looked up in a dictionary first.
        Key::new(name.clone())?;
        let class = name.type_name();
        return Err(Error::type_error(format!(
            "attribute name must be string, not '{class}'"
        )));
    };
    Ok(match state.python_attr(value, text)? {
        Some(found) => found,
        None => missing_attr(value, text),
    })
}
