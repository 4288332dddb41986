//! The commands that plugins add to the command line.

use serde_json::Value as Json;

use super::plugins::PythonPlugin;

/// A command of a plugin's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// Its name on the command line.
    pub name: String,
    /// What it does, in a few words.
    pub help: String,
    /// Whether the help does not list it.
    pub hidden: bool,
}

/// The commands in what a plugin has said. The one of a plugin of API v0 is called as the plugin is.
pub(super) fn commands(plugin: &PythonPlugin, said: &Json) -> Vec<Command> {
    let text = |json: &Json, key: &str| {
        json.get(key)
            .and_then(Json::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let describe = |json: &Json, name: String| Command {
        name,
        help: text(json, "short"),
        hidden: json
            .get("hidden")
            .and_then(Json::as_bool)
            .unwrap_or_default(),
    };
    if let Some(all) = said.get("commands").and_then(Json::as_array) {
        return all
            .iter()
            .map(|one| describe(one, text(one, "name")))
            .collect();
    }
    let command = said.get("command").filter(|command| !command.is_null());
    command
        .map(|one| describe(one, plugin.name.to_string()))
        .into_iter()
        .collect()
}
