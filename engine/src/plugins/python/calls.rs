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
use super::host::{Answer, Asked, Effects, Failed, Problem};
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
pub(super) enum Dependency {
    Thing(Thing),
    Setting(String),
    /// All settings.
    Settings,
    Plugin(String),
    Filter(String),
}

/// A call that was made: what it depended on, and what it came to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Made {
    seen: Vec<(Dependency, Fingerprint)>,
    result: String,
    pub(super) printed: String,
    /// Whether all that it depends on could be told.
    pub(super) is_complete: bool,
}

impl Made {
    /// Whether all that it depended on is the same.
    pub(super) fn holds(&self, db: &dyn Db) -> bool {
        let same = |(one, was): &(Dependency, Fingerprint)| current(db, one).as_ref() == Some(was);
        self.is_complete && self.seen.iter().all(same)
    }

    /// The same without what it has looked at below `folder`.
    pub(super) fn without(mut self, folder: &Path) -> Self {
        let is_below = |one: &Dependency| match one {
            Dependency::Thing(thing) => thing.path().is_some_and(|path| path.starts_with(folder)),
            _ => false,
        };
        self.seen.retain(|(one, _)| !is_below(one));
        self
    }

    fn called(&self, passing: bool) -> Called {
        Called {
            result: parsed(&self.result),
            printed: self.printed.clone(),
            passing,
        }
    }
}

/// What is called, with what.
#[derive(Clone, Copy)]
pub(super) struct Request<'a> {
    /// What keys of such calls begin with.
    pub(super) kind: u8,
    pub(super) target: &'a Json,
    pub(super) arguments: &'a Json,
}

impl Request<'_> {
    /// Its name in the store.
    pub(super) fn key(&self, db: &dyn Db) -> Result<Vec<u8>, Failure> {
        let interpreter = python(db)?;
        let bytes = |path: &Path| path.as_os_str().as_encoded_bytes().to_vec();
        let parts = [
            bytes(&interpreter.path),
            bytes(&interpreter.target),
            // Draws come from it.
            blake3::hash(&Project::get(db).secret(db))
                .as_bytes()
                .to_vec(),
            self.target.to_string().into_bytes(),
            self.arguments.to_string().into_bytes(),
        ];
        let mut key = vec![self.kind];
        key.extend(fingerprint_of_parts(parts.iter().map(Vec::as_slice)));
        Ok(key)
    }
}

fn python(db: &dyn Db) -> Result<&Interpreter, Failure> {
    python_to_start(db).as_ref().ok_or_else(|| {
        let message = "no Python was found to call functions of plugins with";
        Diagnostic::error("python-missing", message).into()
    })
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
    let (target, arguments) = (parsed(key.target(db)), parsed(key.arguments(db)));
    let request = Request {
        kind: b'c',
        target: &target,
        arguments: &arguments,
    };
    let name = request.key(db)?;
    if let Some(made) = recall(db, &name) {
        if let Some(profile) = db.profile() {
            profile.count_recall();
        }
        return Ok(made.called(false));
    }
    // The configuration, and what templates there are, may depend on this very filter.
    let is_filter = is_kind(&target, "apply") || is_kind(&target, LOADED);
    let mut asked = |what: &str, with: &Json| {
        if is_filter {
            asks::while_loading(db, what, with)
        } else {
            asks::while_called(db, what, with)
        }
    };
    let (made, answer) = make(db, &request, None, &mut asked)?;
    if !is_kind(&target, "callback")
        && let Owner::Plugin(plugin) = owner_of(db, &target, &Problem::default())
    {
        // What actions print is told by who does them.
        db.loader().print(&plugin, &made.printed);
    }
    let passing = !made.is_complete || !is_pure(&target, &answer);
    if passing {
        db.loader().note_passing();
    } else {
        db.loader()
            .remember(&name, postcard::to_stdvec(&made).unwrap_or_default());
        if let Some(store) = db.store() {
            store.put(&name, &made);
        }
    }
    Ok(made.called(passing))
}

/// Makes a call, with an overlay if there is one.
///
/// # Errors
/// If the function raises, its result cannot be told, or Python does not do it.
pub(super) fn make(
    db: &dyn Db,
    request: &Request<'_>,
    overlay: Option<&Json>,
    asked: Asked<'_>,
) -> Result<(Made, Answer), Failure> {
    let interpreter = python(db)?;
    let target = request.target;
    let owner = || Some(owner_of(db, target, &Problem::default()));
    let answer = measured(
        db.profile(),
        Work::Call,
        &describe(db, target),
        owner,
        || ask(db, interpreter, request, overlay, asked),
    )?;
    let answer = answer.map_err(|failed| {
        let owner = owner_of(db, target, &Problem::default());
        failures::of_call(&describe(db, target), owner, &failed)
    })?;
    let dependencies = dependencies(db, target, &answer);
    // Who has looked depends on it; a call that fails, too.
    let prints: Vec<_> = dependencies.iter().map(|one| current(db, one)).collect();
    let result = match &answer.outcome {
        Ok(result) => result.to_string(),
        Err(problem) => {
            let owner = owner_of(db, target, problem);
            return Err(failures::of_called(&describe(db, target), owner, problem).into());
        }
    };
    let is_complete = prints.iter().all(Option::is_some);
    let seen = dependencies.into_iter().zip(prints);
    let made = Made {
        seen: seen
            .filter_map(|(one, print)| Some((one, print?)))
            .collect(),
        result,
        printed: answer.effects.printed.clone(),
        is_complete,
    };
    Ok((made, answer))
}

