//! Which plugins there are, and which of them are enabled.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::document::Source;
use super::file::{declaration_of, identity, source};
use super::origin::{self, Origin, declaration};
use super::python::{self, Environment, Group, PythonPlugin, python_environment, python_plugins};
use crate::config;
use crate::diagnostics::{Diagnostic, Failure, Owner, Place, did_you_mean};
use crate::inputs::{Db, Project};
use crate::system::FileKind;

/// A plugin that could be enabled.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Installed {
    /// Its name.
    pub name: Arc<str>,
    /// What `plugins list` shows beside it: the version, or where a Python file is.
    pub info: Arc<str>,
    /// Where it comes from.
    pub origin: Origin,
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
    /// Those that loaded, in alphabetical order.
    pub plugins: Vec<(Arc<str>, Origin)>,
    /// Names in `PLUGINS` that did not load, in alphabetical order.
    pub failed: Vec<Arc<str>>,
    /// Why.
    pub problems: Vec<Failure>,
    /// Whether it may be otherwise next time though nothing has changed.
    pub passing: bool,
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

/// The plugins of the plugins root and of the Python environment, in the order in which Tutor 22 discovers them: packages
/// of API v0, files of API v0, files of API v1, packages of API v1. Names may occur twice.
pub fn in_order_of_discovery(db: &dyn Db) -> Vec<Installed> {
    let packages = python_plugins(db);
    let of_group = |group: Group| {
        let packages = packages.plugins.iter();
        packages
            .filter(move |package| package.group == group)
            .map(|package| Installed {
                name: package.name.clone(),
                info: package.version.clone().unwrap_or_default(),
                origin: Origin::Python(Arc::new(package.clone())),
            })
    };
    let files = in_plugins_root(db);
    let is_yaml = |plugin: &&Installed| matches!(plugin.origin, Origin::Yaml(_));
    let (yaml, python): (Vec<_>, Vec<_>) = files.plugins.iter().partition(is_yaml);
    let files = |files: Vec<&Installed>| files.into_iter().cloned().collect::<Vec<_>>();
    of_group(Group::V0)
        .chain(files(yaml))
        .chain(files(python))
        .chain(of_group(Group::V1))
        .collect()
}

/// The plugins of the plugins root and of the Python environment. Of those with one name the first is used.
#[salsa::tracked]
pub fn installed(db: &dyn Db) -> Installation {
    let problems = python_plugins(db).problems.iter();
    each_once(
        in_order_of_discovery(db),
        problems
            .chain(&in_plugins_root(db).problems)
            .cloned()
            .collect(),
    )
}

/// Those that the enabled ones are chosen from.
///
/// Who has enabled files only, and whose Python would have to be started just to find out where its packages are, does
/// not have to wait for that.
#[salsa::tracked]
fn considered(db: &dyn Db) -> Installation {
    let files = in_plugins_root(db);
    let is_file = |name: &Arc<str>| files.plugins.iter().any(|plugin| plugin.name == *name);
    let names = config::plugin_names(db).as_deref().unwrap_or_default();
    let is_costly = matches!(python_environment(db), Environment::NeedsProbe { .. });
    if names.is_empty() || (is_costly && names.iter().all(is_file)) {
        each_once(files.plugins.iter().cloned(), files.problems.clone())
    } else {
        installed(db).clone()
    }
}

/// What is wrong with plugins that might be enabled.
pub fn problems(db: &dyn Db) -> impl Iterator<Item = &Failure> {
    let considered = considered(db).problems.iter();
    considered.chain(&enabled(db).problems)
}

/// Plugins by name, the first of each; with what is wrong.
fn each_once(all: impl IntoIterator<Item = Installed>, problems: Vec<Failure>) -> Installation {
    let mut installation = Installation {
        plugins: Vec::new(),
        problems,
    };
    let mut by_name: FxHashMap<Arc<str>, usize> = FxHashMap::default();
    for plugin in all {
        if let Some(index) = by_name.get(&plugin.name) {
            let first: &Installed = &installation.plugins[*index];
            let problem = twice(&first.origin, &plugin);
            installation.problems.push(problem.into());
        } else {
            by_name.insert(plugin.name.clone(), installation.plugins.len());
            installation.plugins.push(plugin);
        }
    }
    installation.plugins.sort_by(|a, b| a.name.cmp(&b.name));
    installation
}

/// Two plugins have one name.
fn twice(first: &Origin, second: &Installed) -> Diagnostic {
    if let (Origin::Python(first), Origin::Python(second)) = (first, &second.origin)
        && first.file.is_none()
        && second.file.is_none()
    {
        return python::twice(first, second);
    }
    let message = format!(
        "two plugins are called '{}': {} is used, {} is not",
        second.name,
        first.describe(),
        second.origin.describe()
    );
    Diagnostic::alert("plugin-duplicate", message)
        .at(second.origin.place())
        .hint("rename, uninstall or remove one of them")
}

