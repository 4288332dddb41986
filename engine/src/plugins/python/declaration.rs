//! From what the host says of a plugin to its declaration.
//!
//! Types were checked where the plugin was loaded: there it is known where things are.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value as Json;
use values::Value;

use super::value::value;
use crate::plugins::declaration::{
    BuildImage, Declaration, HIGH, Images, Script, Setting, Target, Task,
};
use crate::plugins::v0::{V0, prefix};

/// The declaration of the plugin called `name`; `None` if the host does not keep to the protocol.
pub fn declaration(name: &str, said: &Json) -> Option<Declaration> {
    match said.get("filters") {
        Some(filters) => v1(filters),
        None => v0(name, said),
    }
}

fn v0(name: &str, said: &Json) -> Option<Declaration> {
    let prefix = prefix(name);
    let config = said.get("config")?;
    let hooks = said.get("hooks")?;
    let declaration = V0 {
        unique: settings(config.get("add")?, &prefix)?,
        defaults: settings(config.get("defaults")?, &prefix)?,
        overrides: settings(config.get("set")?, "")?,
        patches: texts(said.get("patches")?)?,
        pre_init: services(hooks.get("pre-init")?)?,
        init: services(hooks.get("init")?)?,
        build_images: texts(hooks.get("build-image")?)?,
        remote_images: texts(hooks.get("remote-image")?)?,
        templates: match said.get("templates")? {
            Json::Null => None,
            folder => Some(PathBuf::from(folder.as_str()?)),
        },
    };
    Some(declaration.declaration(name))
}

/// Data that a plugin of API v1 has added to filters. Within one filter, the smaller priority comes first; between
/// plugins only the order of plugins counts.
fn v1(filters: &Json) -> Option<Declaration> {
    let pair_of = |item: &Value| {
        let [first, second] = &items_of(item)?[..] else {
            return None;
        };
        Some((text_of(first)?, second.clone()))
    };
    let settings = |filter| {
        items(filters, filter, |item, _| {
            let (name, value) = pair_of(item)?;
            // Shared by all renders from here on.
            value.freeze();
            Some(Setting { name, value })
        })
    };
    let texts = |filter| {
        items(filters, filter, |item, _| {
            let (name, text) = pair_of(item)?;
            Some((name, text_of(&text)?))
        })
    };
    let mut tasks = items(filters, "CLI_DO_INIT_TASKS", |item, priority| {
        let (service, text) = pair_of(item)?;
        Some(Task {
            service,
            script: Script::Text(text_of(&text)?),
            priority,
        })
    })?;
    for (filter, earliest) in [("COMMANDS_PRE_INIT", Some(HIGH)), ("COMMANDS_INIT", None)] {
        tasks.extend(items(filters, filter, |item, priority| {
            let (service, path) = pair_of(item)?;
            Some(Task {
                service,
                script: Script::Template(joined(&path)?),
                priority: earliest.unwrap_or(priority),
            })
        })?);
    }
    Some(Declaration {
        unique: settings("CONFIG_UNIQUE")?,
        defaults: settings("CONFIG_DEFAULTS")?,
        overrides: settings("CONFIG_OVERRIDES")?,
        patches: texts("ENV_PATCHES")?,
        tasks,
        build_images: items(filters, "IMAGES_BUILD", |item, _| {
            let [name, context, tag, arguments] = &items_of(item)?[..] else {
                return None;
            };
            let arguments = items_of(arguments)?;
            Some(BuildImage {
                name: text_of(name)?,
                context: joined(context)?,
                tag: text_of(tag)?,
                arguments: arguments.iter().map(text_of).collect::<Option<_>>()?,
            })
        })?,
        pull_images: texts("IMAGES_PULL")?,
        push_images: texts("IMAGES_PUSH")?,
        template_roots: items(filters, "ENV_TEMPLATE_ROOTS", |item, _| {
            Some(PathBuf::from(&*text_of(item)?))
        })?,
        targets: items(filters, "ENV_TEMPLATE_TARGETS", |item, _| {
            let (prefix, destination) = pair_of(item)?;
            Some(Target {
                prefix,
                destination: text_of(&destination)?,
            })
        })?,
    })
}

/// The items that were added to a filter, each with its priority.
fn items<T>(
    filters: &Json,
    filter: &str,
    item: impl Fn(&Value, i64) -> Option<T>,
) -> Option<Vec<T>> {
    let mut items = Vec::new();
    let additions = filters.get(filter).and_then(Json::as_array);
    for addition in additions.into_iter().flatten() {
        let priority = addition.get("priority")?.as_i64()?;
        for json in addition.get("items")?.as_array()? {
            items.push(item(&value(json)?, priority)?);
        }
    }
    Some(items)
}

fn text_of(value: &Value) -> Option<Arc<str>> {
    match value {
        Value::Str(text) => Some(text.clone()),
        _ => None,
    }
}

fn items_of(value: &Value) -> Option<Vec<Value>> {
    match value {
        Value::List(list) => Some(list.to_vec()),
        Value::Tuple(items) => Some(items.to_vec()),
        _ => None,
    }
}

/// A path: a text, or its parts.
fn joined(value: &Value) -> Option<Arc<str>> {
    if let Some(text) = text_of(value) {
        return Some(text);
    }
    let parts = items_of(value)?;
    let parts: Option<Vec<_>> = parts.iter().map(text_of).collect();
    Some(parts?.join("/").into())
}

fn pairs(json: &Json) -> Option<impl Iterator<Item = Option<(&str, &Json)>>> {
    let pairs = json.as_array()?.iter().map(|pair| {
        let [name, item] = &pair.as_array()?[..] else {
            return None;
        };
        Some((name.as_str()?, item))
    });
    Some(pairs)
}

fn settings(json: &Json, prefix: &str) -> Option<Vec<Setting>> {
    let settings = pairs(json)?.map(|pair| {
        let (name, item) = pair?;
        let value: Value = value(item)?;
        // Shared by all renders from here on.
        value.freeze();
        Some(Setting {
            name: format!("{prefix}{name}").into(),
            value,
        })
    });
    settings.collect()
}

fn texts(json: &Json) -> Option<Images> {
    let texts = pairs(json)?.map(|pair| {
        let (name, text) = pair?;
        Some((Arc::from(name), Arc::from(text.as_str()?)))
    });
    texts.collect()
}

fn services(json: &Json) -> Option<Vec<Arc<str>>> {
    let services = json.as_array()?.iter();
    services
        .map(|name| Some(Arc::from(name.as_str()?)))
        .collect()
}
