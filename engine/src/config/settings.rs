//! Passes over the merged layers, and the value of one setting in a pass.
//!
//! Within a pass a setting sees the *rendered* values of those before it and the *raw text* of those after it.
#![allow(
    missing_docs,
    reason = "salsa's macros generate functions without documentation"
)]

use std::sync::{Arc, OnceLock};

use indexmap::IndexMap;
use values::{Dict, Key, Value};

use super::evaluation::Evaluation;
use super::layers::{Merged, PassKey, merged};
use crate::cache::{Fingerprint, fingerprint};
use crate::diagnostics::{Diagnostic, Failure};
use crate::inputs::Db;
use crate::render::Reads;

/// Which layers are merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Pass {
    /// User and the core's base, before plugins are known: tells which plugins to load.
    Bootstrap,
    /// User and base: what is written to `config.yml`.
    Minimal,
    /// User, base and defaults: what templates see.
    Full,
}

/// A setting in a pass.
#[salsa::interned(debug)]
pub struct SettingKey<'db> {
    /// The pass.
    #[returns(copy)]
    pub pass: Pass,
    /// The setting's name.
    pub name: Arc<str>,
}

/// What a setting came to. Compared by value: what was read on the way does not count.
#[derive(Debug)]
pub struct Outcome {
    /// Its rendered value; `None` if there is no such setting.
    pub value: Result<Option<Value>, Failure>,
    /// Settings whose raw template text it has read and that show in its value.
    pub leaks: Vec<Arc<str>>,
    /// What was read to get there.
    pub reads: Reads,
    /// Computed when it is first asked for.
    print: OnceLock<Option<Fingerprint>>,
}

impl Outcome {
    /// What a setting came to.
    pub fn new(value: Result<Option<Value>, Failure>, leaks: Vec<Arc<str>>, reads: Reads) -> Self {
        Self {
            value,
            leaks,
            reads,
            print: OnceLock::new(),
        }
    }

    /// That of a setting for whose value nothing had to be read.
    pub fn plain(value: Result<Option<Value>, Failure>) -> Self {
        Self::new(value, Vec::new(), Reads::default())
    }

    /// The fingerprint of the value; `None` if there is a failure instead, or nothing that can be compared.
    pub fn fingerprint(&self) -> Option<Fingerprint> {
        *self
            .print
            .get_or_init(|| fingerprint(self.value.as_ref().ok()?.as_ref()))
    }
}

impl PartialEq for Outcome {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value && self.leaks == other.leaks
    }
}
impl Eq for Outcome {}

/// All settings of a pass, in layer order.
#[derive(Debug)]
pub struct Table {
    /// The layers that they come from.
    pub merged: Merged,
    /// What each came to.
    pub outcomes: Vec<Arc<Outcome>>,
}

impl Table {
    /// What the setting called `name` came to, `None` if there is none or if it failed.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let position = self.merged.position(name)?;
        self.outcomes[position].value.as_ref().ok()?.as_ref()
    }
    /// Names and outcomes, in layer order.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Outcome)> {
        let names = self.merged.iter().map(|(name, _)| name);
        names.zip(self.outcomes.iter().map(AsRef::as_ref))
    }
}

/// The merged layers of a pass.
pub fn merged_of(db: &dyn Db, pass: Pass) -> &Result<Merged, Failure> {
    merged(db, PassKey::new(db, pass))
}

/// The names that begin and end in a certain way, in order.
#[salsa::interned(debug)]
pub struct Pattern<'db> {
    /// The pass.
    #[returns(copy)]
    pub pass: Pass,
    /// What names begin with.
    pub prefix: Option<Arc<str>>,
    /// What names end with.
    pub suffix: Option<Arc<str>>,
}

#[salsa::tracked]
fn matching<'db>(db: &'db dyn Db, pattern: Pattern<'db>) -> Vec<Arc<str>> {
    let (prefix, suffix) = (pattern.prefix(db), pattern.suffix(db));
    merged_of(db, pattern.pass(db))
        .as_ref()
        .map(|merged| merged.names_matching(prefix.as_deref(), suffix.as_deref()))
        .unwrap_or_default()
}

