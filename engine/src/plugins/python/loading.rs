//! Loading plugins: what one declares, as an earlier process has found out, or as Python says now.
//!
//! What Python says is kept with what it had read. It is used again as long as all of that is the same, so that
//! Python is not started.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::commands::{Command, commands};
use super::declaration::declaration;
use super::entry_points::Group;
use super::failures;
use super::host::{Answer, Api, Failed, Load, Problem};
use super::interpreter::Interpreter;
use super::loader::Outside;
use super::plugins::{PythonPlugin, python_plugins};
use super::things::{Seen, Thing, look, things};
use crate::cache::fingerprint_of_parts;
use crate::config::{self, Pass};
use crate::diagnostics::{Failure, Owner};
use crate::inputs::{Db, Project};
use crate::plugins::declaration::Declaration;
use crate::profile::{Work, measured};

/// A plugin as key of queries.
#[salsa::interned(debug)]
struct Key<'db> {
    plugin: Arc<PythonPlugin>,
}

/// What loading a plugin came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// What it declares; `None` if it does not load.
    pub declaration: Option<Arc<Declaration>>,
    /// Its commands.
    pub commands: Vec<Command>,
    /// What is wrong with it, or worth saying of it.
    pub problems: Vec<Failure>,
    /// Whether the next process may come to something else though nothing has changed: nobody answered in time, say.
    pub passing: bool,
}

/// What an earlier process was told.
#[derive(Serialize, Deserialize)]
struct Record {
    /// What that depends on.
    seen: Vec<Seen>,
    /// What the plugin has said, in JSON; or the exception that it has raised.
    said: Result<String, String>,
    fallthrough: Vec<String>,
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
    let Some(interpreter) = interpreter(db) else {
        return Arc::new(failed(failures::no_python(plugin)));
    };
    let load = what_to_load(db, plugin);
    let key = record_key(db, interpreter, &load);
    if let Some(record) = recall(db, &key) {
        if let Some(profile) = db.profile() {
            profile.count_recall();
        }
        return Arc::new(understand(
            db,
            plugin,
            interpreter,
            record.said.as_ref(),
            &record.fallthrough,
        ));
    }
    let answer = measured(
        db.profile(),
        Work::Declaration,
        &plugin.describe(),
        || Some(Owner::Plugin(plugin.name.clone())),
        || ask(db, interpreter, &load),
    );
    Arc::new(match answer {
        Ok((answer, seen)) => {
            let said = said(&answer);
            let loaded = understand(db, plugin, interpreter, said.as_ref(), &answer.fallthrough);
            if let (Some(store), Some(seen)) = (db.store(), seen) {
                let fallthrough = answer.fallthrough;
                store.put(
                    &key,
                    &Record {
                        seen,
                        said,
                        fallthrough,
                    },
                );
            }
            loaded
        }
        Err(failed) => Loaded {
            problems: vec![failures::of_host(plugin, interpreter, &failed).into()],
            passing: true,
            ..Loaded::default()
        },
    })
}

fn failed(problem: impl Into<Failure>) -> Loaded {
    Loaded {
        problems: vec![problem.into()],
        ..Loaded::default()
    }
}

/// The Python that loads plugins. Changes only when that is another one, not when a package is installed.
#[salsa::tracked]
fn interpreter(db: &dyn Db) -> Option<Interpreter> {
    python_plugins(db).interpreter.clone()
}

