//! What is called, in words, and whose it is.

use serde_json::Value as Json;

use super::host::Problem;
use super::{functions, names};
use crate::diagnostics::{Owner, Place};
use crate::inputs::Db;

/// The kind of the target that is no function: what is done once all plugins are loaded.
pub(super) const LOADED: &str = "plugins_loaded";

pub(super) fn is_kind(target: &Json, kind: &str) -> bool {
    target.get("kind").and_then(Json::as_str) == Some(kind)
}

/// What is called, for people.
pub(super) fn describe(db: &dyn Db, target: &Json) -> String {
    let text = |key: &str| target.get(key).and_then(Json::as_str);
    match text("kind") {
        Some("variable") => format!("'{}'", text("name").unwrap_or_default()),
        Some("filter") => format!("the filter '{}'", text("name").unwrap_or_default()),
        Some("apply" | "names") => {
            format!("the filter {}", text("name").unwrap_or_default())
        }
        Some(LOADED) => String::from("what plugins do once all are loaded (PLUGINS_LOADED)"),
        Some("of") => target
            .get("target")
            .map_or_else(String::new, |inner| describe(db, inner)),
        _ => match text("plugin") {
            Some(plugin) => {
                let at = target.get("at").and_then(Json::as_u64);
                match at.and_then(|at| functions::hook_of(db, plugin, at)) {
                    Some(hook) => format!("the function of plugin '{plugin}' for {hook}"),
                    None => format!("a function of plugin '{plugin}'"),
                }
            }
            None => String::from("a function of a plugin"),
        },
    }
}

/// Where the function is that was called, as far as that is known.
pub(super) fn place_of(db: &dyn Db, target: &Json, owner: &Owner) -> Option<Place> {
    let Owner::Plugin(plugin) = owner else {
        return None;
    };
    let hook = match target.get("at").and_then(Json::as_u64) {
        Some(at) => functions::hook_of(db, plugin, at)?,
        None => target.get("name")?.as_str()?,
    };
    functions::place_of(db, plugin, hook)
}

/// Whose function it is, as far as that is known.
pub(super) fn owner_of(db: &dyn Db, target: &Json, problem: &Problem) -> Owner {
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
            names::variable_of(db, name).map_or(Owner::Core, plugin)
        }
        (Some("filter"), _, Some(name)) => names::filter_of(db, name).map_or(Owner::Core, plugin),
        (Some(LOADED), _, _) => functions::early(db)
            .last()
            .map_or(Owner::Core, |(name, _)| plugin(name)),
        (Some("apply" | "names"), _, Some(name)) => {
            functions::changer_of(db, name).map_or(Owner::Core, |name| plugin(name))
        }
        _ => Owner::Core,
    }
}
