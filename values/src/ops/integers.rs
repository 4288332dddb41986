//! Integer arithmetic with Python's signs: `i64` where it fits, big integers where not.

use num_bigint::{BigInt, Sign};
use num_traits::{Signed, ToPrimitive, Zero};

use crate::{Error, ErrorKind, Result, Value, limits};

fn zero_division(message: &str) -> Error {
    Error::new(ErrorKind::ZeroDivision, message)
}

/// `float(big)`, correctly rounded.
///
/// # Errors
/// `OverflowError` if it is too large.
pub(crate) fn big_to_float(big: &BigInt) -> Result<f64> {
    big.to_f64()
        .filter(|float| float.is_finite())
        .ok_or_else(|| Error::overflow("int too large to convert to float"))
}

/// The integer that a float without fractional part is; `None` for infinities and NaN.
pub(crate) fn float_to_int(float: f64) -> Option<BigInt> {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if float > -LIMIT && float < LIMIT {
        return Some((float as i64).into());
    }
    num_traits::FromPrimitive::from_f64(float)
}

/// `operator.index(value)`, cut off to what fits: nothing is as long as `isize::MAX` items.
pub(crate) fn index(value: &Value) -> Option<isize> {
    match value {
        Value::BigInt(big) => Some(if big.is_negative() {
            isize::MIN
        } else {
            isize::MAX
        }),
        Value::Object(_) => {
            let found = crate::object::elsewhere("index", &[value])?.ok()?;
            Some(found.as_i64()? as isize)
        }
        _ => Some(value.as_i64()? as isize),
    }
}

pub(super) fn floor_div_mod_small(a: i64, b: i64) -> Option<(i64, i64)> {
    let (quotient, remainder) = (a.checked_div(b)?, a.checked_rem(b)?);
    Some(if remainder != 0 && (remainder < 0) != (b < 0) {
        (quotient - 1, remainder + b)
    } else {
        (quotient, remainder)
    })
}

pub(super) fn floor_div_mod(a: &BigInt, b: &BigInt) -> (BigInt, BigInt) {
    let (quotient, remainder) = (a / b, a % b);
    if !remainder.is_zero() && remainder.is_negative() != b.is_negative() {
        (quotient - 1, remainder + b)
    } else {
        (quotient, remainder)
    }
}

pub(super) fn floordiv(a: &BigInt, b: &BigInt) -> Result<Value> {
    if b.is_zero() {
        return Err(zero_division("integer division or modulo by zero"));
    }
    Ok(Value::big(floor_div_mod(a, b).0))
}

pub(super) fn modulo(a: &BigInt, b: &BigInt) -> Result<Value> {
    if b.is_zero() {
        return Err(zero_division("integer modulo by zero"));
    }
    Ok(Value::big(floor_div_mod(a, b).1))
}

pub(super) fn mul(a: &BigInt, b: &BigInt) -> Result<Value> {
    if a.bits() + b.bits() > limits::BITS {
        return Err(Error::too_large("the product"));
    }
    Ok(Value::big(a * b))
}

/// `a / b`, correctly rounded.
pub(super) fn truediv(a: &BigInt, b: &BigInt) -> Result<f64> {
    const EXACT: u64 = 53;
    if b.is_zero() {
        return Err(zero_division("division by zero"));
    }
    if a.bits() <= EXACT && b.bits() <= EXACT {
        return Ok(big_to_float(a)? / big_to_float(b)?);
    }
    if a.is_zero() {
        return Ok(if b.is_negative() { -0.0 } else { 0.0 });
    }
    // A quotient of at least 55 bits, the last of which says whether there was a remainder: rounding it once
    // is rounding correctly. Subnormal results keep fewer bits: those are cut before the rounding.
    let negative = a.is_negative() != b.is_negative();
    let (a, b) = (a.magnitude(), b.magnitude());
    let exponent = (a.bits() as i64 - b.bits() as i64 - 55).max(-1076);
    let (a, b) = if exponent > 0 {
        (a.clone(), b << exponent as u64)
    } else {
        (a << exponent.unsigned_abs(), b.clone())
    };
    let (mut quotient, remainder) = (&a / &b, &a % &b);
    if remainder.is_zero() {
        quotient <<= 1u8;
    } else {
        // One bit below the quotient's last, to be sticky without touching it.
        quotient = (quotient << 1u8) + 1u8;
    }
    let exponent = exponent - 1;
    let float = scale(&quotient, exponent);
    if float.is_infinite() {
        return Err(Error::overflow(
            "integer division result too large for a float",
        ));
    }
    Ok(if negative { -float } else { float })
}

/// `digits * 2**exponent`, rounded once to the nearest, ties to even.
fn scale(digits: &num_bigint::BigUint, exponent: i64) -> f64 {
    let bits = digits.bits() as i64;
    // How many low bits cannot be kept: all beyond 53, and all below 2**-1074.
    let cut = (bits - 53).max(-1074 - exponent).max(0);
    let mut kept: u64 = (digits >> cut as u64).to_u64().unwrap_or(u64::MAX);
    if cut > 0 {
        let rest = digits - (num_bigint::BigUint::from(kept) << cut as u64);
        let half = num_bigint::BigUint::from(1u8) << (cut - 1) as u64;
        if rest > half || (rest == half && kept & 1 == 1) {
            kept += 1;
        }
    }
    let mut float = kept as f64;
    let mut exponent = exponent + cut;
    while exponent > 0 {
        let step = exponent.min(1000);
        float *= 2f64.powi(step as i32);
        exponent -= step;
    }
    while exponent < 0 {
        let step = (-exponent).min(1000);
        float /= 2f64.powi(step as i32);
        exponent += step;
    }
    float
}

/// `a ** b` of a natural number `b`.
pub(super) fn pow(a: &BigInt, b: &BigInt) -> Result<Value> {
    if b.is_zero() {
        return Ok(Value::Int(1));
    }
    if a.bits() <= 1 {
        let odd = b.bit(0);
        return Ok(Value::Int(match a.sign() {
            Sign::NoSign => 0,
            Sign::Minus if odd => -1,
            _ => 1,
        }));
    }
    let exponent = b
        .to_u32()
        .filter(|exponent| (a.bits() - 1).saturating_mul(u64::from(*exponent)) <= limits::BITS)
        .ok_or_else(|| Error::too_large("the power"))?;
    Ok(Value::big(a.pow(exponent)))
}
