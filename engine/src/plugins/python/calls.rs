//! Calling functions of plugins.
//!
//! What a call came to is kept with what it depended on: files and variables as for loads, settings, the plugins whose
//! functions ran, the filters that were applied. It is used again as long as these are the same; then Python is not
//! needed. A call that did something else than answering (added to hooks, wrote files) is made anew by each process.

use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::asks;
use super::failures;
use super::host::{Answer, Effects, Failed, Problem};
use super::interpreter::Interpreter;
use super::loader::Outside;
use super::patience::time_limit;
use super::plugins::python_to_start;
use super::set::{configuration, fingerprint_of_filter, fingerprint_of_plugin, members};
use super::things::{Thing, look, things};
use crate::cache::{Fingerprint, fingerprint_of_parts};
use crate::config::{self, Pass, SettingKey};
use crate::diagnostics::{Diagnostic, Failure, Owner};
use crate::inputs::{Db, Project};
use crate::profile::{Work, measured};

/// A call as key of queries: what is called, with what.
#[salsa::interned(debug)]
pub(super) struct CallKey<'db> {
    /// The target, as the protocol says it.
    target: Arc<str>,
    /// The arguments, and those with names; `null`: nothing is called, the target itself is wanted.
    arguments: Arc<str>,
}

/// What a call came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Called {
    /// The result, as the protocol says it.
    pub result: Json,
    /// What it printed.
    pub printed: String,
    /// Whether another process has to make it again.
    pub passing: bool,
}

/// Something that a call depended on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Dependency {
    Thing(Thing),
    Setting(String),
    /// All settings.
    Settings,
    Plugin(String),
    Filter(String),
}

/// A call that was made.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Record {
    seen: Vec<(Dependency, Fingerprint)>,
    result: String,
    printed: String,
}

/// Calls `target` with `arguments` (an object with `args` and `kwargs`; null: the target itself is wanted).
///
/// # Errors
/// If the function raises, its result cannot be told, or Python does not do it.
pub fn call<'db>(db: &'db dyn Db, target: &Json, arguments: &Json) -> Result<&'db Called, Failure> {
    let text = |json: &Json| Arc::<str>::from(json.to_string());
    let key = CallKey::new(db, text(target), text(arguments));
    called(db, key).as_ref().map_err(Clone::clone)
}

#[salsa::tracked(cycle_result = in_a_cycle)]
fn called<'db>(db: &'db dyn Db, key: CallKey<'db>) -> Result<Called, Failure> {
    let Some(interpreter) = python_to_start(db) else {
        let missing =
            Diagnostic::error("python-missing", "no Python was found to call plugins with");
        return Err(missing.into());
    };
    let (target, arguments) = (key.target(db), key.arguments(db));
    let name = store_key(db, interpreter, target, arguments);
    if let Some(record) = recall(db, &name) {
        if let Some(profile) = db.profile() {
            profile.count_recall();
        }
        return Ok(record.called(false));
    }
    let (target, arguments) = (parsed(target), parsed(arguments));
    let owner = || Some(owner_of(db, &target, &Problem::default()));
    let answer = measured(db.profile(), Work::Call, &describe(&target), owner, || {
        ask(db, interpreter, &target, &arguments)
    });
    let answer = answer.map_err(|failed| {
        let owner = owner_of(db, &target, &Problem::default());
        failures::of_call(&describe(&target), owner, &failed)
    })?;
    let result = match &answer.outcome {
        Ok(result) => result.to_string(),
        Err(problem) => {
            let owner = owner_of(db, &target, problem);
            return Err(failures::of_called(&describe(&target), owner, problem).into());
        }
    };
    let dependencies = dependencies(db, &target, &answer);
    let seen = dependencies.into_iter().map(|one| {
        let print = current(db, &one)?;
        Some((one, print))
    });
    let record = seen.collect::<Option<Vec<_>>>().map(|seen| Record {
        seen,
        result: result.clone(),
        printed: answer.effects.printed.clone(),
    });
    let passing = !is_pure(&answer);
    if let (Some(record), false) = (&record, passing) {
        db.loader()
            .remember(&name, postcard::to_stdvec(record).unwrap_or_default());
        if let Some(store) = db.store() {
            store.put(&name, record);
        }
    }
    Ok(Called {
        result: parsed(&result),
        printed: answer.effects.printed,
        passing: passing || record.is_none(),
    })
}

