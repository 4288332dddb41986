//! Methods of the built-in types.
//!
//! One module a type; which names there are is a table read off `CPython`, so that a method that is missing here
//! says so.

mod bytes;
mod codec;
mod dict;
mod list;
mod markup;
mod names;
mod number;
mod params;
mod set;
mod text;
mod time;
mod types;

use crate::object::elsewhere_within;
use crate::views::{Kind, View};
use crate::{Args, Error, ErrorKind, Result, Value};

pub use dict::new_dict;
pub(crate) use markup::{striptags, unescape};

/// The methods of the type of `receiver`, but those of all objects.
fn names_of(receiver: &Value) -> &'static [&'static str] {
    match receiver {
        Value::Undefined(_) => &[],
        Value::None => &names::NONE,
        Value::Bool(_) => &names::BOOL,
        Value::Int(_) | Value::BigInt(_) => &names::INT,
        Value::Float(_) => &names::FLOAT,
        Value::Str(_) => &names::STR,
        Value::Markup(_) => &names::MARKUP,
        Value::Bytes(_) => &names::BYTES,
        Value::List(_) => &names::LIST,
        Value::Tuple(_) => &names::TUPLE,
        Value::Dict(_) => &names::DICT,
        Value::Set(_) => &names::SET,
        Value::Date(_) => &names::DATE,
        Value::DateTime(_) => &names::DATETIME,
        Value::Object(object) => match object.as_any().downcast_ref::<View>() {
            Some(view) => match view.kind {
                Kind::Keys => &names::DICT_KEYS,
                Kind::Values => &names::DICT_VALUES,
                Kind::Items => &names::DICT_ITEMS,
            },
            None if object.as_any().is::<crate::time::Zone>() => &names::TIMEZONE,
            None => &[],
        },
    }
}

/// Whether values of this type have a method called `name`.
pub fn has(receiver: &Value, name: &str) -> bool {
    if let Value::Undefined(_) = receiver {
        return false;
    }
    let names = names_of(receiver);
    let is_object = matches!(receiver, Value::Object(_)) && names.is_empty();
    names.binary_search(&name).is_ok()
        || (!is_object && name.starts_with("__") && names::OBJECT.binary_search(&name).is_ok())
}

/// `receiver.name(*args)`
///
/// # Errors
/// [`ErrorKind::Unsupported`] for a method that Python has and this crate has not, `AttributeError` for one that
/// Python has not either.
pub fn call(receiver: &Value, name: &str, args: &Args) -> Result<Value> {
    if !matches!(
        receiver,
        Value::Undefined(_) | Value::List(_) | Value::Dict(_) | Value::Set(_)
    ) && let Some(done) = elsewhere_within("method", &[receiver, &Value::str(name)], args)
    {
        return done;
    }
    let done = match receiver {
        Value::Undefined(undefined) => return Err(Error::undefined(undefined)),
        Value::Str(text) => text::call(text, receiver, name, args)?,
        Value::Markup(text) => markup::call(text, receiver, name, args)?,
        Value::Bytes(bytes) => bytes::call(bytes, name, args)?,
        Value::List(list) => list::call(list, name, args)?,
        Value::Tuple(items) => list::call_tuple(items, name, args)?,
        Value::Dict(dict) => dict::call(dict, name, args)?,
        Value::Set(set) => set::call(set, name, args)?,
        Value::Bool(_) | Value::Int(_) | Value::BigInt(_) => {
            number::call_int(receiver, name, args)?
        }
        Value::Float(float) => number::call_float(*float, name, args)?,
        Value::Date(_) | Value::DateTime(_) => time::call(receiver, name, args)?,
        Value::Object(_) => dict::call_view(receiver, name, args)?,
        Value::None => None,
    };
    done.ok_or_else(|| {
        if has(receiver, name) {
            Error::unsupported(format!(
                "{}.{name}(): not supported",
                receiver.full_type_name()
            ))
        } else {
            let message = format!(
                "'{}' object has no attribute '{name}'",
                receiver.full_type_name()
            );
            Error::new(ErrorKind::Attribute, message)
        }
    })
}

/// An attribute that is no method.
pub(crate) fn data_attribute(value: &Value, name: &str) -> Option<Value> {
    if name == "__class__" && !value.is_undefined() {
        return Some(types::type_of(value));
    }
    match value {
        Value::Bool(_) | Value::Int(_) | Value::BigInt(_) | Value::Float(_) => {
            number::attribute(value, name)
        }
        Value::Date(date) => time::date_attribute(**date, name),
        Value::DateTime(time) => time::time_attribute(time, name),
        _ => None,
    }
}
