//! The layers of raw values, and how they merge: user beats base beats defaults.
#![allow(
    missing_docs,
    reason = "salsa's macros generate functions without documentation"
)]

use std::sync::Arc;

use rustc_hash::FxHashMap;
use values::Value;

use super::settings::Pass;
use super::user::{parse_value, user_layer};
use crate::diagnostics::{Diagnostic, Failure, Owner, Place};
use crate::hooks::{self, Contribution, TemplateRoot};
use crate::inputs::Db;
use crate::plugins::document;

/// A value before it is rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raw {
    /// The value.
    pub value: Value,
    /// Who says so.
    pub owner: Owner,
}

/// Raw values in their order.
#[derive(Clone, Debug, Default)]
pub struct Layer {
    entries: Vec<(Arc<str>, Raw)>,
    index: FxHashMap<Arc<str>, usize>,
}

impl PartialEq for Layer {
    /// Order counts: it decides which setting sees which.
    fn eq(&self, other: &Self) -> bool {
        self.entries == other.entries
    }
}
impl Eq for Layer {}

/// All layers of a pass, merged.
pub type Merged = Arc<Layer>;

impl Layer {
    /// The entries in order.
    pub fn iter(&self) -> impl Iterator<Item = &(Arc<str>, Raw)> {
        self.entries.iter()
    }
    /// The entry called `name`.
    pub fn get(&self, name: &str) -> Option<&Raw> {
        self.index.get(name).map(|index| &self.entries[*index].1)
    }
    /// The entry at a position.
    pub fn entry(&self, position: usize) -> &(Arc<str>, Raw) {
        &self.entries[position]
    }
    /// The names that begin and end in a certain way, in order.
    pub fn names_matching(&self, prefix: Option<&str>, suffix: Option<&str>) -> Vec<Arc<str>> {
        let names = self.entries.iter().map(|(name, _)| name);
        names
            .filter(|name| prefix.is_none_or(|prefix| name.starts_with(prefix)))
            .filter(|name| suffix.is_none_or(|suffix| name.ends_with(suffix)))
            .cloned()
            .collect()
    }
    /// Where the entry called `name` is, which probably is at `guess`.
    pub fn position_near(&self, name: &Arc<str>, guess: usize) -> Option<usize> {
        match self.entries.get(guess) {
            Some((found, _)) if Arc::ptr_eq(found, name) || found == name => Some(guess),
            _ => self.position(name),
        }
    }
    /// How many entries come before the one called `name`.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.index.get(name).copied()
    }
    /// Sets an entry as a Python dictionary does: a known name keeps its place. Answers what was there.
    pub fn insert(&mut self, name: Arc<str>, raw: Raw) -> Option<Raw> {
        if let Some(index) = self.index.get(&name) {
            return Some(std::mem::replace(&mut self.entries[*index].1, raw));
        }
        self.index.insert(name.clone(), self.entries.len());
        self.entries.push((name, raw));
        None
    }
    /// Adds what is not there yet.
    fn merge(&mut self, other: &Layer) {
        for (name, raw) in &other.entries {
            if !self.index.contains_key(name) {
                self.insert(name.clone(), raw.clone());
            }
        }
    }
    /// Takes an entry out. Costs as much as there are entries.
    pub fn remove(&mut self, name: &str) -> Option<Raw> {
        let index = self.index.remove(name)?;
        let (_, raw) = self.entries.remove(index);
        self.index
            .values_mut()
            .filter(|other| **other > index)
            .for_each(|other| *other -= 1);
        Some(raw)
    }
}

impl FromIterator<(Arc<str>, Raw)> for Layer {
    fn from_iter<I: IntoIterator<Item = (Arc<str>, Raw)>>(entries: I) -> Self {
        let mut layer = Self::default();
        for (name, raw) in entries {
            layer.insert(name, raw);
        }
        layer
    }
}

/// `config/base.yml` or `config/defaults.yml` of the core template root.
#[salsa::tracked]
fn core_file<'db>(db: &'db dyn Db, name: hooks::Name<'db>) -> Result<Layer, Failure> {
    let name = format!("config/{}", name.text(db));
    let source = match &hooks::core_template_root(db) {
        TemplateRoot::Folder(root) => {
            document::yaml_document(db, db.file(&root.join(&name))).clone()?
        }
        TemplateRoot::BuiltIn => templates::get(&name)
            .map(|bytes| {
                document::parse(
                    format!("built-in {name}"),
                    String::from_utf8_lossy(bytes).into(),
                    true,
                )
            })
            .transpose()?,
    };
    let Some(source) = source else {
        let root = match hooks::core_template_root(db) {
            TemplateRoot::Folder(root) => root.display().to_string(),
            TemplateRoot::BuiltIn => String::from("the built-in templates"),
        };
        return Err(Diagnostic::error("no-template-root", format!("{root} has no `{name}`"))
            .hint("point --templates-root (TUTOR_TEMPLATES_ROOT) at a folder such as Tutor's `tutor/templates`")
            .into());
    };
    super::user::top_level(&source, &Owner::Core)
}

fn core_layer<'db>(db: &'db dyn Db, name: &str) -> &'db Result<Layer, Failure> {
    core_file(db, hooks::Name::new(db, Arc::from(name)))
}

