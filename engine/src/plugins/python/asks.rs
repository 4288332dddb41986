//! What plugins ask the engine while they are loaded.
//!
//! There is no configuration yet: it depends on them. What does not is answered.

use serde_json::{Value as Json, json};

use crate::inputs::Db;

/// Answers what a plugin asks while it is loaded.
///
/// # Errors
/// What the plugin gets to read, if there is no answer.
pub(super) fn while_loading(_db: &dyn Db, what: &str, _with: &Json) -> Result<Json, String> {
    match what {
        "index_entries" => Ok(json!([])),
        _ => Err(format!(
            "'{what}' cannot be had while plugins are loaded: the configuration depends on them"
        )),
    }
}
