//! Operators.

use std::cmp::Ordering;
use std::hash::Hasher;

use crate::{Result, Value};

/// `a == b`
pub fn eq(_a: &Value, _b: &Value) -> Result<bool> { todo!() }
/// Feeds `hash(value)`: equal values feed the same. The value is known to be hashable.
pub fn hash<H: Hasher>(_value: &Value, _state: &mut H) { todo!() }
/// The ordering that `a OP b` needs; `op` is the operator's spelling, for the error. `None`: unordered (NaN).
pub fn compare(_a: &Value, _b: &Value, _op: &str) -> Result<Option<Ordering>> { todo!() }
/// `item in container`
pub fn contains(_container: &Value, _item: &Value) -> Result<bool> { todo!() }
/// `bool(value)`
pub fn truth(_value: &Value) -> Result<bool> { todo!() }
/// `len(value)`
pub fn len(_value: &Value) -> Result<usize> { todo!() }
/// `a is b`
pub fn is(_a: &Value, _b: &Value) -> bool { todo!() }
/// `a + b`
pub fn add(_a: &Value, _b: &Value) -> Result<Value> { todo!() }
/// `a - b`
pub fn sub(_a: &Value, _b: &Value) -> Result<Value> { todo!() }
/// `a * b`
pub fn mul(_a: &Value, _b: &Value) -> Result<Value> { todo!() }
/// `a / b`
pub fn truediv(_a: &Value, _b: &Value) -> Result<Value> { todo!() }
/// `a // b`
pub fn floordiv(_a: &Value, _b: &Value) -> Result<Value> { todo!() }
/// `a % b`, printf-style formatting included.
pub fn modulo(_a: &Value, _b: &Value) -> Result<Value> { todo!() }
/// `a ** b`
pub fn pow(_a: &Value, _b: &Value) -> Result<Value> { todo!() }
/// `-a`
pub fn neg(_a: &Value) -> Result<Value> { todo!() }
/// `+a`
pub fn pos(_a: &Value) -> Result<Value> { todo!() }
