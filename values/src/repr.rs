//! `str` and `repr`.

use crate::{Result, Value};

/// `repr(value)`. Undefined values print as `Undefined`, as in Jinja2.
pub fn repr(_value: &Value) -> String { todo!() }
/// `str(value)`.
///
/// # Errors
/// Of an undefined value.
pub fn to_str(_value: &Value) -> Result<String> { todo!() }
/// Appends `str(value)` to `out`.
///
/// # Errors
/// Of an undefined value.
pub fn write_str(_value: &Value, _out: &mut String) -> Result<()> { todo!() }
/// `repr(float)`
pub fn float_repr(_value: f64) -> String { todo!() }
/// `repr(str)`
pub fn str_repr(_value: &str) -> String { todo!() }
