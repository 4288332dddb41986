//! Rendering of texts and of values that contain texts: settings.

use std::borrow::Cow;
use std::sync::Arc;

use indexmap::IndexMap;
use jinja::Error;
use values::{Dict, List, Value};

use super::draws::Draws;
use super::failure;
use super::failure::setting_place;
use super::host::{GraphHost, ITEM_LIMIT, Scope, has_template};
use super::recall;
use crate::config::{Evaluation, Outcome, Pass, Raw};
use crate::diagnostics::{Diagnostic, Failure, Owner, Place, without_quotes};
use crate::inputs::Db;
use crate::profile::{Work, measured};

/// How deep a value may nest.
const VALUE_DEPTH_LIMIT: usize = 200;

/// Renders `text` with `host`.
pub(super) fn text(
    host: &GraphHost<'_>,
    text: &str,
    place: impl Fn(&Error) -> Place,
) -> Result<String, Failure> {
    if !text.contains('{') {
        return Ok(plain(text).into_owned());
    }
    let template = host
        .environment()
        .parse(None, text)
        .map_err(|error| failure::of(host, &error, &place))?;
    host.render(&template, place)
}

/// What rendering makes of a text without template syntax: line breaks become `\n`, and one at the end goes.
fn plain(text: &str) -> Cow<'_, str> {
    let text = if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    };
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.strip_suffix('\n').unwrap_or(text)),
        Cow::Owned(mut text) => {
            if text.ends_with('\n') {
                text.pop();
            }
            Cow::Owned(text)
        }
    }
}

/// Whether rendering `value` gives the same value.
pub fn renders_as_it_is(value: &Value) -> bool {
    fn check(value: &Value) -> bool {
        match value {
            Value::Str(text) => plain(text) == **text,
            Value::List(list) => list.read().iter().all(check),
            Value::Dict(dict) => dict.read().values().all(check),
            _ => true,
        }
    }
    !has_template(value) && check(value)
}

/// Renders a value: texts, items of lists, values of mappings. Keys and all else stay as they are.
fn value(
    host: &GraphHost<'_>,
    value: &Value,
    depth: usize,
    place: &dyn Fn(&Error) -> Place,
) -> Result<Value, Failure> {
    if depth > VALUE_DEPTH_LIMIT {
        return Err(too_deep(place));
    }
    host.items.set(host.items.get() + 1);
    if host.items.get() > ITEM_LIMIT {
        let message =
            format!("this value has more than {ITEM_LIMIT} items, aliases counted each time");
        return Err(Diagnostic::error("too-large", message)
            .at(place(&Error::unsupported("")))
            .hint("write it out without YAML aliases, or keep it out of the settings")
            .into());
    }
    let nested = |item: &Value| self::value(host, item, depth + 1, place);
    Ok(match value {
        Value::Str(template) => Value::str(text(host, template, place)?),
        Value::List(list) => Value::List(List::new(
            list.to_vec().iter().map(nested).collect::<Result<_, _>>()?,
        )),
        Value::Dict(dict) => {
            let items = dict.read().clone();
            let rendered = items
                .into_iter()
                .map(|(key, item)| Ok((key, nested(&item)?)));
            Value::Dict(Dict::new(rendered.collect::<Result<_, Failure>>()?))
        }
        other => other.clone(),
    })
}

/// Renders the setting `name` at `position` of a pass, or finds out what an earlier process made of it.
pub fn setting(pass: &Evaluation<'_>, position: usize, name: &str, raw: &Raw) -> Outcome {
    if !has_template(&raw.value) {
        return Outcome::plain(plain_value(&raw.value, 0).map(Some).ok_or_else(|| {
            let place = |error: &Error| setting_place(pass.db, name, raw, error);
            with_owner(&too_deep(place), name, &raw.owner)
        }));
    }
    let reader = (pass, position);
    if pass.pass == Pass::Full
        && let Some(outcome) = recall::setting(reader, name, raw)
    {
        return outcome;
    }
    pass.db.ran("render_setting", name);
    let draws = match pass.pass {
        Pass::Bootstrap | Pass::Minimal => Draws::Fresh,
        Pass::Full => Draws::repeatable(format!("setting {name}")),
    };
    let host = GraphHost::new(pass.db, Scope::Setting(reader), draws);
    let place = |error: &Error| setting_place(pass.db, name, raw, error);
    let owner = || Some(raw.owner.clone());
    let rendered = measured(pass.db.profile(), Work::Setting, name, owner, || {
        value(&host, &raw.value, 0, &place)
            .map_err(|failure| with_owner(&failure, name, &raw.owner))
    });
    let mut leaks = host.leaks.into_inner();
    let reads = host.reads.unwrap_or_default();
    if let Ok(value) = &rendered {
        value.freeze();
    }
    // What was read raw shows only if the value is still a template.
    if !rendered.as_ref().is_ok_and(has_template) {
        leaks.clear();
    }
    recall::outcome(reader, name, raw, reads, rendered, leaks)
}

/// What rendering makes of a value without templates; `None` if it nests too deep. What stays as it is, is shared.
fn plain_value(value: &Value, depth: usize) -> Option<Value> {
    if depth > VALUE_DEPTH_LIMIT {
        return None;
    }
    let rendered = match value {
        Value::Str(text) => match plain(text) {
            Cow::Borrowed(plain) if plain.len() == text.len() => value.clone(),
            plain => Value::str(plain.into_owned()),
        },
        Value::List(list) => {
            let items = list.read();
            let items = items.iter().map(|item| plain_value(item, depth + 1));
            Value::List(List::new(items.collect::<Option<_>>()?))
        }
        Value::Dict(dict) => {
            let items = dict.read();
            let items = items
                .iter()
                .map(|(key, item)| Some((key.clone(), plain_value(item, depth + 1)?)));
            Value::Dict(Dict::new(items.collect::<Option<_>>()?))
        }
        other => other.clone(),
    };
    rendered.freeze();
    Some(rendered)
}

fn too_deep(place: impl Fn(&Error) -> Place) -> Failure {
    let message = format!("this value nests more than {VALUE_DEPTH_LIMIT} deep");
    Diagnostic::error("too-deep", message)
        .at(place(&Error::unsupported("")))
        .into()
}

fn with_owner(failure: &Failure, name: &str, owner: &Owner) -> Failure {
    if failure.owner.is_some() {
        return failure.clone();
    }
    let mut diagnostic = (**failure).clone().of(owner.clone());
    if matches!(
        owner,
        Owner::User | Owner::Environment(_) | Owner::CommandLine
    ) {
        // Names of undefined variables are shown: without them the message would be of no use.
        let names_variable =
            diagnostic.code == "undefined-variable" && diagnostic.message.ends_with("is undefined");
        if !names_variable {
            diagnostic.message = without_quotes(&diagnostic.message);
        }
    }
    Arc::new(diagnostic.note(format!("in setting '{name}' of {owner}")))
}

/// Renders the value of `--set NAME=…` with the settings in `config`.
pub fn value_in(
    db: &dyn Db,
    config: &IndexMap<Arc<str>, Value>,
    name: &str,
    raw: &Value,
) -> Result<Value, Failure> {
    let host = GraphHost::new(db, Scope::Map(config), Draws::Fresh);
    let place = |error: &Error| Place {
        origin: format!("--set {name}"),
        line: error.line,
        column: error.column,
        width: 1,
        excerpt: None,
    };
    value(&host, raw, 0, &place).map_err(|failure| with_owner(&failure, name, &Owner::CommandLine))
}
