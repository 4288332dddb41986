//! Functions that plugins add to hooks: which there are, and whose they are.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde_json::{Value as Json, json};
use values::Value;

use super::calls::LOADED;
pub use super::calls::{Called, call, raised};
use super::loading::loaded;
use super::value::value;
use crate::diagnostics::{Diagnostic, Failure, Owner};
use crate::inputs::Db;
use crate::plugins::{self, Origin};

/// A function that a plugin of API v1 has added, or an item that is no data.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Callback {
    /// Its number among those of the plugin.
    pub at: usize,
    /// The filter or action.
    pub hook: String,
    /// Whether it is an action's.
    pub is_action: bool,
    /// Of an item that is a pair: its name.
    pub key: Option<String>,
    /// Whether it is an item, not a callback.
    pub is_item: bool,
}

/// The functions in what a plugin has said.
pub(super) fn callbacks(said: &Json) -> Vec<Callback> {
    let all = said.get("callbacks").and_then(Json::as_array);
    let text = |one: &Json, key: &str| one.get(key).and_then(Json::as_str).map(str::to_owned);
    let callback = |(at, one): (usize, &Json)| Callback {
        at,
        hook: text(one, "name").unwrap_or_default(),
        is_action: text(one, "hook").as_deref() == Some("action"),
        key: text(one, "key"),
        is_item: one.get("item").and_then(Json::as_bool).unwrap_or_default(),
    };
    all.into_iter()
        .flatten()
        .enumerate()
        .map(callback)
        .collect()
}

/// All functions that enabled plugins have added, in the order of plugins.
#[salsa::tracked]
fn all(db: &dyn Db) -> Vec<(Arc<str>, Callback)> {
    let mut all = Vec::new();
    for (name, origin) in &plugins::enabled(db).plugins {
        if let Origin::Python(plugin) = origin {
            let callbacks = loaded(db, plugin).callbacks.iter();
            all.extend(callbacks.map(|one| (name.clone(), one.clone())));
        }
    }
    all
}

/// Whether a Python plugin adds something to the filter called `filter`, be it data.
pub fn add_to(db: &dyn Db, filter: &str) -> bool {
    let mut plugins = plugins::enabled(db).plugins.iter();
    plugins.any(|(_, origin)| match origin {
        Origin::Python(plugin) => loaded(db, plugin).added.contains_key(filter),
        Origin::Yaml(_) => false,
    })
}

/// Whether any plugin has functions: then renders may need Python.
pub fn are_there(db: &dyn Db) -> bool {
    !all(db).is_empty()
}

/// The last plugin that changes the filter called `filter` by a function, or once all plugins are loaded.
pub fn changer_of<'db>(db: &'db dyn Db, filter: &str) -> Option<&'db Arc<str>> {
    let mut all = all(db).iter().rev();
    let found = all.find(|(_, one)| one.hook == filter && !one.is_action && !one.is_item);
    found.map(|(plugin, _)| plugin).or_else(|| {
        let added = added_late(db).as_ref().ok()?;
        added.contains(filter).then_some(())?;
        waiting_for(db, "PLUGINS_LOADED")
            .last()
            .map(|(plugin, _)| plugin)
    })
}

/// The filters that plugins add to once all of them are loaded.
#[salsa::tracked]
fn added_late(db: &dyn Db) -> Result<BTreeSet<String>, Failure> {
    if waiting_for(db, "PLUGINS_LOADED").next().is_none() {
        return Ok(BTreeSet::new());
    }
    let called = call(db, &json!({ "kind": LOADED }), &Json::Null)?;
    let filters = called.result.get("filters").and_then(Json::as_object);
    let names = filters.into_iter().flatten().map(|(name, _)| name.clone());
    let callbacks = called.result.get("callbacks").and_then(Json::as_array);
    let more = callbacks.into_iter().flatten();
    let more = more.filter_map(|one| Some(one.get("name")?.as_str()?.to_owned()));
    Ok(names.chain(more).collect())
}

/// What is wrong with what plugins do once all of them are loaded.
pub fn problem_with_loading(db: &dyn Db) -> Option<&Failure> {
    added_late(db).as_ref().err()
}

/// Calls the functions that wait for an action. Answers what each of them printed, with its plugin.
///
/// # Errors
/// If one fails.
pub fn act(db: &dyn Db, action: &str, args: &Json) -> Result<Vec<(Arc<str>, String)>, Failure> {
    let mut printed = Vec::new();
    for (plugin, one) in waiting_for(db, action) {
        let target = json!({ "kind": "callback", "plugin": &**plugin, "at": one.at });
        let called = call(db, &target, &json!({ "args": args, "kwargs": [] }))?;
        if !called.printed.trim().is_empty() {
            printed.push((plugin.clone(), called.printed.clone()));
        }
    }
    Ok(printed)
}

