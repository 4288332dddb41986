//! Methods of `str`.

mod edit;
mod search;
mod split;
mod tests;
mod translate;

use std::sync::Arc;

use crate::{Args, Error, Result, Value, escape, format, iter, limits, unicode};

use super::{codec, params};

/// `None`: there is no such method here.
pub(super) fn call(
    text: &Arc<str>,
    receiver: &Value,
    name: &str,
    args: &Args,
) -> Result<Option<Value>> {
    let mapping = |map: fn(&str) -> String| {
        params::none("str", name, args)?;
        Ok(Some(Value::from(map(text))))
    };
    match name {
        "upper" => mapping(unicode::upper),
        "lower" => mapping(unicode::lower),
        "title" => mapping(unicode::title),
        "capitalize" => mapping(unicode::capitalize),
        "swapcase" => mapping(unicode::swapcase),
        "casefold" => mapping(unicode::casefold),
        "join" => join(text, params::one("str", name, args)?).map(|text| Some(text.into())),
        "format" => format::str_format(text, args).map(|text| Some(text.into())),
        "format_map" => format::str_format_map(text, params::one("str", name, args)?)
            .map(|text| Some(text.into())),
        "encode" => codec::encode(text, args).map(Some),
        "maketrans" => translate::maketrans(args).map(Some),
        "translate" => translate::translate(text, params::one("str", name, args)?)
            .map(|text| Some(text.into())),
        "__str__" => {
            params::none("str", name, args)?;
            Ok(Some(receiver.clone()))
        }
        _ => {
            if let Some(done) = search::call(text, name, args)? {
                return Ok(Some(done));
            }
            if let Some(done) = split::call(text, name, args)? {
                return Ok(Some(done));
            }
            if let Some(done) = edit::call(text, name, args)? {
                return Ok(Some(done));
            }
            tests::call(text, name, args)
        }
    }
}

/// What is joined, or why it cannot be.
pub(super) fn items_to_join(items: &Value) -> Result<Vec<Value>> {
    iter::collect(items).map_err(|error| match error.kind {
        crate::ErrorKind::Type if iter::iterate(items).is_err() => {
            Error::type_error("can only join an iterable")
        }
        _ => error,
    })
}

fn join(separator: &str, items: &Value) -> Result<String> {
    let items = items_to_join(items)?;
    let mut out = String::new();
    for (index, item) in items.iter().enumerate() {
        let Some(item) = item.as_str() else {
            return Err(Error::type_error(format!(
                "sequence item {index}: expected str instance, {} found",
                item.full_type_name()
            )));
        };
        if index > 0 {
            out.push_str(separator);
        }
        out.push_str(item);
        limits::product(out.len(), 1, limits::TEXT, "the text")?;
    }
    Ok(out)
}

/// `Markup(separator).join(items)`
pub(super) fn join_escaped(separator: &str, items: &Value) -> Result<String> {
    let mut out = String::new();
    for (index, item) in iter::iterate(items)?.enumerate() {
        let item = escape::escape(&item?)?;
        if index > 0 {
            out.push_str(separator);
        }
        out.push_str(item.as_str().unwrap_or_default());
        limits::product(out.len(), 1, limits::TEXT, "the text")?;
    }
    Ok(out)
}

/// The text that an argument has to be.
pub(super) fn text_argument(value: &Value, message: impl Fn(&str) -> String) -> Result<&str> {
    value
        .as_str()
        .ok_or_else(|| Error::type_error(message(value.full_type_name())))
}

/// For the messages of most methods.
pub(super) fn must_be_str(type_name: &str) -> String {
    format!("must be str, not {type_name}")
}
