//! YAML plugins: `*.yml` files of the plugins root (API v0).

use std::path::PathBuf;
use std::sync::Arc;

use values::{Dict, Value};

use super::declaration::{Declaration, Images, Setting};
use super::document::Source;
use super::v0::{V0, prefix};
use crate::diagnostics::{Diagnostic, Owner, did_you_mean};

const KEYS: [&str; 7] = [
    "name",
    "version",
    "config",
    "patches",
    "hooks",
    "templates",
    "command",
];
const CONFIG_KEYS: [&str; 3] = ["add", "defaults", "set"];
const HOOK_KEYS: [&str; 4] = ["init", "pre-init", "build-image", "remote-image"];

/// Name, version, and a remark on the version.
pub(super) type Identity = (Arc<str>, Option<Arc<str>>, Option<Diagnostic>);

/// Name and version, which are known without enabling the plugin.
///
/// # Errors
/// If the file is no mapping, or has no proper name.
pub(super) fn identity(source: &Source) -> Result<Identity, Diagnostic> {
    let Value::Dict(top) = &source.document.value else {
        return Err(Diagnostic::alert(
            "plugin-type",
            format!(
                "a plugin must be a mapping, found {}",
                kind(&source.document.value)
            ),
        )
        .at(source.place(&[], false))
        .hint("begin the file with `name: myplugin`"));
    };
    let name: Arc<str> = match top.get_str("name") {
        Some(Value::Str(name)) if !name.is_empty() => name,
        Some(other) => {
            return Err(Diagnostic::alert(
                "plugin-name",
                format!("`name` must be a text, found {}", kind(&other)),
            )
            .at(source.place(&["name"], false))
            .hint("quote it: name: \"…\""));
        }
        None => {
            let mut diagnostic = Diagnostic::alert("plugin-name", "this plugin has no `name`")
                .at(source.place(&[], false))
                .hint("add a line `name: myplugin`");
            let keys: Vec<String> = keys_of(top);
            if let Some(near) = did_you_mean("name", keys.iter().map(String::as_str)) {
                diagnostic = diagnostic.note(format!("is `{near}` meant to be `name`?"));
            }
            return Err(diagnostic);
        }
    };
    let (version, remark) = match top.get_str("version") {
        None | Some(Value::None) => (None, None),
        Some(Value::Str(version)) => (Some(version), None),
        Some(other) => {
            let text = values::repr::to_str(&other).unwrap_or_default();
            let remark = Diagnostic::remark(
                "plugin-version",
                format!("`version` should be a text, found {}", kind(&other)),
            )
            .at(source.place(&["version"], false))
            .of(Owner::Plugin(name.clone()))
            .hint(format!("quote it: version: \"{text}\""));
            (Some(text.into()), Some(remark))
        }
    };
    Ok((name, version, remark))
}

/// Reads the declaration of the plugin called `name`. Alerts mean that it cannot be used.
pub(super) fn declaration(source: &Source, name: &str) -> (Declaration, Vec<Diagnostic>) {
    let mut reader = Reader {
        source,
        owner: Owner::Plugin(name.into()),
        problems: Vec::new(),
    };
    let mut declaration = V0::default();
    let Value::Dict(top) = &source.document.value else {
        return (Declaration::default(), reader.problems);
    };
    reader.unknown_keys(top, &[], &KEYS);

    let prefix = prefix(name);
    if let Some(config) = reader.dict(top, &["config"]) {
        reader.unknown_keys(&config, &["config"], &CONFIG_KEYS);
        declaration.unique = reader.settings(&config, "add", &prefix);
        declaration.defaults = reader.settings(&config, "defaults", &prefix);
        declaration.overrides = reader.settings(&config, "set", "");
    }
    if let Some(patches) = reader.dict(top, &["patches"]) {
        declaration.patches = reader.texts(&patches, &["patches"]);
    }
    if let Some(hooks) = reader.dict(top, &["hooks"]) {
        reader.unknown_keys(&hooks, &["hooks"], &HOOK_KEYS);
        declaration.init = reader.services(&hooks, "init");
        declaration.pre_init = reader.services(&hooks, "pre-init");
        declaration.build_images = reader.images(&hooks, "build-image");
        declaration.remote_images = reader.images(&hooks, "remote-image");
    }
    match top.get_str("templates") {
        None | Some(Value::None) => {}
        Some(Value::Str(folder)) => {
            declaration.templates = Some(PathBuf::from(&*folder));
        }
        Some(other) => reader.wrong_type(&["templates"], "a folder's path", &other),
    }
    if top
        .get_str("command")
        .is_some_and(|command| command != Value::None)
    {
        reader.problem(
            &["command"],
            "a YAML plugin cannot have a `command`",
            Some("write the plugin in Python"),
        );
    }
    (declaration.declaration(name), reader.problems)
}

