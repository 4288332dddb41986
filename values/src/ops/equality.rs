//! `==` and `is`.

use std::sync::Arc;

use crate::object::elsewhere;
use crate::{Dict, Error, Result, Value, limits};

use super::number::number;

/// `a == b`
pub fn eq(a: &Value, b: &Value) -> Result<bool> {
    eq_at(a, b, 0)
}

/// How containers compare items: the same object is equal to itself, even if it is undefined or NaN.
pub(crate) fn same(a: &Value, b: &Value) -> Result<bool> {
    same_at(a, b, 0)
}

fn same_at(a: &Value, b: &Value, depth: usize) -> Result<bool> {
    Ok(is(a, b) || eq_at(a, b, depth)?)
}

fn eq_at(a: &Value, b: &Value, depth: usize) -> Result<bool> {
    if let (Value::Object(_), _) | (_, Value::Object(_)) = (a, b)
        && let Some(answer) = equal_there(a, b)
    {
        return answer;
    }
    match (a, b) {
        (Value::Str(a) | Value::Markup(a), Value::Str(b) | Value::Markup(b)) => Ok(a == b),
        (Value::Int(a), Value::Int(b)) => Ok(a == b),
        (Value::Undefined(undefined), _) | (_, Value::Undefined(undefined)) => {
            Err(Error::undefined(undefined))
        }
        (Value::None, Value::None) => Ok(true),
        (Value::Bytes(a), Value::Bytes(b)) => Ok(a == b),
        (Value::List(a), Value::List(b)) => sequences(&a.read(), &b.read(), depth),
        (Value::Tuple(a), Value::Tuple(b)) => sequences(a, b, depth),
        (Value::Dict(a), Value::Dict(b)) => dicts(a, b, depth),
        (Value::Set(a), Value::Set(b)) => {
            let (a, b) = (a.read(), b.read());
            Ok(a.len() == b.len() && a.keys().all(|key| b.contains_key(key)))
        }
        (Value::Date(a), Value::Date(b)) => Ok(a == b),
        (Value::DateTime(a), Value::DateTime(b)) => Ok(a.equals(b)),
        (Value::Object(x), Value::Object(y)) => Ok(x
            .equals(b)
            .or_else(|| y.equals(a))
            .unwrap_or_else(|| Arc::ptr_eq(x, y))),
        (Value::Object(object), other) | (other, Value::Object(object)) => {
            Ok(object.equals(other).unwrap_or(false))
        }
        _ => match (number(a), number(b)) {
            (Some(a), Some(b)) => Ok(a.compare(b).is_some_and(std::cmp::Ordering::is_eq)),
            _ => Ok(false),
        },
    }
}

/// `a == b` where one of them is. Apart, because comparing recurses, and should need little stack.
#[inline(never)]
fn equal_there(a: &Value, b: &Value) -> Option<Result<bool>> {
    let answer = elsewhere("eq", &[a, b])?;
    Some(answer.and_then(|answer| super::truth(&answer)))
}

/// `a is b` where both are elsewhere.
#[inline(never)]
fn is_there(a: &Value, b: &Value) -> bool {
    let is_away = |value: &Value| matches!(value, Value::Object(object) if object.is_elsewhere());
    is_away(a) && is_away(b) && matches!(elsewhere("is", &[a, b]), Some(Ok(Value::Bool(true))))
}

fn sequences(a: &[Value], b: &[Value], depth: usize) -> Result<bool> {
    let depth = limits::deeper(depth, " in comparison")?;
    if a.len() != b.len() {
        return Ok(false);
    }
    for (a, b) in a.iter().zip(b) {
        if !same_at(a, b, depth)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn dicts(a: &Dict, b: &Dict, depth: usize) -> Result<bool> {
    let depth = limits::deeper(depth, " in comparison")?;
    let (a, b) = (a.read(), b.read());
    if a.len() != b.len() {
        return Ok(false);
    }
    for (key, value) in a.iter() {
        match b.get(key) {
            Some(other) if same_at(value, other, depth)? => {}
            _ => return Ok(false),
        }
    }
    Ok(true)
}

/// `a is b`
///
/// Values that have no identity here (numbers, and equal texts of one character) are the same if they are equal
/// and of one type.
pub fn is(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Undefined(a), Value::Undefined(b)) => Arc::ptr_eq(a, b),
        (Value::None, Value::None) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Int(a), Value::Int(b)) => a == b,
        (Value::BigInt(a), Value::BigInt(b)) => Arc::ptr_eq(a, b),
        (Value::Float(a), Value::Float(b)) => a.to_bits() == b.to_bits(),
        (Value::Str(a), Value::Str(b)) => Arc::ptr_eq(a, b) || (a.len() <= 1 && a == b),
        (Value::Markup(a), Value::Markup(b)) => Arc::ptr_eq(a, b),
        (Value::Bytes(a), Value::Bytes(b)) => Arc::ptr_eq(a, b) || (a.len() <= 1 && a == b),
        (Value::List(a), Value::List(b)) => a.is(b),
        (Value::Tuple(a), Value::Tuple(b)) => Arc::ptr_eq(a, b) || (a.is_empty() && b.is_empty()),
        (Value::Dict(a), Value::Dict(b)) | (Value::Set(a), Value::Set(b)) => a.is(b),
        (Value::Date(a), Value::Date(b)) => Arc::ptr_eq(a, b),
        (Value::DateTime(a), Value::DateTime(b)) => Arc::ptr_eq(a, b),
        (Value::Object(x), Value::Object(y)) => Arc::ptr_eq(x, y) || is_there(a, b),
        _ => false,
    }
}
