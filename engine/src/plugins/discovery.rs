//! Which plugins there are, and which of them are enabled.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::document::Source;
use super::file::{declaration_of, identity, plugin_file, source};
use crate::config;
use crate::diagnostics::{Diagnostic, Failure, Owner, Place, did_you_mean};
use crate::inputs::{Db, Project};
use crate::system::FileKind;

/// How a plugin is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A `*.yml` file (API v0).
    Yaml,
    /// A `*.py` file (API v1).
    Python,
}

/// A plugin that could be enabled.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Installed {
    /// Its name.
    pub name: Arc<str>,
    /// What `plugins list` shows beside it: the version, or where a Python file is.
    pub info: Arc<str>,
    /// How it is written.
    pub kind: Kind,
    /// Its file.
    pub path: PathBuf,
}

/// Plugins in name order, and the problems with those that are none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Installation {
    /// Sorted by name; of those with one name, the first in file order.
    pub plugins: Vec<Installed>,
    /// Files that are no plugins, names that are taken.
    pub problems: Vec<Failure>,
}

/// The plugins that are enabled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Enabled {
    /// Those that loaded, in alphabetical order, with their files.
    pub plugins: Vec<(Arc<str>, PathBuf)>,
    /// Names in `PLUGINS` that did not load, in alphabetical order.
    pub failed: Vec<Arc<str>>,
    /// Why.
    pub problems: Vec<Failure>,
}

impl Enabled {
    /// Whether the plugin called `name` is loaded.
    pub fn contains(&self, name: &str) -> bool {
        self.plugins
            .binary_search_by(|(plugin, _)| (**plugin).cmp(name))
            .is_ok()
    }
}

/// The files of the plugins root that could be YAML plugins.
pub fn yaml_files(db: &dyn Db) -> Vec<PathBuf> {
    let root = Project::get(db).plugins_root(db);
    let Some(entries) = db.folder(root).listing(db) else {
        return Vec::new();
    };
    let files = entries.iter().filter(|entry| entry.name.ends_with(".yml"));
    files.map(|entry| root.join(&*entry.name)).collect()
}

/// Reads one of these ahead: everything that depends on no other.
pub fn preload(db: &dyn Db, path: &Path) {
    let file = db.file(path);
    let _ = identity(db, file);
    let _ = declaration_of(db, file);
}

/// The plugins of the plugins root.
#[salsa::tracked]
pub fn installed(db: &dyn Db) -> Installation {
    let mut installation = Installation::default();
    let root = Project::get(db).plugins_root(db);
    let Some(entries) = db.folder(root).listing(db) else {
        return installation;
    };
    let mut by_name: FxHashMap<Arc<str>, usize> = FxHashMap::default();
    let ignore_yaml = db.variable("TUTOR_IGNORE_DICT_PLUGINS").value(db).is_some();
    for entry in entries.iter() {
        let Some((stem, extension)) = entry.name.rsplit_once('.') else {
            continue;
        };
        if stem.is_empty() || stem.starts_with('.') {
            continue;
        }
        let path = root.join(&*entry.name);
        let plugin = match extension {
            "yml" if ignore_yaml => continue,
            "yml" => match identity(db, db.file(&path)) {
                Ok(Some(identity)) => {
                    let (name, version) = identity.clone();
                    Installed {
                        name,
                        info: version.unwrap_or_default(),
                        kind: Kind::Yaml,
                        path,
                    }
                }
                Ok(None) => {
                    let place = Place {
                        origin: path.display().to_string(),
                        ..Place::default()
                    };
                    let alert =
                        Diagnostic::alert("plugin-unreadable", "is a link that leads nowhere");
                    installation
                        .problems
                        .push(alert.at(place).hint("remove it").into());
                    continue;
                }
                Err(failure) => {
                    installation.problems.push(failure.clone());
                    continue;
                }
            },
            "py" if entry.kind == Some(FileKind::File) => Installed {
                name: stem.into(),
                info: path.display().to_string().into(),
                kind: Kind::Python,
                path,
            },
            _ => continue,
        };
        if let Some(index) = by_name.get(&plugin.name) {
            let first: &Installed = &installation.plugins[*index];
            let message = format!(
                "two plugins are called '{}': {} is used, {} is not",
                plugin.name,
                first.path.display(),
                plugin.path.display()
            );
            let place = Place {
                origin: plugin.path.display().to_string(),
                ..Place::default()
            };
            installation.problems.push(
                Diagnostic::alert("plugin-duplicate", message)
                    .at(place)
                    .hint("rename or remove one of them")
                    .into(),
            );
        } else {
            by_name.insert(plugin.name.clone(), installation.plugins.len());
            installation.plugins.push(plugin);
        }
    }
    installation.plugins.sort_by(|a, b| a.name.cmp(&b.name));
    installation
}

/// Whether there is a plugin called `name`.
pub fn is_installed(db: &dyn Db, name: &str) -> bool {
    installed(db)
        .plugins
        .binary_search_by(|plugin| (*plugin.name).cmp(name))
        .is_ok()
}

/// The enabled plugins: those that `PLUGINS` names and that load.
#[salsa::tracked]
pub fn enabled(db: &dyn Db) -> Enabled {
    let mut enabled = Enabled::default();
    let mut names = match config::plugin_names(db) {
        Ok(names) => names.clone(),
        Err(failure) => {
            enabled.problems.push(failure.clone());
            return enabled;
        }
    };
    names.sort();
    names.dedup();
    let installation = installed(db);
    let installed = &installation.plugins;
    for name in names {
        let owner = Owner::Plugin(name.clone());
        let found = installed
            .binary_search_by(|plugin| plugin.name.cmp(&name))
            .ok()
            .map(|index| &installed[index]);
        let Some(plugin) = found else {
            let mut alert = Diagnostic::alert(
                "plugin-missing",
                format!("plugin '{name}' is not installed"),
            )
            .of(owner);
            alert.hint = Some(
                match did_you_mean(&name, installed.iter().map(|plugin| &*plugin.name)) {
                    Some(near) => format!("did you mean '{near}'? See `tutor plugins list`"),
                    None => format!("install it, or run `tutor plugins disable {name}`"),
                },
            );
            enabled.problems.push(alert.into());
            enabled.failed.push(name);
            continue;
        };
        if plugin.kind == Kind::Python {
            let place = Place {
                origin: plugin.path.display().to_string(),
                ..Place::default()
            };
            let alert = Diagnostic::alert(
                "plugin-python",
                format!("plugin '{name}' is written in Python, which this version cannot load yet"),
            );
            enabled.problems.push(alert.at(place).of(owner).into());
            enabled.failed.push(name);
            continue;
        }
        let file = db.file(&plugin.path);
        let problems = &plugin_file(db, file).problems;
        enabled.problems.extend(problems.iter().cloned());
        if declaration_of(db, file).is_ok() {
            enabled.plugins.push((name, plugin.path.clone()));
        } else {
            enabled.failed.push(name);
        }
    }
    enabled
}

/// The file of the enabled plugin `name`, parsed.
pub fn source_of(db: &dyn Db, name: &str) -> Option<Arc<Source>> {
    let plugins = &enabled(db).plugins;
    let index = plugins
        .binary_search_by(|(plugin, _)| (**plugin).cmp(name))
        .ok()?;
    source(db, db.file(&plugins[index].1)).ok()?
}

/// Where the key at `path` of the enabled plugin `name` is.
pub fn place_of(db: &dyn Db, name: &str, path: &[&str]) -> Option<Place> {
    Some(source_of(db, name)?.place(path, true))
}
