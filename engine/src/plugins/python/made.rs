//! What a call came to, with what it depended on: as long as that is the same, it need not be made again.

use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::functions;
use super::host::{Answer, Problem};
use super::impure::Cause;
use super::set::{ALL, configuration, fingerprint_of_filter, fingerprint_of_plugin};
use super::subject::{LOADED, is_kind, owner_of};
use super::things::{Thing, look, things};
use crate::cache::{Fingerprint, fingerprint_of_parts};
use crate::config::{self, Pass, SettingKey};
use crate::diagnostics::Owner;
use crate::inputs::Db;

/// Something that a call depended on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Dependency {
    Thing(Thing),
    Setting(String),
    /// All settings.
    Settings,
    /// A plugin whose code ran: what that is, and what it keeps.
    Plugin(String),
    Filter(String),
    /// A plugin that adds things before anything is called: what its code is.
    Early(String),
    /// What plugins add once all of them are loaded, which may depend on what is in any filter.
    Late,
}

/// A call that was made: what it depended on, and what it came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Made {
    pub(super) seen: Vec<(Dependency, Fingerprint)>,
    pub(super) result: String,
    pub(super) printed: String,
    /// Whether all that it depends on could be told.
    pub(super) is_complete: bool,
    /// What makes it come to something else next time.
    pub(super) causes: Vec<Cause>,
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

    /// What it depended on.
    pub(super) fn dependencies(&self) -> impl Iterator<Item = &Dependency> {
        self.seen.iter().map(|(one, _)| one)
    }

    /// What tells whether it depended on the same things, which were the same.
    pub(super) fn fingerprint(&self) -> Fingerprint {
        let seen = self.seen.iter();
        let parts = seen.map(|(one, print)| [format!("{one:?}").into_bytes(), print.to_vec()]);
        let parts: Vec<_> = parts.flatten().collect();
        fingerprint_of_parts(parts.iter().map(Vec::as_slice))
    }
}

/// What a call depended on.
pub(super) fn dependencies(db: &dyn Db, target: &Json, answer: &Answer) -> Vec<Dependency> {
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
    let mut early = Vec::new();
    if let Owner::Plugin(owner) = owner_of(db, target, &Problem::default()) {
        plugins.push(owner.to_string());
    }
    let mut filters = reads.filters.clone();
    if is_kind(target, LOADED) {
        filters.extend([ALL, "PLUGINS_LOADED"].map(str::to_owned));
    }
    if is_kind(target, "apply") || is_kind(target, "names") {
        filters.extend(target.get("name").and_then(Json::as_str).map(str::to_owned));
    }
    let applies = !filters.is_empty();
    if applies {
        // What these add is in the filters, too.
        for (plugin, one) in functions::early(db) {
            early.push(plugin.to_string());
            if one.hook == "PLUGIN_LOADED" {
                filters.push(String::from("PLUGINS_LOADED"));
            }
        }
    }
    let mut add = |mut names: Vec<String>, kind: fn(String) -> Dependency| {
        names.sort();
        names.dedup();
        all.extend(names.into_iter().map(kind));
    };
    add(plugins, Dependency::Plugin);
    add(filters, Dependency::Filter);
    add(early, Dependency::Early);
    if applies && !is_kind(target, LOADED) {
        all.push(Dependency::Late);
    }
    all
}

/// What something is now; `None` if that cannot be told.
pub(super) fn current(db: &dyn Db, dependency: &Dependency) -> Option<Fingerprint> {
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
        Dependency::Plugin(name) | Dependency::Early(name) => {
            Some(fingerprint_of_plugin(db, name).unwrap_or_default())
        }
        Dependency::Filter(name) => Some(fingerprint_of_filter(db, name)),
        Dependency::Late => functions::print_of_late(db),
    }
}