/// The interpreter that plugins are loaded with.
pub(super) fn interpreter_of(db: &dyn Db) -> Option<&Interpreter> {
    interpreter(db).as_ref()
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
    let path = |path: &std::path::Path| path.as_os_str().as_encoded_bytes().to_vec();
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

/// Asks Python. What it has read becomes what this query depends on; `None` of it can be remembered if some of it
/// cannot be read.
fn ask(
    db: &dyn Db,
    interpreter: &Interpreter,
    load: &Load,
) -> Result<(Answer, Option<Vec<Seen>>), Failed> {
    let outside = Outside {
        system: db.system(),
        interpreter: &interpreter.path,
        patience: time_limit(db),
    };
    for attempt in 1.. {
        let begun = db.system().now();
        let answer = db.loader().load(outside, load, &mut |what, with| {
            super::asks::while_loading(db, what, with)
        })?;
        let things = things(db, &answer.reads);
        // What was an input before was read before: had it changed since, somebody would tell us.
        let new: Vec<_> = things
            .iter()
            .filter_map(Thing::path)
            .filter(|path| !db.is_input(path))
            .collect();
        let seen = things
            .iter()
            .map(|thing| Some((thing.clone(), look(db, thing)?)));
        let seen = seen.collect::<Option<Vec<_>>>();
        // Python may have read what was there before we looked.
        let changed = |path: &&std::path::Path| {
            let stamp = db.system().stamp(path).ok().flatten();
            stamp.is_some_and(|stamp| !stamp.settled(begun))
        };
        if attempt == ATTEMPTS || !new.iter().any(changed) {
            return Ok((answer, seen));
        }
    }
    unreachable!("the last attempt returns")
}

fn said(answer: &Answer) -> Result<String, String> {
    match &answer.outcome {
        Ok(said) => Ok(said.to_string()),
        Err(problem) => Err(serde_json::to_string(problem).unwrap_or_default()),
    }
}

/// From what a plugin has said to what that means.
fn understand(
    db: &dyn Db,
    plugin: &PythonPlugin,
    interpreter: &Interpreter,
    said: Result<&String, &String>,
    fallthrough: &[String],
) -> Loaded {
    if let (Some(profile), false) = (db.profile(), fallthrough.is_empty()) {
        profile.note(format!(
            "plugin '{}' uses modules of an installed Tutor: {}",
            plugin.name,
            fallthrough.join(", ")
        ));
    }
    let said = match said {
        Ok(said) => said,
        Err(problem) => {
            let problem: Problem = serde_json::from_str(problem).unwrap_or_default();
            return failed(failures::of_plugin(plugin, interpreter, &problem));
        }
    };
    let json: Json = serde_json::from_str(said).unwrap_or_default();
    let Some(declaration) = declaration(&plugin.name, &json) else {
        let nonsense = Failed::Nonsense(String::from("the declaration is not in the protocol"));
        return failed(failures::of_host(plugin, interpreter, &nonsense));
    };
    let problems = failures::of_declaration(plugin, &json)
        .into_iter()
        .map(Failure::from);
    let mut loaded = Loaded {
        declaration: Some(Arc::new(declaration)),
        commands: commands(plugin, &json),
        problems: problems.collect(),
        passing: false,
    };
    let is_unusable = |problem: &Failure| problem.code == failures::NEEDS_CALLBACKS;
    if loaded.problems.iter().any(is_unusable) {
        loaded.declaration = None;
        loaded.commands.clear();
    }
    loaded
}

/// The setting that says how long a plugin may take, in seconds.
const TIME_LIMIT: &str = "PYTHON_TIMEOUT";
const TIME_LIMIT_DEFAULT: Duration = Duration::from_secs(60);

/// How long a plugin may take to load: `TUTOR_PYTHON_TIMEOUT`, else `PYTHON_TIMEOUT` of `config.yml`, else a minute.
#[salsa::tracked(returns(copy))]
fn time_limit(db: &dyn Db) -> Duration {
    let variable = db.variable(&format!("TUTOR_{TIME_LIMIT}")).value(db);
    let seconds = match variable {
        Some(text) => text.trim().parse::<f64>().ok(),
        None => match config::value_of(db, Pass::Bootstrap, TIME_LIMIT) {
            Ok(Some(values::Value::Int(seconds))) => Some(seconds as f64),
            Ok(Some(values::Value::Float(seconds))) => Some(seconds),
            _ => None,
        },
    };
    let limit = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    limit
        .filter(|limit| !limit.is_zero())
        .unwrap_or(TIME_LIMIT_DEFAULT)
}
