//! `range(…)`

use std::any::Any;

use values::{Args, Object, Value, iter, ops};

use super::method::Receiver;
use super::python::index;
use crate::{Error, Result};

/// The longest range whose items are listed. Python lists them one by one; a loop over so many would not end.
const MAX_ITEMS: u64 = 1 << 24;

/// An arithmetic progression. Its bounds fit into 64 bits.
#[derive(Clone, Debug)]
pub(super) struct Range {
    start: i64,
    stop: i64,
    /// Never zero.
    step: i64,
}

impl Range {
    /// `range(stop)`, `range(start, stop)` or `range(start, stop, step)`
    pub(super) fn construct(args: &Args) -> Result<Value> {
        if !args.keyword.is_empty() {
            return Err(Error::type_error("range() takes no keyword arguments"));
        }
        let bound = |value: &Value| match value {
            Value::BigInt(_) => Err(Error::unsupported(
                "a range with bounds of more than 64 bits",
            )),
            _ => index(value),
        };
        let (start, stop, step) = match args.positional.as_slice() {
            [] => {
                return Err(Error::type_error(
                    "range expected at least 1 argument, got 0",
                ));
            }
            [stop] => (0, bound(stop)?, 1),
            [start, stop] => (bound(start)?, bound(stop)?, 1),
            [start, stop, step] => (bound(start)?, bound(stop)?, bound(step)?),
            more => {
                return Err(Error::type_error(format!(
                    "range expected at most 3 arguments, got {}",
                    more.len()
                )));
            }
        };
        if step == 0 {
            return Err(Error::value_error("range() arg 3 must not be zero"));
        }
        Ok(Value::object(Self { start, stop, step }))
    }

    /// The number of items.
    fn count(&self) -> u64 {
        let (from, to) = if self.step > 0 {
            (self.start, self.stop)
        } else {
            (self.stop, self.start)
        };
        if from >= to {
            0
        } else {
            (to.abs_diff(from) - 1) / self.step.unsigned_abs() + 1
        }
    }

    /// The item at `index`, which is in the range, or its end.
    fn item(&self, index: u64) -> i64 {
        // The item itself fits, and so does the result of wrapping arithmetic.
        self.start
            .wrapping_add((index as i64).wrapping_mul(self.step))
    }

    /// The index of a number.
    fn position(&self, item: i64) -> Option<u64> {
        let (distance, reachable) = if self.step > 0 {
            (item.abs_diff(self.start), item >= self.start)
        } else {
            (self.start.abs_diff(item), item <= self.start)
        };
        let position = distance / self.step.unsigned_abs();
        (reachable && distance % self.step.unsigned_abs() == 0 && position < self.count())
            .then_some(position)
    }

    /// The index of the first item that equals a value.
    fn find(&self, value: &Value) -> values::Result<Option<u64>> {
        match value {
            Value::Int(_) | Value::Bool(_) => {
                Ok(value.as_i64().and_then(|item| self.position(item)))
            }
            // A float equals the integer that it is.
            Value::Float(float) if float.fract() == 0.0 && float.abs() < 9.0e18 => Ok(self
                .position(*float as i64)
                .filter(|_| *float as i64 as f64 == *float)),
            Value::Float(_) | Value::BigInt(_) | Value::Str(_) | Value::Markup(_) | Value::None => {
                Ok(None)
            }
            _ => {
                for (position, item) in (0..).zip(self.list()?) {
                    if ops::eq(value, &item)? {
                        return Ok(Some(position));
                    }
                }
                Ok(None)
            }
        }
    }

    /// `value in range`
    pub(super) fn contains(&self, value: &Value) -> values::Result<bool> {
        Ok(self.find(value)?.is_some())
    }

    fn list(&self) -> values::Result<Vec<Value>> {
        let count = self.count();
        if count > MAX_ITEMS {
            return Err(values::Error::too_large("the items of a range"));
        }
        Ok((0..count)
            .map(|index| Value::Int(self.item(index)))
            .collect())
    }

    /// The items from the last to the first.
    pub(super) fn reversed(&self) -> values::Result<Vec<Value>> {
        let mut items = self.list()?;
        items.reverse();
        Ok(items)
    }

