//! From what the host says of a plugin to its declaration.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value as Json;
use values::Value;

use super::value::value;
use crate::plugins::declaration::{Declaration, Images, Setting};

/// The declaration of the plugin called `name`; `None` if the host does not keep to the protocol. Types were checked
/// where the plugin was loaded: there it is known where things are.
pub fn declaration(name: &str, said: &Json) -> Option<Declaration> {
    let prefix = format!("{}_", name.to_uppercase());
    let config = said.get("config")?;
    let hooks = said.get("hooks")?;
    Some(Declaration {
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
    })
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
