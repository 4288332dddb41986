//! What there is to say of what plugins declare, in words; and what all failures of plugins have in common.

use serde_json::Value as Json;

use super::host::Frame;
use super::plugins::PythonPlugin;
use crate::diagnostics::{Diagnostic, Owner, Place, did_you_mean};

/// The code of an alert: the plugin uses functions that this version does not call.
pub(super) const NEEDS_CALLBACKS: &str = "plugin-callbacks";

/// Filters whose functions change nothing that a save writes: what they are for is not there yet.
const WITHOUT_EFFECT: [&str; 13] = [
    "APP_PUBLIC_HOSTS",
    "CLI_COMMANDS",
    "CLI_DO_COMMANDS",
    "CLI_DO_INIT_TASKS",
    "COMMANDS_INIT",
    "COMMANDS_PRE_INIT",
    "DOCKER_BUILD_COMMAND",
    "DO_JOB",
    "IMAGES_BUILD",
    "IMAGES_BUILD_MOUNTS",
    "IMAGES_BUILD_REQUIRED",
    "IMAGES_PULL",
    "IMAGES_PUSH",
];

/// What becomes of a plugin that does not load.
pub(super) const LEFT_OUT: &str = "the plugin is left out";

pub(super) fn alert(code: &'static str, plugin: &PythonPlugin, message: String) -> Diagnostic {
    Diagnostic::alert(code, message)
        .of(Owner::Plugin(plugin.name.clone()))
        .note(LEFT_OUT)
}

pub(super) fn disable(plugin: &PythonPlugin) -> String {
    format!("run `tutor plugins disable {}`", plugin.name)
}

pub(super) fn called_from(frame: &Frame) -> String {
    let function = frame.function.as_deref().unwrap_or("<module>");
    let line = frame
        .line
        .map(|line| format!(":{line}"))
        .unwrap_or_default();
    format!("called from {}{line}, in {function}", frame.file)
}

pub(super) fn place(frame: &Frame) -> Place {
    let column = frame.column.filter(|column| *column > 0);
    Place {
        origin: frame.file.clone(),
        line: frame.line,
        column,
        width: usize::from(column.is_some()),
        excerpt: frame
            .text
            .as_ref()
            .map(|text| text.trim_end_matches('\n').to_owned()),
    }
}

/// What is worth saying of a plugin that does load: keys that nobody knows, functions that nobody calls.
pub(super) fn of_declaration(plugin: &PythonPlugin, said: &Json) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let unknown = said.get("unknown").and_then(Json::as_array);
    for pair in unknown.into_iter().flatten() {
        let part = |index| pair.get(index).and_then(Json::as_str).unwrap_or_default();
        let (attribute, key) = (part(0), part(1));
        let known: &[&str] = match attribute {
            "config" => &["add", "defaults", "set"],
            _ => &["init", "pre-init", "build-image", "remote-image"],
        };
        let hint = did_you_mean(key, known.iter().copied()).map_or_else(
            || format!("known here: {}", known.join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        let message = format!(
            "unknown key `{attribute}.{key}` of plugin '{}'",
            plugin.name
        );
        problems.push(
            Diagnostic::alert("unknown-key", message)
                .at(plugin.place())
                .of(Owner::Plugin(plugin.name.clone()))
                .hint(hint),
        );
    }
    problems.extend(of_callbacks(plugin, said));
    problems
}

/// What is called, or used, wherever it is needed.
const CALLED: [&str; 19] = [
    "CMS_WORKER_COMMAND",
    "COMPOSE_MOUNTS",
    "CONFIG_DEFAULTS",
    "CONFIG_LOADED",
    "CONFIG_OVERRIDES",
    "CONFIG_UNIQUE",
    "CONFIG_USER",
    "ENV_PATCHES",
    "ENV_PATTERNS_IGNORE",
    "ENV_PATTERNS_INCLUDE",
    "ENV_SAVED",
    "ENV_TEMPLATE_FILTERS",
    "ENV_TEMPLATE_ROOTS",
    "ENV_TEMPLATE_TARGETS",
    "ENV_TEMPLATE_VARIABLES",
    "LMS_WORKER_COMMAND",
    "MOUNTED_DIRECTORIES",
    "PLUGINS_LOADED",
    "PLUGIN_UNLOADED",
];

/// Those of them that are used as items only.
const ITEMS: [&str; 2] = ["ENV_TEMPLATE_FILTERS", "ENV_TEMPLATE_VARIABLES"];

/// Functions of a plugin of API v1: some that a save needs cannot be called yet.
fn of_callbacks(plugin: &PythonPlugin, said: &Json) -> Option<Diagnostic> {
    let callbacks = said.get("callbacks")?.as_array()?;
    let text = |one: &Json, key: &str| Some(one.get(key)?.as_str()?.to_owned());
    let is_item = |one: &Json| one.get("item").and_then(Json::as_bool).unwrap_or_default();
    // Which names templates know has to be known without calling anybody.
    let is_called =
        |one: &Json, name: &str| CALLED.contains(&name) && (is_item(one) || !ITEMS.contains(&name));
    let mut needed: Vec<(String, Option<&Json>)> = Vec::new();
    let mut without = Vec::new();
    for one in callbacks {
        let name = text(one, "name")?;
        if WITHOUT_EFFECT.contains(&&*name) {
            without.push(name);
        } else if !is_called(one, &name) {
            needed.push((name, Some(one)));
        }
    }
    let cleared = said.get("cleared").and_then(Json::as_array);
    for name in cleared.into_iter().flatten().filter_map(Json::as_str) {
        needed.push((format!("{name}, which it clears"), None));
    }
    without.sort();
    without.dedup();
    if let Some((_, first)) = needed.first() {
        let place = first.and_then(|one| {
            Some(Place {
                origin: text(one, "file")?,
                line: usize::try_from(one.get("line")?.as_u64()?).ok(),
                ..Place::default()
            })
        });
        let mut names: Vec<_> = needed.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        let message = format!(
            "plugin '{}' changes in a way that this version cannot follow yet: {}",
            plugin.name,
            names.join(", ")
        );
        return Some(
            alert(NEEDS_CALLBACKS, plugin, message)
                .at(place.unwrap_or_else(|| plugin.place()))
                .hint(disable(plugin)),
        );
    }
    let message = format!(
        "plugin '{}' changes {} by functions that this version does not call yet",
        plugin.name,
        without.join(", ")
    );
    (!without.is_empty()).then(|| {
        Diagnostic::remark("plugin-callbacks-left-out", message)
            .at(plugin.place())
            .of(Owner::Plugin(plugin.name.clone()))
    })
}