    /// The methods `count` and `index`.
    pub(super) fn call(&self, name: &str, args: &Args) -> Result<Value> {
        if !args.keyword.is_empty() {
            return Err(Error::type_error(format!(
                "range.{name}() takes no keyword arguments"
            )));
        }
        let [value] = args.positional.as_slice() else {
            let given = args.positional.len();
            return Err(Error::type_error(format!(
                "range.{name}() takes exactly one argument ({given} given)"
            )));
        };
        let found = self.find(value)?;
        match (name, found) {
            ("count", found) => Ok(i64::from(found.is_some()).into()),
            (_, Some(position)) => Ok((position as i64).into()),
            (_, None) if matches!(value, Value::Int(_) | Value::Bool(_)) => Err(
                Error::value_error(format!("{} is not in range", values::repr::repr(value))),
            ),
            (_, None) => Err(Error::value_error("sequence.index(x): x not in sequence")),
        }
    }

    /// `range[start:stop:step]`
    pub(super) fn slice(&self, start: &Value, stop: &Value, step: &Value) -> Result<Value> {
        let bound = |value: &Value| match value {
            Value::None => Ok(None),
            Value::Int(_) | Value::Bool(_) | Value::BigInt(_) => {
                index(value).map(|index| Some(i128::from(index)))
            }
            _ => Err(Error::type_error(
                "slice indices must be integers or None or have an __index__ method",
            )),
        };
        let by = bound(step)?.unwrap_or(1);
        if by == 0 {
            return Err(Error::value_error("slice step cannot be zero"));
        }
        let count = i128::from(self.count());
        // Where a slice may start and stop: a backwards one may stop before the first item.
        let (low, high) = if by > 0 { (0, count) } else { (-1, count - 1) };
        let clamp = |index: i128| {
            if index < 0 {
                (index + count).max(low)
            } else {
                index.min(high)
            }
        };
        let from = bound(start)?.map_or(if by > 0 { low } else { high }, clamp);
        let to = bound(stop)?.map_or(if by > 0 { high } else { low }, clamp);
        let at = |index: i128| i128::from(self.start) + index * i128::from(self.step);
        let fit = |value: i128| {
            i64::try_from(value)
                .map_err(|_| Error::unsupported("a range with bounds of more than 64 bits"))
        };
        let step = i128::from(self.step).checked_mul(by).unwrap_or(i128::MAX);
        Ok(Value::object(Self {
            start: fit(at(from))?,
            stop: fit(at(to))?,
            step: fit(step)?,
        }))
    }

    /// What decides whether two ranges are equal: how many items, the first, and the step if there are more.
    fn essence(&self) -> (u64, Option<i64>, Option<i64>) {
        let count = self.count();
        (
            count,
            (count > 0).then_some(self.start),
            (count > 1).then_some(self.step),
        )
    }
}

impl Object for Range {
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn type_name(&self) -> &'static str {
        "range"
    }
    fn repr(&self) -> String {
        let Self { start, stop, step } = self;
        if *step == 1 {
            format!("range({start}, {stop})")
        } else {
            format!("range({start}, {stop}, {step})")
        }
    }
    fn len(&self) -> Option<usize> {
        Some(self.count() as usize)
    }
    fn get_attr(&self, name: &str) -> Option<Value> {
        match name {
            "start" => Some(self.start.into()),
            "stop" => Some(self.stop.into()),
            "step" => Some(self.step.into()),
            _ => Receiver::Range(self.clone()).method(name),
        }
    }
    fn get_item(&self, key: &Value) -> Option<values::Result<Value>> {
        let out_of_range =
            || values::Error::new(values::ErrorKind::Index, "range object index out of range");
        Some(match key {
            Value::Int(_) | Value::Bool(_) => {
                let index = i128::from(key.as_i64().unwrap_or_default());
                let count = i128::from(self.count());
                let index = if index < 0 { index + count } else { index };
                if (0..count).contains(&index) {
                    Ok(self.item(index as u64).into())
                } else {
                    Err(out_of_range())
                }
            }
            Value::BigInt(_) => Err(out_of_range()),
            _ => {
                let name = key.type_name();
                Err(values::Error::type_error(format!(
                    "range indices must be integers or slices, not {name}"
                )))
            }
        })
    }
    fn items(&self) -> Option<values::Result<Vec<Value>>> {
        Some(self.list())
    }
    fn equals(&self, other: &Value) -> Option<bool> {
        other
            .downcast::<Self>()
            .map(|other| self.essence() == other.essence())
    }
}

/// `reversed(range)`
pub(super) fn reversed(range: &Range) -> Result<Value> {
    let repr = "<range_iterator object at 0x7f0000000000>".to_owned();
    Ok(iter::generator(
        "range_iterator",
        repr,
        range.reversed()?,
        None,
    ))
}
