//! What Python plugins give to templates besides data: functions, classes, filters, objects.
//!
//! An object of Python's stays there: here it is known by how it came about, which is how its methods are called.

mod remote;
mod session;
mod told;

use std::sync::Arc;

use jinja::{Error, HostFunction};
use serde_json::{Value as Json, json};
use values::{Args, Value};

pub(super) use self::session::{Session, within};
use self::session::{ask, fetch, known};
use self::told::{root_of, said, said_all};
use super::host::{GraphHost, carry};
use super::recall::Read;
use crate::diagnostics::Failure;
use crate::plugins::python::functions::{Called, Lasts};
use crate::plugins::python::{functions, names, value};

/// What the names of functions begin with that are no names but targets.
const MARK: char = '\0';

/// The global that a plugin gives under `name`, if it is no data.
pub(super) fn global(host: &GraphHost<'_>, name: &str) -> Option<Value> {
    names::variable_of(host.db, name)?;
    let target = json!({ "kind": "variable", "name": name });
    let handle = names::handle_of(host.db, name);
    let found = handle.and_then(|handle| known(&target, handle));
    // What fails is told when it is used.
    let found = found.or_else(|| fetch(host, &target).ok());
    Some(found.unwrap_or_else(|| function(&target)))
}

/// Calls the function called `name`, if it is one of Python's.
pub(super) fn call(host: &GraphHost<'_>, name: &str, args: &Args) -> Option<Result<Value, Error>> {
    let target: Json = serde_json::from_str(name.strip_prefix(MARK)?).ok()?;
    Some(call_target(host, &target, &args.positional, args))
}

fn call_target(
    host: &GraphHost<'_>,
    target: &Json,
    positional: &[Value],
    args: &Args,
) -> Result<Value, Error> {
    let mut all = vec![root_of(target)];
    all.extend(said_all(positional)?);
    let keyword = args.keyword.iter();
    let keyword = keyword.map(|(name, value)| Ok(json!([name, said(value)?])));
    let keyword = keyword.collect::<Result<Vec<_>, Error>>()?;
    Ok(ask(host, target, "call", &all, &keyword)?)
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
    Some(call_target(host, &target, &positional, args))
}

/// COMPOSE_MOUNTS: what the core and plugins make of a folder called `name`.
pub(super) fn compose_mounts(
    host: &GraphHost<'_>,
    name: &str,
) -> Result<Vec<(String, String)>, Error> {
    let target = json!({ "kind": "apply", "name": "COMPOSE_MOUNTS", "context": null });
    let arguments = json!({ "args": [[], name], "kwargs": [] });
    let found = applied(host, &target, &arguments)?;
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
    let found = applied(host, &target, &json!({ "args": [[]], "kwargs": [] }))?;
    Ok(values::iter::collect(&found)?)
}

/// What a whole filter comes to, which is data.
fn applied(host: &GraphHost<'_>, target: &Json, arguments: &Json) -> Result<Value, Error> {
    let answer = carry(called(host, target, arguments))?;
    value::value(&answer.result)
        .ok_or_else(|| Error::unsupported("a filter has come to something that is no data"))
}

/// Calls, and notes that the render depends on what it came to.
fn called(host: &GraphHost<'_>, target: &Json, arguments: &Json) -> Result<Arc<Called>, Failure> {
    let answer = if host.is_same_text {
        functions::call_again(host.db, target, arguments)?
    } else {
        functions::call(host.db, target, arguments)?
    };
    match answer.lasts {
        Lasts::Always | Lasts::Save => {
            host.note(|| Read::Call(target.to_string().into(), arguments.to_string().into()));
        }
        Lasts::Process => host.note_other(),
        Lasts::Call => host.note_passing(),
    }
    Ok(answer)
}

/// A function that is called as `target`.
fn function(target: &Json) -> Value {
    HostFunction::value(format!("{MARK}{target}"))
}
