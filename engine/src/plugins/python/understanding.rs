//! From what a plugin has said to what that means: a declaration, commands, problems.
//!
//! Unaware of when and how it was asked.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use serde_json::Value as Json;

use super::commands::{Command, commands};
use super::declaration::declaration;
use super::failures;
use super::functions::{Callback, callbacks};
use super::host::{Failed, Problem};
use super::interpreter::Interpreter;
use super::loading::Record;
use super::plugins::PythonPlugin;
use super::things::Thing;
use crate::cache::{Fingerprint, fingerprint_of_parts};
use crate::diagnostics::Failure;
use crate::inputs::Db;
use crate::plugins::declaration::Declaration;

/// What loading a plugin came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// What it declares; `None` if it does not load.
    pub declaration: Option<Arc<Declaration>>,
    /// Its commands.
    pub commands: Vec<Command>,
    /// Its functions.
    pub callbacks: Vec<Callback>,
    /// The hooks that it has cleared: what others had added, too.
    pub cleared: Vec<String>,
    /// What tells whether it is the same, functions included.
    pub fingerprint: Fingerprint,
    /// What it adds to filters: what tells whether that is the same.
    pub added: BTreeMap<String, Fingerprint>,
    /// What is wrong with it, or worth saying of it.
    pub problems: Vec<Failure>,
    /// Whether the next process may come to something else though nothing has changed: nobody answered in time, say.
    pub passing: bool,
}

impl Loaded {
    /// The plugin does not load.
    pub(super) fn failed(problem: impl Into<Failure>) -> Self {
        Self {
            problems: vec![problem.into()],
            ..Self::default()
        }
    }
}

/// What the record of a plugin means.
pub(super) fn understand(
    db: &dyn Db,
    plugin: &PythonPlugin,
    interpreter: &Interpreter,
    record: &Record,
) -> Loaded {
    if let (Some(profile), false) = (db.profile(), record.fallthrough.is_empty()) {
        profile.note(format!(
            "plugin '{}' uses modules of an installed Tutor: {}",
            plugin.name,
            record.fallthrough.join(", ")
        ));
    }
    let said = match &record.said {
        Ok(said) => said,
        Err(problem) => {
            let problem: Problem = serde_json::from_str(problem).unwrap_or_default();
            let source = source(db, plugin, record);
            return Loaded::failed(failures::of_plugin(plugin, interpreter, &problem, source));
        }
    };
    let json: Json = serde_json::from_str(said).unwrap_or_default();
    let Some(declaration) = declaration(&plugin.name, &json) else {
        let nonsense = Failed::Nonsense(String::from("the declaration is not in the protocol"));
        return Loaded::failed(failures::of_host(plugin, interpreter, &nonsense));
    };
    let problems = failures::of_declaration(plugin, &json);
    let problems = problems.into_iter().map(Failure::from).collect();
    let fingerprint = fingerprint_of(record);
    Loaded {
        declaration: Some(Arc::new(declaration)),
        commands: commands(plugin, &json),
        callbacks: callbacks(&json),
        cleared: cleared(&json),
        added: added(&json, fingerprint),
        fingerprint,
        problems,
        passing: false,
    }
}

/// What tells whether a plugin is the same: what it has said, and all that it has read.
fn fingerprint_of(record: &Record) -> Fingerprint {
    let mut parts: Vec<Vec<u8>> = vec![record.said.clone().unwrap_or_default().into_bytes()];
    for (thing, print) in &record.seen {
        parts.push(format!("{thing:?}").into_bytes());
        parts.push(print.to_vec());
    }
    fingerprint_of_parts(parts.iter().map(Vec::as_slice))
}

/// What it adds to which filter. What a function does may be anything that the plugin has.
fn added(said: &Json, whole: Fingerprint) -> BTreeMap<String, Fingerprint> {
    let mut added = BTreeMap::new();
    let filters = said.get("filters").and_then(Json::as_object);
    for (filter, additions) in filters.into_iter().flatten() {
        let text = additions.to_string();
        added.insert(filter.clone(), fingerprint_of_parts([text.as_bytes()]));
    }
    for callback in callbacks(said) {
        added.insert(callback.hook, whole);
    }
    added.extend(cleared(said).into_iter().map(|hook| (hook, whole)));
    added
}

fn cleared(said: &Json) -> Vec<String> {
    let names = said.get("cleared").and_then(Json::as_array);
    let names = names.into_iter().flatten();
    names
        .filter_map(|name| Some(name.as_str()?.to_owned()))
        .collect()
}

/// The module that the plugin is, among the files that were read, and its text.
fn source<'db>(
    db: &'db dyn Db,
    plugin: &PythonPlugin,
    record: &'db Record,
) -> Option<(&'db Path, &'db str)> {
    let module = plugin.module.replace('.', "/");
    let names = [format!("{module}.py"), format!("{module}/__init__.py")];
    let is_it = |path: &&Path| {
        plugin.file.as_deref() == Some(path) || names.iter().any(|name| path.ends_with(name))
    };
    let mut files = record.seen.iter().filter_map(|(thing, _)| match thing {
        Thing::Content(path) => Some(path.as_path()),
        _ => None,
    });
    let path = files.find(is_it)?;
    Some((path, db.file(path).content(db).text()?))
}
