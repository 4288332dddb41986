//! Values as Python is told of them, and answers as values.

use std::cell::OnceCell;

use jinja::{Error, HostFunction};
use serde_json::{Value as Json, json};
use values::{Dict, ErrorKind, Key, List, Value, iter};

use super::MARK;
use super::remote::Remote;
use crate::plugins::python::value;

/// What a plugin gives to templates, as an operand.
pub(super) fn root_of(target: &Json) -> Json {
    json!({ "t": "of", "v": { "root": target } })
}

/// Values as Python is told of them.
pub(super) fn said_all(values: &[Value]) -> values::Result<Vec<Json>> {
    values.iter().map(said).collect()
}

/// A value as Python is told of it.
pub(super) fn said(value: &Value) -> values::Result<Json> {
    let tagged = |tag: &str, items: &[Value]| Ok(json!({ "t": tag, "v": said_all(items)? }));
    match value {
        Value::Undefined(undefined) => {
            return Ok(json!({ "t": "undefined", "v": undefined.message }));
        }
        Value::Markup(text) => return Ok(json!({ "t": "markup", "v": **text })),
        Value::List(list) => return Ok(Json::Array(said_all(&list.to_vec())?)),
        Value::Tuple(items) => return tagged("tuple", items),
        Value::Set(set) => {
            let keys: Vec<_> = set.read().keys().map(|key| key.value().clone()).collect();
            return tagged("set", &keys);
        }
        Value::Dict(dict) => {
            let items = dict.read().clone();
            let pairs = items
                .iter()
                .map(|(key, item)| Ok(json!([said(key.value())?, said(item)?])));
            let pairs = pairs.collect::<values::Result<Vec<_>>>()?;
            return Ok(json!({ "t": "dict", "v": pairs }));
        }
        Value::Object(object) => {
            if let Some(remote) = value.downcast::<Remote>() {
                return Ok(json!({ "t": "of", "v": remote.name }));
            }
            if let Some(function) = value.downcast::<HostFunction>()
                && let Some(target) = function.name.strip_prefix(MARK)
                && let Ok(target) = serde_json::from_str::<Json>(target)
            {
                return Ok(root_of(&target));
            }
            if jinja::is_undefined(value) {
                return Err(values::Error::new(
                    ErrorKind::Undefined,
                    "an undefined value is used",
                ));
            }
            if let Ok(items) = iter::collect(value) {
                let items = said_all(&items)?;
                return Ok(if object.is_iterator() {
                    json!({ "t": "iterator", "v": { "items": items } })
                } else {
                    Json::Array(items)
                });
            }
        }
        _ => {}
    }
    value::json(value).ok_or_else(|| {
        values::Error::type_error(format!(
            "a value of type {} cannot be given to a function of a plugin",
            value.type_name()
        ))
    })
}

/// Where an answer came from: what is in it is named by that.
pub(super) struct Origin<'a> {
    /// What the plugin gives to templates that it all began with.
    pub(super) root: &'a Json,
    /// How many operations had changed something by then.
    pub(super) at: usize,
    /// Gives the name of the whole, once it is needed.
    pub(super) naming: &'a dyn Fn() -> Json,
    /// Makes an error of what was raised.
    pub(super) raised: &'a dyn Fn(&Json) -> values::Error,
    /// That name.
    pub(super) name: OnceCell<Json>,
}

impl Origin<'_> {
    /// The name of what is at the end of `path`.
    fn name(&self, path: &[Json]) -> Json {
        let mut name = self.name.get_or_init(self.naming).clone();
        if let (false, Some(name)) = (path.is_empty(), name.as_object_mut()) {
            name.insert(String::from("path"), Json::Array(path.to_vec()));
        }
        name
    }

    /// The value that `told` stands for, which is at the end of `path`. `None` if it is none.
    pub(super) fn value(&self, told: &Json, path: &[Json]) -> Option<Value> {
        let all = |items: &[Json]| {
            let items = items.iter().enumerate();
            let items = items.map(|(at, item)| self.value(item, &longer(path, &json!(at))));
            items.collect::<Option<Vec<_>>>()
        };
        let tag = told.get("t").and_then(Json::as_str);
        Some(match (tag, told) {
            (Some("handle"), _) => Value::object(Remote::new(
                told.get("v")?,
                self.name(path),
                self.root.clone(),
                self.at,
            )),
            (Some("undefined"), _) => Value::undefined_with("", told.get("v")?.as_str()?),
            (Some("live"), _) => Value::object(Remote::live(
                self.value(told.get("v")?, path)?,
                self.name(path),
                self.root.clone(),
                self.at,
            )),
            (Some("set"), _) => value::value(told)?,
            (Some("tuple"), _) => Value::tuple(all(told.get("v")?.as_array()?)?),
            (Some("dict"), _) => {
                let pairs = told.get("v")?.as_array()?.iter().map(|pair| {
                    let [key, item] = &pair.as_array()?[..] else {
                        return None;
                    };
                    let item = self.value(item, &longer(path, key))?;
                    Some((Key::new(value::value(key)?).ok()?, item))
                });
                Value::Dict(Dict::new(pairs.collect::<Option<_>>()?))
            }
            (Some("iterator"), _) => {
                let about = told.get("v")?;
                let text = |key: &str| about.get(key).and_then(Json::as_str).unwrap_or_default();
                let error = about.get("error").map(|error| (self.raised)(error));
                let items = all(about.get("items")?.as_array()?)?;
                iter::generator(
                    text("type").to_owned(),
                    text("text").to_owned(),
                    items,
                    error,
                )
            }
            (None, Json::Array(items)) => Value::List(List::new(all(items)?)),
            _ => return value::value(told),
        })
    }
}

fn longer(path: &[Json], key: &Json) -> Vec<Json> {
    path.iter().cloned().chain([key.clone()]).collect()
}

/// The kind of error that templates take an exception of that class for.
pub(super) fn kind_of(class: &str) -> ErrorKind {
    match class {
        "AttributeError" => ErrorKind::Attribute,
        "KeyError" | "LookupError" => ErrorKind::Key,
        "IndexError" => ErrorKind::Index,
        "TypeError" => ErrorKind::Type,
        "ValueError" => ErrorKind::Value,
        "OverflowError" => ErrorKind::Overflow,
        "ZeroDivisionError" => ErrorKind::ZeroDivision,
        _ => ErrorKind::Runtime,
    }
}

/// The error for an answer that is no value.
pub(super) fn no_value() -> values::Error {
    let error = Error::unsupported("Python has answered with something that is no value");
    values::Error::unsupported(error.message.clone())
}
