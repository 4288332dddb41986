//! What plugins ask the engine that depends on no configuration and on no other plugin.
//!
//! This is all that can be had while plugins are loaded: the configuration depends on them.

use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::{Value as Json, json};
use values::Value;

use super::value::{self, value};
use crate::inputs::Db;
use crate::render::{self, Requested};

/// Answers what a plugin asks while it is loaded.
///
/// # Errors
/// What the plugin gets to read, if there is no answer.
pub(super) fn while_loading(db: &dyn Db, what: &str, with: &Json) -> Result<Json, String> {
    always(db, what, with).unwrap_or_else(|| {
        Err(format!(
            "'{what}' cannot be had while plugins are loaded: the configuration depends on them"
        ))
    })
}

/// Answers what a plugin asks while one of its functions is called: settings, renders.
///
/// # Errors
/// What the plugin gets to read, if there is no answer.
pub(super) fn while_called(db: &dyn Db, what: &str, with: &Json) -> Result<Json, String> {
    if let Some(answer) = always(db, what, with) {
        return answer;
    }
    match what {
        "config" => super::set::configuration(db).map_err(|failure| failure.to_string()),
        "render" => {
            let settings = settings_in(with, &["globals", "config"]);
            let requested = requested(with).ok_or("what is to be rendered is not said")?;
            let rendered = render::on_request(db, &settings, requested);
            let rendered = rendered.map_err(|failure| failure.to_string())?;
            value::json(&rendered).ok_or_else(|| String::from("what was rendered cannot be told"))
        }
        _ => Err(format!("'{what}' cannot be had within a call")),
    }
}

/// The settings in some arguments; later ones win.
pub fn settings_in(with: &Json, keys: &[&str]) -> IndexMap<Arc<str>, Value> {
    let mut settings = IndexMap::new();
    for key in keys {
        if let Some(Value::Dict(dict)) = with.get(*key).and_then(value) {
            for (name, value) in dict.read().iter() {
                if let Some(name) = name.value().as_str() {
                    settings.insert(name.into(), value.clone());
                }
            }
        }
    }
    settings
}

/// What is to be rendered, in the arguments of such a question.
pub fn requested(with: &Json) -> Option<Requested<'_>> {
    let text = |key: &str| with.get(key).and_then(Json::as_str);
    text("text")
        .map(Requested::Text)
        .or_else(|| text("template").map(Requested::Template))
        .or_else(|| {
            Some(Requested::Patch {
                name: text("patch")?,
                separator: text("separator").unwrap_or("\n"),
                suffix: text("suffix").unwrap_or_default(),
            })
        })
}

/// Answers what can be answered at any time; `None` for all else.
pub fn always(db: &dyn Db, what: &str, with: &Json) -> Option<Result<Json, String>> {
    let text = |key: &str| with.get(key).and_then(Json::as_str).unwrap_or_default();
    Some(match what {
        "filter" => {
            let input = with.get("value").and_then(value).unwrap_or(Value::None);
            filter(db, text("name"), input)
        }
        "verify_encrypted" => Ok(json!(render::is_encrypted(text("text"), text("encrypted")))),
        "rsa_numbers" => rsa_numbers(db, text("key")),
        "is_rendered" => Ok(json!(render::is_rendered_by_core(text("path")))),
        // Indexes of plugins are not there yet.
        "index_entries" => Ok(json!([])),
        _ => return None,
    })
}

fn filter(db: &dyn Db, name: &str, input: Value) -> Result<Json, String> {
    if !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Err(format!("there is no filter '{name}'"));
    }
    let output = render::filter(db, name, input).map_err(|failure| failure.message.clone())?;
    value::json(&output).ok_or_else(|| format!("what the filter '{name}' makes cannot be told"))
}

/// The numbers of a private key.
fn rsa_numbers(db: &dyn Db, key: &str) -> Result<Json, String> {
    let mut numbers = Vec::new();
    for name in ["n", "e", "d", "p", "q", "u"] {
        let expression = format!("rsa_import_key | attr('{name}')");
        let said = render::filter(db, &expression, Value::str(key));
        let said = said.map_err(|failure| failure.message.clone())?;
        let digits = said.as_str().unwrap_or_default();
        numbers.push(json!([name, { "t": "int", "v": digits }]));
    }
    Ok(json!({ "t": "dict", "v": numbers }))
}
