//! Settings: layers of raw values, and the passes that render them.
//!
//! Knows plugins only as contributions of settings, and templates only as "render this text".

mod edit;
mod evaluation;
mod layers;
mod obsolete;
mod settings;
mod user;

pub use crate::render::{is_template, renders_as_it_is};
pub use edit::{Edit, Edits, apply as apply_edits, parse_key_value};
pub use evaluation::{Evaluation, Seen};
pub use layers::{Layer, Merged, Raw, base_layer, core_settings, core_value, defaults_layer};
pub use settings::{
    Outcome, Pass, SettingKey, Table, dump, merged_of, names_matching, setting, table, value_of,
    written,
};
pub use user::{config_file, exists, parse_value, user_layer};

use std::sync::Arc;

use values::Value;

use crate::diagnostics::{Diagnostic, Failure, Owner, Place};
use crate::inputs::Db;

/// The names in `PLUGINS`, as the file has them. Read from the user and the core's base layer alone, before
/// any plugin is known.
#[salsa::tracked]
pub fn plugin_names(db: &dyn Db) -> Result<Vec<Arc<str>>, Failure> {
    let Some(value) = value_of(db, Pass::Bootstrap, "PLUGINS")? else {
        return Ok(Vec::new());
    };
    plugin_list(&value).map_err(|found| {
        let place = user::place(db, &["PLUGINS"]).unwrap_or_else(|| Place {
            origin: config_file(db).display().to_string(),
            ..Place::default()
        });
        Diagnostic::error(
            "plugins-type",
            format!("`PLUGINS` must be a list of texts, found {found}"),
        )
        .at(place)
        .of(Owner::User)
        .hint("set it with `tutor config save --set 'PLUGINS=[]'`, then enable plugins one by one")
        .into()
    })
}

/// The plugin names in a value of `PLUGINS`.
///
/// # Errors
/// What it is instead, in words.
pub fn plugin_list(value: &Value) -> Result<Vec<Arc<str>>, &'static str> {
    let Value::List(list) = value else {
        return Err(crate::plugins::kind(value));
    };
    let items = list.to_vec();
    items
        .iter()
        .map(|item| match item {
            Value::Str(name) => Ok(name.clone()),
            other => Err(crate::plugins::kind(other)),
        })
        .collect()
}
