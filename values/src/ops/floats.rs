//! Float arithmetic where Python's differs from the hardware's.

use crate::{Error, ErrorKind, Result, Value};

fn zero_division(message: &str) -> Error {
    Error::new(ErrorKind::ZeroDivision, message)
}

pub(super) fn truediv(a: f64, b: f64) -> Result<f64> {
    if b == 0.0 {
        Err(zero_division("float division by zero"))
    } else {
        Ok(a / b)
    }
}

/// Quotient and remainder; the remainder has the sign of the divisor.
fn div_mod(a: f64, b: f64) -> (f64, f64) {
    let mut remainder = a % b;
    let mut quotient = (a - remainder) / b;
    if remainder == 0.0 {
        remainder = 0.0_f64.copysign(b);
    } else if (b < 0.0) != (remainder < 0.0) {
        remainder += b;
        quotient -= 1.0;
    }
    let floor = if quotient == 0.0 {
        0.0_f64.copysign(a / b)
    } else {
        let floor = quotient.floor();
        if quotient - floor > 0.5 {
            floor + 1.0
        } else {
            floor
        }
    };
    (floor, remainder)
}

pub(super) fn floordiv(a: f64, b: f64) -> Result<f64> {
    if b == 0.0 {
        Err(zero_division("float floor division by zero"))
    } else {
        Ok(div_mod(a, b).0)
    }
}

pub(super) fn modulo(a: f64, b: f64) -> Result<f64> {
    if b == 0.0 {
        Err(zero_division("float modulo"))
    } else {
        Ok(div_mod(a, b).1)
    }
}

pub(super) fn pow(a: f64, b: f64) -> Result<Value> {
    if a == 0.0 && b < 0.0 {
        return Err(zero_division("0.0 cannot be raised to a negative power"));
    }
    if a < 0.0 && a.is_finite() && b.is_finite() && b.fract() != 0.0 {
        return Err(Error::unsupported(
            "a negative number to a fractional power is complex: not supported",
        ));
    }
    let power = a.powf(b);
    if power.is_infinite() && a.is_finite() && b.is_finite() {
        return Err(Error::overflow("(34, 'Numerical result out of range')"));
    }
    Ok(Value::Float(power))
}
