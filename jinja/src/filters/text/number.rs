//! Rounding as `round` does it.

use num_bigint::{BigInt, Sign};
use values::convert;

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
    let sign = if value.sign() == Sign::Minus {
        Sign::Minus
    } else {
        Sign::Plus
    };
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
        return format!("{value:.*}", digits as usize)
            .parse()
            .unwrap_or(value);
    }
    let whole = convert::float_to_int(value).unwrap_or_default();
    let unit = BigInt::from(10).pow(digits.unsigned_abs() as u32);
    let rounded: f64 = round_to(&whole, &unit, value.fract() != 0.0)
        .to_string()
        .parse()
        .unwrap_or(value);
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
}
