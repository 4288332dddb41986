//! Calling functions of plugins.
//!
//! What a call came to is kept with what it depended on: files and variables as for loads, settings, the plugins whose
//! functions ran, the filters that were applied. It is used again as long as these are the same; then Python is not
//! needed. What comes to something else each time holds for one save; what depends on what plugins keep from call to
//! call, for whoever asked.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::asks;
use super::call_failures;
use super::host::{Answer, Asked, Failed, Problem};
use super::impure::{self, Cause};
use super::interpreter::Interpreter;
use super::keeping::{self, depends_on_what_is_kept};
use super::loader::Outside;
use super::made::{Made, current, dependencies};
use super::patience::time_limit;
use super::plugins::python_to_start;
use super::set::{configuration, members};
use super::subject::{LOADED, describe, is_kind, owner_of, place_of};
use crate::cache::{Fingerprint, fingerprint_of_parts};
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

/// For how long what a call came to holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lasts {
    /// As long as what it depended on is the same.
    Always,
    /// For this save: it comes to something else each time, or does something besides.
    Save,
    /// For this process: nobody can tell what it depended on.
    Process,
    /// For whoever asked: what plugins keep from call to call is another thing by now.
    Call,
}

/// What a call came to.
#[derive(Clone, Debug)]
pub struct Called {
    /// The result, as the protocol says it.
    pub result: Json,
    /// For how long it holds.
    pub lasts: Lasts,
    /// Hooks of the catalogue that it has changed meanwhile.
    pub changes: Vec<String>,
    made: Made,
}

impl Called {
    fn new(made: Made, lasts: Lasts) -> Self {
        Self {
            result: parsed(&made.result),
            lasts,
            changes: Vec::new(),
            made,
        }
    }

    /// What it printed.
    pub fn printed(&self) -> &str {
        &self.made.printed
    }
}

impl PartialEq for Called {
    fn eq(&self, other: &Self) -> bool {
        self.lasts == other.lasts && self.changes == other.changes && self.made == other.made
    }
}

impl Eq for Called {}

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
pub fn call(db: &dyn Db, target: &Json, arguments: &Json) -> Result<Arc<Called>, Failure> {
    let call = (text(target), text(arguments));
    let known = called(db, CallKey::new(db, call.0.clone(), call.1.clone()));
    let known = known.as_ref().map_err(Clone::clone)?;
    let this_save = db.loader().this_save();
    // Once anything is kept from call to call, those who ask in another save ask for another call.
    Project::get(db).states(db);
    let keeps = known.lasts == Lasts::Call || depends_on_what_is_kept(db, &known.made);
    let again = if keeps {
        this_save.take_fresh(&call)
    } else if known.lasts == Lasts::Save {
        this_save.made_once(&call)
    } else {
        Some(known.clone())
    };
    again.map_or_else(
        || {
            let again = call_now(db, &call, &request(target, arguments))?;
            this_save.take_fresh(&call);
            Ok(again)
        },
        Ok,
    )
}

/// The same for a render of a text that is what it was, in which only settings and the like have changed: what processes
/// and the system said last is used again. They are asked anew if the text is another one.
///
/// # Errors
/// As for [`call`].
pub fn call_again(db: &dyn Db, target: &Json, arguments: &Json) -> Result<Arc<Called>, Failure> {
    let made_once = db
        .loader()
        .this_save()
        .made_once(&(text(target), text(arguments)));
    let name = request(target, arguments).key(db)?;
    let of_the_system =
        |made: &Made| !made.causes.is_empty() && made.causes.iter().all(Cause::is_of_the_system);
    if made_once.is_none()
        && let Some(made) = known(db, &name).filter(of_the_system)
        && !depends_on_what_is_kept(db, &made)
        && made.holds(db)
    {
        impure::note(db, target, &made.causes, false);
        return Ok(Arc::new(Called::new(made, Lasts::Save)));
    }
    call(db, target, arguments)
}

