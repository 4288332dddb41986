//! When a watch keeps its hands off: an editor may be half-way.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::config;
use crate::inputs::Db;

/// What is odd about `config.yml`, so that nothing is saved until it is put right; `None` if nothing is.
///
/// A watch never begins a configuration, and never draws a secret again that was there at the last save (`names` are
/// the settings that were in the file then): that `config.yml` lacks it is far more often a slip than a wish.
pub(super) fn reason_to_wait(db: &dyn Db, names: &BTreeSet<Arc<str>>) -> Option<String> {
    if !config::exists(db) {
        return Some(String::from(
            "config.yml is gone: nothing is saved until it is back (to begin a new one, run `tutor config save`)",
        ));
    }
    let user = config::user_layer(db).as_ref().ok()?;
    let (base, _) = config::base_layer(db).as_ref().ok()?;
    let missing: Vec<&str> = base
        .iter()
        .filter(|(name, raw)| {
            config::is_template(&raw.value) && names.contains(name) && user.get(name).is_none()
        })
        .map(|(name, _)| &**name)
        .collect();
    let first = missing.first()?;
    let others = match missing.len() - 1 {
        0 => String::new(),
        1 => String::from(" and another one"),
        more => format!(" and {more} others"),
    };
    Some(format!(
        "config.yml has lost {first}{others}: nothing is saved until it is back (to draw it anew, run `tutor config save`)"
    ))
}

/// The settings that are in `config.yml` now.
pub(super) fn names(db: &dyn Db) -> BTreeSet<Arc<str>> {
    config::user_layer(db)
        .as_ref()
        .map(|user| user.iter().map(|(name, _)| name.clone()).collect())
        .unwrap_or_default()
}
