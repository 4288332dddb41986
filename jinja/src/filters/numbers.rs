//! Filters for numbers.

use std::cmp::Ordering;

use num_bigint::BigInt;
use values::object::elsewhere;
use values::{Args, Value, convert, format, iter, ops};

use super::attribute::Path;
use super::python::{
    argument_error, flag, float, given, index, is_type_or_value_error, truncate, undefined_error,
};
use super::signature::{bind, bind_builtin};
use super::text::number;
use crate::{Error, ErrorKind, Result, State};

/// `abs`
pub(super) fn abs(_: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    bind_builtin("abs", args)?;
    if let Some(done) = elsewhere("abs", &[value]) {
        return Ok(done?);
    }
    match value {
        Value::Float(float) => Ok(Value::Float(float.abs())),
        Value::Bool(_) | Value::Int(_) | Value::BigInt(_) => {
            let negative = ops::compare(value, &Value::Int(0), "<")? == Some(Ordering::Less);
            Ok(if negative {
                ops::neg(value)?
            } else {
                ops::pos(value)?
            })
        }
        _ => Err(Error::type_error(format!(
            "bad operand type for abs(): '{}'",
            value.type_name()
        ))),
    }
}

/// `int`
pub(super) fn int(_: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    let [default, base] = bind("do_int", &["value"], ["default", "base"], 0, args)?;
    if let Some(error) = undefined_error(value) {
        return Err(error);
    }
    let direct = match (value.as_str(), base) {
        (Some(text), Some(base)) => {
            let base = index(&base).map(|base| u32::try_from(base).unwrap_or(u32::MAX));
            base.and_then(|base| Ok(convert::int_from_str(text, base)?))
        }
        _ => convert::to_int(value).map_err(Error::from),
    };
    // "42.23" is 42.
    let whole = match direct {
        Err(error) if is_type_or_value_error(&error) => float(value).and_then(truncate),
        Err(error) => return Err(error),
        whole => whole,
    };
    match whole {
        Ok(whole) => Ok(Value::big(whole)),
        Err(error) if is_type_or_value_error(&error) || is_overflow(&error) => {
            Ok(default.unwrap_or(Value::Int(0)))
        }
        Err(error) => Err(error),
    }
}

fn is_overflow(error: &Error) -> bool {
    error.kind == ErrorKind::Python(values::ErrorKind::Overflow)
}

/// `float`
pub(super) fn to_float(_: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    let [default] = bind("do_float", &["value"], ["default"], 0, args)?;
    match float(value) {
        Ok(number) => Ok(Value::Float(number)),
        Err(error) if is_type_or_value_error(&error) => Ok(default.unwrap_or(Value::Float(0.0))),
        Err(error) => Err(error),
    }
}

/// `round`
pub(super) fn round(_: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    let [precision, method] = bind("do_round", &["value"], ["precision", "method"], 0, args)?;
    let precision = precision.unwrap_or(Value::Int(0));
    let method = method.unwrap_or_else(|| Value::str("common"));
    // The method is looked up in a set.
    values::Key::new(method.clone())?;
    match method.as_str() {
        Some("common") => round_common(value, precision),
        Some(method @ ("ceil" | "floor")) => {
            let unit = ops::pow(&Value::Int(10), &precision)?;
            let scaled = match ops::mul(value, &unit)? {
                Value::Float(float) => Value::big(truncate(if method == "ceil" {
                    float.ceil()
                } else {
                    float.floor()
                })?),
                scaled @ (Value::Bool(_) | Value::Int(_) | Value::BigInt(_)) => scaled,
                other => {
                    return Err(Error::type_error(format!(
                        "must be real number, not {}",
                        other.type_name()
                    )));
                }
            };
            Ok(ops::truediv(&scaled, &unit)?)
        }
        _ => Err(argument_error("method must be common, ceil or floor")),
    }
}

/// `round(value, precision)`
fn round_common(value: &Value, precision: Value) -> Result<Value> {
    if let Some(done) = elsewhere("round", &[value, &precision]) {
        return Ok(done?);
    }
    let precision = given(Some(precision));
    match value {
        Value::Float(float) => match precision {
            None => Ok(Value::big(truncate(float.round_ties_even())?)),
            Some(precision) => {
                let rounded = number::round_float(*float, index(&precision)?);
                if rounded.is_infinite() && float.is_finite() {
                    return Err(
                        values::Error::overflow("rounded value too large to represent").into(),
                    );
                }
                Ok(Value::Float(rounded))
            }
        },
        Value::Bool(_) | Value::Int(_) | Value::BigInt(_) => {
            let digits = precision.as_ref().map_or(Ok(0), index)?;
            let value = match value {
                Value::BigInt(big) => (**big).clone(),
                _ => BigInt::from(value.as_i64().unwrap_or_default()),
            };
            Ok(Value::big(number::round_int(&value, digits)))
        }
        _ => Err(Error::type_error(format!(
            "type {} doesn't define __round__ method",
            value.full_type_name()
        ))),
    }
}

/// `filesizeformat`
pub(super) fn filesizeformat(_: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    let [binary] = bind("do_filesizeformat", &["value"], ["binary"], 0, args)?;
    let bytes = float(value)?;
    let binary = flag(binary.as_ref())?;
    let base = if binary { 1024_i64 } else { 1000 };
    if bytes == 1.0 {
        return Ok("1 Byte".into());
    }
    if bytes < base as f64 {
        return Ok(format!("{} Bytes", truncate(bytes)?).into());
    }
    let infix = if binary { "i" } else { "" };
    let prefixes = [
        if binary { 'K' } else { 'k' },
        'M',
        'G',
        'T',
        'P',
        'E',
        'Z',
        'Y',
    ];
    let mut shown = String::new();
    for (exponent, prefix) in (2..).zip(prefixes) {
        let unit = Value::big(BigInt::from(base).pow(exponent));
        let count = ops::truediv(&Value::Float(base as f64 * bytes), &unit)?;
        shown = format!("{} {prefix}{infix}B", format::format_spec(&count, ".1f")?);
        if ops::compare(&Value::Float(bytes), &unit, "<")? == Some(Ordering::Less) {
            break;
        }
    }
    Ok(shown.into())
}

/// `sum`
pub(super) fn sum(state: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    let [attribute, start] = bind(
        "sync_do_sum",
        &["environment", "iterable"],
        ["attribute", "start"],
        0,
        args,
    )?;
    let path = Path::new(attribute.as_ref())?;
    let items = iter::iterate(value)?;
    let mut total = start.unwrap_or(Value::Int(0));
    match &total {
        Value::Str(_) | Value::Markup(_) => {
            return Err(Error::type_error(
                "sum() can't sum strings [use ''.join(seq) instead]",
            ));
        }
        Value::Bytes(_) => {
            return Err(Error::type_error(
                "sum() can't sum bytes [use b''.join(seq) instead]",
            ));
        }
        _ => {}
    }
    for item in items {
        let item = path.get(state, &item?)?;
        total = ops::add(&total, &item)?;
    }
    Ok(total)
}