fn in_a_cycle<'db>(db: &'db dyn Db, _: salsa::Id, key: CallKey<'db>) -> Result<Called, Failure> {
    let what = describe(&parsed(key.target(db)));
    let message = format!("{what} calls itself, through what it asks for");
    Err(Diagnostic::error("plugin-cycle", message).into())
}

impl Record {
    fn called(self, passing: bool) -> Called {
        Called {
            result: parsed(&self.result),
            printed: self.printed,
            passing,
        }
    }
}

fn parsed(text: &str) -> Json {
    serde_json::from_str(text).unwrap_or_default()
}

/// What is called, for people.
fn describe(target: &Json) -> String {
    let text = |key: &str| target.get(key).and_then(Json::as_str);
    match text("kind") {
        Some("variable") => format!("'{}'", text("name").unwrap_or_default()),
        Some("filter") => format!("the filter '{}'", text("name").unwrap_or_default()),
        Some("apply") => format!("the filter {}", text("name").unwrap_or_default()),
        Some("of") => target.get("target").map_or_else(String::new, describe),
        _ => match text("plugin") {
            Some(plugin) => format!("a function of plugin '{plugin}'"),
            None => String::from("a function of a plugin"),
        },
    }
}

/// Whose function it is, as far as that is known.
fn owner_of(db: &dyn Db, target: &Json, problem: &Problem) -> Owner {
    let plugin = |name: &str| Owner::Plugin(name.into());
    let text = |key: &str| target.get(key).and_then(Json::as_str);
    if let Some(name) = &problem.plugin {
        return plugin(name);
    }
    match (text("kind"), text("plugin"), text("name")) {
        (Some("of"), _, _) => target
            .get("target")
            .map_or(Owner::Core, |inner| owner_of(db, inner, problem)),
        (_, Some(name), _) => plugin(name),
        (Some("variable"), _, Some(name)) => {
            super::functions::variable_of(db, name).map_or(Owner::Core, plugin)
        }
        (Some("filter"), _, Some(name)) => {
            super::functions::filter_of(db, name).map_or(Owner::Core, plugin)
        }
        _ => Owner::Core,
    }
}

fn ask(
    db: &dyn Db,
    interpreter: &Interpreter,
    target: &Json,
    arguments: &Json,
) -> Result<Answer, Failed> {
    let outside = Outside {
        system: db.system(),
        interpreter: &interpreter.path,
        patience: time_limit(db).0,
    };
    let config = wants_config(arguments).then(|| configuration(db));
    let config = match config {
        Some(Ok(config)) => config,
        Some(Err(failure)) => return Err(Failed::Nonsense(failure.message.clone())),
        None => Json::Null,
    };
    let secret = Project::get(db).secret(db);
    let mut hasher = blake3::Hasher::new_keyed(&secret);
    hasher.update(b"call of a plugin\0");
    hasher.update(target.to_string().as_bytes());
    hasher.update(arguments.to_string().as_bytes());
    let request = json!({
        "call": "call",
        "target": target,
        "args": arguments.get("args"),
        "kwargs": arguments.get("kwargs").cloned().unwrap_or_else(|| json!([])),
        "config": config,
        "seed": hasher.finalize().to_hex().as_str(),
    });
    let mut while_loading = |what: &str, with: &Json| asks::while_loading(db, what, with);
    // The configuration, and what templates there are, may depend on this very filter.
    let is_filter = target.get("kind").and_then(Json::as_str) == Some("apply");
    let mut while_called = |what: &str, with: &Json| {
        if is_filter {
            asks::while_loading(db, what, with)
        } else {
            asks::while_called(db, what, with)
        }
    };
    let set = members(db);
    db.loader().request(
        outside,
        set,
        &request,
        &mut while_loading,
        &mut while_called,
    )
}

