//! What Python plugins give to templates besides data: functions, classes, filters, objects.
//!
//! An object of Python's stays there: here it is known by how it came about, which is how its methods are called.

use std::any::Any;
use std::fmt;

use jinja::{Error, HostFunction};
use serde_json::{Value as Json, json};
use values::{Args, Dict, Key, List, Object, Value};

use super::host::{GraphHost, carry};
use super::recall::Read;
use crate::inputs::Db;
use crate::plugins::python::functions::Lasts;
use crate::plugins::python::{functions, names, value};

/// What the names of functions begin with that are no names but targets.
const MARK: char = '\0';

/// Something in Python that is no data.
struct Remote {
    type_name: String,
    text: String,
    truth: bool,
    items: Option<Vec<Value>>,
    attributes: Vec<(String, Value)>,
    /// The plain data that it is as well, if it is of a class made from such.
    data: Option<Value>,
    /// What calls it, if that can be.
    name: Option<String>,
    target: Json,
}

impl fmt::Debug for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Object for Remote {
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn type_name(&self) -> &str {
        &self.type_name
    }
    fn repr(&self) -> String {
        self.text.clone()
    }
    fn str(&self) -> String {
        self.text.clone()
    }
    fn truth(&self) -> values::Result<bool> {
        Ok(self.truth)
    }
    fn len(&self) -> Option<usize> {
        values::ops::len(self.data.as_ref()?).ok()
    }
    fn get_item(&self, key: &Value) -> Option<values::Result<Value>> {
        let data = self.data.as_ref()?;
        Some(values::attr::get_item(data, key))
    }
    fn equals(&self, other: &Value) -> Option<bool> {
        values::ops::eq(self.data.as_ref()?, other).ok()
    }
    fn is_callable(&self) -> bool {
        self.name.is_some()
    }
    fn outside_name(&self) -> Option<&str> {
        self.name.as_deref()
    }
    fn get_attr(&self, name: &str) -> Option<Value> {
        let attributes = self.attributes.iter();
        let mut found = attributes.filter(|(other, _)| other == name);
        found.next().map(|(_, value)| value.clone())
    }
    fn items(&self) -> Option<values::Result<Vec<Value>>> {
        self.items.clone().map(Ok)
    }
}

/// The global that a plugin gives under `name`, if it is no data.
pub(super) fn global(host: &GraphHost<'_>, name: &str) -> Option<Value> {
    names::variable_of(host.db, name)?;
    let target = json!({ "kind": "variable", "name": name });
    // What fails is told when it is used.
    let found = called(host, &target, &Json::Null).ok();
    Some(found.unwrap_or_else(|| function(&target)))
}

/// Calls the function called `name`, if it is one of Python's.
pub(super) fn call(host: &GraphHost<'_>, name: &str, args: &Args) -> Option<Result<Value, Error>> {
    let target: Json = serde_json::from_str(name.strip_prefix(MARK)?).ok()?;
    Some(arguments(&args.positional, args).and_then(|arguments| called(host, &target, &arguments)))
}

/// Applies the filter called `name`, if a plugin gives it.
pub(super) fn filter(
    host: &GraphHost<'_>,
    name: &str,
    value: &Value,
    args: &Args,
) -> Option<Result<Value, Error>> {
    if !host.knows_plugins() {
        return None;
    }
    names::filter_of(host.db, name)?;
    let mut positional = vec![value.clone()];
    positional.extend(args.positional.iter().cloned());
    let target = json!({ "kind": "filter", "name": name });
    Some(arguments(&positional, args).and_then(|arguments| called(host, &target, &arguments)))
}

/// COMPOSE_MOUNTS: what the core and plugins make of a folder called `name`.
pub(super) fn compose_mounts(
    host: &GraphHost<'_>,
    name: &str,
) -> Result<Vec<(String, String)>, Error> {
    let target = json!({ "kind": "apply", "name": "COMPOSE_MOUNTS", "context": null });
    let arguments = json!({ "args": [[], name], "kwargs": [] });
    let found = called(host, &target, &arguments)?;
    let wrong =
        || Error::type_error("the filter COMPOSE_MOUNTS should come to pairs of service and path");
    let pair = |item: &Value| {
        let items = values::iter::collect(item).map_err(|_| wrong())?;
        match items.iter().map(Value::as_str).collect::<Vec<_>>()[..] {
            [Some(service), Some(path)] => Ok((service.to_owned(), path.to_owned())),
            _ => Err(wrong()),
        }
    };
    let found = values::iter::collect(&found).map_err(|_| wrong())?;
    found.iter().map(pair).collect()
}

/// What plugins make of the filter called `filter`, which comes to `words` by itself.
pub(super) fn words(
    host: &GraphHost<'_>,
    filter: &str,
    words: Vec<Value>,
) -> Result<Vec<Value>, Error> {
    if !host.knows_plugins() {
        return Ok(words);
    }
    host.note(|| Read::Added(filter.into()));
    if !functions::add_to(host.db, filter) {
        return Ok(words);
    }
    let target = json!({ "kind": "apply", "name": filter, "context": null });
    // Python knows what the core adds.
    let found = called(host, &target, &json!({ "args": [[]], "kwargs": [] }))?;
    Ok(values::iter::collect(&found)?)
}

/// A function that is called as `target`.
fn function(target: &Json) -> Value {
    HostFunction::value(format!("{MARK}{target}"))
}

fn arguments(positional: &[Value], args: &Args) -> Result<Json, Error> {
    let positional = positional.iter().map(said).collect::<Result<Vec<_>, _>>()?;
    let keyword = args
        .keyword
        .iter()
        .map(|(name, value)| Ok(json!([name, said(value)?])));
    let keyword = keyword.collect::<Result<Vec<_>, Error>>()?;
    Ok(json!({ "args": positional, "kwargs": keyword }))
}

