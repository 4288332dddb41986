//! `%` formatting, `str.format` and format specifications.

mod float;
mod group;
mod integer;
mod percent;
mod spec;
mod template;

use crate::{Args, Error, Result, Value, ops, repr};

use spec::Spec;
use template::{Fields, Template};

pub use percent::{percent, percent_markup};

/// `format.format(*args, **kwargs)`
pub fn str_format(format: &str, args: &Args) -> Result<String> {
    Template {
        fields: Fields::Args(args),
        escape: false,
    }
    .render(format)
}
/// `format.format_map(mapping)`
pub fn str_format_map(format: &str, mapping: &Value) -> Result<String> {
    Template {
        fields: Fields::Mapping(mapping),
        escape: false,
    }
    .render(format)
}
/// `Markup(format).format(*args, **kwargs)`: what is not `Markup` is escaped.
pub fn markup_format(format: &str, args: &Args) -> Result<String> {
    Template {
        fields: Fields::Args(args),
        escape: true,
    }
    .render(format)
}
/// `Markup(format).format_map(mapping)`
pub fn markup_format_map(format: &str, mapping: &Value) -> Result<String> {
    Template {
        fields: Fields::Mapping(mapping),
        escape: true,
    }
    .render(format)
}

/// `format(value, spec)`
pub fn format_spec(value: &Value, spec: &str) -> Result<String> {
    if spec.is_empty() {
        return repr::to_str(value);
    }
    match value {
        Value::Str(text) | Value::Markup(text) => Spec::parse(spec, '<', value)?.text(text, value),
        Value::Date(_) | Value::DateTime(_) => crate::time::strftime_value(value, spec),
        _ => match ops::number(value) {
            Some(ops::Number::Float(float)) => {
                float::format(float, &Spec::parse(spec, '>', value)?, value)
            }
            Some(number) => integer::format(number, &Spec::parse(spec, '>', value)?, value),
            None => Err(Error::type_error(format!(
                "unsupported format string passed to {}.__format__",
                value.type_name()
            ))),
        },
    }
}
