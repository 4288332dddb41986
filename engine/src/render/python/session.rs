//! What one render does with objects of plugins.
//!
//! An object has no number: it is named by the operation that it came from. Operations that have changed something are
//! the render's log; whatever is asked later is asked with that log, so that the answer depends on the question alone,
//! and is remembered like any other call.

use std::cell::{OnceCell, RefCell};
use std::sync::Arc;

use rustc_hash::FxHashMap;
use scoped_tls_hkt::scoped_thread_local;
use serde_json::{Value as Json, json};
use values::{Error, ErrorKind, Value};

use super::called;
use super::remote::{Remote, nowhere};
use super::told::{Origin, kind_of, no_value};
use crate::plugins::python::functions;
use crate::render::host::GraphHost;

/// So many operations of one render may change objects.
const LONGEST_LOG: usize = 500;

scoped_thread_local!(static HOST: for<'a> &'a GraphHost<'a>);

/// What a render has done with objects of plugins so far.
#[derive(Default)]
pub(in crate::render) struct Session {
    /// The operations that have changed something.
    log: RefCell<Vec<Json>>,
    /// How often each operation was done, at which length of the log: each may make another object.
    done: RefCell<FxHashMap<(String, usize), usize>>,
}

/// Does `work` as a part of the render of `host`: operators on objects of plugins find it.
pub(in crate::render) fn within<T>(host: &GraphHost<'_>, work: impl FnOnce() -> T) -> T {
    HOST.set(host, work)
}

/// Whether nothing has changed since the log was that long.
pub(super) fn is_at(length: usize) -> bool {
    HOST.is_set() && HOST.with(|host| host.session.log.borrow().len() == length)
}

/// As [`ask`], in the render that is running.
pub(super) fn ask_here(
    root: &Json,
    op: &str,
    args: &[Json],
    kwargs: &[Json],
) -> values::Result<Value> {
    if !HOST.is_set() {
        return Err(nowhere());
    }
    HOST.with(|host| ask(host, root, op, args, kwargs))
}

/// The thing itself that a plugin gives to templates, of which Python has said when it was loaded what there is to say.
pub(super) fn known(root: &Json, handle: &str) -> Option<Value> {
    let handle = serde_json::from_str(handle).ok()?;
    let name = json!({ "root": root });
    Some(Value::object(Remote::new(&handle, name, root.clone(), 0)))
}

/// The thing itself that a plugin gives to templates.
pub(super) fn fetch(host: &GraphHost<'_>, root: &Json) -> values::Result<Value> {
    let answer = called(host, root, &Json::Null).map_err(failed)?;
    let origin = Origin {
        root,
        at: 0,
        naming: &|| json!({ "root": root }),
        raised: &|told| raised(host, root, told),
        name: OnceCell::new(),
    };
    origin.value(&answer.result, &[]).ok_or_else(no_value)
}

/// Does an operation of Python's, and makes a value of what it comes to.
///
/// # Errors
/// What Python raises, with the failure that it is if nobody catches it.
pub(super) fn ask(
    host: &GraphHost<'_>,
    root: &Json,
    op: &str,
    args: &[Json],
    kwargs: &[Json],
) -> values::Result<Value> {
    let session = &host.session;
    let step = json!({ "op": op, "args": args, "kwargs": kwargs });
    let at = session.log.borrow().len();
    let (target, arguments) = request(root, &session.log.borrow(), &step);
    let answer = called(host, &target, &arguments).map_err(failed)?;
    let (changed, told) = match tag(&answer.result) {
        Some("changed") => (true, &answer.result["v"]),
        _ => (false, &answer.result),
    };
    if changed {
        if at >= LONGEST_LOG {
            return Err(Error::unsupported(format!(
                "a template has changed objects of plugins more than {LONGEST_LOG} times"
            )));
        }
        session.log.borrow_mut().push(step.clone());
    }
    if tag(told) == Some("raised") {
        return Err(raised(host, &target, told));
    }
    let naming = || {
        if changed {
            return json!({ "logged": at });
        }
        let mut done = session.done.borrow_mut();
        let nth = done.entry((step.to_string(), at)).or_default();
        *nth += 1;
        json!({ "did": step, "at": at, "nth": *nth - 1 })
    };
    let origin = Origin {
        root,
        at: at + usize::from(changed),
        naming: &naming,
        raised: &|told| raised(host, &target, told),
        name: OnceCell::new(),
    };
    origin.value(told, &[]).ok_or_else(no_value)
}

fn tag(told: &Json) -> Option<&str> {
    told.get("t").and_then(Json::as_str)
}

/// The error for an exception that was an answer, with the failure that it is if nobody catches it.
fn raised(host: &GraphHost<'_>, target: &Json, told: &Json) -> Error {
    let text = |part: &Json| part.as_str().unwrap_or_default().to_owned();
    let failure = functions::raised(host.db, target, &told["v"]);
    let error = Error::new(kind_of(&text(&told["is"])), text(&told["v"]["message"]));
    error.because(Arc::new(failure))
}

fn failed(failure: crate::diagnostics::Failure) -> Error {
    let error = Error::new(ErrorKind::Runtime, failure.message.clone());
    error.because(Arc::new(failure))
}

/// The call that does `step` after `log`. Functions that a plugin gives are called as such while nothing has changed.
fn request(root: &Json, log: &[Json], step: &Json) -> (Json, Json) {
    let mut both = json!([log, step]);
    Numbers::default().renumber(&mut both);
    let step = both[1].take();
    if log.is_empty()
        && step["op"] == "call"
        && let Some((callee, args)) = step["args"].as_array().and_then(|args| args.split_first())
        && let Some(target) = callee.get("v").and_then(|name| name.get("root"))
    {
        let arguments = json!({ "args": args, "kwargs": step["kwargs"] });
        return (target.clone(), arguments);
    }
    let target = json!({ "kind": "of", "target": root, "log": both[0].take(), "do": step });
    (target, Json::Null)
}

/// Counts objects that came from the same operation anew for each question: so those that are alike share answers.
#[derive(Default)]
struct Numbers {
    known: FxHashMap<(String, u64, u64), usize>,
    next: FxHashMap<(String, u64), usize>,
}

impl Numbers {
    fn renumber(&mut self, json: &mut Json) {
        match json {
            Json::Array(items) => items.iter_mut().for_each(|item| self.renumber(item)),
            Json::Object(map) => {
                let number = |key: &str| map.get(key).and_then(Json::as_u64).unwrap_or_default();
                let (at, nth) = (number("at"), number("nth"));
                if let Some(did) = map.get_mut("did") {
                    let before = did.to_string();
                    self.renumber(did);
                    let next = self.next.entry((did.to_string(), at)).or_default();
                    let found = *self.known.entry((before, at, nth)).or_insert_with(|| {
                        *next += 1;
                        *next - 1
                    });
                    map.insert(String::from("nth"), json!(found));
                } else {
                    map.values_mut().for_each(|item| self.renumber(item));
                }
            }
            _ => {}
        }
    }
}
