//! Methods and attributes of `int`, `bool` and `float`.

use num_bigint::{BigInt, Sign};

use crate::{Args, Error, Result, Value, ops};

use super::params;

/// `real`, `imag`, `numerator`, `denominator`
pub(super) fn attribute(value: &Value, name: &str) -> Option<Value> {
    let integer = |value: &Value| match value {
        Value::Bool(b) => Value::Int((*b).into()),
        other => other.clone(),
    };
    match (name, value) {
        ("real", _) => Some(integer(value)),
        ("imag", Value::Float(_)) => Some(Value::Float(0.0)),
        ("imag", _) => Some(Value::Int(0)),
        (_, Value::Float(_)) => None,
        ("numerator", _) => Some(integer(value)),
        ("denominator", _) => Some(Value::Int(1)),
        _ => None,
    }
}

/// Methods of `int` and `bool`; `None`: there is no such method here.
pub(super) fn call_int(value: &Value, name: &str, args: &Args) -> Result<Option<Value>> {
    let Some(number) = ops::number(value).and_then(ops::Number::big) else {
        return Ok(None);
    };
    let none = || params::none("int", name, args);
    Ok(Some(match name {
        "bit_length" => {
            none()?;
            (number.bits() as i64).into()
        }
        "bit_count" => {
            none()?;
            (number.magnitude().count_ones() as i64).into()
        }
        "conjugate" | "__int__" | "__index__" | "__trunc__" | "__floor__" | "__ceil__" => {
            none()?;
            Value::big(number.into_owned())
        }
        "as_integer_ratio" => {
            none()?;
            Value::tuple([Value::big(number.into_owned()), Value::Int(1)])
        }
        "to_bytes" => to_bytes(&number, args)?,
        _ => return Ok(None),
    }))
}

fn to_bytes(number: &BigInt, args: &Args) -> Result<Value> {
    const LIMIT: usize = 1 << 24;
    let signed = args.get("signed").map_or(Ok(false), ops::truth)?;
    let mut args = args.clone();
    args.keyword.retain(|(name, _)| name != "signed");
    let [length, order] = params::named("to_bytes", &args, ["length", "byteorder"], 0)?;
    let length = length.as_ref().map_or(Ok(1), params::count)?;
    let little = match order.as_ref().map(|order| order.as_str().ok_or(order)) {
        None | Some(Ok("big")) => false,
        Some(Ok("little")) => true,
        Some(Ok(_)) => {
            return Err(Error::value_error(
                "byteorder must be either 'little' or 'big'",
            ));
        }
        Some(Err(order)) => {
            return Err(Error::type_error(format!(
                "to_bytes() argument 'byteorder' must be str, not {}",
                order.full_type_name()
            )));
        }
    };
    let length = usize::try_from(length)
        .map_err(|_| Error::value_error("length argument must be non-negative"))?;
    let negative = number.sign() == Sign::Minus;
    if negative && !signed {
        return Err(Error::overflow("can't convert negative int to unsigned"));
    }
    if length > LIMIT {
        return Err(Error::too_large("the bytes"));
    }
    let mut bytes = if signed {
        number.to_signed_bytes_le()
    } else {
        number.to_bytes_le().1
    };
    if *number == BigInt::ZERO {
        bytes.clear();
    }
    if bytes.len() > length {
        return Err(Error::overflow("int too big to convert"));
    }
    bytes.resize(length, if negative { 0xff } else { 0 });
    if !little {
        bytes.reverse();
    }
    Ok(Value::Bytes(bytes.into()))
}

/// Methods of `float`; `None`: there is no such method here.
pub(super) fn call_float(float: f64, name: &str, args: &Args) -> Result<Option<Value>> {
    let none = || params::none("float", name, args);
    Ok(Some(match name {
        "is_integer" => {
            none()?;
            (float.is_finite() && float.fract() == 0.0).into()
        }
        "conjugate" | "__float__" => {
            none()?;
            float.into()
        }
        "hex" => {
            none()?;
            hex(float).into()
        }
        "as_integer_ratio" => {
            none()?;
            ratio(float)?
        }
        "__int__" | "__trunc__" => {
            none()?;
            Value::big(crate::convert::float_to_int(float)?)
        }
        _ => return Ok(None),
    }))
}

/// Mantissa and binary exponent of a finite float: `mantissa * 2**exponent`.
fn decode(float: f64) -> (u64, i32) {
    const FRACTION: u64 = (1 << 52) - 1;
    let bits = float.to_bits();
    match (bits >> 52 & 0x7ff) as i32 {
        0 => (bits & FRACTION, -1074),
        exponent => (bits & FRACTION | (FRACTION + 1), exponent - 1075),
    }
}

fn hex(float: f64) -> String {
    if !float.is_finite() {
        return crate::repr::float_repr(float);
    }
    let sign = if float.is_sign_negative() { "-" } else { "" };
    if float == 0.0 {
        return format!("{sign}0x0.0p+0");
    }
    let (mantissa, exponent) = decode(float);
    format!(
        "{sign}0x{}.{:013x}p{:+}",
        mantissa >> 52,
        mantissa & ((1 << 52) - 1),
        exponent + 52
    )
}

fn ratio(float: f64) -> Result<Value> {
    if float.is_nan() {
        return Err(Error::value_error("cannot convert NaN to integer ratio"));
    }
    if float.is_infinite() {
        return Err(Error::overflow("cannot convert Infinity to integer ratio"));
    }
    let (mut mantissa, mut exponent) = decode(float);
    if mantissa == 0 {
        exponent = 0;
    }
    let common = mantissa
        .trailing_zeros()
        .min(exponent.min(0).unsigned_abs());
    mantissa >>= common;
    exponent += common as i32;
    let mut numerator = BigInt::from(mantissa) << exponent.max(0);
    if float.is_sign_negative() {
        numerator = -numerator;
    }
    let denominator = BigInt::from(1) << exponent.min(0).unsigned_abs();
    Ok(Value::tuple([
        Value::big(numerator),
        Value::big(denominator),
    ]))
}