/// The failure that an exception means that was the answer of an operation on an object.
pub fn raised(db: &dyn Db, target: &Json, said: &Json) -> Failure {
    let problem: Problem = serde_json::from_value(said.clone()).unwrap_or_default();
    let owner = owner_of(db, target, &problem);
    failures::of_called(&describe(db, target), owner, &problem).into()
}

fn in_a_cycle<'db>(db: &'db dyn Db, _: salsa::Id, key: CallKey<'db>) -> Result<Called, Failure> {
    let what = describe(db, &parsed(key.target(db)));
    let message = format!("{what} calls itself, through what it asks for");
    Err(Diagnostic::error("plugin-cycle", message).into())
}

fn parsed(text: &str) -> Json {
    serde_json::from_str(text).unwrap_or_default()
}

/// What is called, for people.
fn describe(db: &dyn Db, target: &Json) -> String {
    let text = |key: &str| target.get(key).and_then(Json::as_str);
    match text("kind") {
        Some("variable") => format!("'{}'", text("name").unwrap_or_default()),
        Some("filter") => format!("the filter '{}'", text("name").unwrap_or_default()),
        Some("apply") => format!("the filter {}", text("name").unwrap_or_default()),
        Some(LOADED) => String::from("what plugins do once all are loaded (PLUGINS_LOADED)"),
        Some("of") => target
            .get("target")
            .map_or_else(String::new, |inner| describe(db, inner)),
        _ => match text("plugin") {
            Some(plugin) => {
                let at = target.get("at").and_then(Json::as_u64);
                match at.and_then(|at| super::functions::hook_of(db, plugin, at)) {
                    Some(hook) => format!("the function of plugin '{plugin}' for {hook}"),
                    None => format!("a function of plugin '{plugin}'"),
                }
            }
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
        (Some(LOADED), _, _) => super::functions::waiting_for(db, "PLUGINS_LOADED")
            .last()
            .map_or(Owner::Core, |(name, _)| plugin(name)),
        (Some("apply"), _, Some(name)) => {
            super::functions::changer_of(db, name).map_or(Owner::Core, |name| plugin(name))
        }
        _ => Owner::Core,
    }
}

fn ask(
    db: &dyn Db,
    interpreter: &Interpreter,
    request: &Request<'_>,
    overlay: Option<&Json>,
    asked: Asked<'_>,
) -> Result<Result<Answer, Failed>, Failure> {
    let outside = Outside {
        system: db.system(),
        interpreter: &interpreter.path,
        patience: time_limit(db).0,
    };
    let Request {
        target, arguments, ..
    } = *request;
    let config = if wants_config(arguments) {
        configuration(db)?
    } else {
        Json::Null
    };
    let secret = Project::get(db).secret(db);
    let mut hasher = blake3::Hasher::new_keyed(&secret);
    hasher.update(b"call of a plugin\0");
    // What templates do draws by itself, whoever asks for it.
    if !["variable", "filter", "of"]
        .iter()
        .any(|kind| is_kind(target, kind))
    {
        hasher.update(target.to_string().as_bytes());
        hasher.update(arguments.to_string().as_bytes());
    }
    let seed = hasher.finalize().to_hex();
    let call = if is_kind(target, LOADED) {
        json!({ "call": LOADED, "seed": seed.as_str() })
    } else {
        json!({
            "call": "call",
            "target": target,
            "args": arguments.get("args"),
            "kwargs": arguments.get("kwargs").cloned().unwrap_or_else(|| json!([])),
            "config": config,
            "seed": seed.as_str(),
            "overlay": overlay,
        })
    };
    let mut while_loading = |what: &str, with: &Json| asks::while_loading(db, what, with);
    let set = members(db);
    Ok(db
        .loader()
        .request(outside, set, &call, &mut while_loading, asked))
}

/// The kind of the target that is no function: what is done once all plugins are loaded.
pub(super) const LOADED: &str = "plugins_loaded";

fn is_kind(target: &Json, kind: &str) -> bool {
    target.get("kind").and_then(Json::as_str) == Some(kind)
}

/// Whether the configuration is among the arguments.
fn wants_config(arguments: &Json) -> bool {
    let args = arguments.get("args").and_then(Json::as_array);
    args.into_iter()
        .flatten()
        .any(|one| one.get("t").and_then(Json::as_str) == Some("config"))
}

/// Whether it did nothing but answer, and depends on nothing that nobody can tell.
fn is_pure(target: &Json, answer: &Answer) -> bool {
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
    // What is added once all plugins are loaded is the answer itself.
    (adds_nothing || is_kind(target, LOADED))
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
    if is_kind(target, LOADED) {
        filters.push(String::from("of.plugins"));
    }
    if is_kind(target, "apply") {
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

/// What this process, or an earlier one, was told, if all that it depends on is the same.
fn recall(db: &dyn Db, key: &[u8]) -> Option<Made> {
    let here = db.loader().remembered(key);
    here.and_then(|bytes| postcard::from_bytes::<Made>(&bytes).ok())
        .filter(|made| made.holds(db))
        .or_else(|| {
            let made: Made = db.store()?.get(key)?;
            made.holds(db).then_some(made)
        })
}
