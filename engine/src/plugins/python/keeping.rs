//! Plugins that keep something from call to call: a counter, a list of what was asked for.
//!
//! What their functions come to depends on what was called before. So each of their calls is made, in the order of
//! renders, and nothing of it is kept for others: a save in which anything is rendered makes all of them, from the
//! state in which the plugin is loaded. That a plugin is such a one is noted for later processes.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::host::Answer;
use super::made::{Dependency, Made};
use super::set::fingerprint_of_plugin;
use super::subject::{LOADED, is_kind};
use crate::cache::Fingerprint;
use crate::diagnostics::Owner;
use crate::inputs::Db;

/// What is noted of a plugin, or of a filter that is added to in calls.
#[derive(Serialize, Deserialize)]
struct Mark {
    /// The plugin that does it, and what it was.
    plugin: String,
    print: Fingerprint,
    /// What it keeps.
    what: Vec<String>,
}

/// A plugin or a filter, as one name.
fn name_of(dependency: &Dependency) -> Option<String> {
    match dependency {
        Dependency::Plugin(name) => Some(of_plugin(name)),
        Dependency::Filter(name) => Some(of_filter(name)),
        _ => None,
    }
}

fn of_plugin(name: &str) -> String {
    format!("plugin '{name}'")
}

fn of_filter(name: &str) -> String {
    format!("filter {name}")
}

/// Whether a call depended on something that plugins keep from call to call.
pub(super) fn depends_on_what_is_kept(db: &dyn Db, made: &Made) -> bool {
    made.dependencies().filter_map(name_of).any(|name| {
        let this_save = db.loader().this_save();
        if let Some(known) = this_save.is_keeper(&name) {
            return known;
        }
        let mark: Option<Mark> = db.store().and_then(|store| store.get(&key(&name)));
        let mark = mark.filter(|mark| fingerprint_of_plugin(db, &mark.plugin) == Some(mark.print));
        this_save.note_keeper(&name, mark.is_some());
        if let (Some(mark), Some(profile)) = (&mark, db.profile()) {
            profile.note_kept(&name, &mark.what);
        }
        mark.is_some()
    })
}

fn key(name: &str) -> Vec<u8> {
    [b"k", name.as_bytes()].concat()
}

/// Notes what a call of `owner`'s has changed that outlives it.
pub(super) fn note(db: &dyn Db, target: &Json, owner: &Owner, answer: &Answer) {
    let effects = &answer.effects;
    let owner = match owner {
        Owner::Plugin(name) => Some(&**name),
        _ => None,
    };
    for kept in &effects.kept {
        let plugins = kept.plugins.iter().map(String::as_str);
        for plugin in plugins.chain(owner.filter(|_| kept.plugins.is_empty())) {
            put(db, &of_plugin(plugin), plugin, &kept.name);
        }
    }
    // What is added once all plugins are loaded is the answer itself.
    let mut hooks = effects.cleared.clone();
    if !is_kind(target, LOADED) {
        hooks.extend(added_to(&effects.added));
    }
    for hook in &hooks {
        let owner = owner.unwrap_or_default();
        put(db, &of_filter(hook), owner, &format!("what is in {hook}"));
    }
}

/// The hooks that something was added to.
fn added_to(added: &Json) -> Vec<String> {
    let text = |one: &Json, key: &str| one.get(key)?.as_str().map(str::to_owned);
    let filters = added.get("filters").and_then(Json::as_object);
    let callbacks = added.get("callbacks").and_then(Json::as_array);
    let commands = added.get("commands").and_then(Json::as_array);
    let mut names: Vec<_> = filters
        .into_iter()
        .flatten()
        .map(|(name, _)| name.clone())
        .collect();
    names.extend(
        callbacks
            .into_iter()
            .flatten()
            .filter_map(|one| text(one, "name")),
    );
    names.extend(
        commands
            .into_iter()
            .flatten()
            .map(|_| String::from("CLI_COMMANDS")),
    );
    names.sort();
    names.dedup();
    names
}

fn put(db: &dyn Db, name: &str, plugin: &str, what: &str) {
    let mut all = vec![what.to_owned()];
    if let Some(profile) = db.profile() {
        profile.note_kept(name, &all);
    }
    all.extend(db.loader().this_save().keep(name, what));
    all.sort();
    all.dedup();
    if let (Some(store), Some(print)) = (db.store(), fingerprint_of_plugin(db, plugin)) {
        let plugin = plugin.to_owned();
        store.put(
            &key(name),
            &Mark {
                plugin,
                print,
                what: all,
            },
        );
    }
}
