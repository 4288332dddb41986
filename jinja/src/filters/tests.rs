//! The built-in tests.

use std::cmp::Ordering;

use values::object::elsewhere;
use values::{Args, Key, Value, iter, ops};

use super::TestFn;
use super::python::{asked_there, call_method, is_there_a, text, undefined_error};
use super::signature::{bind, bind_builtin};
use crate::{Error, Result, State, is_undefined};

/// The test called `name`.
pub(super) fn test(name: &str) -> Option<TestFn> {
    Some(match name {
        "odd" => |_, value, args| remainder_is("test_odd", value, args, 1),
        "even" => |_, value, args| remainder_is("test_even", value, args, 0),
        "divisibleby" => divisible_by,
        "defined" => |_, value, args| Ok(!is_undefined(alone("test_defined", value, args)?)),
        "undefined" => |_, value, args| Ok(is_undefined(alone("test_undefined", value, args)?)),
        "filter" => {
            |state, value, args| exists("test_filter", value, args, |name| state.has_filter(name))
        }
        "test" => {
            |state, value, args| exists("test_test", value, args, |name| state.has_test(name))
        }
        "none" => |_, value, args| Ok(matches!(alone("test_none", value, args)?, Value::None)),
        "boolean" => |_, value, args| {
            Ok(matches!(
                alone("test_boolean", value, args)?,
                Value::Bool(_)
            ))
        },
        "false" => |_, value, args| {
            Ok(matches!(
                alone("test_false", value, args)?,
                Value::Bool(false)
            ))
        },
        "true" => |_, value, args| {
            Ok(matches!(
                alone("test_true", value, args)?,
                Value::Bool(true)
            ))
        },
        "integer" => |_, value, args| {
            Ok(matches!(
                alone("test_integer", value, args)?,
                Value::Int(_) | Value::BigInt(_)
            ) || is_there_a(value, "integer"))
        },
        "float" => |_, value, args| {
            let value = alone("test_float", value, args)?;
            Ok(matches!(value, Value::Float(_)) || is_there_a(value, "float"))
        },
        "lower" => |_, value, args| ask_text(alone("test_lower", value, args)?, "islower"),
        "upper" => |_, value, args| ask_text(alone("test_upper", value, args)?, "isupper"),
        "string" => |_, value, args| Ok(alone("test_string", value, args)?.as_str().is_some()),
        "mapping" => |_, value, args| {
            Ok(
                matches!(alone("test_mapping", value, args)?, Value::Dict(_))
                    || is_there_a(value, "mapping"),
            )
        },
        "number" => |_, value, args| {
            let value = alone("test_number", value, args)?;
            Ok(matches!(
                value,
                Value::Bool(_) | Value::Int(_) | Value::BigInt(_) | Value::Float(_)
            ) || is_there_a(value, "number"))
        },
        "sequence" => |_, value, args| {
            let value = alone("test_sequence", value, args)?;
            asked_there(value, "is_sequence").unwrap_or_else(|| Ok(is_sequence(value)))
        },
        "iterable" => |_, value, args| is_iterable(alone("test_iterable", value, args)?),
        "callable" => |_, value, args| {
            bind_builtin("callable", args)?;
            Ok(is_callable(value))
        },
        "sameas" => |_, value, args| {
            let [other] = bind("test_sameas", &["value"], ["other"], 1, args)?;
            Ok(other.is_some_and(|other| ops::is(value, &other)))
        },
        "escaped" => |_, value, args| {
            Ok(
                matches!(alone("test_escaped", value, args)?, Value::Markup(_))
                    || is_there_a(value, "html"),
            )
        },
        "in" => |_, value, args| {
            let [container] = bind("test_in", &["value"], ["seq"], 1, args)?;
            contains(&container.unwrap_or(Value::None), value)
        },
        "eq" | "==" | "equalto" => |_, value, args| Ok(ops::eq(value, operand("eq", args)?)?),
        "ne" | "!=" => |_, value, args| {
            let other = operand("ne", args)?;
            match elsewhere("ne", &[value, other]) {
                Some(answer) if !is_undefined(other) => Ok(ops::truth(&answer?)?),
                _ => Ok(!ops::eq(value, other)?),
            }
        },
        "gt" | ">" | "greaterthan" => |_, value, args| compare("gt", ">", value, args),
        "ge" | ">=" => |_, value, args| compare("ge", ">=", value, args),
        "lt" | "<" | "lessthan" => |_, value, args| compare("lt", "<", value, args),
        "le" | "<=" => |_, value, args| compare("le", "<=", value, args),
        _ => return None,
    })
}

