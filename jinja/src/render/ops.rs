//! Operators on values, with the errors of this crate.

use std::cmp::Ordering;

use values::{Value, ops};

use crate::ast::{BinaryOp, CompareOp, UnaryOp};
use crate::error::ErrorKind;
use crate::undefined::SoftUndefined;
use crate::{Error, Result, filters};

/// Turns the error of an operation into ours, and says which of the operands was undefined.
pub(crate) fn blame<T>(result: values::Result<T>, operands: &[&Value]) -> Result<T> {
    result.map_err(|error| blamed(error, operands))
}

#[cold]
fn blamed(error: values::Error, operands: &[&Value]) -> Error {
    match error.kind {
        values::ErrorKind::Undefined => {
            let mut error = Error::from(error);
            let found = operands.iter().find_map(|operand| match operand {
                Value::Undefined(undefined) if undefined.message == error.message => {
                    Some(undefined)
                }
                _ => None,
            });
            error.name = found.map(|undefined| undefined.name.clone());
            error
        }
        values::ErrorKind::Type => {
            let soft = operands
                .iter()
                .find_map(|operand| operand.downcast::<SoftUndefined>());
            match soft {
                Some(soft) => Error::new(ErrorKind::Undefined, soft.message.clone()),
                None => error.into(),
            }
        }
        _ => error.into(),
    }
}

pub(crate) fn unary(op: UnaryOp, operand: &Value) -> Result<Value> {
    let result = match op {
        UnaryOp::Neg => ops::neg(operand),
        UnaryOp::Pos => ops::pos(operand),
        UnaryOp::Not => ops::truth(operand).map(|truth| Value::Bool(!truth)),
    };
    blame(result, &[operand])
}

pub(crate) fn binary(op: BinaryOp, left: &Value, right: &Value) -> Result<Value> {
    let result = match op {
        BinaryOp::Add => ops::add(left, right),
        BinaryOp::Sub => ops::sub(left, right),
        BinaryOp::Mul => ops::mul(left, right),
        BinaryOp::Div => ops::truediv(left, right),
        BinaryOp::FloorDiv => ops::floordiv(left, right),
        BinaryOp::Mod => ops::modulo(left, right),
        BinaryOp::Pow => ops::pow(left, right),
    };
    blame(result, &[left, right])
}

/// What a comparison comes to, which need not be true or false if an operand is somewhere else.
pub(crate) fn comparison(op: CompareOp, left: &Value, right: &Value) -> Result<Value> {
    let name = match op {
        CompareOp::Eq => "eq",
        CompareOp::Ne => "ne",
        CompareOp::Lt => "lt",
        CompareOp::Le => "le",
        CompareOp::Gt => "gt",
        CompareOp::Ge => "ge",
        CompareOp::In | CompareOp::NotIn => return compare(op, left, right).map(Value::Bool),
    };
    match (left, right) {
        (Value::Undefined(_), _) => {}
        (Value::Object(_), _) | (_, Value::Object(_)) => {
            if let Some(found) = values::object::elsewhere(name, &[left, right]) {
                return blame(found, &[left, right]);
            }
        }
        _ => {}
    }
    compare(op, left, right).map(Value::Bool)
}

pub(crate) fn compare(op: CompareOp, left: &Value, right: &Value) -> Result<bool> {
    let order = |symbol: &str, test: fn(Ordering) -> bool| {
        ops::compare(left, right, symbol).map(|order| order.is_some_and(test))
    };
    let result = match op {
        CompareOp::Eq => ops::eq(left, right),
        CompareOp::Ne => ops::eq(left, right).map(|equal| !equal),
        CompareOp::Lt => order("<", Ordering::is_lt),
        CompareOp::Le => order("<=", Ordering::is_le),
        CompareOp::Gt => order(">", Ordering::is_gt),
        CompareOp::Ge => order(">=", Ordering::is_ge),
        CompareOp::In => return contains(right, left),
        CompareOp::NotIn => return contains(right, left).map(|found| !found),
    };
    blame(result, &[left, right])
}

fn contains(container: &Value, item: &Value) -> Result<bool> {
    match filters::object_contains(container, item) {
        Some(result) => result,
        None => blame(ops::contains(container, item), &[container, item]),
    }
}

pub(crate) fn truth(value: &Value) -> Result<bool> {
    match value {
        Value::Bool(truth) => Ok(*truth),
        _ => blame(ops::truth(value), &[value]),
    }
}

/// `str(value)`, appended.
pub(crate) fn write_str(value: &Value, out: &mut String) -> Result<()> {
    match value {
        Value::Str(text) | Value::Markup(text) => {
            out.push_str(text);
            Ok(())
        }
        _ => blame(values::repr::write_str(value, out), &[value]),
    }
}

/// `a ~ b`
pub(crate) fn concat(items: &[Value]) -> Result<String> {
    let mut out = String::new();
    items
        .iter()
        .try_for_each(|item| write_str(item, &mut out))?;
    Ok(out)
}

/// `a ~ b` where autoescaping is on: markup if one of them is.
pub(super) fn markup_concat(items: &[Value]) -> Result<Value> {
    if !items.iter().any(|item| matches!(item, Value::Markup(_))) {
        return concat(items).map(Value::str);
    }
    let mut out = String::new();
    for item in items {
        match item {
            Value::Markup(text) => out.push_str(text),
            _ => values::escape::escape_into(&concat(std::slice::from_ref(item))?, &mut out),
        }
    }
    Ok(Value::Markup(out.into()))
}

/// Of an object that knows how it looks in HTML.
fn write_escaped(value: &Value) -> Result<String> {
    let escaped = values::escape::escape(value)?;
    Ok(escaped.as_str().unwrap_or_default().to_owned())
}

/// `markupsafe.escape(value)`
pub(crate) fn escape(value: &Value) -> Result<String> {
    let mut text = String::new();
    write_str(value, &mut text)?;
    if let Value::Object(object) = value
        && object.is_a("html")
    {
        return write_escaped(value);
    }
    if matches!(value, Value::Markup(_)) || value.downcast::<super::Module>().is_some() {
        return Ok(text);
    }
    Ok(values::escape::escape_str(&text).into_owned())
}
