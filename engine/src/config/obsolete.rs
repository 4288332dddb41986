//! Names of settings from older days, and what they are called now.

use std::sync::Arc;

use values::{List, Value};

use super::layers::{Layer, Raw};
use crate::diagnostics::{Diagnostic, Failure, Owner};

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
///
/// # Errors
/// If a service that has become a plugin is to run, and that plugin is not installed.
pub(super) fn upgrade(
    layer: &mut Layer,
    is_installed: impl Fn(&str) -> bool,
) -> Result<(), Failure> {
    if let Some(raw) = layer.remove("MYSQL_PASSWORD") {
        layer.insert("MYSQL_ROOT_PASSWORD".into(), raw.clone());
        layer.insert("OPENEDX_MYSQL_PASSWORD".into(), raw);
    }
    rename(layer, &RENAMED[..2]);
    let mut plugins = Vec::new();
    for (name, plugin) in [("RUN_NOTES", "notes"), ("RUN_XQUEUE", "xqueue")] {
        if layer
            .remove(name)
            .is_some_and(|raw| values::ops::truth(&raw.value).unwrap_or(false))
        {
            if !is_installed(plugin) {
                let message = format!(
                    "{name} is obsolete: it needs the plugin '{plugin}', which is not installed"
                );
                return Err(Diagnostic::error("obsolete-service", message)
                    .of(Owner::User)
                    .hint(format!(
                        "install the plugin, or remove {name} from config.yml"
                    ))
                    .into());
            }
            plugins.push(Value::str(plugin));
            // These are the plugins that are enabled from now on, as in Tutor.
            let list = List::new(plugins.clone());
            list.freeze();
            layer.insert(
                "PLUGINS".into(),
                Raw {
                    value: Value::List(list),
                    owner: Owner::User,
                },
            );
        }
    }
    rename(layer, &RENAMED[2..]);
    if let Some(raw) = layer.remove("WEB_PROXY") {
        let value = Value::Bool(!values::ops::truth(&raw.value).unwrap_or(false));
        layer.insert("RUN_CADDY".into(), Raw { value, ..raw });
    }
    rename(layer, &RENAMED_LATER);
    Ok(())
}

fn rename(layer: &mut Layer, names: &[(&str, &str)]) {
    for (old, new) in names {
        if let Some(raw) = layer.remove(old) {
            layer.insert(Arc::from(*new), raw);
        }
    }
}
