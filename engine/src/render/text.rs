//! Rendering of texts and of values that contain texts: settings.

use std::borrow::Cow;
use std::sync::Arc;

use indexmap::IndexMap;
use jinja::Error;
use values::{Dict, List, Value};

use super::draws::Draws;
use super::failure;
use super::failure::setting_place;
use super::host::{GraphHost, ITEM_LIMIT, Scope, environment, has_template};
use crate::config::{Outcome, Pass, Raw, SettingKey};
use crate::diagnostics::{Diagnostic, Failure, Owner, Place, without_quotes};
use crate::inputs::Db;

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
    let template = environment()
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

/// Renders a value: texts, items of lists, values of mappings. Keys and all else stay as they are.
fn value(
    host: &GraphHost<'_>,
    value: &Value,
    depth: usize,
    place: &dyn Fn(&Error) -> Place,
) -> Result<Value, Failure> {
    if depth > VALUE_DEPTH_LIMIT {
        let message = format!("this value nests more than {VALUE_DEPTH_LIMIT} deep");
        return Err(Diagnostic::error("too-deep", message)
            .at(place(&Error::unsupported("")))
            .into());
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

/// Renders a setting in its pass.
pub fn setting<'db>(db: &'db dyn Db, key: SettingKey<'db>, raw: &Raw) -> Outcome {
    let (pass, name) = (key.pass(db), key.name(db));
    let draws = match pass {
        Pass::Bootstrap | Pass::Minimal => Draws::Fresh,
        Pass::Full => Draws::repeatable(format!("setting {name}")),
    };
    let host = GraphHost::new(db, Scope::Setting(key), draws);
    let place = |error: &Error| setting_place(db, name, raw, error);
    let rendered = value(&host, &raw.value, 0, &place)
        .map_err(|failure| with_owner(&failure, name, &raw.owner));
    let leaks = host.leaks.into_inner();
    if let Ok(value) = &rendered {
        value.freeze();
        // What was read raw shows only if the value is still a template.
        if has_template(value) {
            return Outcome {
                value: rendered.map(Some),
                leaks,
            };
        }
    }
    Outcome {
        value: rendered.map(Some),
        leaks: Vec::new(),
    }
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
