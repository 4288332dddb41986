//! `%` formatting, `str.format` and format specifications.

use crate::{Args, Result, Value};

/// `format % args`
pub fn percent(_format: &str, _args: &Value) -> Result<String> { todo!() }
/// `format.format(*args, **kwargs)`
pub fn str_format(_format: &str, _args: &Args) -> Result<String> { todo!() }
/// `format(value, spec)`
pub fn format_spec(_value: &Value, _spec: &str) -> Result<String> { todo!() }
