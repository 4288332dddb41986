//! Passes over the merged layers, and the value of one setting in a pass.
//!
//! Within a pass a setting sees the *rendered* values of those before it and the *raw text* of those after it.
#![allow(
    missing_docs,
    reason = "salsa's macros generate functions without documentation"
)]

use std::sync::Arc;

use values::Value;

use super::layers::{PassKey, Raw, merged};
use crate::diagnostics::Failure;
use crate::inputs::Db;
use crate::render;

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

/// What a setting came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Its rendered value; `None` if there is no such setting.
    pub value: Result<Option<Value>, Failure>,
    /// Settings whose raw template text it has read and that show in its value.
    pub leaks: Vec<Arc<str>>,
}

/// What one setting sees of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sees {
    /// There is no such setting.
    Nothing,
    /// It comes before: its rendered value.
    Rendered,
    /// It is the same or comes after: its raw value.
    Raw,
}

/// The merged layers of a pass.
pub fn merged_of(db: &dyn Db, pass: Pass) -> &Result<super::Merged, Failure> {
    merged(db, PassKey::new(db, pass))
}

/// The raw value of a setting. Changes only when that value does.
#[salsa::tracked]
pub fn raw<'db>(db: &'db dyn Db, key: SettingKey<'db>) -> Option<Raw> {
    merged_of(db, key.pass(db))
        .as_ref()
        .ok()?
        .get(key.name(db))
        .cloned()
}

/// What the setting `reader` sees of the setting `other` of the same pass.
#[salsa::tracked(returns(copy))]
pub fn sees<'db>(db: &'db dyn Db, reader: SettingKey<'db>, other: SettingKey<'db>) -> Sees {
    let Ok(merged) = merged_of(db, reader.pass(db)) else {
        return Sees::Nothing;
    };
    match (
        merged.position(other.name(db)),
        merged.position(reader.name(db)),
    ) {
        (None, _) => Sees::Nothing,
        (Some(other), Some(reader)) if other >= reader => Sees::Raw,
        _ => Sees::Rendered,
    }
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
    let Ok(merged) = merged_of(db, pattern.pass(db)) else {
        return Vec::new();
    };
    let (prefix, suffix) = (pattern.prefix(db), pattern.suffix(db));
    merged
        .iter()
        .map(|(name, _)| name)
        .filter(|name| {
            prefix
                .as_deref()
                .is_none_or(|prefix| name.starts_with(prefix))
        })
        .filter(|name| {
            suffix
                .as_deref()
                .is_none_or(|suffix| name.ends_with(suffix))
        })
        .cloned()
        .collect()
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

/// The value of a setting in its pass.
#[salsa::tracked(cycle_result = setting_in_a_cycle)]
pub fn setting<'db>(db: &'db dyn Db, key: SettingKey<'db>) -> Outcome {
    if let Err(failure) = merged_of(db, key.pass(db)) {
        return Outcome {
            value: Err(failure.clone()),
            leaks: Vec::new(),
        };
    }
    match raw(db, key) {
        Some(raw) => render::setting(db, key, raw),
        None => Outcome {
            value: Ok(None),
            leaks: Vec::new(),
        },
    }
}

/// Settings see only those before them, so this cannot be reached through settings alone; it is an answer all
/// the same, should a later room ever close a circle.
fn setting_in_a_cycle<'db>(db: &'db dyn Db, _id: salsa::Id, key: SettingKey<'db>) -> Outcome {
    let message = format!("setting '{}' needs itself", key.name(db));
    Outcome {
        value: Err(crate::Diagnostic::error("setting-cycle", message).into()),
        leaks: Vec::new(),
    }
}

/// The value of the setting called `name` in a pass; `None` if there is none.
pub fn value_of(db: &dyn Db, pass: Pass, name: &str) -> Result<Option<Value>, Failure> {
    setting(db, SettingKey::new(db, pass, Arc::from(name)))
        .value
        .clone()
}