/// The same for what is not rendered: whoever asks in another save asks for another call, if it may come to something
/// else.
///
/// # Errors
/// As for [`call`].
pub(super) fn call_in_each_save(
    db: &dyn Db,
    target: &Json,
    arguments: &Json,
) -> Result<Arc<Called>, Failure> {
    let called = call(db, target, arguments)?;
    if called.lasts == Lasts::Save {
        db.loader().this_save().note_each();
        Project::get(db).saves(db);
    }
    Ok(called)
}

/// What tells whether what was rendered with a call would be the same: what it comes to; or, if that is something else
/// each time, what it depends on besides. `None` if nobody can tell.
pub fn stands(db: &dyn Db, target: &Json, arguments: &Json) -> Option<Fingerprint> {
    let name = request(target, arguments).key(db).ok()?;
    let made = known(db, &name)?;
    if depends_on_what_is_kept(db, &made) {
        return None;
    }
    if !made.causes.is_empty() {
        impure::note(db, target, &made.causes, false);
        return made.holds(db).then(|| made.fingerprint());
    }
    let called = call(db, target, arguments).ok()?;
    if called.lasts == Lasts::Call {
        // Whoever renders with it is the first to ask.
        let call = (text(target), text(arguments));
        db.loader().this_save().put_fresh(call, called.clone());
    }
    let result = called.result.to_string();
    (called.lasts == Lasts::Always).then(|| fingerprint_of_parts([result.as_bytes()]))
}

fn text(json: &Json) -> Arc<str> {
    Arc::from(json.to_string())
}

fn request<'a>(target: &'a Json, arguments: &'a Json) -> Request<'a> {
    Request {
        kind: b'c',
        target,
        arguments,
    }
}

#[salsa::tracked(cycle_result = in_a_cycle)]
fn called<'db>(db: &'db dyn Db, key: CallKey<'db>) -> Result<Arc<Called>, Failure> {
    let call = (key.target(db).clone(), key.arguments(db).clone());
    let (target, arguments) = (parsed(&call.0), parsed(&call.1));
    let request = request(&target, &arguments);
    let name = request.key(db)?;
    if let Some(made) = recall(db, &name) {
        if let Some(profile) = db.profile() {
            profile.count_recall();
        }
        if is_kind(&target, LOADED) {
            tell(db, &target, &made);
        }
        return Ok(Arc::new(Called::new(made, Lasts::Always)));
    }
    call_now(db, &call, &request)
}

/// Makes a call, and keeps it for as long as it holds.
fn call_now(
    db: &dyn Db,
    call: &(Arc<str>, Arc<str>),
    request: &Request<'_>,
) -> Result<Arc<Called>, Failure> {
    let target = request.target;
    // The configuration, and what templates there are, may depend on this very filter.
    let is_any = |kinds: &[&str]| kinds.iter().any(|kind| is_kind(target, kind));
    let is_filter = is_any(&["apply", "names", LOADED]);
    let mut asked = |what: &str, with: &Json| {
        if is_filter {
            asks::while_loading(db, what, with)
        } else {
            asks::while_called(db, what, with)
        }
    };
    let (made, answer) = make(db, request, None, &mut asked)?;
    if !is_kind(target, "callback") {
        // What actions print is told by who does them.
        tell(db, target, &made);
    }
    let lasts = lasts(db, &made, &answer);
    if matches!(lasts, Lasts::Always | Lasts::Save) {
        let name = request.key(db)?;
        db.loader()
            .remember(&name, postcard::to_stdvec(&made).unwrap_or_default());
        if let Some(store) = db.store() {
            store.put(&name, &made);
        }
    }
    let changes = if is_kind(target, LOADED) {
        Vec::new()
    } else {
        super::functions::changed_hooks(&answer.effects)
    };
    if !changes.is_empty()
        && !is_any(&["apply", "callback"])
        && let Owner::Plugin(plugin) = owner_of(db, target, &Problem::default())
    {
        let what = describe(db, target);
        let text = format!(
            "plugin '{plugin}': {what} changes {} while it is called: here that has no effect on what is rendered",
            changes.join(", ")
        );
        db.loader().print(&plugin, &text);
    }
    let called = Arc::new(Called {
        changes,
        ..Called::new(made, lasts)
    });
    let this_save = db.loader().this_save();
    match lasts {
        Lasts::Save => this_save.put_once(call.clone(), called.clone()),
        Lasts::Call => this_save.put_fresh(call.clone(), called.clone()),
        Lasts::Process => db.loader().note_passing(),
        Lasts::Always => {}
    }
    Ok(called)
}

