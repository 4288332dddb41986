//! Filters that apply a filter or a test to every item.

use values::{Args, Value, ops};

use super::attribute::Path;
use super::python::{argument_error, generator, given, iterate, undefined_error};
use super::signature::bind_rest;
use crate::{Error, ErrorKind, Result, State};

/// The name of a filter or test, from an argument. `kind` is `filter` or `test`, for the error.
fn name<'v>(value: &'v Value, kind: &str) -> Result<&'v str> {
    if let Some(name) = value.as_str() {
        return Ok(name);
    }
    if let Some(error) = undefined_error(value) {
        return Err(error);
    }
    // Names are looked up in a dictionary.
    values::Key::new(value.clone())?;
    Err(Error::new(
        ErrorKind::TemplateRuntime,
        format!("No {kind} named {}.", values::repr::repr(value)),
    ))
}

/// `map`
pub(super) fn map(state: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    bind_rest("sync_do_map", &["context", "value"], args)?;
    generator("sync_do_map", |out| {
        if !ops::truth(value)? {
            return Ok(());
        }
        match args.positional.split_first() {
            None if args.get("attribute").is_some() => {
                let extra = args
                    .keyword
                    .iter()
                    .find(|(key, _)| key != "attribute" && key != "default");
                if let Some((key, _)) = extra {
                    let key = values::repr::str_repr(key);
                    return Err(argument_error(format!("Unexpected keyword argument {key}")));
                }
                let path =
                    Path::new(args.get("attribute"))?.or(given(args.get("default").cloned()));
                for item in iterate(value)? {
                    out.push(path.get(state, &item?)?);
                }
            }
            None => return Err(argument_error("map requires a filter argument")),
            Some((filter, rest)) => {
                let rest = Args {
                    positional: rest.to_vec(),
                    keyword: args.keyword.clone(),
                };
                for item in iterate(value)? {
                    out.push(state.apply_filter(name(filter, "filter")?, &item?, &rest)?);
                }
            }
        }
        Ok(())
    })
}

/// `select`
pub(super) fn select(state: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    bind_rest("sync_do_select", &["context", "value"], args)?;
    pick(state, value, args, true, false)
}

/// `reject`
pub(super) fn reject(state: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    bind_rest("sync_do_reject", &["context", "value"], args)?;
    pick(state, value, args, false, false)
}

/// `selectattr`
pub(super) fn selectattr(state: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    bind_rest("sync_do_selectattr", &["context", "value"], args)?;
    pick(state, value, args, true, true)
}

/// `rejectattr`
pub(super) fn rejectattr(state: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    bind_rest("sync_do_rejectattr", &["context", "value"], args)?;
    pick(state, value, args, false, true)
}

/// The items, or their attributes, for which a test, or without one their truth, is `wanted`.
fn pick(
    state: &mut State<'_>,
    value: &Value,
    args: &Args,
    wanted: bool,
    by_attribute: bool,
) -> Result<Value> {
    generator("select_or_reject", |out| {
        if !ops::truth(value)? {
            return Ok(());
        }
        let mut rest = args.positional.as_slice();
        let mut path = Path::new(None)?;
        if by_attribute {
            let Some((attribute, behind)) = rest.split_first() else {
                return Err(argument_error("Missing parameter for attribute name"));
            };
            path = Path::new(Some(attribute))?;
            rest = behind;
        }
        let test = rest.split_first().map(|(test, rest)| {
            (
                test,
                Args {
                    positional: rest.to_vec(),
                    keyword: args.keyword.clone(),
                },
            )
        });
        for item in iterate(value)? {
            let item = item?;
            let judged = path.get(state, &item)?;
            let holds = match &test {
                Some((test, rest)) => state.apply_test(name(test, "test")?, &judged, rest)?,
                None => ops::truth(&judged)?,
            };
            if holds == wanted {
                out.push(item);
            }
        }
        Ok(())
    })
}
