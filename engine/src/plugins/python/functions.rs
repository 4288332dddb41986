//! Functions that plugins add to hooks: which there are, and whose they are.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value as Json, json};
use values::Value;

use super::calls::call_in_each_save;
pub use super::calls::{Called, Lasts, call, call_again, raised, stands};
use super::host::Effects;
use super::loading::loaded;
use super::subject::LOADED;
use super::value::value;
use crate::cache::{Fingerprint, fingerprint_of_parts};
use crate::diagnostics::{Diagnostic, Failure, Owner, Place};
use crate::hooks::Name;
use crate::inputs::{Db, Project};
use crate::plugins::declaration::DEFAULT;
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
    /// Those with a lower one come first, whosever they are.
    pub priority: i64,
    /// Of an item that is a pair: its name.
    pub key: Option<String>,
    /// Whether it is an item, not a callback.
    pub is_item: bool,
    /// Where the function is, or the line that added it.
    pub place: Option<(String, Option<usize>)>,
    /// What there is to say of an item that is a function or a class as Python makes them, as JSON.
    pub handle: Option<Arc<str>>,
}

/// Actions that are done before anything is applied: what plugins do then counts as if it were done when they are loaded.
const EARLY: [&str; 3] = ["PLUGIN_LOADED", "PLUGINS_LOADED", "PROJECT_ROOT_READY"];

/// The functions in what a plugin has said.
pub(super) fn callbacks(said: &Json) -> Vec<Callback> {
    let all = said.get("callbacks").and_then(Json::as_array);
    let text = |one: &Json, key: &str| one.get(key).and_then(Json::as_str).map(str::to_owned);
    let callback = |(at, one): (usize, &Json)| Callback {
        at,
        hook: text(one, "name").unwrap_or_default(),
        is_action: text(one, "hook").as_deref() == Some("action"),
        priority: one
            .get("priority")
            .and_then(Json::as_i64)
            .unwrap_or(DEFAULT),
        key: text(one, "key"),
        is_item: one.get("item").and_then(Json::as_bool).unwrap_or_default(),
        place: text(one, "file").map(|file| {
            let line = one.get("line").and_then(Json::as_u64);
            (file, line.and_then(|line| usize::try_from(line).ok()))
        }),
        handle: one.get("handle").map(|said| said.to_string().into()),
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
    added_to(db, Name::new(db, Arc::from(filter)))
}

/// Between who asks and all plugins: it seldom changes.
#[salsa::tracked(returns(copy))]
fn added_to<'db>(db: &'db dyn Db, filter: Name<'db>) -> bool {
    let filter = &**filter.text(db);
    let mut plugins = plugins::enabled(db).plugins.iter();
    changer_of(db, filter).is_some()
        || plugins.any(|(_, origin)| match origin {
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
    found
        .map(|(plugin, _)| plugin)
        .or_else(|| eraser_of(db, filter))
        .or_else(|| {
            let added = added_late(db).as_ref().ok()?;
            added.contains(filter).then_some(())?;
            early(db).last().map(|(plugin, _)| plugin)
        })
}

/// The last plugin that has cleared the hook called `hook` while it was loaded: others' things, too.
fn eraser_of<'db>(db: &'db dyn Db, hook: &str) -> Option<&'db Arc<str>> {
    let mut plugins = plugins::enabled(db).plugins.iter().rev();
    let found = plugins.find(|(_, origin)| match origin {
        Origin::Python(plugin) => loaded(db, plugin).cleared.iter().any(|name| name == hook),
        Origin::Yaml(_) => false,
    });
    found.map(|(plugin, _)| plugin)
}

/// The functions that are called before anything is applied.
pub(super) fn early(db: &dyn Db) -> impl Iterator<Item = &(Arc<str>, Callback)> {
    let all = all(db).iter();
    all.filter(|(_, one)| one.is_action && EARLY.contains(&&*one.hook))
}

/// The filters that plugins add to, or clear, once all of them are loaded.
#[salsa::tracked]
fn added_late(db: &dyn Db) -> Result<BTreeSet<String>, Failure> {
    if early(db).next().is_none() {
        return Ok(BTreeSet::new());
    }
    let called = done_late(db)?;
    let cleared = called.result.get("cleared").and_then(Json::as_array);
    let cleared = cleared.into_iter().flatten();
    let cleared = cleared.filter_map(|name| Some(name.as_str()?.to_owned()));
    let filters = called.result.get("filters").and_then(Json::as_object);
    let names = filters.into_iter().flatten().map(|(name, _)| name.clone());
    let callbacks = called.result.get("callbacks").and_then(Json::as_array);
    let more = callbacks.into_iter().flatten();
    let more = more.filter_map(|one| Some(one.get("name")?.as_str()?.to_owned()));
    Ok(names.chain(more).chain(cleared).collect())
}

/// What tells whether plugins add the same once all of them are loaded; `None` if they fail.
#[salsa::tracked(returns(copy))]
pub(super) fn print_of_late(db: &dyn Db) -> Option<Fingerprint> {
    if early(db).next().is_none() {
        return Some(Fingerprint::default());
    }
    let called = done_late(db).ok()?;
    Some(fingerprint_of_parts([called.result.to_string().as_bytes()]))
}

