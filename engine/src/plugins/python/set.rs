//! All enabled plugins together, as the host has to know them before a function of one of them is called.
//!
//! Functions see what others contribute: so a call depends on the plugins whose functions it runs, and on the filters
//! that it applies. Here is what tells whether these are the same.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value as Json, json};
use values::Value;

use super::entry_points::Group;
use super::loader::Member;
use super::loading::{loaded, what_to_load};
use super::value;
use crate::cache::{Fingerprint, fingerprint_of_parts};
use crate::config;
use crate::hooks::{self, TemplateRoot};
use crate::inputs::Db;
use crate::jobs::INIT_TASKS;
use crate::plugins::declaration::{DEFAULT, Declaration, HIGH, Script, Setting};
use crate::plugins::{self, Origin};
use crate::render;

/// All members, the core first, then the plugins in their order.
#[salsa::tracked]
pub(super) fn members(db: &dyn Db) -> Arc<Vec<Member>> {
    let mut members = vec![Member::Data {
        plugin: None,
        filters: core(db),
    }];
    for (name, origin) in &plugins::enabled(db).plugins {
        members.push(match origin {
            Origin::Python(plugin) if plugin.group == Group::V1 => Member::Plugin {
                load: what_to_load(db, plugin),
                fingerprint: loaded(db, plugin).fingerprint,
            },
            _ => Member::Data {
                plugin: Some(name.to_string()),
                filters: plugins::declaration(db, origin).map_or(Json::Null, |one| filters(one)),
            },
        });
    }
    Arc::new(members)
}

/// What the core adds to filters that the SDK does not know: settings, constants, plugins that are there.
fn core(db: &dyn Db) -> Json {
    let pairs = |file| {
        let layer = config::core_settings(db, file);
        let pairs = layer.into_iter().flat_map(config::Layer::iter);
        let items = pairs.filter_map(|(name, raw)| Some(pair(name, value::json(&raw.value)?)));
        json!([{ "priority": HIGH, "items": items.collect::<Vec<_>>() }])
    };
    let constants = render::CONSTANTS.iter();
    let constants =
        constants.filter_map(|name| Some(pair(name, value::json(&render::constant(db, name)?)?)));
    let constants: Vec<_> = constants.collect();
    let mut names: Vec<Json> = Vec::new();
    let mut infos: Vec<Json> = Vec::new();
    for plugin in plugins::in_order_of_discovery(db) {
        names.push(json!(&*plugin.name));
        infos.push(pair(&plugin.name, &*plugin.info));
    }
    let tasks = INIT_TASKS.iter().filter_map(|task| {
        let text = core_text(db, task.template)?;
        let priority = if task.is_first { HIGH } else { DEFAULT };
        let context = format!("app:{}", task.app);
        let items = [pair(task.service, text)];
        Some(json!({ "priority": priority, "context": context, "items": items }))
    });
    json!({
        "CLI_DO_INIT_TASKS": tasks.collect::<Vec<_>>(),
        "CONFIG_DEFAULTS": pairs("defaults.yml"),
        "ENV_TEMPLATE_VARIABLES": [{ "priority": DEFAULT, "items": constants }],
        "PLUGINS_INFO": [{ "priority": DEFAULT, "items": infos }],
        "PLUGINS_INSTALLED": [{ "priority": DEFAULT, "items": names }],
    })
}

/// The text of a template of the core, as it is; `None` if the template root has none of that name.
fn core_text(db: &dyn Db, name: &str) -> Option<String> {
    match hooks::core_template_root(db) {
        TemplateRoot::Folder(root) => {
            let content = db.file(&root.join(name)).content(db);
            content.text().map(ToString::to_string)
        }
        TemplateRoot::BuiltIn => {
            templates::get(name).map(|text| String::from_utf8_lossy(text).into_owned())
        }
    }
}

fn pair(name: &str, item: impl Into<Json>) -> Json {
    json!({ "t": "tuple", "v": [name, item.into()] })
}

