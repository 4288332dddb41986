//! Changes of settings from the command line: `--set`, `--append`, `--remove`, `--unset`.

use std::sync::Arc;

use indexmap::IndexMap;
use values::{List, Value, ops};

use super::layers::core_value;
use super::user::parse_value;
use crate::diagnostics::{Diagnostic, Owner, Place};
use crate::inputs::Db;
use crate::render;

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Sets a value, which is rendered first.
    Set(Arc<str>, Value),
    /// Adds a text to a list that does not have it yet.
    Append(Arc<str>, Value),
    /// Takes a value out of a list, wherever it occurs.
    Remove(Arc<str>, Value),
    /// Forgets a setting.
    Unset(Arc<str>),
}

/// Changes, in the order in which they are made: sets, appends, removes, unsets.
pub type Edits = Vec<Edit>;

/// Splits `KEY=VALUE` and reads the value as YAML.
///
/// # Errors
/// If there is no `=`, if the key has odd characters, or if the value cannot be built.
pub fn parse_key_value(option: &str, text: &str) -> Result<(Arc<str>, Value), Diagnostic> {
    let place = |key: &str| Place {
        origin: format!("{option} {key}"),
        ..Place::default()
    };
    let key_end = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-'))
        .unwrap_or(text.len());
    let (key, rest) = text.split_at(key_end);
    // What follows an odd key may be a secret: it is not repeated.
    let Some(value) = rest.strip_prefix('=').filter(|_| !key.is_empty()) else {
        return Err(Diagnostic::error(
            "key-value",
            format!("expected KEY=VALUE, found no `=` after '{key}'"),
        )
        .at(place(key))
        .of(Owner::CommandLine)
        .hint(format!(
            "for example: {option} 'LMS_HOST=courses.example.com'"
        )));
    };
    let value = if value.is_empty() {
        Ok(Value::str(""))
    } else if value.starts_with('#') && !value.contains('\n') {
        // A text, not a comment; backslashes mean what they mean between double quotes.
        if value.contains('"') {
            Ok(Value::str(value))
        } else {
            parse_value(&format!("\"{value}\""))
        }
    } else {
        parse_value(value)
    };
    match value {
        Ok(value) => Ok((key.into(), value)),
        Err(error) => {
            let message = format!(
                "the value of {key} cannot be read: {}",
                error.problem_without_value()
            );
            let quoted = value_in_quotes(text.get(key_end + 1..).unwrap_or_default());
            Err(Diagnostic::error("value-syntax", message)
                .at(place(key))
                .of(Owner::CommandLine)
                .hint(match quoted {
                    Some(quoted) => format!("quote the template: {option} '{key}={quoted}'"),
                    None => format!("quote the value: {option} '{key}=\"…\"'"),
                }))
        }
    }
}

/// The value in quotes, where it is a template (which holds names, not secrets).
fn value_in_quotes(value: &str) -> Option<String> {
    (value.starts_with("{{") && !value.contains('"') && value.len() < 200)
        .then(|| format!("\"{value}\""))
}

/// Makes the changes in `config`, the rendered user and base settings.
///
/// # Errors
/// If a value does not render, or something that is no list is to be changed as one.
pub fn apply(
    db: &dyn Db,
    config: &mut IndexMap<Arc<str>, Value>,
    edits: &[Edit],
) -> Result<(), Diagnostic> {
    for edit in edits {
        match edit {
            Edit::Set(key, value) => {
                let value = render::value_in(db, config, key, value)
                    .map_err(|failure| (*failure).clone())?;
                if &**key == "PLUGINS"
                    && let Err(found) = super::plugin_list(&value)
                {
                    return Err(Diagnostic::error(
                        "plugins-type",
                        format!("`PLUGINS` must be a list of texts, found {found}"),
                    )
                    .of(Owner::CommandLine)
                    .hint("write --set 'PLUGINS=[\"name\"]', or run `tutor plugins enable name`"));
                }
                config.insert(key.clone(), value);
            }
            Edit::Append(key, value) => append(db, config, key, value)?,
            Edit::Remove(key, value) => {
                if let Some(current) = config.get(key) {
                    let list =
                        list_of(current).ok_or_else(|| no_list("remove", "from", key, current))?;
                    let kept = list
                        .to_vec()
                        .into_iter()
                        .filter(|item| !ops::eq(item, value).unwrap_or(false))
                        .collect();
                    config.insert(key.clone(), Value::List(List::new(kept)));
                }
            }
            Edit::Unset(key) => {
                config.shift_remove(key);
            }
        }
    }
    Ok(())
}

fn append(
    db: &dyn Db,
    config: &mut IndexMap<Arc<str>, Value>,
    key: &Arc<str>,
    value: &Value,
) -> Result<(), Diagnostic> {
    let current = match config.get(key) {
        Some(current) => current.clone(),
        None => default_of(db, key).unwrap_or_else(|| Value::list([])),
    };
    let list = list_of(&current).ok_or_else(|| no_list("append", "to", key, &current))?;
    if !matches!(value, Value::Str(_)) {
        let message = format!(
            "Could not append value to '{key}': appended value is of type '{}', expected str.",
            value.type_name()
        );
        return Err(Diagnostic::error("append-type", message)
            .of(Owner::CommandLine)
            .hint(format!("quote it: --append '{key}=\"…\"'")));
    }
    let mut items = list.to_vec();
    if !items
        .iter()
        .any(|item| ops::eq(item, value).unwrap_or(false))
    {
        items.push(value.clone());
    }
    config.insert(key.clone(), Value::List(List::new(items)));
    Ok(())
}

/// The default of a setting, not rendered.
fn default_of(db: &dyn Db, key: &str) -> Option<Value> {
    let defaults = super::defaults_layer(db).as_ref().ok()?;
    defaults
        .get(key)
        .map(|raw| raw.value.clone())
        .or_else(|| core_value(db, key))
}

fn list_of(value: &Value) -> Option<&List> {
    match value {
        Value::List(list) => Some(list),
        _ => None,
    }
}

fn no_list(verb: &str, preposition: &str, key: &str, current: &Value) -> Diagnostic {
    let message = format!(
        "Could not {verb} value {preposition} '{key}': current setting is of type '{}', expected list.",
        current.type_name()
    );
    Diagnostic::error("not-a-list", message)
        .of(Owner::CommandLine)
        .hint(format!("set it as a whole: --set '{key}=[\"…\"]'"))
}
