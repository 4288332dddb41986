//! `int(…)` and `float(…)`.

use num_bigint::BigInt;

use crate::object::elsewhere;
use crate::{Error, Result, Value, ops, repr, unicode};

/// Integers with more decimal digits are not read, since Python 3.11.
const INT_DIGITS: usize = 4300;

/// `int(float)`
///
/// # Errors
/// For NaN and infinities.
pub fn float_to_int(float: f64) -> Result<BigInt> {
    if float.is_nan() {
        return Err(Error::value_error("cannot convert float NaN to integer"));
    }
    ops::float_to_int(float.trunc())
        .ok_or_else(|| Error::overflow("cannot convert float infinity to integer"))
}

/// `int(value)`
pub fn to_int(value: &Value) -> Result<BigInt> {
    match ops::number(value) {
        Some(ops::Number::Float(float)) => float_to_int(float),
        Some(number) => Ok(number
            .big()
            .map(std::borrow::Cow::into_owned)
            .unwrap_or_default()),
        None => match value {
            Value::Undefined(undefined) => Err(Error::undefined(undefined)),
            Value::Str(text) | Value::Markup(text) => int_from_str(text, 10),
            Value::Bytes(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) if text.is_ascii() => int_from_str(text, 10)
                    .map_err(|error| Error::new(error.kind, bytes_literal(&error.message, bytes))),
                _ => Err(Error::value_error(bytes_literal(
                    "invalid literal for int() with base 10: '",
                    bytes,
                ))),
            },
            Value::Object(object) if object.is_elsewhere() => {
                elsewhere("int", &[value]).map_or_else(|| Ok(BigInt::ZERO), |found| to_int(&found?))
            }
            _ => Err(Error::type_error(format!(
                "int() argument must be a string, a bytes-like object or a real number, not '{}'",
                value.full_type_name()
            ))),
        },
    }
}

/// The message of an invalid literal, about bytes instead of text.
fn bytes_literal(message: &str, bytes: &[u8]) -> String {
    match message.split_once(": ") {
        Some((start, _)) if start.starts_with("invalid literal") => {
            format!("{start}: {}", repr::bytes_repr(bytes))
        }
        _ => message.to_owned(),
    }
}

/// `int(text, base)`: the base is 0 or 2 to 36.
///
/// # Errors
/// `ValueError` if the text is no number of the base.
pub fn int_from_str(text: &str, base: u32) -> Result<BigInt> {
    if base != 0 && !(2..=36).contains(&base) {
        return Err(Error::value_error(
            "int() base must be >= 2 and <= 36, or 0",
        ));
    }
    let invalid = || {
        Error::value_error(format!(
            "invalid literal for int() with base {base}: {}",
            repr::str_repr(text)
        ))
    };
    let trimmed = text.trim_matches(unicode::is_space);
    let ascii: String = trimmed
        .chars()
        .map(|c| {
            unicode::decimal(c)
                .and_then(|d| char::from_digit(d, 10))
                .unwrap_or(c)
        })
        .collect();
    let (negative, digits) = match ascii.as_bytes().first() {
        Some(b'-') => (true, &ascii[1..]),
        Some(b'+') => (false, &ascii[1..]),
        _ => (false, &ascii[..]),
    };
    let prefix = match digits.get(..2).map(str::to_ascii_lowercase).as_deref() {
        Some("0x") => 16,
        Some("0o") => 8,
        Some("0b") => 2,
        _ => 0,
    };
    let (radix, digits) = match base {
        0 | 2 | 8 | 16 if prefix != 0 && (base == 0 || base == prefix) => {
            let rest = &digits[2..];
            (prefix, rest.strip_prefix('_').unwrap_or(rest))
        }
        0 if digits.starts_with('0') && digits.bytes().any(|byte| !matches!(byte, b'0' | b'_')) => {
            return Err(invalid());
        }
        0 => (10, digits),
        _ => (base, digits),
    };
    if digits.starts_with('_') || digits.ends_with('_') || digits.contains("__") {
        return Err(invalid());
    }
    let digits: String = digits.chars().filter(|c| *c != '_').collect();
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return Err(invalid());
    }
    if digits.len() > INT_DIGITS && !radix.is_power_of_two() {
        return Err(Error::value_error(format!(
            "Exceeds the limit ({INT_DIGITS} digits) for integer string conversion: value has {} digits; \
             use sys.set_int_max_str_digits() to increase the limit",
            digits.len()
        )));
    }
    let number = BigInt::parse_bytes(digits.as_bytes(), radix).ok_or_else(invalid)?;
    Ok(if negative { -number } else { number })
}

/// `float(value)`
pub fn to_float(value: &Value) -> Result<f64> {
    match ops::number(value) {
        Some(number) => number.float(),
        None => match value {
            Value::Undefined(undefined) => Err(Error::undefined(undefined)),
            Value::Str(text) | Value::Markup(text) => float_from_str(text),
            Value::Bytes(bytes) => std::str::from_utf8(bytes)
                .ok()
                .and_then(parse_float)
                .ok_or_else(|| {
                    Error::value_error(format!(
                        "could not convert string to float: {}",
                        repr::bytes_repr(bytes)
                    ))
                }),
            Value::Object(object) if object.is_elsewhere() => {
                elsewhere("float", &[value]).map_or(Ok(0.0), |found| to_float(&found?))
            }
            _ => Err(Error::type_error(format!(
                "float() argument must be a string or a real number, not '{}'",
                value.full_type_name()
            ))),
        },
    }
}

/// `float(text)`
///
/// # Errors
/// `ValueError` if the text is no number.
pub fn float_from_str(text: &str) -> Result<f64> {
    parse_float(text).ok_or_else(|| {
        Error::value_error(format!(
            "could not convert string to float: {}",
            repr::str_repr(text)
        ))
    })
}

fn parse_float(text: &str) -> Option<f64> {
    let text: String = text
        .trim_matches(unicode::is_space)
        .chars()
        .map(|c| {
            unicode::decimal(c)
                .and_then(|d| char::from_digit(d, 10))
                .unwrap_or(c)
        })
        .collect();
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(&text);
    let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
    match unsigned.to_ascii_lowercase().as_str() {
        "inf" | "infinity" => return Some(f64::INFINITY * sign),
        "nan" => return Some(f64::NAN.copysign(sign)),
        _ => {}
    }
    // Underscores stand between digits only.
    let bytes = unsigned.as_bytes();
    let digit = |index: Option<usize>| {
        index
            .and_then(|i| bytes.get(i))
            .is_some_and(u8::is_ascii_digit)
    };
    let underscores = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'_');
    for (index, _) in underscores {
        if !digit(index.checked_sub(1)) || !digit(Some(index + 1)) {
            return None;
        }
    }
    let plain: String = unsigned.chars().filter(|c| *c != '_').collect();
    if !plain
        .bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'))
        || plain.starts_with(['+', '-'])
    {
        return None;
    }
    plain.parse::<f64>().ok().map(|float| float * sign)
}
