//! Floats with a given precision: `e`, `f`, `g`, `%`, and none of these.

use crate::repr::{digits, round_digits, write_fixed};
use crate::{Error, Result, Value, limits};

use super::group::Parts;
use super::spec::{Spec, unknown_code};

/// How to write a float.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    /// `e`, `f`, `g`, `r` or one of them in upper case.
    pub(super) kind: char,
    pub(super) precision: usize,
    /// `#`: keep the point and trailing zeros.
    pub(super) alternate: bool,
    /// `.0` after whole numbers.
    pub(super) dot_zero: bool,
}

/// The text of the absolute value.
pub(super) fn text(value: f64, style: Style) -> Result<String> {
    limits::product(style.precision, 1, limits::TEXT, "the text")?;
    let value = value.abs();
    let out = if value.is_nan() {
        "nan".to_owned()
    } else if value.is_infinite() {
        "inf".to_owned()
    } else {
        match style.kind.to_ascii_lowercase() {
            'e' => exponential(&round_digits(value, style.precision + 1), style),
            'f' => fixed(value, style),
            'r' => general(digits(value), 17, style),
            _ => {
                let precision = style.precision.max(1);
                general(round_digits(value, precision), precision, style)
            }
        }
    };
    Ok(if style.kind.is_ascii_uppercase() {
        out.to_ascii_uppercase()
    } else {
        out
    })
}

fn exponential((digits, exponent): &(String, i32), style: Style) -> String {
    let (first, rest) = digits.split_at(1);
    let point = if rest.is_empty() && !style.alternate {
        ""
    } else {
        "."
    };
    let sign = if *exponent < 0 { '-' } else { '+' };
    format!("{first}{point}{rest}e{sign}{:02}", exponent.abs())
}

fn fixed(value: f64, style: Style) -> String {
    // No float has more digits than this after the point.
    const DIGITS: usize = 1100;
    let mut out = format!("{value:.*}", style.precision.min(DIGITS));
    out.extend(std::iter::repeat_n(
        '0',
        style.precision.saturating_sub(DIGITS),
    ));
    if style.precision == 0 && style.alternate {
        out.push('.');
    }
    out
}

/// With or without exponent, whichever is shorter.
fn general((mut digits, exponent): (String, i32), precision: usize, style: Style) -> String {
    if !style.alternate {
        digits.truncate(digits.trim_end_matches('0').len().max(1));
    } else if style.kind.eq_ignore_ascii_case(&'g') {
        digits.extend(std::iter::repeat_n(
            '0',
            precision.saturating_sub(digits.len()),
        ));
    }
    let limit = precision as i64 - i64::from(style.dot_zero);
    if exponent < -4 || i64::from(exponent) + 1 > limit {
        return exponential(&(digits, exponent), style);
    }
    let mut out = String::new();
    write_fixed(&digits, exponent, &mut out);
    if exponent >= 0 && exponent as usize + 1 >= digits.len() {
        if style.dot_zero {
            out.push_str(".0");
        } else if style.alternate {
            out.push('.');
        }
    }
    out
}

pub(super) fn format(value: f64, spec: &Spec, of: &Value) -> Result<String> {
    const MAX: usize = i32::MAX as usize;
    let alternate = spec.alternate;
    if spec.precision.is_some_and(|precision| precision > MAX) {
        return Err(Error::value_error("precision too big"));
    }
    let precision = spec.precision.unwrap_or(6);
    let style = |kind, dot_zero| Style {
        kind,
        precision,
        alternate,
        dot_zero,
    };
    let (style, value, percent) = match spec.kind {
        None if spec.precision.is_none() => (style('r', true), value, ""),
        None => (style('g', true), value, ""),
        Some('n') => (style('g', false), value, ""),
        Some('%') => (style('f', false), value * 100.0, "%"),
        Some(kind @ ('e' | 'E' | 'f' | 'F' | 'g' | 'G')) => (style(kind, false), value, ""),
        Some(kind) => return Err(unknown_code(kind, of)),
    };
    let mut text = text(value, style)?;
    let is_zero = !text
        .bytes()
        .take_while(|byte| !matches!(byte, b'e' | b'E'))
        .any(|b| matches!(b, b'1'..=b'9'));
    let negative = value.is_sign_negative()
        && !value.is_nan()
        && !(spec.positive_zero && value.is_finite() && is_zero);
    text.push_str(percent);
    let whole = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at(whole);
    spec.number(&Parts {
        negative,
        prefix: "",
        digits,
        rest,
        group: 3,
    })
}