/// For whom a call that was made just now holds.
fn lasts(db: &dyn Db, made: &Made, answer: &Answer) -> Lasts {
    if depends_on_what_is_kept(db, made) {
        Lasts::Call
    } else if !made.is_complete || !answer.reads.asks.is_empty() {
        Lasts::Process
    } else if made.causes.is_empty() {
        Lasts::Always
    } else {
        Lasts::Save
    }
}

/// Tells what a call has printed.
fn tell(db: &dyn Db, target: &Json, made: &Made) {
    if let Owner::Plugin(plugin) = owner_of(db, target, &Problem::default()) {
        db.loader().print(&plugin, &made.printed);
    }
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
    let owner = owner_of(db, target, &Problem::default());
    let answer = measured(
        db.profile(),
        Work::Call,
        &describe(db, target),
        || Some(owner.clone()),
        || ask(db, interpreter, request, overlay, asked),
    )?;
    let answer = answer
        .map_err(|failed| call_failures::of_call(&describe(db, target), owner.clone(), &failed))?;
    let dependencies = dependencies(db, target, &answer);
    // Who has looked depends on it; a call that fails, too.
    let prints: Vec<_> = dependencies.iter().map(|one| current(db, one)).collect();
    let result = match &answer.outcome {
        Ok(result) => result.to_string(),
        Err(problem) => {
            let owner = owner_of(db, target, problem);
            let place = place_of(db, target, &owner);
            let mut error = call_failures::of_called(&describe(db, target), owner, problem);
            error.place = error.place.or(place);
            return Err(error.into());
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
        causes: impure::causes(&answer, overlay),
    };
    keeping::note(db, target, &owner, &answer);
    if !made.causes.is_empty() {
        impure::note(db, target, &made.causes, true);
    }
    Ok((made, answer))
}

/// The failure that an exception means that was the answer of an operation on an object.
pub fn raised(db: &dyn Db, target: &Json, said: &Json) -> Failure {
    let problem: Problem = serde_json::from_value(said.clone()).unwrap_or_default();
    let owner = owner_of(db, target, &problem);
    call_failures::of_called(&describe(db, target), owner, &problem).into()
}

fn in_a_cycle<'db>(
    db: &'db dyn Db,
    _: salsa::Id,
    key: CallKey<'db>,
) -> Result<Arc<Called>, Failure> {
    let what = describe(db, &parsed(key.target(db)));
    let message = format!("{what} calls itself, through what it asks for");
    Err(Diagnostic::error("plugin-cycle", message).into())
}

fn parsed(text: &str) -> Json {
    serde_json::from_str(text).unwrap_or_default()
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
        root: Project::get(db).root(db),
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
        json!({ "call": LOADED, "seed": seed.as_str(), "root": target.get("root") })
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

/// Whether the configuration is among the arguments.
fn wants_config(arguments: &Json) -> bool {
    let args = arguments.get("args").and_then(Json::as_array);
    args.into_iter()
        .flatten()
        .any(|one| one.get("t").and_then(Json::as_str) == Some("config"))
}

/// What this process, or an earlier one, was told, if that is the same as long as all that it depends on is.
fn recall(db: &dyn Db, key: &[u8]) -> Option<Made> {
    let holds = |made: &Made| {
        made.causes.is_empty() && !depends_on_what_is_kept(db, made) && made.holds(db)
    };
    here(db, key)
        .filter(holds)
        .or_else(|| db.store()?.get(key).filter(holds))
}

/// The last call of that name, whether or not it would come to the same.
fn known(db: &dyn Db, key: &[u8]) -> Option<Made> {
    here(db, key).or_else(|| db.store()?.get(key))
}

fn here(db: &dyn Db, key: &[u8]) -> Option<Made> {
    let bytes = db.loader().remembered(key)?;
    postcard::from_bytes(&bytes).ok()
}