/// What everybody together makes of the filter called `filter`, from `value` and further arguments on.
///
/// # Errors
/// If a function fails, or the result is no list of data.
pub fn apply(db: &dyn Db, filter: &str, args: &Json) -> Result<Vec<Value>, Failure> {
    let target = json!({ "kind": "apply", "name": filter, "context": null });
    let called = call(db, &target, &json!({ "args": args, "kwargs": [] }))?;
    let tag = called.result.get("t").and_then(Json::as_str);
    let list = if matches!(tag, Some("tuple" | "set" | "frozenset")) {
        called.result.get("v")
    } else {
        Some(&called.result)
    };
    let items = list.and_then(Json::as_array);
    let values = items.and_then(|items| items.iter().map(value).collect::<Option<_>>());
    values.ok_or_else(|| {
        let found = match &called.result {
            Json::Null => "None",
            Json::Array(_) => "something in it that is no data",
            Json::String(_) => "str",
            Json::Bool(_) => "bool",
            Json::Number(_) => "a number",
            Json::Object(said) => said.get("t").and_then(Json::as_str).unwrap_or("object"),
        };
        let message = format!("the filter {filter} should come to a list of data, found {found}");
        of_changer(db, filter, message)
    })
}

/// What is wrong with one item of what the filter called `filter` came to.
pub fn wrong_item(db: &dyn Db, filter: &str, wanted: &str, found: &Value) -> Failure {
    let found = found.type_name();
    let message = format!("each item of the filter {filter} should be {wanted}, found {found}");
    of_changer(db, filter, message)
}

fn of_changer(db: &dyn Db, filter: &str, message: String) -> Failure {
    let owner = changer_of(db, filter).map(|plugin| Owner::Plugin(plugin.clone()));
    let error = Diagnostic::error("plugin-call", message);
    error.of(owner.unwrap_or(Owner::Core)).into()
}

/// The functions that wait for the action called `action`, with their plugins, in order.
pub(super) fn waiting_for<'db>(
    db: &'db dyn Db,
    action: &'db str,
) -> impl Iterator<Item = &'db (Arc<str>, Callback)> {
    all(db)
        .iter()
        .filter(move |(_, one)| one.is_action && one.hook == action)
}

/// The hook that the function of `plugin` with this number is added to.
pub(super) fn hook_of<'db>(db: &'db dyn Db, plugin: &str, at: u64) -> Option<&'db str> {
    let mut all = all(db).iter();
    let found = all.find(|(owner, one)| **owner == *plugin && u64::try_from(one.at) == Ok(at));
    found.map(|(_, one)| &*one.hook)
}

/// Items by name, with their plugins; the last of one name.
#[salsa::tracked]
fn items(db: &dyn Db) -> FxHashMap<(String, String), Arc<str>> {
    let mut items = FxHashMap::default();
    for (plugin, one) in all(db) {
        if let (true, Some(key)) = (one.is_item, &one.key) {
            items.insert((one.hook.clone(), key.clone()), plugin.clone());
        }
    }
    items
}

fn item<'db>(db: &'db dyn Db, hook: &str, name: &str) -> Option<&'db str> {
    let items = items(db);
    if items.is_empty() {
        return None;
    }
    items
        .get(&(hook.to_owned(), name.to_owned()))
        .map(|plugin| &**plugin)
}

/// The plugin that gives templates the name `name`, if that is no data.
pub fn variable_of<'db>(db: &'db dyn Db, name: &str) -> Option<&'db str> {
    item(db, "ENV_TEMPLATE_VARIABLES", name)
}

/// The plugin that gives templates the filter `name`.
pub fn filter_of<'db>(db: &'db dyn Db, name: &str) -> Option<&'db str> {
    item(db, "ENV_TEMPLATE_FILTERS", name)
}

/// The names of all filters that plugins give to templates, sorted.
#[salsa::tracked]
pub fn template_filters(db: &dyn Db) -> Vec<String> {
    let names = items(db).keys();
    #[expect(clippy::iter_over_hash_type, reason = "sorted below")]
    let mut names: Vec<_> = {
        let mut found = Vec::new();
        for (hook, name) in names {
            if hook == "ENV_TEMPLATE_FILTERS" {
                found.push(name.clone());
            }
        }
        found
    };
    names.sort();
    names
}