/// What a plugin that is data adds to filters.
fn filters(declaration: &Declaration) -> Json {
    let mut filters = Map::new();
    let mut add = |filter: &str, items: Vec<Json>| {
        if !items.is_empty() {
            let addition = json!([{ "priority": DEFAULT, "items": items }]);
            filters.insert(filter.to_owned(), addition);
        }
    };
    let settings = |settings: &[Setting]| {
        let items = settings.iter();
        let items = items.filter_map(|one| Some(pair(&one.name, value::json(&one.value)?)));
        items.collect::<Vec<_>>()
    };
    let pairs = |pairs: &[(Arc<str>, Arc<str>)]| {
        let items = pairs.iter().map(|(name, text)| pair(name, &**text));
        items.collect::<Vec<_>>()
    };
    add("CONFIG_UNIQUE", settings(&declaration.unique));
    add("CONFIG_DEFAULTS", settings(&declaration.defaults));
    add("CONFIG_OVERRIDES", settings(&declaration.overrides));
    add("ENV_PATCHES", pairs(&declaration.patches));
    add("IMAGES_PULL", pairs(&declaration.pull_images));
    add("IMAGES_PUSH", pairs(&declaration.push_images));
    let roots = declaration.template_roots.iter();
    add(
        "ENV_TEMPLATE_ROOTS",
        roots
            .map(|root| json!(root.display().to_string()))
            .collect(),
    );
    let targets = declaration.targets.iter();
    let targets = targets.map(|one| pair(&one.prefix, &*one.destination));
    add("ENV_TEMPLATE_TARGETS", targets.collect());
    let tasks = declaration
        .tasks
        .iter()
        .filter_map(|task| match &task.script {
            Script::Text(text) => Some(pair(&task.service, &**text)),
            Script::Template(_) => None,
        });
    add("CLI_DO_INIT_TASKS", tasks.collect());
    Json::Object(filters)
}

/// What tells whether a plugin is the same; `None` if it is not enabled. Whatever it has read is part of it: so its
/// functions are the same, too.
pub(super) fn fingerprint_of_plugin(db: &dyn Db, name: &str) -> Option<Fingerprint> {
    match plugins::origin_of(db, name)? {
        Origin::Yaml(path) => {
            let hash = db.file(path).content(db).hash()?;
            Some(fingerprint_of_parts([&hash.as_bytes()[..]]))
        }
        Origin::Python(plugin) => Some(loaded(db, plugin).fingerprint),
    }
}

/// What tells whether everybody adds the same to a filter, in the same order.
#[salsa::tracked]
pub(super) fn fingerprints_of_filters(db: &dyn Db) -> BTreeMap<String, Fingerprint> {
    let mut parts: BTreeMap<String, Vec<Vec<u8>>> = BTreeMap::new();
    let mut all: Vec<Vec<u8>> = Vec::new();
    let mut add = |filter: &str, name: &str, content: Vec<u8>| {
        let parts = parts.entry(filter.to_owned()).or_default();
        parts.push(name.as_bytes().to_vec());
        parts.push(content);
    };
    for member in members(db).iter() {
        let name = match member {
            Member::Plugin { load, .. } => Some(&load.name),
            Member::Data { plugin, .. } => plugin.as_ref(),
        };
        // Each is loaded.
        add(
            "PLUGINS_LOADED",
            name.map_or("", String::as_str),
            Vec::new(),
        );
        match member {
            Member::Data { plugin, filters } => {
                let name = plugin.as_deref().unwrap_or_default();
                for (filter, additions) in filters.as_object().into_iter().flatten() {
                    add(filter, name, additions.to_string().into_bytes());
                }
            }
            Member::Plugin { load, fingerprint } => {
                let Some(Origin::Python(plugin)) = plugins::origin_of(db, &load.name) else {
                    continue;
                };
                all.push(fingerprint.to_vec());
                for (filter, print) in &loaded(db, plugin).added {
                    add(filter, &load.name, print.to_vec());
                }
            }
        }
    }
    // Who adds what to filters that have no name is not told: it may be any of them.
    parts.insert(ALL.to_owned(), all);
    // What is added once all plugins are loaded may be added to any.
    let late = parts.remove("PLUGINS_LOADED").unwrap_or_default();
    parts.entry(NONE.to_owned()).or_default();
    parts
        .into_iter()
        .map(|(filter, parts)| {
            let all = parts.iter().chain(&late).map(Vec::as_slice);
            (filter, fingerprint_of_parts(all))
        })
        .collect()
}

/// In place of the name of a filter of which only that is known that it is a plugin's own.
pub(super) const ALL: &str = "of.?";

/// In place of the name of a filter that nobody adds to.
const NONE: &str = "";

/// What tells whether everybody adds the same to the filter `name`.
pub(super) fn fingerprint_of_filter(db: &dyn Db, name: &str) -> Fingerprint {
    let name = if name.ends_with(".?") { ALL } else { name };
    let known = fingerprints_of_filters(db);
    let found = known.get(name).or_else(|| known.get(NONE));
    found.copied().unwrap_or_default()
}

/// The configuration that functions get.
pub(super) fn configuration(db: &dyn Db) -> Result<Json, crate::diagnostics::Failure> {
    let table = config::table(db, config::Pass::Full)?;
    let pairs = table.iter().filter_map(|(name, outcome)| {
        let value: &Value = outcome.value.as_ref().ok()?.as_ref()?;
        Some(json!([&**name, value::json(value)?]))
    });
    Ok(json!({ "t": "dict", "v": pairs.collect::<Vec<_>>() }))
}
