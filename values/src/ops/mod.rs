//! Operators.

mod arithmetic;
mod compare;
mod equality;
mod floats;
mod hashing;
mod integers;
mod membership;
mod number;
mod sequence;

pub use arithmetic::{add, floordiv, modulo, mul, neg, pos, pow, sub, truediv};
pub use compare::compare;
pub use equality::{eq, is};
pub use hashing::hash;
pub use membership::contains;

pub(crate) use equality::same;
pub(crate) use integers::{float_to_int, index};
pub(crate) use number::{Number, number};

use crate::object::elsewhere;
use crate::{Error, Result, Value};

/// `bool(value)`
pub fn truth(value: &Value) -> Result<bool> {
    Ok(match value {
        Value::Undefined(undefined) => return Err(Error::undefined(undefined)),
        Value::None => false,
        Value::Bool(b) => *b,
        Value::Int(i) => *i != 0,
        Value::Float(f) => *f != 0.0,
        Value::Str(text) | Value::Markup(text) => !text.is_empty(),
        Value::Bytes(bytes) => !bytes.is_empty(),
        Value::List(list) => !list.read().is_empty(),
        Value::Tuple(items) => !items.is_empty(),
        Value::Dict(dict) | Value::Set(dict) => !dict.is_empty(),
        Value::BigInt(_) | Value::Date(_) | Value::DateTime(_) => true,
        Value::Object(object) => {
            return match elsewhere("bool", &[value]) {
                Some(answer) => Ok(answer? == Value::Bool(true)),
                None => object.truth(),
            };
        }
    })
}

/// `len(value)`
pub fn len(value: &Value) -> Result<usize> {
    let none = || {
        Error::type_error(format!(
            "object of type '{}' has no len()",
            value.full_type_name()
        ))
    };
    Ok(match value {
        Value::Undefined(undefined) => return Err(Error::undefined(undefined)),
        Value::Str(text) | Value::Markup(text) => text.chars().count(),
        Value::Bytes(bytes) => bytes.len(),
        Value::List(list) => list.read().len(),
        Value::Tuple(items) => items.len(),
        Value::Dict(dict) | Value::Set(dict) => dict.len(),
        Value::Object(object) => {
            if let Some(answer) = elsewhere("len", &[value]) {
                let len = answer?.as_i64().and_then(|len| usize::try_from(len).ok());
                return len.ok_or_else(none);
            }
            return object.len().ok_or_else(none);
        }
        _ => return Err(none()),
    })
}
