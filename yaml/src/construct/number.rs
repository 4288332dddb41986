//! Numbers as YAML 1.1 writes them. Behind an explicit tag (`!!int " 12 "`) any text may come: then Python's own
//! `int` and `float` decide.

use num_bigint::BigInt;
use values::Value;

/// How many digits Python converts between text and `int`.
pub(crate) const MAX_DIGITS: usize = 4300;

/// How many parts a number like `1:30:00` may have: its cost grows with their square.
const MAX_SIXTIES: usize = 10_000;

type Result<T> = std::result::Result<T, String>;

fn without_underscores(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains('_') {
        text.replace('_', "").into()
    } else {
        text.into()
    }
}

/// The sign, and what is behind it.
fn split_sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// The `int` that a scalar stands for.
pub(super) fn int(text: &str) -> Result<Value> {
    let text = without_underscores(text);
    let (negative, text) = split_sign(&text);
    if text.is_empty() {
        return Err("string index out of range".to_owned());
    }
    let value = if let Some(bits) = text.strip_prefix("0b") {
        python_int(bits, 2)?
    } else if let Some(digits) = text.strip_prefix("0x") {
        python_int(digits, 16)?
    } else if text == "0" {
        Value::Int(0)
    } else if text.starts_with('0') {
        python_int(text, 8)?
    } else if text.contains(':') {
        sixties(text)?
    } else {
        python_int(text, 10)?
    };
    Ok(match value {
        Value::Int(value) if negative => Value::big(-BigInt::from(value)),
        Value::BigInt(value) if negative => Value::big(-value.as_ref()),
        value => value,
    })
}

fn sixties(text: &str) -> Result<Value> {
    if text.split(':').count() > MAX_SIXTIES {
        return Err(format!("the number has more than {MAX_SIXTIES} parts"));
    }
    let mut sum = BigInt::ZERO;
    for part in text.split(':') {
        let part = match python_int(part, 10)? {
            Value::Int(part) => BigInt::from(part),
            Value::BigInt(part) => part.as_ref().clone(),
            _ => BigInt::ZERO,
        };
        sum = sum * 60 + part;
    }
    Ok(Value::big(sum))
}

/// `int(text, base)`, for ASCII digits.
fn python_int(text: &str, base: u32) -> Result<Value> {
    let invalid = || {
        format!(
            "invalid literal for int() with base {base}: {}",
            values::repr::str_repr(text)
        )
    };
    let (negative, rest) = split_sign(text.trim());
    let prefix = match base {
        2 => "0b",
        8 => "0o",
        16 => "0x",
        _ => "",
    };
    let digits = match rest.split_at_checked(2) {
        Some((start, digits)) if !prefix.is_empty() && start.eq_ignore_ascii_case(prefix) => digits,
        _ => rest,
    };
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(base)) {
        return Err(invalid());
    }
    if base == 10 && digits.len() > MAX_DIGITS {
        return Err(format!(
            "Exceeds the limit ({MAX_DIGITS} digits) for integer string conversion: value has {} digits; use \
             sys.set_int_max_str_digits() to increase the limit",
            digits.len()
        ));
    }
    if let Ok(value) = i64::from_str_radix(digits, base) {
        return Ok(Value::Int(if negative { -value } else { value }));
    }
    let value = BigInt::parse_bytes(digits.as_bytes(), base).ok_or_else(invalid)?;
    Ok(Value::big(if negative { -value } else { value }))
}

/// The `float` that a scalar stands for.
pub(super) fn float(text: &str) -> Result<f64> {
    let text = without_underscores(text).to_lowercase();
    let (negative, text) = split_sign(&text);
    let value = match text {
        "" => return Err("string index out of range".to_owned()),
        ".inf" => f64::INFINITY,
        ".nan" => return Ok(f64::NAN),
        _ if text.contains(':') => {
            let mut sum = 0.0;
            let mut base = 1.0;
            for part in text.rsplit(':') {
                if f64::is_infinite(base) {
                    return Err("int too large to convert to float".to_owned());
                }
                sum += python_float(part)? * base;
                base *= 60.0;
            }
            sum
        }
        _ => python_float(text)?,
    };
    Ok(if negative { -value } else { value })
}

/// `float(text)`
fn python_float(text: &str) -> Result<f64> {
    text.trim().parse().map_err(|_| {
        format!(
            "could not convert string to float: {}",
            values::repr::str_repr(text)
        )
    })
}