/// A value as Python is told of it.
fn said(value: &Value) -> Result<Json, Error> {
    if let Value::Undefined(undefined) = value {
        return Err(Error::undefined(undefined));
    }
    if let Value::Object(_) = value {
        if let Some(remote) = value.downcast::<Remote>() {
            return Ok(json!({ "t": "of", "v": remote.target }));
        }
        if let Some(function) = value.downcast::<HostFunction>()
            && let Some(target) = function.name.strip_prefix(MARK)
            && let Ok(target) = serde_json::from_str::<Json>(target)
        {
            return Ok(json!({ "t": "of", "v": target }));
        }
        if let Ok(items) = values::iter::collect(value) {
            return Ok(Json::Array(
                items.iter().map(said).collect::<Result<_, _>>()?,
            ));
        }
    }
    value::json(value).ok_or_else(|| {
        Error::type_error(format!(
            "a value of type {} cannot be given to a function of a plugin",
            value.type_name()
        ))
    })
}

/// Calls, and makes a value of the answer.
fn called(host: &GraphHost<'_>, target: &Json, arguments: &Json) -> Result<Value, Error> {
    let db = host.db;
    // What an object has is called as one more step on the way to it.
    let (target, arguments) = if is_chain(target) && !arguments.is_null() {
        (&then(target, &json!({ "call": arguments })), &Json::Null)
    } else {
        (target, arguments)
    };
    let answer = if host.is_same_text {
        functions::call_again(db, target, arguments)
    } else {
        functions::call(db, target, arguments)
    };
    let answer = carry(answer)?;
    match answer.lasts {
        Lasts::Always | Lasts::Save => {
            host.note(|| Read::Call(target.to_string().into(), arguments.to_string().into()));
        }
        Lasts::Process => host.note_other(),
        Lasts::Call => host.note_passing(),
    }
    let whole = if arguments.is_null() {
        target.clone()
    } else {
        json!({
            "kind": "of", "target": target, "args": arguments["args"], "kwargs": arguments["kwargs"], "then": [],
        })
    };
    value_of(db, &answer.result, &whole)
        .ok_or_else(|| Error::unsupported("Python has answered with something that is no value"))
}

/// The value that `said` stands for, which came about as `target`.
fn value_of(db: &dyn Db, said: &Json, target: &Json) -> Option<Value> {
    let tag = said.get("t").and_then(Json::as_str);
    match (tag, said) {
        (Some("handle"), _) => handle(db, said.get("v")?, target),
        (Some("tuple"), _) => {
            let items = said.get("v")?.as_array()?.iter().enumerate();
            let items =
                items.map(|(at, item)| value_of(db, item, &then(target, &json!({ "item": at }))));
            Some(Value::tuple(items.collect::<Option<Vec<_>>>()?))
        }
        (Some("dict"), _) => {
            let pairs = said.get("v")?.as_array()?.iter().map(|pair| {
                let [key, item] = &pair.as_array()?[..] else {
                    return None;
                };
                let step = then(target, &json!({ "item": key }));
                Some((
                    Key::new(value::value(key)?).ok()?,
                    value_of(db, item, &step)?,
                ))
            });
            Some(Value::Dict(Dict::new(pairs.collect::<Option<_>>()?)))
        }
        (None, Json::Array(items)) => {
            let items = items.iter().enumerate();
            let items =
                items.map(|(at, item)| value_of(db, item, &then(target, &json!({ "item": at }))));
            Some(Value::List(List::new(items.collect::<Option<_>>()?)))
        }
        _ => value::value(said),
    }
}

fn is_chain(target: &Json) -> bool {
    target.get("kind").and_then(Json::as_str) == Some("of")
}

/// One step further from `target`.
fn then(target: &Json, step: &Json) -> Json {
    let mut chain = if is_chain(target) {
        target.clone()
    } else {
        json!({ "kind": "of", "target": target, "then": [] })
    };
    if let Some(steps) = chain.get_mut("then").and_then(Json::as_array_mut) {
        steps.push(step.clone());
    }
    chain
}

fn handle(db: &dyn Db, said: &Json, target: &Json) -> Option<Value> {
    let is = |key: &str| said.get(key).and_then(Json::as_bool).unwrap_or_default();
    let text = |key: &str| said.get(key).and_then(Json::as_str).unwrap_or_default();
    let attributes = said.get("attributes").and_then(Json::as_array);
    let attributes = attributes.into_iter().flatten().map(|pair| {
        let [name, item] = &pair.as_array()?[..] else {
            return None;
        };
        let name = name.as_str()?;
        let step = then(target, &json!({ "attribute": name }));
        Some((name.to_owned(), value_of(db, item, &step)?))
    });
    let attributes = attributes.collect::<Option<_>>()?;
    let items = is("iterable").then(|| {
        let step = then(target, &json!({ "iterate": true }));
        let answer = functions::call(db, &step, &Json::Null).ok()?;
        let items = answer.result.as_array()?.iter().enumerate();
        let items =
            items.map(|(at, item)| value_of(db, item, &then(&step, &json!({ "item": at }))));
        items.collect::<Option<Vec<_>>>()
    });
    Some(Value::object(Remote {
        type_name: text("type")
            .rsplit('.')
            .next()
            .unwrap_or_default()
            .to_owned(),
        text: text("text").to_owned(),
        truth: said.get("truth").and_then(Json::as_bool).unwrap_or(true),
        items: items.flatten(),
        data: said.get("data").and_then(value::value),
        name: is("callable").then(|| format!("{MARK}{target}")),
        attributes,
        target: target.clone(),
    }))
}