/// The call that does what plugins do once all of them are loaded.
fn done_late(db: &dyn Db) -> Result<Arc<Called>, Failure> {
    let root = Project::get(db).root(db).display().to_string();
    call_in_each_save(db, &json!({ "kind": LOADED, "root": root }), &Json::Null)
}

/// What is wrong with what plugins do once all of them are loaded.
pub fn problem_with_loading(db: &dyn Db) -> Option<&Failure> {
    added_late(db).as_ref().err()
}

/// What functions that wait for an action did.
#[derive(Debug, Default)]
pub struct Acted {
    /// What each of them printed, with its plugin.
    pub printed: Vec<(Arc<str>, String)>,
    /// What has no effect here.
    pub alerts: Vec<Failure>,
}

/// Calls the functions that wait for an action.
///
/// # Errors
/// If one fails.
pub fn act(db: &dyn Db, action: &str, args: &Json) -> Result<Acted, Failure> {
    let mut acted = Acted::default();
    for (plugin, one) in waiting_for(db, action) {
        let target = json!({ "kind": "callback", "plugin": &**plugin, "at": one.at });
        let called = call_in_each_save(db, &target, &json!({ "args": args, "kwargs": [] }))?;
        if !called.printed().trim().is_empty() {
            let printed = called.printed().to_owned();
            acted.printed.push((plugin.clone(), printed));
        }
        acted
            .alerts
            .extend(changes_too_late(db, plugin, action, &called));
    }
    Ok(acted)
}

/// What functions for the filter called `filter` do besides, which has no effect here.
pub fn effects_of(db: &dyn Db, filter: &str) -> Option<Failure> {
    let called = call(db, &whole(filter), &from_nothing()).ok()?;
    changes_too_late(db, changer_of(db, filter)?, filter, &called)
}

/// Once all plugins are loaded, hooks are what they are.
fn changes_too_late(db: &dyn Db, plugin: &str, hook: &str, called: &Called) -> Option<Failure> {
    if called.changes.is_empty() {
        return None;
    }
    let message = format!(
        "a function of plugin '{plugin}' for {hook} changes {} while it is called: here that has no effect on what is \
         rendered",
        called.changes.join(", ")
    );
    let mut alert = Diagnostic::alert("plugin-changes-late", message);
    alert.place = place_of(db, plugin, hook);
    let alert =
        alert.hint("change hooks when the plugin is loaded, or in a function for PLUGINS_LOADED");
    Some(alert.of(Owner::Plugin(plugin.into())).into())
}

/// Hooks of the catalogue that were changed. Those of plugins, which have a dot in their names, are their own business.
pub(super) fn changed_hooks(effects: &Effects) -> Vec<String> {
    let filters = effects.added.get("filters").and_then(Json::as_object);
    let filters = filters.into_iter().flat_map(serde_json::Map::keys);
    let callbacks = effects.added.get("callbacks").and_then(Json::as_array);
    let callbacks = callbacks.into_iter().flatten();
    let callbacks = callbacks.filter_map(|one| one.get("name")?.as_str());
    let all = filters.map(String::as_str).chain(callbacks);
    let all = all.chain(effects.cleared.iter().map(String::as_str));
    let mut all: Vec<_> = all
        .filter(|name| !name.contains('.'))
        .map(str::to_owned)
        .collect();
    all.sort();
    all.dedup();
    all
}

fn whole(filter: &str) -> Json {
    json!({ "kind": "apply", "name": filter, "context": null })
}

fn from_nothing() -> Json {
    json!({ "args": [[]], "kwargs": [] })
}

/// Whether any plugin keeps something from call to call, as far as is known by now.
pub fn keep_anything(db: &dyn Db) -> bool {
    db.loader().this_save().has_keepers()
}

/// Notes that a patch was rendered that comes to something else each time, for one who asks.
pub fn note_fresh_patch(db: &dyn Db, plugin: &str, nth: u32, patch: &str) {
    let fresh = (plugin.to_owned(), nth, patch.to_owned());
    db.loader().this_save().put_fresh_patch(fresh);
}

/// Whether it was rendered just now, and nobody has asked for it yet.
pub fn take_fresh_patch(db: &dyn Db, plugin: &str, nth: u32, patch: &str) -> bool {
    let fresh = (plugin.to_owned(), nth, patch.to_owned());
    db.loader().this_save().take_fresh_patch(&fresh)
}

/// What everybody together makes of the filter called `filter`, from `value` and further arguments on.
///
/// # Errors
/// If a function fails, or the result is no list of data.
pub fn apply(db: &dyn Db, filter: &str, args: &Json) -> Result<Vec<Value>, Failure> {
    let called = call_in_each_save(db, &whole(filter), &json!({ "args": args, "kwargs": [] }))?;
    let tag = called.result.get("t").and_then(Json::as_str);
    let list = if matches!(tag, Some("tuple" | "set" | "frozenset")) {
        called.result.get("v")
    } else {
        Some(&called.result)
    };
    let items = list.and_then(Json::as_array);
    let values = items.and_then(|items| items.iter().map(value).collect::<Option<_>>());
    values.ok_or_else(|| wrong_result(db, filter, "a list of data", &called.result))
}

