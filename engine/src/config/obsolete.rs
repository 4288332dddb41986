//! Names of settings from older days, and what they are called now.

use std::sync::Arc;

use values::{List, Value};

use super::layers::{Layer, Raw};
use crate::diagnostics::Owner;

/// Renamed one to one, in the order in which Tutor does it (it decides who wins when both are there).
const RENAMED: [(&str, &str); 3] = [
    ("MYSQL_DATABASE", "OPENEDX_MYSQL_DATABASE"),
    ("MYSQL_USERNAME", "OPENEDX_MYSQL_USERNAME"),
    ("SECRET_KEY", "OPENEDX_SECRET_KEY"),
];

const RENAMED_LATER: [(&str, &str); 9] = [
    ("ACTIVATE_HTTPS", "ENABLE_HTTPS"),
    ("ACTIVATE_LMS", "RUN_LMS"),
    ("ACTIVATE_CMS", "RUN_CMS"),
    ("ACTIVATE_MONGODB", "RUN_MONGODB"),
    ("ACTIVATE_MYSQL", "RUN_MYSQL"),
    ("ACTIVATE_REDIS", "RUN_REDIS"),
    ("ACTIVATE_SMTP", "RUN_SMTP"),
    ("RUN_CADDY", "ENABLE_WEB_PROXY"),
    ("NGINX_HTTP_PORT", "CADDY_HTTP_PORT"),
];

/// Renames what is obsolete in the user's settings.
pub(super) fn upgrade(layer: &mut Layer) {
    if let Some(raw) = layer.remove("MYSQL_PASSWORD") {
        layer.insert("MYSQL_ROOT_PASSWORD".into(), raw.clone());
        layer.insert("OPENEDX_MYSQL_PASSWORD".into(), raw);
    }
    rename(layer, &RENAMED[..2]);
    for (name, plugin) in [("RUN_NOTES", "notes"), ("RUN_XQUEUE", "xqueue")] {
        if layer
            .remove(name)
            .is_some_and(|raw| values::ops::truth(&raw.value).unwrap_or(false))
        {
            enable(layer, plugin);
        }
    }
    rename(layer, &RENAMED[2..]);
    if let Some(raw) = layer.remove("WEB_PROXY") {
        let value = Value::Bool(!values::ops::truth(&raw.value).unwrap_or(false));
        layer.insert("RUN_CADDY".into(), Raw { value, ..raw });
    }
    rename(layer, &RENAMED_LATER);
}

fn rename(layer: &mut Layer, names: &[(&str, &str)]) {
    for (old, new) in names {
        if let Some(raw) = layer.remove(old) {
            layer.insert(Arc::from(*new), raw);
        }
    }
}

/// Services that became plugins: Tutor would forget the other plugins here; we keep them.
fn enable(layer: &mut Layer, plugin: &str) {
    let mut plugins = match layer.get("PLUGINS").map(|raw| &raw.value) {
        Some(Value::List(list)) => list.to_vec(),
        _ => Vec::new(),
    };
    if !plugins.contains(&Value::str(plugin)) {
        plugins.push(Value::str(plugin));
    }
    plugins.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
    let list = List::new(plugins);
    list.freeze();
    layer.insert(
        "PLUGINS".into(),
        Raw {
            value: Value::List(list),
            owner: Owner::User,
        },
    );
}
