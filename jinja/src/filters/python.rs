//! Small pieces of Python that many filters need.

use num_bigint::BigInt;
use values::iter::Iter;
use values::object::elsewhere;
use values::{Args, Value, convert, iter, methods, ops, repr};

use super::group::GroupTuple;
use super::namespace::Namespace;
use crate::undefined::SoftUndefined;
use crate::{Error, ErrorKind, Result};

/// The error that using an undefined value raises; `None` for all other values.
pub(super) fn undefined_error(value: &Value) -> Option<Error> {
    match value {
        Value::Undefined(undefined) => Some(Error::undefined(undefined)),
        _ => value
            .downcast::<SoftUndefined>()
            .map(|soft| Error::new(ErrorKind::Undefined, soft.message.clone())),
    }
}

/// An undefined value that says why, as `environment.undefined(message)` makes it.
pub(super) fn undefined(message: &str) -> Value {
    Value::undefined_with("", message)
}

/// A `FilterArgumentError`.
pub(super) fn argument_error(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::FilterArgument, message)
}

/// An `AttributeError`.
pub(super) fn attribute_error(value: &Value, name: &str) -> Error {
    undefined_error(value).unwrap_or_else(|| {
        // A namespace raises its own error, which says less.
        let message = match value.downcast::<Namespace>() {
            Some(_) => name.to_owned(),
            None => format!("'{}' object has no attribute '{name}'", value.type_name()),
        };
        values::Error::new(values::ErrorKind::Attribute, message).into()
    })
}

/// `iter(value)`
pub(super) fn iterate(value: &Value) -> Result<Iter> {
    Ok(iter::iterate(value)?)
}

/// `str(value)`
pub(super) fn text(value: &Value) -> Result<Value> {
    Ok(match value {
        Value::Str(_) => value.clone(),
        Value::Markup(text) => Value::Str(text.clone()),
        _ => Value::str(repr::to_str(value)?),
    })
}

/// `markupsafe.soft_str(value)`: like `str`, but a `Markup` stays one.
pub(super) fn soft_text(value: &Value) -> Result<Value> {
    if value.as_str().is_some() {
        Ok(value.clone())
    } else {
        text(value)
    }
}

/// `str(value)` as a Rust string.
pub(super) fn string(value: &Value) -> Result<String> {
    Ok(repr::to_str(value)?)
}

/// `Markup(text)`
pub(super) fn markup(text: impl Into<std::sync::Arc<str>>) -> Value {
    Value::Markup(text.into())
}

/// `value.name(*args)` of a built-in type.
pub(super) fn call_method(value: &Value, name: &str, args: impl Into<Vec<Value>>) -> Result<Value> {
    if methods::has(value, name) || is_elsewhere(value) {
        Ok(methods::call(value, name, &Args::positional(args))?)
    } else {
        Err(attribute_error(value, name))
    }
}

/// Whether what is done with the value is done somewhere else.
pub(super) fn is_elsewhere(value: &Value) -> bool {
    matches!(value, Value::Object(object) if object.is_elsewhere())
}

/// Whether it is of that kind of data there.
pub(super) fn is_there_a(value: &Value, kind: &str) -> bool {
    matches!(value, Value::Object(object) if object.is_elsewhere() && object.is_a(kind))
}

/// What is asked there, as an answer to yes or no.
pub(super) fn asked_there(value: &Value, question: &str) -> Option<Result<bool>> {
    let answer = elsewhere(question, &[value])?;
    Some(
        answer
            .and_then(|answer| ops::truth(&answer))
            .map_err(Error::from),
    )
}

/// `bool(value)` of an argument that may be left out.
pub(super) fn flag(value: Option<&Value>) -> Result<bool> {
    value.map_or(Ok(false), |value| Ok(ops::truth(value)?))
}

/// The argument, unless it is left out or `None`.
pub(super) fn given(value: Option<Value>) -> Option<Value> {
    value.filter(|value| !matches!(value, Value::None))
}

/// `operator.index(value)`, cut to the range that fits, as for slices.
pub(super) fn index(value: &Value) -> Result<i64> {
    match value {
        Value::BigInt(big) if big.sign() == num_bigint::Sign::Minus => Ok(i64::MIN),
        Value::BigInt(_) => Ok(i64::MAX),
        Value::Object(_) if is_elsewhere(value) => match elsewhere("index", &[value]) {
            Some(found) => index(&found?),
            None => Ok(0),
        },
        _ => value.as_i64().ok_or_else(|| {
            Error::type_error(format!(
                "'{}' object cannot be interpreted as an integer",
                value.type_name()
            ))
        }),
    }
}

/// Whether an error is of a class that Python code catches with `except (TypeError, ValueError)`.
pub(super) fn is_type_or_value_error(error: &Error) -> bool {
    matches!(
        error.kind,
        ErrorKind::Python(values::ErrorKind::Type | values::ErrorKind::Value)
    )
}

/// `float(value)`
pub(super) fn float(value: &Value) -> Result<f64> {
    if let Some(error) = undefined_error(value) {
        return Err(error);
    }
    convert::to_float(value).map_err(|error| match value {
        // The message shows the text as what it is.
        Value::Markup(_) => {
            let shown = values::repr::repr(value);
            Error::value_error(format!("could not convert string to float: {shown}"))
        }
        _ => error.into(),
    })
}

/// `int(value)` of a float.
pub(super) fn truncate(value: f64) -> Result<BigInt> {
    Ok(convert::float_to_int(value)?)
}

/// The two items of a pair that a `for` loop unpacks.
pub(super) fn unpack_pair(value: &Value) -> Result<(Value, Value)> {
    let items = match iter::iterate(value) {
        Ok(items) => items,
        Err(error) if error.kind == values::ErrorKind::Type => {
            return Err(Error::type_error(format!(
                "cannot unpack non-iterable {} object",
                value.type_name()
            )));
        }
        Err(error) => return Err(error.into()),
    };
    let found = items.take(3).collect::<values::Result<Vec<_>>>()?;
    match <[Value; 2]>::try_from(found) {
        Ok([first, second]) => Ok((first, second)),
        Err(found) if found.len() > 2 => {
            Err(Error::value_error("too many values to unpack (expected 2)"))
        }
        Err(found) => Err(Error::value_error(format!(
            "not enough values to unpack (expected 2, got {})",
            found.len()
        ))),
    }
}

/// A generator object of the Python function `function`, over the items that `fill` pushes.
///
/// Everything is computed at once, and an exception of Python is raised when the generator gets there. Errors that
/// the data model has no place for, such as the host's, are raised at once.
pub(super) fn generator(
    function: &str,
    fill: impl FnOnce(&mut Vec<Value>) -> Result<()>,
) -> Result<Value> {
    let mut items = Vec::new();
    let error = match fill(&mut items) {
        Ok(()) => None,
        Err(error) => {
            let kind = match error.kind {
                ErrorKind::Python(kind) => kind,
                ErrorKind::Undefined => values::ErrorKind::Undefined,
                _ => return Err(error),
            };
            let made = values::Error::new(kind, error.message.clone());
            Some(match &error.payload {
                Some(cause) => made.because(cause.clone()),
                None => made,
            })
        }
    };
    let repr = format!("<generator object {function} at 0x7f0000000000>");
    Ok(iter::generator("generator", repr, items, error))
}

/// The plain tuple that a value of a tuple's subclass is; other values as they are.
pub(super) fn plain_tuple(value: Value) -> Value {
    match value.downcast::<GroupTuple>() {
        Some(group) => group.to_tuple(),
        None => value,
    }
}