/// The settings in one of the core's own files, not rendered.
pub fn core_settings<'db>(db: &'db dyn Db, file: &str) -> Option<&'db Layer> {
    core_layer(db, file).as_ref().ok()
}

/// The value of a setting in the core's own files, not rendered.
pub fn core_value(db: &dyn Db, name: &str) -> Option<Value> {
    ["base.yml", "defaults.yml"].iter().find_map(|file| {
        core_layer(db, file)
            .as_ref()
            .ok()?
            .get(name)
            .map(|raw| raw.value.clone())
    })
}

/// The base layer: the core's, then CONFIG_UNIQUE, then CONFIG_OVERRIDES; and the names that two of them define.
#[salsa::tracked]
pub fn base_layer(db: &dyn Db) -> Result<(Layer, Vec<Failure>), Failure> {
    let mut layer = core_layer(db, "base.yml").clone()?;
    let mut conflicts = Vec::new();
    for (contributions, key) in [
        (hooks::config_unique(db), "add"),
        (hooks::config_overrides(db), "set"),
    ] {
        for Contribution { setting, owner } in contributions {
            let raw = Raw {
                value: setting.value.clone(),
                owner: owner.clone(),
            };
            if let Some(before) = layer.insert(setting.name.clone(), raw) {
                conflicts.push(conflict(db, &setting.name, &before.owner, owner, key).into());
            }
        }
    }
    Ok((layer, conflicts))
}

fn conflict(db: &dyn Db, name: &str, before: &Owner, after: &Owner, key: &str) -> Diagnostic {
    // Tutor's own words first: people search for them.
    let message = format!(
        "Found conflicting values for setting '{name}': {before} and {after} both define it; {after} is used"
    );
    let mut diagnostic = Diagnostic::warning("setting-conflict", message).of(after.clone());
    if let Owner::Plugin(plugin) = after {
        let stripped = name.strip_prefix(&format!("{}_", plugin.to_uppercase()));
        let key_in_file = if key == "add" {
            stripped.unwrap_or(name)
        } else {
            name
        };
        // The line shows the value, which may be a password.
        diagnostic.place =
            crate::plugins::place_of(db, plugin, &["config", key, key_in_file]).map(|place| {
                Place {
                    excerpt: None,
                    ..place
                }
            });
    }
    diagnostic
}

/// The defaults: the core's, then CONFIG_DEFAULTS, then `TUTOR_<NAME>` variables for these.
#[salsa::tracked]
pub fn defaults_layer(db: &dyn Db) -> Result<Layer, Failure> {
    let defaults = hooks::config_defaults(db);
    let core = core_layer(db, "defaults.yml")
        .as_ref()
        .map_err(Clone::clone)?;
    let mut layer = if defaults.is_whole {
        Layer::default()
    } else {
        core.clone()
    };
    for Contribution { setting, owner } in &defaults.all {
        layer.insert(
            setting.name.clone(),
            Raw {
                value: setting.value.clone(),
                owner: owner.clone(),
            },
        );
    }
    override_from_environment(db, &mut layer)?;
    Ok(layer)
}

/// Replaces values for which there is a variable `TUTOR_<NAME>`.
pub(super) fn override_from_environment(db: &dyn Db, layer: &mut Layer) -> Result<(), Failure> {
    for (variable, text) in db.overrides().variables(db) {
        let name = variable.strip_prefix("TUTOR_").unwrap_or_default();
        if let Some(index) = layer.index.get(name).copied() {
            let raw = &mut layer.entries[index].1;
            let value = parse_value(text).map_err(|error| {
                let message = format!(
                    "the value of {variable} is not valid YAML: {}",
                    error.problem_without_value()
                );
                let place = Place {
                    origin: format!("environment variable {variable}"),
                    ..Place::default()
                };
                Failure::from(Diagnostic::error("variable-syntax", message).at(place))
            })?;
            value.freeze();
            *raw = Raw {
                value,
                owner: Owner::Environment(variable.as_str().into()),
            };
        }
    }
    Ok(())
}

/// All layers that a pass has, merged.
#[salsa::tracked]
pub fn merged(db: &dyn Db, pass: PassKey<'_>) -> Result<Merged, Failure> {
    let pass = pass.pass(db);
    let mut merged = user_layer(db).clone()?;
    if pass != Pass::Bootstrap {
        for Contribution { setting, owner } in hooks::config_user(db) {
            let raw = Raw {
                value: setting.value.clone(),
                owner: owner.clone(),
            };
            merged.insert(setting.name.clone(), raw);
        }
    }
    match pass {
        Pass::Bootstrap => merged.merge(core_layer(db, "base.yml").as_ref().map_err(Clone::clone)?),
        Pass::Minimal | Pass::Full => {
            merged.merge(&base_layer(db).as_ref().map_err(Clone::clone)?.0);
        }
    }
    if pass == Pass::Full {
        merged.merge(defaults_layer(db).as_ref().map_err(Clone::clone)?);
    }
    Ok(Arc::new(merged))
}

/// A pass as key of queries.
#[salsa::interned(debug)]
pub struct PassKey<'db> {
    /// The pass.
    #[returns(copy)]
    pub pass: Pass,
}