/// The names of settings that begin with `prefix` and end with `suffix`, in layer order.
pub fn names_matching(
    db: &dyn Db,
    pass: Pass,
    prefix: Option<Arc<str>>,
    suffix: Option<Arc<str>>,
) -> &[Arc<str>] {
    matching(db, Pattern::new(db, pass, prefix, suffix))
}

/// All settings of a pass.
///
/// One query computes them all, one after the other: thousands of small queries would cost more than what they do.
/// Those for which nothing has changed since this query ran last are taken over from then (see [`Evaluation`]), and
/// [`setting`] stands between them and whoever reads one.
///
/// # Errors
/// If the layers cannot be read.
pub fn table(db: &dyn Db, pass: Pass) -> Result<&Arc<Table>, Failure> {
    all(db, PassKey::new(db, pass))
        .as_ref()
        .map_err(Clone::clone)
}

#[salsa::tracked(no_eq)]
fn all(db: &dyn Db, pass: PassKey<'_>) -> Result<Arc<Table>, Failure> {
    let pass = pass.pass(db);
    let merged = merged_of(db, pass).as_ref().map_err(Clone::clone)?;
    let before = db.last_table(pass);
    let table = Arc::new(Evaluation::new(db, pass, merged, before.as_deref()).all());
    db.set_last_table(pass, table.clone());
    Ok(table)
}

/// What a setting came to in its pass. Changes only when that changes.
#[salsa::tracked(cycle_result = setting_in_a_cycle)]
pub fn setting<'db>(db: &'db dyn Db, key: SettingKey<'db>) -> Arc<Outcome> {
    let (pass, name) = (key.pass(db), key.name(db));
    let outcome = match pass {
        // What only that pass needs must not wait for what plugins say.
        Pass::Bootstrap => merged_of(db, pass)
            .as_ref()
            .map_err(Clone::clone)
            .map(|merged| Evaluation::new(db, pass, merged, None).one(name)),
        Pass::Minimal | Pass::Full => table(db, pass).map(|table| {
            let position = table.merged.position(name)?;
            Some(table.outcomes[position].clone())
        }),
    };
    match outcome {
        Ok(Some(outcome)) => outcome,
        Ok(None) => Arc::new(Outcome::plain(Ok(None))),
        Err(failure) => Arc::new(Outcome::plain(Err(failure))),
    }
}

/// Settings see only those before them, so this cannot be reached through settings alone; it is an answer all
/// the same, should a later room ever close a circle.
fn setting_in_a_cycle<'db>(db: &'db dyn Db, _id: salsa::Id, key: SettingKey<'db>) -> Arc<Outcome> {
    let message = format!("setting '{}' needs itself", key.name(db));
    let failure = Diagnostic::error("setting-cycle", message);
    Arc::new(Outcome::plain(Err(failure.into())))
}

/// The value of the setting called `name` in a pass; `None` if there is none.
pub fn value_of(db: &dyn Db, pass: Pass, name: &str) -> Result<Option<Value>, Failure> {
    setting(db, SettingKey::new(db, pass, Arc::from(name)))
        .value
        .clone()
}

/// What is written to `config.yml`, if nobody makes other changes: the minimal pass.
///
/// # Errors
/// What [`table`] fails with, and settings that YAML cannot say. Settings that fail are left out.
#[salsa::tracked]
pub fn written(db: &dyn Db) -> Result<Arc<str>, Failure> {
    let table = table(db, Pass::Minimal)?;
    let pairs = table.iter().filter_map(|(name, outcome)| {
        let value = outcome.value.as_ref().ok()?.clone()?;
        Some((Key::str(name), value))
    });
    dump(pairs.collect())
}

/// Settings as the text of `config.yml`.
///
/// # Errors
/// If there is one that YAML cannot say.
pub fn dump(settings: IndexMap<Key, Value>) -> Result<Arc<str>, Failure> {
    match yaml::dump_readable(&Value::Dict(Dict::new(settings))) {
        Ok(text) => Ok(text.into()),
        Err(error) => Err(Diagnostic::error(
            "cannot-dump",
            format!("config.yml cannot be written: {error}"),
        )
        .hint("settings may be texts, numbers, booleans, dates, lists and mappings")
        .into()),
    }
}
