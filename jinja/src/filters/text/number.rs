//! Reading numbers from text as `int(text, base)` and `float(text)` do, and rounding them as `round` does.

use num_bigint::{BigInt, Sign};

use super::chars::{decimal_value, is_space};

/// CPython reads and writes no decimal number with more digits than this.
const MAX_DIGITS: usize = 4300;

/// What a number's text looks like to CPython: digits of all scripts are ASCII digits, and what is left of
/// Unicode is nothing that a number can contain.
fn normalise(text: &str) -> String {
    let plain = |c: char| match c {
        _ if c.is_ascii() => c,
        _ if is_space(c) => ' ',
        _ => decimal_value(c).and_then(|digit| char::from_digit(digit, 10)).unwrap_or('?'),
    };
    let text: String = text.chars().map(plain).collect();
    text.trim_matches([' ', '\t', '\n', '\x0b', '\x0c', '\r']).to_owned()
}

/// `int(text, base)`, `None` for a `ValueError`.
pub(in crate::filters) fn parse_int(text: &str, base: i64) -> Option<BigInt> {
    let text = normalise(text).to_ascii_lowercase();
    let (negative, body) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(&text)),
    };
    let prefixed = |base: i64| match base {
        2 => body.strip_prefix("0b"),
        8 => body.strip_prefix("0o"),
        16 => body.strip_prefix("0x"),
        _ => None,
    };
    let (radix, digits) = match base {
        0 => match [2, 8, 16].into_iter().find_map(|base| prefixed(base).map(|rest| (base, rest))) {
            Some(found) => found,
            // `010` could be meant to be octal: only zeros may have zeros in front.
            None if body.starts_with('0') && body.contains(|c| !matches!(c, '0' | '_')) => return None,
            None => (10, body),
        },
        2..=36 => (base, prefixed(base).unwrap_or(body)),
        _ => return None,
    };
    // One underscore may follow a base prefix as well.
    let digits = if digits.len() < body.len() { digits.strip_prefix('_').unwrap_or(digits) } else { digits };
    if digits.is_empty() || digits.starts_with('_') || digits.ends_with('_') || digits.contains("__") {
        return None;
    }
    let digits = digits.replace('_', "");
    if digits.len() > MAX_DIGITS && !(radix as u32).is_power_of_two() {
        return None;
    }
    if !digits.chars().all(|c| c.is_digit(radix as u32)) {
        return None;
    }
    let value = BigInt::parse_bytes(digits.as_bytes(), radix as u32)?;
    Some(if negative { -value } else { value })
}

/// `float(text)`, `None` for a `ValueError`.
pub(in crate::filters) fn parse_float(text: &str) -> Option<f64> {
    let text = normalise(text);
    let bytes = text.as_bytes();
    let digit = |index: Option<usize>| index.and_then(|index| bytes.get(index)).is_some_and(u8::is_ascii_digit);
    let misplaced = |(at, byte): (usize, &u8)| *byte == b'_' && !(digit(at.checked_sub(1)) && digit(Some(at + 1)));
    if bytes.iter().enumerate().any(misplaced) {
        return None;
    }
    text.replace('_', "").parse().ok()
}

/// `int(value)`, `None` for infinities and NaN.
pub(in crate::filters) fn truncate(value: f64) -> Option<BigInt> {
    if !value.is_finite() {
        return None;
    }
    let bits = value.to_bits();
    let exponent = ((bits >> 52) & 0x7ff) as i64;
    let fraction = bits & ((1 << 52) - 1);
    if exponent < 1023 {
        return Some(BigInt::from(0));
    }
    let whole = BigInt::from(fraction | (1 << 52));
    let shift = exponent - 1075;
    let magnitude = if shift >= 0 { whole << shift as usize } else { whole >> (-shift) as usize };
    Some(if value < 0.0 { -magnitude } else { magnitude })
}

/// `round(value, digits)` of an `int`: halves go to the even neighbour.
pub(in crate::filters) fn round_int(value: &BigInt, digits: i64) -> BigInt {
    if digits >= 0 {
        return value.clone();
    }
    // Far beyond the number's own length everything is zero, however far; so the power stays small.
    if digits.unsigned_abs() > value.bits() / 3 + 2 {
        return BigInt::from(0);
    }
    let unit = BigInt::from(10).pow(digits.unsigned_abs() as u32);
    round_to(value, &unit, false)
}

/// The multiple of `unit` next to `value`; `more` says that the value is farther from zero by less than one.
fn round_to(value: &BigInt, unit: &BigInt, more: bool) -> BigInt {
    let magnitude = value.magnitude();
    let unit = unit.magnitude();
    let (quotient, rest) = (magnitude / unit, magnitude % unit);
    let twice = &rest + &rest;
    let up = match twice.cmp(unit) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => more || quotient.bit(0),
    };
    let rounded = (quotient + u32::from(up)) * unit;
    let sign = if value.sign() == Sign::Minus { Sign::Minus } else { Sign::Plus };
    BigInt::from_biguint(sign, rounded)
}

/// `round(value, digits)` of a `float`. Infinite where Python has an `OverflowError`.
pub(in crate::filters) fn round_float(value: f64, digits: i64) -> f64 {
    if !value.is_finite() || digits > 323 {
        return value;
    }
    if digits < -308 {
        return 0.0 * value;
    }
    if digits >= 0 {
        // Rust writes the exact value's nearest decimal, halves to even, which is what Python reads back too.
        return format!("{value:.*}", digits as usize).parse().unwrap_or(value);
    }
    let whole = truncate(value).unwrap_or_default();
    let unit = BigInt::from(10).pow(digits.unsigned_abs() as u32);
    let rounded: f64 = round_to(&whole, &unit, value.fract() != 0.0).to_string().parse().unwrap_or(value);
    rounded.abs().copysign(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_rounded_to_even() {
        assert_eq!(round_float(2.5, 0), 2.0);
        assert_eq!(round_float(2.675, 2), 2.67);
        assert_eq!(round_float(1250.0, -2), 1200.0);
        assert_eq!(round_float(1250.5, -2), 1300.0);
        assert_eq!(round_int(&BigInt::from(-25), -1), BigInt::from(-20));
        assert_eq!(round_int(&BigInt::from(6), -1), BigInt::from(10));
        assert_eq!(round_int(&BigInt::from(6), i64::MIN), BigInt::from(0));
    }

    #[test]
    fn integers_are_read_in_every_base() {
        let int = |text, base| parse_int(text, base).map(|value| value.to_string());
        assert_eq!(int(" 0x_1A ", 16).as_deref(), Some("26"));
        assert_eq!(int("-0b101", 0).as_deref(), Some("-5"));
        assert_eq!(int("010", 0), None);
        assert_eq!(int("1__0", 10), None);
        assert_eq!(int("zz", 36).as_deref(), Some("1295"));
        assert_eq!(int("1.9", 10), None);
    }

    #[test]
    fn floats_are_truncated_exactly() {
        for value in [0.0, -0.9, 1.5, -2.999, 4_503_599_627_370_497.5, 1e22, -1.5e300] {
            assert_eq!(truncate(value).unwrap().to_string().parse::<f64>().unwrap(), value.trunc() + 0.0);
        }
        assert_eq!(truncate(f64::NAN), None);
    }
}