struct Reader<'a> {
    source: &'a Source,
    owner: Owner,
    problems: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn problem(&mut self, path: &[&str], message: impl Into<String>, hint: Option<&str>) {
        let mut diagnostic = Diagnostic::alert("plugin-type", message)
            .at(self.source.place(path, false))
            .of(self.owner.clone());
        diagnostic.hint = hint.map(str::to_owned);
        self.problems
            .push(diagnostic.note("the plugin is left out"));
    }

    fn wrong_type(&mut self, path: &[&str], expected: &str, found: &Value) {
        let hint = match found {
            Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Date(_)
                if expected == "a text" =>
            {
                Some("quote it to make it a text")
            }
            _ => None,
        };
        let message = format!(
            "`{}` must be {expected}, found {}",
            path.join("."),
            kind(found)
        );
        self.problem(path, message, hint);
    }

    fn unknown_keys(&mut self, dict: &Dict, path: &[&str], known: &[&str]) {
        for key in keys_of(dict) {
            if !known.contains(&key.as_str()) {
                let mut full = path.to_vec();
                full.push(&key);
                let hint = did_you_mean(&key, known.iter().copied()).map_or_else(
                    || format!("known here: {}", known.join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                self.problems.push(
                    Diagnostic::alert("unknown-key", format!("unknown key `{}`", full.join(".")))
                        .at(self.source.place(&full, true))
                        .of(self.owner.clone())
                        .hint(hint),
                );
            }
        }
    }

    /// The mapping at `path`, whose last item is looked up in `parent`; an empty one if it is left out.
    fn dict(&mut self, parent: &Dict, path: &[&str]) -> Option<Dict> {
        match parent.get_str(path.last()?)? {
            Value::Dict(dict) => {
                let mut all_texts = true;
                for key in dict.read().keys() {
                    if key.value().as_str().is_none() {
                        let key = values::repr::repr(key.value());
                        self.problem(
                            path,
                            format!("keys of `{}` must be texts, found {key}", path.join(".")),
                            Some("quote it"),
                        );
                        all_texts = false;
                    }
                }
                all_texts.then_some(dict)
            }
            other => {
                self.wrong_type(path, "a mapping", &other);
                None
            }
        }
    }

    fn settings(&mut self, config: &Dict, key: &str, prefix: &str) -> Vec<Setting> {
        let Some(dict) = self.dict(config, &["config", key]) else {
            return Vec::new();
        };
        pairs(&dict)
            .into_iter()
            .map(|(name, value)| {
                // Shared by all renders from here on.
                value.freeze();
                Setting {
                    name: format!("{prefix}{name}").into(),
                    value,
                }
            })
            .collect()
    }

    fn texts(&mut self, dict: &Dict, path: &[&str]) -> Images {
        let mut texts = Vec::new();
        for (name, value) in pairs(dict) {
            if let Value::Str(text) = value {
                texts.push((name, text));
            } else {
                let mut full = path.to_vec();
                full.push(&name);
                self.wrong_type(&full, "a text", &value);
            }
        }
        texts
    }

    fn images(&mut self, hooks: &Dict, key: &str) -> Images {
        let path = ["hooks", key];
        self.dict(hooks, &path)
            .map_or_else(Vec::new, |dict| self.texts(&dict, &path))
    }

    fn services(&mut self, hooks: &Dict, key: &str) -> Vec<Arc<str>> {
        let path = ["hooks", key];
        match hooks.get_str(key) {
            None => Vec::new(),
            Some(Value::List(list)) => {
                let items = list.to_vec();
                let mut services = Vec::new();
                for item in &items {
                    match item {
                        Value::Str(service) => services.push(service.clone()),
                        other => self.wrong_type(&path, "a list of texts", other),
                    }
                }
                services
            }
            Some(other) => {
                self.wrong_type(&path, "a list of services", &other);
                Vec::new()
            }
        }
    }
}

fn pairs(dict: &Dict) -> Vec<(Arc<str>, Value)> {
    let read = dict.read();
    read.iter()
        .filter_map(|(key, value)| Some((Arc::from(key.value().as_str()?), value.clone())))
        .collect()
}

fn keys_of(dict: &Dict) -> Vec<String> {
    let as_text = |key: &values::Key| values::repr::to_str(key.value()).unwrap_or_default();
    dict.read().keys().map(as_text).collect()
}

/// A value's type in words.
pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Undefined(_) | Value::None => "nothing",
        Value::Bool(_) => "a boolean",
        Value::Int(_) | Value::BigInt(_) | Value::Float(_) => "a number",
        Value::Str(_) | Value::Markup(_) => "a text",
        Value::Bytes(_) => "binary data",
        Value::List(_) | Value::Tuple(_) => "a list",
        Value::Dict(_) => "a mapping",
        Value::Set(_) => "a set",
        Value::Date(_) | Value::DateTime(_) => "a date",
        Value::Object(_) => "an object",
    }
}
