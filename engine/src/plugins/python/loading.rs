//! Loading plugins: what one declares, as an earlier process has found out, or as Python says now.
//!
//! What Python says is kept with what it had read. It is used again as long as all of that is the same, so that
//! Python is not started.

use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::asks;
use super::entry_points::Group;
use super::host::{Api, Failed, Load};
use super::interpreter::Interpreter;
use super::load_failures;
use super::loader::Outside;
use super::package;
use super::patience::time_limit;
use super::plugins::{PythonPlugin, python_to_start};
use super::things::{Seen, Thing, look, things};
use super::understanding::{Loaded, understand};
use crate::cache::fingerprint_of_parts;
use crate::diagnostics::Owner;
use crate::inputs::{Db, Project};
use crate::plugins::declaration::Declaration;
use crate::profile::{Work, measured};

/// A plugin as key of queries.
#[salsa::interned(debug)]
struct Key<'db> {
    plugin: Arc<PythonPlugin>,
}

/// What Python was asked, and has said.
#[derive(Serialize, Deserialize)]
pub(super) struct Record {
    /// What that depends on.
    pub(super) seen: Vec<Seen>,
    /// What the plugin has said, in JSON; or the exception that it has raised.
    pub(super) said: Result<String, String>,
    /// Modules of an installed Tutor that were used because the SDK lacks them.
    pub(super) fallthrough: Vec<String>,
}

/// Loads a plugin.
pub fn loaded<'db>(db: &'db dyn Db, plugin: &Arc<PythonPlugin>) -> &'db Arc<Loaded> {
    load(db, Key::new(db, plugin.clone()))
}

/// What the plugin declares, if it loads. Changes only when that does.
pub fn declaration_of<'db>(
    db: &'db dyn Db,
    plugin: &Arc<PythonPlugin>,
) -> Option<&'db Arc<Declaration>> {
    declared(db, Key::new(db, plugin.clone())).as_ref()
}

#[salsa::tracked]
fn declared<'db>(db: &'db dyn Db, key: Key<'db>) -> Option<Arc<Declaration>> {
    load(db, key).declaration.clone()
}

#[salsa::tracked]
fn load<'db>(db: &'db dyn Db, key: Key<'db>) -> Arc<Loaded> {
    let plugin = key.plugin(db);
    let Some(interpreter) = python_to_start(db) else {
        return Arc::new(Loaded::failed(load_failures::no_python(plugin)));
    };
    let load = what_to_load(db, plugin);
    let key = record_key(db, interpreter, &load);
    if let Some(record) = recall(db, &key) {
        if let Some(profile) = db.profile() {
            profile.count_recall();
        }
        return Arc::new(understand(db, plugin, interpreter, &record));
    }
    let answer = measured(
        db.profile(),
        Work::Declaration,
        &plugin.describe(),
        || Some(Owner::Plugin(plugin.name.clone())),
        || ask(db, interpreter, &load),
    );
    Arc::new(match answer {
        Ok((record, is_complete)) => {
            if let (Some(store), true) = (db.store(), is_complete) {
                store.put(&key, &record);
            }
            let loaded = understand(db, plugin, interpreter, &record);
            db.loader().note(&plugin.name, loaded.fingerprint);
            loaded
        }
        Err(failed) => {
            // Nobody says what it has read. Whatever mends it is in its package, most likely.
            package::look_at(db, plugin);
            Loaded {
                passing: true,
                ..Loaded::failed(load_failures::of_host(plugin, interpreter, &failed))
            }
        }
    })
}

/// How the host is told of the plugin.
pub(super) fn what_to_load(db: &dyn Db, plugin: &PythonPlugin) -> Load {
    let secret = Project::get(db).secret(db);
    let mut hasher = blake3::Hasher::new_keyed(&secret);
    hasher
        .update(b"python plugin\0")
        .update(plugin.name.as_bytes());
    Load {
        name: plugin.name.to_string(),
        api: match plugin.group {
            Group::V0 => Api::V0,
            Group::V1 => Api::V1,
        },
        module: plugin.module.to_string(),
        attribute: plugin.attribute.as_deref().map(str::to_owned),
        file: plugin.file.clone(),
        distribution: plugin.distribution.to_string(),
        version: plugin.version.as_deref().map(str::to_owned),
        seed: Some(hasher.finalize().to_hex().to_string()),
    }
}

/// For whom a record is: the plugin, the interpreter, and the secret that random draws come from.
fn record_key(db: &dyn Db, interpreter: &Interpreter, load: &Load) -> Vec<u8> {
    let path = |path: &Path| path.as_os_str().as_encoded_bytes().to_vec();
    // In place of one version there may be another some day.
    let program = db.file(&interpreter.target).content(db).hash();
    let parts = [
        format!("{load:?}").into_bytes(),
        path(&interpreter.path),
        path(&interpreter.target),
        program
            .map(|hash| hash.as_bytes().to_vec())
            .unwrap_or_default(),
    ];
    let mut key = vec![b'l'];
    key.extend(fingerprint_of_parts(parts.iter().map(Vec::as_slice)));
    key
}

/// What an earlier process was told, if all that it depends on is the same.
fn recall(db: &dyn Db, key: &[u8]) -> Option<Record> {
    let record: Record = db.store()?.get(key)?;
    let same = |(thing, was): &Seen| look(db, thing).as_ref() == Some(was);
    record.seen.iter().all(same).then_some(record)
}

/// How often a plugin is loaded again because something changed meanwhile.
const ATTEMPTS: usize = 3;

/// Asks Python. What it has read becomes what this query depends on. Answers whether all of it could be read: else nobody
/// can tell later whether it has changed.
fn ask(db: &dyn Db, interpreter: &Interpreter, load: &Load) -> Result<(Record, bool), Failed> {
    let outside = Outside {
        system: db.system(),
        interpreter: &interpreter.path,
        patience: time_limit(db).0,
        root: Project::get(db).root(db),
    };
    let mut asked = |what: &str, with: &Json| asks::while_loading(db, what, with);
    let mut attempt = 1;
    loop {
        let begun = db.system().now();
        let answer = db.loader().load(outside, load, &mut asked)?;
        let things = things(db, &answer.reads);
        // What was an input before was read before: had it changed since, somebody would tell us.
        let new: Vec<_> = things
            .iter()
            .filter_map(Thing::path)
            .filter(|path| !db.is_input(path))
            .collect();
        let looks: Vec<_> = things.iter().map(|thing| look(db, thing)).collect();
        // Python may have read what was there before we looked.
        let changed = |path: &&Path| {
            let stamp = db.system().stamp(path).ok().flatten();
            stamp.is_some_and(|stamp| !stamp.settled(begun))
        };
        if attempt < ATTEMPTS && new.iter().any(changed) {
            attempt += 1;
            continue;
        }
        let is_complete = looks.iter().all(Option::is_some);
        let seen = things.into_iter().zip(looks);
        let record = Record {
            seen: seen
                .filter_map(|(thing, look)| Some((thing, look?)))
                .collect(),
            said: match answer.outcome {
                Ok(said) => Ok(said.to_string()),
                Err(problem) => Err(serde_json::to_string(&problem).unwrap_or_default()),
            },
            fallthrough: answer.fallthrough,
        };
        return Ok((record, is_complete));
    }
}
