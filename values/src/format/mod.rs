//! `%` formatting, `str.format` and format specifications.

use crate::{Args, Error, Result, Value};

/// `format % args`
pub fn percent(_format: &str, _args: &Value) -> Result<String> {
    Err(Error::unsupported("not yet"))
}
/// `Markup(format) % args`
pub fn percent_markup(_format: &str, _args: &Value) -> Result<String> {
    Err(Error::unsupported("not yet"))
}
/// `format.format(*args, **kwargs)`
pub fn str_format(_format: &str, _args: &Args) -> Result<String> {
    Err(Error::unsupported("not yet"))
}
/// `format(value, spec)`
pub fn format_spec(_value: &Value, _spec: &str) -> Result<String> {
    Err(Error::unsupported("not yet"))
}
