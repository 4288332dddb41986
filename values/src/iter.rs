//! Iteration.

use crate::{Result, Value};

/// An iterator over a value's items. Lists are read live, as in Python: what is appended while iterating is seen.
#[derive(Debug)]
pub struct Iter {}

/// `iter(value)`
pub fn iterate(_value: &Value) -> Result<Iter> { todo!() }
/// `list(value)`, as a vector.
pub fn collect(_value: &Value) -> Result<Vec<Value>> { todo!() }

impl Iterator for Iter {
    type Item = Result<Value>;
    fn next(&mut self) -> Option<Self::Item> { todo!() }
}

/// A one-shot iterator object such as a generator: items are computed beforehand, and an error that stopped the
/// computation is raised where Python would have raised it.
pub fn generator(_type_name: &'static str, _repr: String, _items: Vec<Value>, _error: Option<crate::Error>) -> Value { todo!() }
