//! What there is to say of what plugins declare, in words; and what all failures of plugins have in common.

use serde_json::Value as Json;

use super::host::Frame;
use super::plugins::PythonPlugin;
use crate::diagnostics::{Diagnostic, Owner, Place, did_you_mean};

/// Filters whose functions change nothing that a save writes: what they are for is not there yet.
const WITHOUT_EFFECT: [&str; 11] = [
    "APP_PUBLIC_HOSTS",
    "CLI_COMMANDS",
    "CLI_DO_INIT_TASKS",
    "COMMANDS_INIT",
    "COMMANDS_PRE_INIT",
    "CONFIG_INTERACTIVE",
    "IMAGES_BUILD_REQUIRED",
    "PLUGIN_INDEXES",
    "PLUGIN_INDEX_ENTRY_TO_INSTALL",
    "PLUGIN_INDEX_URL",
    "TESTS",
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
    problems.extend(of_replacements(plugin, said));
    problems.extend(of_callbacks(plugin, said));
    problems
}

/// A plugin puts something of its own in place of what Tutor has.
fn of_replacements(plugin: &PythonPlugin, said: &Json) -> Option<Diagnostic> {
    let names = said.get("replaced")?.as_array()?;
    let names: Vec<_> = names.iter().filter_map(Json::as_str).collect();
    if names.is_empty() {
        return None;
    }
    let message = format!(
        "plugin '{}' replaces {}: what is rendered does not depend on these here, only functions of plugins do, and \
         `tutor.hooks` is put back",
        plugin.name,
        names.join(", ")
    );
    let alert = Diagnostic::alert("plugin-replaces", message).at(plugin.place());
    let alert = alert.hint("use hooks instead");
    Some(alert.of(Owner::Plugin(plugin.name.clone())))
}

/// Functions of a plugin of API v1 that are not called: what they are for is not there yet, or it is over by then.
fn of_callbacks(plugin: &PythonPlugin, said: &Json) -> Vec<Diagnostic> {
    let callbacks = said.get("callbacks").and_then(Json::as_array);
    let names = callbacks
        .into_iter()
        .flatten()
        .filter_map(|one| one.get("name")?.as_str());
    let mut names: Vec<_> = names.collect();
    names.sort_unstable();
    names.dedup();
    let remark = |remark: Diagnostic| {
        let owner = Owner::Plugin(plugin.name.clone());
        remark.at(plugin.place()).of(owner)
    };
    let mut remarks = Vec::new();
    if names.contains(&"CORE_READY") {
        let message = format!(
            "plugin '{}' waits for CORE_READY, which is over when plugins are loaded: its function is never called, nor is \
             it by Tutor",
            plugin.name
        );
        let warning = Diagnostic::warning("plugin-callbacks-left-out", message);
        remarks.push(remark(warning).hint("wait for PLUGINS_LOADED or PROJECT_ROOT_READY"));
    }
    names.retain(|name| WITHOUT_EFFECT.contains(name));
    if !names.is_empty() {
        let message = format!(
            "plugin '{}' changes {} by functions that this version does not call yet",
            plugin.name,
            names.join(", ")
        );
        remarks.push(remark(Diagnostic::remark(
            "plugin-callbacks-left-out",
            message,
        )));
    }
    remarks
}