/// Whether the configuration is among the arguments.
fn wants_config(arguments: &Json) -> bool {
    let args = arguments.get("args").and_then(Json::as_array);
    args.into_iter()
        .flatten()
        .any(|one| one.get("t").and_then(Json::as_str) == Some("config"))
}

/// Whether it did nothing but answer, and depends on nothing that nobody can tell.
fn is_pure(answer: &Answer) -> bool {
    let Effects {
        added,
        cleared,
        wrote,
        removed,
        printed: _,
    } = &answer.effects;
    let adds_nothing = ["filters", "callbacks", "commands"].iter().all(|kind| {
        added.get(kind).is_none_or(|added| match added {
            Json::Object(all) => all.is_empty(),
            Json::Array(all) => all.is_empty(),
            other => other.is_null(),
        })
    });
    adds_nothing
        && cleared.is_empty()
        && wrote.is_empty()
        && removed.is_empty()
        && answer.reads.asks.is_empty()
}

fn dependencies(db: &dyn Db, target: &Json, answer: &Answer) -> Vec<Dependency> {
    let reads = &answer.reads;
    let mut all: Vec<_> = things(db, reads)
        .into_iter()
        .map(Dependency::Thing)
        .collect();
    if reads.settings.iter().any(|name| name == "*") {
        all.push(Dependency::Settings);
    } else {
        all.extend(reads.settings.iter().cloned().map(Dependency::Setting));
    }
    let mut plugins = reads.ran.clone();
    if let Owner::Plugin(owner) = owner_of(db, target, &Problem::default()) {
        plugins.push(owner.to_string());
    }
    plugins.sort();
    plugins.dedup();
    all.extend(plugins.into_iter().map(Dependency::Plugin));
    let mut filters = reads.filters.clone();
    if target.get("kind").and_then(Json::as_str) == Some("apply") {
        filters.extend(target.get("name").and_then(Json::as_str).map(str::to_owned));
    }
    filters.sort();
    filters.dedup();
    all.extend(filters.into_iter().map(Dependency::Filter));
    all
}

/// What something is now; `None` if that cannot be told.
fn current(db: &dyn Db, dependency: &Dependency) -> Option<Fingerprint> {
    match dependency {
        Dependency::Thing(thing) => look(db, thing),
        Dependency::Setting(name) => {
            let key = SettingKey::new(db, Pass::Full, Arc::from(name.as_str()));
            config::setting(db, key).fingerprint()
        }
        Dependency::Settings => {
            let config = configuration(db).ok()?;
            Some(fingerprint_of_parts([config.to_string().as_bytes()]))
        }
        // One that is not there any more is another one.
        Dependency::Plugin(name) => Some(fingerprint_of_plugin(db, name).unwrap_or_default()),
        Dependency::Filter(name) => Some(fingerprint_of_filter(db, name)),
    }
}

fn store_key(db: &dyn Db, interpreter: &Interpreter, target: &str, arguments: &str) -> Vec<u8> {
    let bytes = |path: &Path| path.as_os_str().as_encoded_bytes().to_vec();
    let parts = [
        bytes(&interpreter.path),
        bytes(&interpreter.target),
        // Draws come from it.
        blake3::hash(&Project::get(db).secret(db))
            .as_bytes()
            .to_vec(),
        target.as_bytes().to_vec(),
        arguments.as_bytes().to_vec(),
    ];
    let mut key = vec![b'c'];
    key.extend(fingerprint_of_parts(parts.iter().map(Vec::as_slice)));
    key
}

/// What this process, or an earlier one, was told, if all that it depends on is the same.
fn recall(db: &dyn Db, key: &[u8]) -> Option<Record> {
    let holds = |record: Record| {
        let same = |(one, was): &(Dependency, Fingerprint)| current(db, one).as_ref() == Some(was);
        record.seen.iter().all(same).then_some(record)
    };
    let here = db.loader().remembered(key);
    here.and_then(|bytes| postcard::from_bytes(&bytes).ok())
        .and_then(holds)
        .or_else(|| holds(db.store()?.get(key)?))
}
