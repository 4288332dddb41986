//! `<`, `<=`, `>`, `>=`.

use std::cmp::Ordering;

use crate::object::elsewhere;
use crate::{Dict, Error, Result, Value, limits};

use super::equality::same;
use super::number::number;
use super::truth;

/// The ordering that `a OP b` needs; `op` is the operator's spelling, for the error. `None`: unordered (NaN, and
/// sets of which none contains the other).
pub fn compare(a: &Value, b: &Value, op: &str) -> Result<Option<Ordering>> {
    compare_at(a, b, op, 0)
}

fn compare_at(a: &Value, b: &Value, op: &str, depth: usize) -> Result<Option<Ordering>> {
    match (a, b) {
        (Value::Undefined(undefined), _) | (_, Value::Undefined(undefined)) => {
            Err(Error::undefined(undefined))
        }
        (Value::Str(a) | Value::Markup(a), Value::Str(b) | Value::Markup(b)) => Ok(Some(a.cmp(b))),
        (Value::Bytes(a), Value::Bytes(b)) => Ok(Some(a.cmp(b))),
        (Value::List(a), Value::List(b)) => sequences(&a.read(), &b.read(), op, depth),
        (Value::Tuple(a), Value::Tuple(b)) => sequences(a, b, op, depth),
        (Value::Set(a), Value::Set(b)) => Ok(sets(a, b)),
        (Value::Date(a), Value::Date(b)) => Ok(Some(a.cmp(b))),
        (Value::DateTime(a), Value::DateTime(b)) => a.compare(b).map(Some),
        (Value::Date(_), Value::DateTime(_)) | (Value::DateTime(_), Value::Date(_)) => Err(
            Error::type_error("can't compare datetime.datetime to datetime.date"),
        ),
        _ => match (number(a), number(b)) {
            (Some(a), Some(b)) => Ok(a.compare(b)),
            _ => other(a, b, op),
        },
    }
}

/// What has no order here. Apart, because comparing recurses, and should need little stack.
#[inline(never)]
fn other(a: &Value, b: &Value, op: &str) -> Result<Option<Ordering>> {
    there(a, b, op).unwrap_or_else(|| {
        Err(Error::type_error(format!(
            "'{op}' not supported between instances of '{}' and '{}'",
            a.full_type_name(),
            b.full_type_name()
        )))
    })
}

/// Where one is elsewhere: an ordering for which `op` says what was said there.
fn there(a: &Value, b: &Value, op: &str) -> Option<Result<Option<Ordering>>> {
    let (name, order) = match op {
        "<" => ("lt", Ordering::Less),
        "<=" => ("le", Ordering::Less),
        ">" => ("gt", Ordering::Greater),
        _ => ("ge", Ordering::Greater),
    };
    let answer = elsewhere(name, &[a, b])?;
    Some(answer.and_then(|answer| Ok(truth(&answer)?.then_some(order))))
}

/// The first items that differ decide, else the lengths.
fn sequences(a: &[Value], b: &[Value], op: &str, depth: usize) -> Result<Option<Ordering>> {
    let depth = limits::deeper(depth, " in comparison")?;
    for (a, b) in a.iter().zip(b) {
        if !same(a, b)? {
            return compare_at(a, b, op, depth);
        }
    }
    Ok(Some(a.len().cmp(&b.len())))
}

fn sets(a: &Dict, b: &Dict) -> Option<Ordering> {
    let (a, b) = (a.read(), b.read());
    let (small, large) = if a.len() <= b.len() {
        (&a, &b)
    } else {
        (&b, &a)
    };
    small
        .keys()
        .all(|key| large.contains_key(key))
        .then(|| a.len().cmp(&b.len()))
}