/// What the filter called `filter` makes of a value that may be true or false, with further arguments.
///
/// # Errors
/// If a function fails, or the result is neither.
pub fn is_true(db: &dyn Db, filter: &str, args: &Json) -> Result<bool, Failure> {
    let called = call(db, &whole(filter), &json!({ "args": args, "kwargs": [] }))?;
    let known = match called.result.get("t").and_then(Json::as_str) {
        // What Python says of an object.
        Some("handle") => called.result["v"]["truth"].as_bool(),
        _ => value(&called.result).and_then(|value| values::ops::truth(&value).ok()),
    };
    known.ok_or_else(|| wrong_result(db, filter, "true or false", &called.result))
}

fn wrong_result(db: &dyn Db, filter: &str, wanted: &str, result: &Json) -> Failure {
    let found = describe(result);
    let message = format!("the filter {filter} should come to {wanted}, found {found}");
    of_changer(db, filter, message)
}

/// In a few words, what Python has answered.
fn describe(result: &Json) -> String {
    let list = |items: &[Json], what: &str| match items.iter().find(|item| value(item).is_none()) {
        Some(odd) => format!("in it {}", describe(odd)),
        None => what.to_owned(),
    };
    match result {
        Json::Null => String::from("None"),
        Json::Array(items) => list(items, "list"),
        Json::String(_) => String::from("str"),
        Json::Bool(_) => String::from("bool"),
        Json::Number(_) => String::from("a number"),
        Json::Object(said) => {
            let tag = said.get("t").and_then(Json::as_str).unwrap_or("object");
            let inner = said.get("v");
            match (tag, inner.and_then(Json::as_array)) {
                ("handle", _) => {
                    let kind = inner.and_then(|inner| inner.get("type")?.as_str());
                    format!("an object of type {}", kind.unwrap_or("object"))
                }
                // A pair is best known by its name.
                ("tuple", Some(items)) => match &items[..] {
                    [Json::String(name), thing] if value(thing).is_none() => {
                        format!("for '{name}' {}", describe(thing))
                    }
                    items => list(items, "tuple"),
                },
                _ => tag.to_owned(),
            }
        }
    }
}

/// What is wrong with one item of what the filter called `filter` came to.
pub fn wrong_item(db: &dyn Db, filter: &str, wanted: &str, found: &Value) -> Failure {
    let found = match found {
        Value::List(_) | Value::Tuple(_) => {
            let items = values::iter::collect(found).unwrap_or_default();
            let types: Vec<_> = items.iter().map(Value::type_name).collect();
            format!("{} of {}", found.type_name(), types.join(", "))
        }
        other => other.type_name().to_owned(),
    };
    let message = format!("each item of the filter {filter} should be {wanted}, found {found}");
    of_changer(db, filter, message)
}

fn of_changer(db: &dyn Db, filter: &str, message: String) -> Failure {
    let changer = changer_of(db, filter);
    let owner = changer.map(|plugin| Owner::Plugin(plugin.clone()));
    let mut error = Diagnostic::error("plugin-call", message);
    error.place = changer.and_then(|plugin| place_of(db, plugin, filter));
    let error = error.hint("correct the function: it has to answer the list that it gets, changed");
    error.of(owner.unwrap_or(Owner::Core)).into()
}

/// Where the last function of `plugin` for the hook called `hook` is.
pub(super) fn place_of(db: &dyn Db, plugin: &str, hook: &str) -> Option<Place> {
    let mut all = all(db).iter().rev();
    let found = all.find(|(owner, one)| **owner == *plugin && one.hook == hook && !one.is_item);
    let (file, line) = found?.1.place.clone()?;
    Some(Place {
        origin: file,
        line,
        ..Place::default()
    })
}

/// The functions that wait for the action called `action`, with their plugins, in order.
pub(super) fn waiting_for<'db>(db: &'db dyn Db, action: &str) -> Vec<&'db (Arc<str>, Callback)> {
    let all = all(db).iter();
    let mut waiting: Vec<_> = all
        .filter(|(_, one)| one.is_action && one.hook == action)
        .collect();
    waiting.sort_by_key(|(_, one)| one.priority);
    waiting
}

/// The hook that the function of `plugin` with this number is added to.
pub(super) fn hook_of<'db>(db: &'db dyn Db, plugin: &str, at: u64) -> Option<&'db str> {
    let mut all = all(db).iter();
    let found = all.find(|(owner, one)| **owner == *plugin && u64::try_from(one.at) == Ok(at));
    found.map(|(_, one)| &*one.hook)
}

/// Items of the hook called `hook` that are no data, by name, with their plugins, in order.
pub(super) fn items<'db>(
    db: &'db dyn Db,
    hook: &'db str,
) -> impl Iterator<Item = (&'db str, &'db Arc<str>, &'db Callback)> {
    let all = all(db).iter();
    all.filter(move |(_, one)| one.is_item && one.hook == hook)
        .filter_map(|(plugin, one)| Some((one.key.as_deref()?, plugin, one)))
}
