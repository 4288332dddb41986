//! Attributes, subscripts and slices.

use std::sync::Arc;

use crate::iter::char_value;
use crate::object::elsewhere;
use crate::slice::{self, Range};
use crate::{Error, ErrorKind, Key, Object, Result, Value, methods, ops};

/// A method of a built-in type together with its receiver: `"a".upper`.
#[derive(Debug)]
pub struct BoundMethod {
    /// The object whose method it is.
    pub receiver: Value,
    /// The method's name.
    pub name: Arc<str>,
}

/// `getattr(value, name)`, `None` where that is an `AttributeError`. Methods come as [`BoundMethod`] objects.
pub fn get_attr(value: &Value, name: &str) -> Option<Value> {
    if let Value::Object(object) = value
        && let Some(found) = object.get_attr(name)
    {
        return Some(found);
    }
    if let Some(found) = methods::data_attribute(value, name) {
        return Some(found);
    }
    methods::has(value, name).then(|| {
        Value::object(BoundMethod {
            receiver: value.clone(),
            name: name.into(),
        })
    })
}

/// `getattr(value, name)`, `None` where that is an `AttributeError`.
///
/// # Errors
/// What a property of an object that is elsewhere raises besides.
pub fn try_get_attr(value: &Value, name: &str) -> Result<Option<Value>> {
    match elsewhere("getattr", &[value, &Value::str(name)]) {
        None => Ok(get_attr(value, name)),
        Some(Ok(found)) => Ok(Some(found)),
        Some(Err(error)) if error.kind == ErrorKind::Attribute => Ok(None),
        Some(Err(error)) => Err(error),
    }
}

/// `value[key]`
pub fn get_item(value: &Value, key: &Value) -> Result<Value> {
    match value {
        Value::Dict(dict) => {
            let key = Key::new(key.clone())?;
            let found = dict.read().get(&key).cloned();
            found.ok_or_else(|| Error::key(key.value()))
        }
        Value::List(list) => {
            let index = index(key, "list indices must be integers or slices")?;
            let items = list.read();
            Ok(items[slice::position(index, items.len(), "list index out of range")?].clone())
        }
        Value::Tuple(items) => {
            let index = index(key, "tuple indices must be integers or slices")?;
            Ok(items[slice::position(index, items.len(), "tuple index out of range")?].clone())
        }
        Value::Str(text) => char_at(text, key).map(char_value),
        Value::Markup(text) => Ok(Value::Markup(char_at(text, key)?.to_string().into())),
        Value::Bytes(bytes) => {
            let index = index(key, "byte indices must be integers or slices")?;
            Ok(Value::Int(
                bytes[slice::position(index, bytes.len(), "index out of range")?].into(),
            ))
        }
        Value::Undefined(undefined) => Err(Error::undefined(undefined)),
        Value::Object(object) => elsewhere("getitem", &[value, key])
            .or_else(|| object.get_item(key))
            .unwrap_or_else(|| Err(not_subscriptable(value))),
        _ => Err(not_subscriptable(value)),
    }
}

fn not_subscriptable(value: &Value) -> Error {
    Error::type_error(format!(
        "'{}' object is not subscriptable",
        value.full_type_name()
    ))
}

fn index(key: &Value, expected: &str) -> Result<isize> {
    match key {
        Value::BigInt(_) => Err(Error::new(
            ErrorKind::Index,
            "cannot fit 'int' into an index-sized integer",
        )),
        _ => ops::index(key)
            .ok_or_else(|| Error::type_error(format!("{expected}, not {}", key.full_type_name()))),
    }
}

fn char_at(text: &str, key: &Value) -> Result<char> {
    let out_of_range = || Error::new(ErrorKind::Index, "string index out of range");
    let index = match key {
        Value::BigInt(_) => index(key, "")?,
        _ => ops::index(key).ok_or_else(|| {
            Error::type_error(format!(
                "string indices must be integers, not '{}'",
                key.full_type_name()
            ))
        })?,
    };
    let found = if index < 0 {
        text.chars().nth_back(index.unsigned_abs() - 1)
    } else if text.is_ascii() {
        text.as_bytes()
            .get(index.unsigned_abs())
            .map(|byte| char::from(*byte))
    } else {
        text.chars().nth(index.unsigned_abs())
    };
    found.ok_or_else(out_of_range)
}

/// `value[start:stop:step]`; `None` for what is left out.
pub fn get_slice(value: &Value, start: &Value, stop: &Value, step: &Value) -> Result<Value> {
    let range = |len: usize| Range::new(start, stop, step, len);
    let text = |text: &str| Ok::<_, Error>(range(text.chars().count())?.of_text(text));
    Ok(match value {
        Value::Str(s) => text(s)?.into(),
        Value::Markup(s) => Value::Markup(text(s)?.into()),
        Value::List(list) => {
            let items = list.read();
            Value::list(range(items.len())?.of(&items))
        }
        Value::Tuple(items) => Value::tuple(range(items.len())?.of(items)),
        Value::Bytes(bytes) => Value::Bytes(range(bytes.len())?.of(bytes).into()),
        Value::Undefined(undefined) => return Err(Error::undefined(undefined)),
        Value::Dict(_) => return Err(Error::type_error("unhashable type: 'slice'")),
        Value::Object(_) => {
            let parts = [value, start, stop, step];
            return elsewhere("slice", &parts).unwrap_or_else(|| Err(not_subscriptable(value)));
        }
        _ => return Err(not_subscriptable(value)),
    })
}

impl Object for BoundMethod {
    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
    fn type_name(&self) -> &'static str {
        "builtin_function_or_method"
    }
    fn repr(&self) -> String {
        format!(
            "<built-in method {} of {} object>",
            self.name,
            self.receiver.type_name()
        )
    }
    fn get_attr(&self, name: &str) -> Option<Value> {
        match name {
            "__name__" => Some(Value::Str(self.name.clone())),
            "__self__" => Some(self.receiver.clone()),
            _ => None,
        }
    }
    fn is_callable(&self) -> bool {
        true
    }
}
