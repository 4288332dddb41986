//! The numeric tower: `bool`, `int` and `float` as one.

use std::borrow::Cow;
use std::cmp::Ordering;

use num_bigint::BigInt;

use crate::{Result, Value};

use super::integers::{big_to_float, float_to_int};

/// A value that is a number.
#[derive(Clone, Copy)]
pub(crate) enum Number<'a> {
    /// `bool` and small `int`.
    Int(i64),
    /// An `int` that does not fit into an `i64`.
    Big(&'a BigInt),
    /// `float`
    Float(f64),
}

/// The number that `value` is.
pub(crate) fn number(value: &Value) -> Option<Number<'_>> {
    Some(match value {
        Value::Bool(b) => Number::Int(i64::from(*b)),
        Value::Int(i) => Number::Int(*i),
        Value::BigInt(big) => Number::Big(big),
        Value::Float(f) => Number::Float(*f),
        _ => return None,
    })
}

impl<'a> Number<'a> {
    /// As an integer of any size; `None` for a float.
    pub(crate) fn big(self) -> Option<Cow<'a, BigInt>> {
        match self {
            Self::Int(i) => Some(Cow::Owned(i.into())),
            Self::Big(big) => Some(Cow::Borrowed(big)),
            Self::Float(_) => None,
        }
    }

    /// `float(x)`
    ///
    /// # Errors
    /// `OverflowError` for an integer that is too large.
    pub(crate) fn float(self) -> Result<f64> {
        match self {
            Self::Int(i) => Ok(i as f64),
            Self::Big(big) => big_to_float(big),
            Self::Float(f) => Ok(f),
        }
    }

    /// Compares exactly, without rounding integers to floats; `None` for NaN.
    pub(crate) fn compare(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => Some(a.cmp(&b)),
            (Self::Float(a), Self::Float(b)) => a.partial_cmp(&b),
            (Self::Float(a), b) => b.compare(Self::Float(a)).map(Ordering::reverse),
            (a, Self::Float(b)) => a.compare_float(b),
            (Self::Big(a), Self::Big(b)) => Some(a.cmp(b)),
            (Self::Int(_), Self::Big(big)) => Some(BigInt::ZERO.cmp(big)),
            (Self::Big(big), Self::Int(_)) => Some(big.cmp(&BigInt::ZERO)),
        }
    }

    fn compare_float(self, float: f64) -> Option<Ordering> {
        const EXACT: i64 = 1 << 53;
        if float.is_nan() {
            return None;
        }
        if let Self::Int(i) = self
            && (-EXACT..=EXACT).contains(&i)
        {
            return (i as f64).partial_cmp(&float);
        }
        let Some(whole) = float_to_int(float.trunc()) else {
            return Some(if float > 0.0 {
                Ordering::Less
            } else {
                Ordering::Greater
            });
        };
        let order = self.big()?.as_ref().cmp(&whole);
        Some(order.then_with(|| {
            0.0_f64
                .partial_cmp(&float.fract())
                .unwrap_or(Ordering::Equal)
        }))
    }
}
