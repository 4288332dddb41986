//! `in`.

use crate::object::elsewhere;
use crate::{Error, ErrorKind, Key, Result, Value, iter};

use super::{equality::same, index};

/// `item in container`
pub fn contains(container: &Value, item: &Value) -> Result<bool> {
    match container {
        Value::Undefined(undefined) => Err(Error::undefined(undefined)),
        Value::Str(text) | Value::Markup(text) => match item.as_str() {
            Some(part) => Ok(text.contains(part)),
            None => Err(Error::type_error(format!(
                "'in <string>' requires string as left operand, not {}",
                item.full_type_name()
            ))),
        },
        Value::Bytes(bytes) => in_bytes(bytes, item),
        Value::Tuple(items) => any(items.iter(), item),
        Value::List(list) => any(list.read().iter(), item),
        Value::Dict(dict) => Ok(dict.read().contains_key(&Key::new(item.clone())?)),
        // A set is looked up as the frozenset of its items, and no set here contains one.
        Value::Set(set) => {
            Ok(!matches!(item, Value::Set(_)) && set.read().contains_key(&Key::new(item.clone())?))
        }
        Value::Object(_) => {
            if let Some(found) = elsewhere("contains", &[container, item]) {
                return super::truth(&found?);
            }
            if let Some(found) = iter::view_contains(container, item) {
                return found;
            }
            let items = iter::iterate(container).map_err(|error| match error.kind {
                ErrorKind::Type => not_iterable(container),
                _ => error,
            })?;
            for found in items {
                if same(&found?, item)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        _ => Err(not_iterable(container)),
    }
}

fn not_iterable(container: &Value) -> Error {
    Error::type_error(format!(
        "argument of type '{}' is not iterable",
        container.full_type_name()
    ))
}

fn any<'a>(mut items: impl Iterator<Item = &'a Value>, wanted: &Value) -> Result<bool> {
    items.try_fold(false, |found, item| Ok(found || same(item, wanted)?))
}

fn in_bytes(bytes: &[u8], item: &Value) -> Result<bool> {
    match item {
        Value::Bytes(part) => {
            Ok(part.is_empty() || bytes.windows(part.len()).any(|window| window == &**part))
        }
        _ => match index(item) {
            Some(byte) => match u8::try_from(byte) {
                Ok(byte) => Ok(bytes.contains(&byte)),
                Err(_) => Err(Error::value_error("byte must be in range(0, 256)")),
            },
            None => Err(Error::type_error(format!(
                "a bytes-like object is required, not '{}'",
                item.full_type_name()
            ))),
        },
    }
}
