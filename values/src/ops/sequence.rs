//! Concatenation, repetition and set difference. The answer is `None` for operands that are none of this.

use crate::dict::Map;
use crate::{Dict, Error, Result, Value, escape, limits};

/// `a + b` of sequences.
pub(super) fn concat(a: &Value, b: &Value) -> Option<Result<Value>> {
    if let (Value::Undefined(_), _) | (_, Value::Undefined(_)) = (a, b) {
        return None;
    }
    let only = |kind: &str| {
        Some(Err(Error::type_error(format!(
            "can only concatenate {kind} (not \"{}\") to {kind}",
            b.full_type_name()
        ))))
    };
    Some(Ok(match (a, b) {
        (Value::Str(a), Value::Str(b)) => return Some(join(a, b).map(Value::from)),
        (Value::Markup(_), Value::Str(_) | Value::Markup(_))
        | (Value::Str(_), Value::Markup(_)) => {
            return join_markup(a, b);
        }
        (Value::Str(_), _) => return only("str"),
        (Value::List(a), Value::List(b)) => Value::list([a.to_vec(), b.to_vec()].concat()),
        (Value::List(_), _) => return only("list"),
        (Value::Tuple(a), Value::Tuple(b)) => {
            Value::Tuple(a.iter().chain(b.iter()).cloned().collect())
        }
        (Value::Tuple(_), _) => return only("tuple"),
        (Value::Bytes(a), Value::Bytes(b)) => Value::Bytes([&**a, &**b].concat().into()),
        (Value::Bytes(_), _) => {
            return Some(Err(Error::type_error(format!(
                "can't concat {} to bytes",
                b.full_type_name()
            ))));
        }
        _ => return None,
    }))
}

fn join(a: &str, b: &str) -> Result<String> {
    if a.len() + b.len() > limits::TEXT {
        return Err(Error::too_large("the text"));
    }
    Ok([a, b].concat())
}

/// `a + b` where one is `Markup`: the other is escaped. `None` if the other is no text.
fn join_markup(a: &Value, b: &Value) -> Option<Result<Value>> {
    let a = escape::escape_text(a)?;
    let b = escape::escape_text(b)?;
    Some(join(&a, &b).map(|text| Value::Markup(text.into())))
}

/// `a * b` of a sequence and a number.
pub(super) fn repeat(a: &Value, b: &Value) -> Option<Result<Value>> {
    let (sequence, count) = match (a, b) {
        // Markup multiplies in Python code, and is asked first.
        (Value::Markup(_), _) => (a, b),
        (_, Value::Markup(_)) => (b, a),
        _ if is_sequence(a) => (a, b),
        _ if is_sequence(b) => (b, a),
        _ => return None,
    };
    Some(match count {
        Value::Undefined(undefined) => Err(Error::undefined(undefined)),
        Value::BigInt(_) => Err(Error::overflow(
            "cannot fit 'int' into an index-sized integer",
        )),
        _ => match count.as_i64() {
            Some(count) => repeated(sequence, usize::try_from(count).unwrap_or(0)),
            None => Err(not_a_count(sequence, count)),
        },
    })
}

fn not_a_count(sequence: &Value, count: &Value) -> Error {
    let kind = count.full_type_name();
    Error::type_error(match sequence {
        Value::Markup(_) => format!("'{kind}' object cannot be interpreted as an integer"),
        _ => format!("can't multiply sequence by non-int of type '{kind}'"),
    })
}

fn is_sequence(value: &Value) -> bool {
    matches!(
        value,
        Value::Str(_) | Value::Markup(_) | Value::Bytes(_) | Value::List(_) | Value::Tuple(_)
    )
}

fn repeated(sequence: &Value, count: usize) -> Result<Value> {
    let text = |text: &str| {
        limits::product(text.len(), count, limits::TEXT, "the text")?;
        Ok::<_, Error>(if text.is_empty() {
            String::new()
        } else {
            text.repeat(count)
        })
    };
    let items = |items: &[Value]| {
        let total = limits::product(items.len(), count, limits::ITEMS, "the list")?;
        Ok::<Vec<Value>, Error>(items.iter().cycle().take(total).cloned().collect())
    };
    Ok(match sequence {
        Value::Str(s) => text(s)?.into(),
        Value::Markup(s) => Value::Markup(text(s)?.into()),
        Value::Bytes(bytes) => {
            limits::product(bytes.len(), count, limits::TEXT, "the bytes")?;
            Value::Bytes(if bytes.is_empty() {
                bytes.clone()
            } else {
                bytes.repeat(count).into()
            })
        }
        Value::List(list) => Value::list(items(&list.read())?),
        Value::Tuple(tuple) => Value::tuple(items(tuple)?),
        other => other.clone(),
    })
}

/// `a - b` of sets.
pub(super) fn difference(a: &Value, b: &Value) -> Option<Result<Value>> {
    let (Value::Set(a), Value::Set(b)) = (a, b) else {
        return None;
    };
    let (a, b) = (a.read(), b.read());
    let rest: Map = a
        .keys()
        .filter(|key| !b.contains_key(*key))
        .map(|key| (key.clone(), Value::None))
        .collect();
    drop((a, b));
    Some(Ok(Value::Set(Dict::new(rest))))
}
