//! From what the host says of a plugin to its declaration.
//!
//! Types were checked where the plugin was loaded: there it is known where things are.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value as Json;
use values::Value;

use super::value::value;
use crate::plugins::declaration::{
    BuildImage, DEFAULT, Declaration, HIGH, Images, Script, Setting, Target, Task,
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

/// Data that a plugin of API v1 has added to filters, by priority.
fn v1(filters: &Json) -> Option<Declaration> {
    let mut priorities = vec![];
    for additions in filters.as_object()?.values() {
        for addition in additions.as_array()? {
            priorities.push(addition.get("priority")?.as_i64()?);
        }
    }
    priorities.retain(|priority| *priority != DEFAULT);
    priorities.sort_unstable();
    priorities.dedup();
    let others = priorities
        .into_iter()
        .map(|priority| Some((priority, with_priority(filters, priority)?)));
    Some(Declaration {
        others: others.collect::<Option<_>>()?,
        ..with_priority(filters, DEFAULT)?
    })
}

/// What was added with one priority.
fn with_priority(filters: &Json, wanted: i64) -> Option<Declaration> {
    let filter = |name: &str| Filter {
        additions: filters.get(name).and_then(Json::as_array),
        priority: wanted,
    };
    let settings = |name| {
        filter(name).items(|item| {
            let (name, value) = pair_of(item)?;
            // Shared by all renders from here on.
            value.freeze();
            Some(Setting { name, value })
        })
    };
    let texts = |name| {
        filter(name).items(|item| {
            let (name, text) = pair_of(item)?;
            Some((name, text_of(&text)?))
        })
    };
    let patterns = |name| filter(name).items(text_of);
    let mut tasks = filter("CLI_DO_INIT_TASKS").items(|item| {
        let (service, text) = pair_of(item)?;
        Some(Task {
            service,
            script: Script::Text(text_of(&text)?),
            priority: wanted,
        })
    })?;
    for (name, priority) in [("COMMANDS_PRE_INIT", HIGH), ("COMMANDS_INIT", wanted)] {
        tasks.extend(filter(name).items(|item| {
            let (service, path) = pair_of(item)?;
            Some(Task {
                service,
                script: Script::Template(joined(&path)?),
                priority,
            })
        })?);
    }
    Some(Declaration {
        unique: settings("CONFIG_UNIQUE")?,
        defaults: settings("CONFIG_DEFAULTS")?,
        overrides: settings("CONFIG_OVERRIDES")?,
        patches: texts("ENV_PATCHES")?,
        tasks,
        build_images: filter("IMAGES_BUILD").items(|item| {
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
        template_roots: filter("ENV_TEMPLATE_ROOTS")
            .items(|item| Some(PathBuf::from(&*text_of(item)?)))?,
        targets: filter("ENV_TEMPLATE_TARGETS").items(|item| {
            let (prefix, destination) = pair_of(item)?;
            Some(Target {
                prefix,
                destination: text_of(&destination)?,
            })
        })?,
        user: settings("CONFIG_USER")?,
        variables: settings("ENV_TEMPLATE_VARIABLES")?,
        filters: settings("ENV_TEMPLATE_FILTERS")?,
        include: patterns("ENV_PATTERNS_INCLUDE")?,
        ignore: patterns("ENV_PATTERNS_IGNORE")?,
        mounted_directories: texts("MOUNTED_DIRECTORIES")?,
        compose_mounts: texts("COMPOSE_MOUNTS")?,
        others: Vec::new(),
    })
}

/// A filter, as far as it was added to with one priority.
struct Filter<'a> {
    additions: Option<&'a Vec<Json>>,
    priority: i64,
}

impl Filter<'_> {
    /// The items that were added.
    fn items<T>(&self, item: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
        let mut items = Vec::new();
        for addition in self.additions.into_iter().flatten() {
            if addition.get("priority")?.as_i64()? == self.priority {
                for json in addition.get("items")?.as_array()? {
                    items.push(item(&value(json)?)?);
                }
            }
        }
        Some(items)
    }
}

fn pair_of(item: &Value) -> Option<(Arc<str>, Value)> {
    let [first, second] = &items_of(item)?[..] else {
        return None;
    };
    Some((text_of(first)?, second.clone()))
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