/// The value of a test without arguments.
fn alone<'v>(function: &str, value: &'v Value, args: &Args) -> Result<&'v Value> {
    bind::<0>(function, &["value"], [], 0, args)?;
    Ok(value)
}

/// The second operand of a function of the module `operator`.
fn operand<'a>(function: &str, args: &'a Args) -> Result<&'a Value> {
    if !args.keyword.is_empty() {
        return Err(Error::type_error(format!(
            "_operator.{function}() takes no keyword arguments"
        )));
    }
    match args.positional.as_slice() {
        [operand] => Ok(operand),
        other => Err(Error::type_error(format!(
            "{function} expected 2 arguments, got {}",
            other.len() + 1
        ))),
    }
}

fn compare(function: &str, op: &str, value: &Value, args: &Args) -> Result<bool> {
    let order = ops::compare(value, operand(function, args)?, op)?;
    Ok(order.is_some_and(|order| match op {
        "<" => order == Ordering::Less,
        "<=" => order != Ordering::Greater,
        ">" => order == Ordering::Greater,
        _ => order != Ordering::Less,
    }))
}

fn remainder_is(function: &str, value: &Value, args: &Args, remainder: i64) -> Result<bool> {
    let value = alone(function, value, args)?;
    Ok(ops::eq(
        &ops::modulo(value, &Value::Int(2))?,
        &Value::Int(remainder),
    )?)
}

fn divisible_by(_: &mut State<'_>, value: &Value, args: &Args) -> Result<bool> {
    let [number] = bind("test_divisibleby", &["value"], ["num"], 1, args)?;
    Ok(ops::eq(
        &ops::modulo(value, &number.unwrap_or(Value::None))?,
        &Value::Int(0),
    )?)
}

/// `item in container`
fn contains(container: &Value, item: &Value) -> Result<bool> {
    match super::object_contains(container, item) {
        Some(found) => found,
        None => Ok(ops::contains(container, item)?),
    }
}

/// Whether there is a filter or test of that name.
fn exists(
    function: &str,
    value: &Value,
    args: &Args,
    known: impl FnOnce(&str) -> bool,
) -> Result<bool> {
    bind::<0>(function, &["env", "value"], [], 0, args)?;
    match value.as_str() {
        Some(name) => Ok(known(name)),
        // Names are looked up in a dictionary.
        None => Ok(Key::new(value.clone()).map(|_| false)?),
    }
}

/// `str(value).method()`
fn ask_text(value: &Value, method: &str) -> Result<bool> {
    Ok(ops::truth(&call_method(&text(value)?, method, [])?)?)
}

/// Whether a value has a length and can be subscripted.
fn is_sequence(value: &Value) -> bool {
    match value {
        Value::Str(_)
        | Value::Markup(_)
        | Value::Bytes(_)
        | Value::List(_)
        | Value::Tuple(_)
        | Value::Dict(_) => true,
        // A key that no object has: the answer still tells whether there are keys at all.
        Value::Object(object) => object.len().is_some() && object.get_item(&Value::None).is_some(),
        _ => false,
    }
}

fn is_iterable(value: &Value) -> Result<bool> {
    if let Some(answer) = asked_there(value, "is_iterable") {
        return answer;
    }
    match iter::iterate(value) {
        Ok(_) => Ok(true),
        Err(error) => match error.kind {
            values::ErrorKind::Type => Ok(false),
            values::ErrorKind::Undefined => Err(error.into()),
            // Too many items to list are items.
            _ => Ok(true),
        },
    }
}

/// Undefined values have a `__call__`, which raises.
fn is_callable(value: &Value) -> bool {
    undefined_error(value).is_some()
        || matches!(value, Value::Object(object) if object.is_callable())
}
