//! What Python plugins give to templates besides data: functions, classes, filters, objects.
//!
//! An object of Python's stays there: here it is known by how it came about, which is how its methods are called.

mod remote;
mod session;
mod told;

use jinja::{Error, HostFunction};
use serde_json::{Value as Json, json};
use values::{Args, Value};

pub(super) use self::session::{Session, within};
use self::session::{ask, fetch};
use self::told::{root_of, said, said_all};
use super::host::{GraphHost, carry};
use super::recall::Read;
use crate::plugins::python::{functions, value};

/// What the names of functions begin with that are no names but targets.
const MARK: char = '\0';

/// Functions and filters that Tutor puts in once plugins have put in theirs.
const ALWAYS_OURS: [&str; 3] = ["iter_values_named", "patch", "walk_templates"];

/// The global that a plugin gives under `name`, if it is no data.
pub(super) fn global(host: &GraphHost<'_>, name: &str) -> Option<Value> {
    if ALWAYS_OURS.contains(&name) {
        return None;
    }
    functions::variable_of(host.db, name)?;
    let target = json!({ "kind": "variable", "name": name });
    // What fails is told when it is used.
    let found = fetch(host, &target).ok();
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
    if !host.knows_plugins() || ALWAYS_OURS.contains(&name) {
        return None;
    }
    functions::filter_of(host.db, name)?;
    let mut positional = vec![value.clone()];
    positional.extend(args.positional.iter().cloned());
    let target = json!({ "kind": "filter", "name": name });
    Some(call_target(host, &target, &positional, args))
}

/// COMPOSE_MOUNTS: what plugins make of `mounts` of a folder called `name`.
pub(super) fn compose_mounts(
    host: &GraphHost<'_>,
    mounts: &[(String, String)],
    name: &str,
) -> Result<Vec<(String, String)>, Error> {
    let pairs = mounts
        .iter()
        .map(|(service, path)| json!({ "t": "tuple", "v": [service, path] }));
    let target = json!({ "kind": "apply", "name": "COMPOSE_MOUNTS", "context": null });
    let arguments = json!({ "args": [pairs.collect::<Vec<_>>(), name], "kwargs": [] });
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

/// What plugins make of `words`, the list that the filter called `filter` begins with.
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
    let words = said_all(&words)?;
    let found = applied(host, &target, &json!({ "args": [words], "kwargs": [] }))?;
    Ok(values::iter::collect(&found)?)
}

/// What a whole filter comes to, which is data.
fn applied(host: &GraphHost<'_>, target: &Json, arguments: &Json) -> Result<Value, Error> {
    let answer = carry(functions::call(host.db, target, arguments))?;
    note(host, answer.passing, target, arguments);
    value::value(&answer.result)
        .ok_or_else(|| Error::unsupported("a filter has come to something that is no data"))
}

/// Notes that something was called: the render depends on what it came to.
fn note(host: &GraphHost<'_>, is_passing: bool, target: &Json, arguments: &Json) {
    if is_passing {
        host.note_other();
    } else {
        host.note(|| Read::Call(target.to_string().into(), arguments.to_string().into()));
    }
}

/// A function that is called as `target`.
fn function(target: &Json) -> Value {
    HostFunction::value(format!("{MARK}{target}"))
}
