//! The arithmetic operators: which types they take, and what they say of others.

use crate::object::{elsewhere, elsewhere_within};
use crate::{Args, Error, Result, Value, format};

use super::number::{Number, number};
use super::{floats, integers, sequence};

/// The error for operands that the operator does not take; undefined operands come first.
fn unsupported(op: &str, a: &Value, b: &Value) -> Error {
    match (a, b) {
        (Value::Undefined(undefined), _) | (_, Value::Undefined(undefined)) => {
            Error::undefined(undefined)
        }
        _ if op == "-"
            && matches!(
                (a, b),
                (Value::Date(_), Value::Date(_)) | (Value::DateTime(_), Value::DateTime(_))
            ) =>
        {
            Error::unsupported("the difference of two dates is a timedelta: not supported")
        }
        _ => Error::type_error(format!(
            "unsupported operand type(s) for {op}: '{}' and '{}'",
            a.full_type_name(),
            b.full_type_name()
        )),
    }
}

/// Applies `float` if one of the numbers is a float, else `big`.
fn apply(
    op: &str,
    a: &Value,
    b: &Value,
    big: fn(&num_bigint::BigInt, &num_bigint::BigInt) -> Result<Value>,
    float: fn(f64, f64) -> Result<f64>,
) -> Result<Value> {
    let (Some(x), Some(y)) = (number(a), number(b)) else {
        return Err(unsupported(op, a, b));
    };
    match (x.big(), y.big()) {
        (Some(x), Some(y)) => big(&x, &y),
        _ => float(x.float()?, y.float()?).map(Value::Float),
    }
}

/// The two small integers that `a` and `b` are.
fn small(a: &Value, b: &Value) -> Option<(i64, i64)> {
    Some((a.as_i64()?, b.as_i64()?))
}

/// `a + b`
pub fn add(a: &Value, b: &Value) -> Result<Value> {
    if let Some(sum) = small(a, b).and_then(|(a, b)| a.checked_add(b)) {
        return Ok(Value::Int(sum));
    }
    if let Some(done) = elsewhere("add", &[a, b]) {
        return done;
    }
    match sequence::concat(a, b) {
        Some(result) => result,
        None => apply("+", a, b, |a, b| Ok(Value::big(a + b)), |a, b| Ok(a + b)),
    }
}

/// `a - b`
pub fn sub(a: &Value, b: &Value) -> Result<Value> {
    if let Some(difference) = small(a, b).and_then(|(a, b)| a.checked_sub(b)) {
        return Ok(Value::Int(difference));
    }
    if let Some(done) = elsewhere("sub", &[a, b]) {
        return done;
    }
    match sequence::difference(a, b) {
        Some(result) => result,
        None => apply("-", a, b, |a, b| Ok(Value::big(a - b)), |a, b| Ok(a - b)),
    }
}

/// `a * b`
pub fn mul(a: &Value, b: &Value) -> Result<Value> {
    if let Some(product) = small(a, b).and_then(|(a, b)| a.checked_mul(b)) {
        return Ok(Value::Int(product));
    }
    if let Some(done) = elsewhere("mul", &[a, b]) {
        return done;
    }
    match sequence::repeat(a, b) {
        Some(result) => result,
        None => apply("*", a, b, integers::mul, |a, b| Ok(a * b)),
    }
}

/// `a / b`
pub fn truediv(a: &Value, b: &Value) -> Result<Value> {
    if let Some(done) = elsewhere("truediv", &[a, b]) {
        return done;
    }
    apply(
        "/",
        a,
        b,
        |a, b| integers::truediv(a, b).map(Value::Float),
        floats::truediv,
    )
}

/// `a // b`
pub fn floordiv(a: &Value, b: &Value) -> Result<Value> {
    if let Some(done) = elsewhere("floordiv", &[a, b]) {
        return done;
    }
    if let Some((quotient, _)) = small(a, b).and_then(|(a, b)| integers::floor_div_mod_small(a, b))
    {
        return Ok(Value::Int(quotient));
    }
    apply("//", a, b, integers::floordiv, floats::floordiv)
}

/// `a % b`, printf-style formatting included.
pub fn modulo(a: &Value, b: &Value) -> Result<Value> {
    // What is formatted may be in a tuple, or in a dictionary.
    if let Some(done) = elsewhere_within("mod", &[a, b], &Args::default()) {
        return done;
    }
    match a {
        Value::Str(text) => {
            return format::percent(text, b).map(Value::from);
        }
        Value::Markup(text) => {
            return format::percent_markup(text, b).map(|text| Value::Markup(text.into()));
        }
        Value::Bytes(_) => return Err(Error::unsupported("% formatting of bytes: not supported")),
        _ => {}
    }
    if let Some((_, remainder)) = small(a, b).and_then(|(a, b)| integers::floor_div_mod_small(a, b))
    {
        return Ok(Value::Int(remainder));
    }
    apply("%", a, b, integers::modulo, floats::modulo)
}

/// `a ** b`
pub fn pow(a: &Value, b: &Value) -> Result<Value> {
    if let Some(done) = elsewhere("pow", &[a, b]) {
        return done;
    }
    let (Some(x), Some(y)) = (number(a), number(b)) else {
        return Err(unsupported("** or pow()", a, b));
    };
    if let (Number::Int(base), Number::Int(exponent)) = (x, y)
        && let Ok(exponent) = u32::try_from(exponent)
        && let Some(power) = base.checked_pow(exponent)
    {
        return Ok(Value::Int(power));
    }
    match (x.big(), y.big()) {
        (Some(base), Some(exponent)) if exponent.sign() != num_bigint::Sign::Minus => {
            integers::pow(&base, &exponent)
        }
        _ => floats::pow(x.float()?, y.float()?),
    }
}

/// `-a`
pub fn neg(a: &Value) -> Result<Value> {
    match number(a) {
        Some(Number::Int(i)) => Ok(i
            .checked_neg()
            .map_or_else(|| Value::big(-num_bigint::BigInt::from(i)), Value::Int)),
        Some(Number::Big(big)) => Ok(Value::big(-big)),
        Some(Number::Float(f)) => Ok(Value::Float(-f)),
        None => elsewhere("neg", &[a]).unwrap_or_else(|| Err(bad_unary("-", a))),
    }
}

/// `+a`
pub fn pos(a: &Value) -> Result<Value> {
    match a {
        Value::Bool(b) => Ok(Value::Int((*b).into())),
        Value::Int(_) | Value::BigInt(_) | Value::Float(_) => Ok(a.clone()),
        _ => elsewhere("pos", &[a]).unwrap_or_else(|| Err(bad_unary("+", a))),
    }
}

fn bad_unary(op: &str, a: &Value) -> Error {
    match a {
        Value::Undefined(undefined) => Error::undefined(undefined),
        _ => Error::type_error(format!(
            "bad operand type for unary {op}: '{}'",
            a.full_type_name()
        )),
    }
}