/// The plugins that are files, in the order of their files: those in YAML, then those in Python. Names may occur twice.
#[salsa::tracked]
fn in_plugins_root(db: &dyn Db) -> Installation {
    let (mut yaml, mut python) = (Vec::new(), Vec::new());
    let mut problems = Vec::new();
    let root = Project::get(db).plugins_root(db);
    let Some(entries) = db.folder(root).listing(db) else {
        return Installation::default();
    };
    let ignore_yaml = db.variable("TUTOR_IGNORE_DICT_PLUGINS").value(db).is_some();
    for entry in entries.iter() {
        let Some((stem, extension)) = entry.name.rsplit_once('.') else {
            continue;
        };
        if stem.is_empty() || stem.starts_with('.') {
            continue;
        }
        let path = root.join(&*entry.name);
        match extension {
            "yml" if !ignore_yaml => match identity(db, db.file(&path)) {
                Ok(Some((name, version))) => yaml.push(Installed {
                    name: name.clone(),
                    info: version.clone().unwrap_or_default(),
                    origin: Origin::Yaml(path),
                }),
                Ok(None) => problems.push(dangling(&path).into()),
                Err(failure) => problems.push(failure.clone()),
            },
            "py" if entry.kind == Some(FileKind::File) => python.push(Installed {
                name: stem.into(),
                info: path.display().to_string().into(),
                origin: Origin::Python(Arc::new(PythonPlugin::of_file(stem, &path))),
            }),
            _ => {}
        }
    }
    yaml.append(&mut python);
    Installation {
        plugins: yaml,
        problems,
    }
}

fn dangling(path: &Path) -> Diagnostic {
    let place = Place {
        origin: path.display().to_string(),
        ..Place::default()
    };
    Diagnostic::alert("plugin-unreadable", "is a link that leads nowhere")
        .at(place)
        .hint("remove it")
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
    let considered = &considered(db).plugins;
    for name in names {
        let found = considered
            .binary_search_by(|plugin| plugin.name.cmp(&name))
            .ok()
            .map(|index| &considered[index]);
        let Some(plugin) = found else {
            // Where nobody could tell which packages there are, it may be there next time.
            enabled.passing |= !python_plugins(db).is_lasting;
            let mut alert = missing(db, &name);
            alert.hint.get_or_insert_with(|| {
                format!("install it, or run `tutor plugins disable {name}`")
            });
            enabled.problems.push(alert.into());
            enabled.failed.push(name);
            continue;
        };
        if matches!(plugin.origin, Origin::Python(_)) {
            let problem = python::problem_with_patience(db).cloned();
            enabled
                .problems
                .extend(problem.filter(|new| !enabled.problems.contains(new)));
        }
        let problems = origin::problems(db, &plugin.origin);
        enabled.problems.extend(problems.iter().cloned());
        enabled.passing |= origin::is_passing(db, &plugin.origin);
        if declaration(db, &plugin.origin).is_some() {
            enabled.plugins.push((name, plugin.origin.clone()));
        } else {
            enabled.failed.push(name);
        }
    }
    enabled
}

/// There is no plugin called `name`; with a hint if the name, or Python, may be the reason.
pub fn missing(db: &dyn Db, name: &Arc<str>) -> Diagnostic {
    let message = format!("plugin '{name}' is not installed");
    let mut diagnostic =
        Diagnostic::alert("plugin-missing", message).of(Owner::Plugin(name.clone()));
    if python::python_interpreter(db).interpreter.is_none() {
        let note =
            "no Python was found, and so no plugin that is a Python package: see TUTOR_PYTHON";
        diagnostic = diagnostic.note(note);
    }
    let installed = installed(db).plugins.iter().map(|plugin| &*plugin.name);
    diagnostic.hint = did_you_mean(name, installed)
        .map(|near| format!("did you mean '{near}'? See `tutor plugins list`"));
    diagnostic
}

/// Where the enabled plugin `name` comes from.
pub fn origin_of<'db>(db: &'db dyn Db, name: &str) -> Option<&'db Origin> {
    let plugins = &enabled(db).plugins;
    let index = plugins
        .binary_search_by(|(plugin, _)| (**plugin).cmp(name))
        .ok()?;
    Some(&plugins[index].1)
}

/// The file of the enabled plugin `name`, parsed, if it is one of YAML.
pub fn source_of(db: &dyn Db, name: &str) -> Option<Arc<Source>> {
    match origin_of(db, name)? {
        Origin::Yaml(path) => source(db, db.file(path)).ok()?,
        Origin::Python(_) => None,
    }
}

/// Where the key at `path` of the enabled plugin `name` is, as far as that is known.
pub fn place_of(db: &dyn Db, name: &str, path: &[&str]) -> Option<Place> {
    Some(source_of(db, name)?.place(path, true))
}
