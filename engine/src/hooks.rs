//! Hooks: what all enabled plugins contribute, in order, each with its owner.
//!
//! Order is that of Tutor: plugins alphabetically, within a plugin as declared. Each query here is a filter of
//! Tutor's catalogue, applied; this room does not know what becomes of the values.
#![allow(
    missing_docs,
    reason = "salsa's macros generate functions without documentation"
)]

use std::path::PathBuf;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use values::Value;

use crate::diagnostics::Owner;
use crate::inputs::{Db, Project};
use crate::plugins::{self, BuildImage, Declaration, Images, Setting, Target, Task};

/// One contribution of a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contribution {
    /// What is contributed.
    pub setting: Setting,
    /// By whom.
    pub owner: Owner,
}

/// A text as key of queries.
#[salsa::interned(debug)]
pub struct Name<'db> {
    /// The text.
    pub text: Arc<str>,
}

/// A text of one plugin for a patch.
#[salsa::interned(debug)]
pub struct PatchKey<'db> {
    /// Whose it is.
    pub contributor: Contributor,
    /// The patch's name.
    pub patch: Arc<str>,
}

/// A plugin, and which of its texts for one patch is meant: a plugin of API v1 may add several.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Contributor {
    /// The plugin.
    pub plugin: Arc<str>,
    /// The number of its text, from 0.
    pub nth: u32,
}

/// What plugins declare, in the order in which it counts: by priority, then by plugin.
fn declarations(db: &dyn Db) -> Vec<(&Arc<str>, &Declaration)> {
    let enabled = plugins::enabled(db).plugins.iter();
    let declared = enabled
        .filter_map(|(name, origin)| Some((name, &**plugins::declaration(db, origin)?)))
        .collect::<Vec<_>>();
    if declared.iter().all(|(_, one)| one.others.is_empty()) {
        return declared;
    }
    let mut all = Vec::new();
    for (name, declaration) in declared {
        all.push((plugins::DEFAULT_PRIORITY, name, declaration));
        let others = declaration.others.iter();
        all.extend(others.map(|(priority, other)| (*priority, name, other)));
    }
    all.sort_by_key(|(priority, _, _)| *priority);
    all.into_iter().map(|(_, name, one)| (name, one)).collect()
}

fn settings(db: &dyn Db, list: impl Fn(&Declaration) -> &[Setting]) -> Vec<Contribution> {
    let mut contributions = Vec::new();
    for (plugin, declaration) in declarations(db) {
        contributions.extend(list(declaration).iter().map(|setting| Contribution {
            setting: setting.clone(),
            owner: Owner::Plugin(plugin.clone()),
        }));
    }
    contributions
}

/// Runs those queries ahead that read every plugin.
pub fn preload(db: &dyn Db) {
    patch_index(db);
    template_roots(db);
    template_targets(db);
}

/// CONFIG_UNIQUE: settings that are drawn once and kept in `config.yml`.
#[salsa::tracked]
pub fn config_unique(db: &dyn Db) -> Vec<Contribution> {
    settings(db, |declaration| &declaration.unique)
}

/// CONFIG_OVERRIDES: settings of others that plugins change.
#[salsa::tracked]
pub fn config_overrides(db: &dyn Db) -> Vec<Contribution> {
    settings(db, |declaration| &declaration.overrides)
}

/// CONFIG_DEFAULTS, without the core's.
#[salsa::tracked]
pub fn config_defaults(db: &dyn Db) -> Vec<Contribution> {
    settings(db, |declaration| &declaration.defaults)
}

/// Texts by patch, each with whose it is.
type PatchIndex = FxHashMap<Arc<str>, Vec<(Contributor, Arc<str>)>>;

/// ENV_PATCHES: which plugins fill which patch, and with what.
#[salsa::tracked]
fn patch_index(db: &dyn Db) -> PatchIndex {
    let mut index = PatchIndex::default();
    for (plugin, declaration) in declarations(db) {
        for (patch, text) in &declaration.patches {
            let texts = index.entry(patch.clone()).or_default();
            let last = texts
                .iter()
                .rev()
                .find(|(other, _)| other.plugin == *plugin);
            let contributor = Contributor {
                plugin: plugin.clone(),
                nth: last.map_or(0, |(last, _)| last.nth + 1),
            };
            texts.push((contributor, text.clone()));
        }
    }
    index
}

/// Who fills the patch `name`, in order. Changes only when *they* change.
#[salsa::tracked]
pub fn patch_contributors<'db>(db: &'db dyn Db, name: Name<'db>) -> Vec<Contributor> {
    let texts = patch_index(db).get(name.text(db));
    let texts = texts.into_iter().flatten();
    texts.map(|(contributor, _)| contributor.clone()).collect()
}

/// All patch names that some plugin fills, sorted.
#[salsa::tracked]
pub fn filled_patches(db: &dyn Db) -> Vec<Arc<str>> {
    let mut names: Vec<_> = patch_index(db).keys().cloned().collect();
    names.sort();
    names
}

/// The text of a plugin's patch. Changes only when that text changes.
#[salsa::tracked]
pub fn patch_text<'db>(db: &'db dyn Db, key: PatchKey<'db>) -> Option<Arc<str>> {
    let texts = patch_index(db).get(key.patch(db))?;
    // Plugins are in alphabetical order, unless one of them has a priority of its own.
    let wanted = key.contributor(db);
    let index = match texts.binary_search_by(|(contributor, _)| contributor.cmp(wanted)) {
        Ok(index) => index,
        Err(_) => texts
            .iter()
            .position(|(contributor, _)| contributor == wanted)?,
    };
    Some(texts[index].1.clone())
}

/// Where templates come from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TemplateRoot {
    /// The templates embedded in this program.
    BuiltIn,
    /// A folder.
    Folder(PathBuf),
}

/// The core template root.
pub fn core_template_root(db: &dyn Db) -> TemplateRoot {
    match Project::get(db).templates_root(db) {
        Some(folder) => TemplateRoot::Folder(folder.clone()),
        None => TemplateRoot::BuiltIn,
    }
}

/// ENV_TEMPLATE_ROOTS: the core's first, then those of plugins.
#[salsa::tracked]
pub fn template_roots(db: &dyn Db) -> Vec<(TemplateRoot, Owner)> {
    let mut roots = vec![(core_template_root(db), Owner::Core)];
    for (plugin, declaration) in declarations(db) {
        for folder in &declaration.template_roots {
            let folder = db.location(folder).target(db).clone();
            roots.push((
                TemplateRoot::Folder(folder.unwrap_or_default()),
                Owner::Plugin(plugin.clone()),
            ));
        }
    }
    roots
}

/// ENV_TEMPLATE_TARGETS.
#[salsa::tracked]
pub fn template_targets(db: &dyn Db) -> Vec<Target> {
    let core = [
        "apps/",
        "build/",
        "dev/",
        "k8s/",
        "local/",
        "version",
        "kustomization.yml",
    ];
    let mut targets: Vec<_> = core
        .iter()
        .map(|prefix| Target {
            prefix: (*prefix).into(),
            destination: "".into(),
        })
        .collect();
    for (_, declaration) in declarations(db) {
        targets.extend(declaration.targets.iter().cloned());
    }
    targets
}

/// Something with its owner.
pub type Owned<T> = (T, Owner);

/// IMAGES_BUILD.
#[salsa::tracked]
pub fn build_images(db: &dyn Db) -> Vec<Owned<BuildImage>> {
    all(db, |declaration| &declaration.build_images)
}

/// IMAGES_PULL: names and tags.
#[salsa::tracked]
pub fn pull_images(db: &dyn Db) -> Vec<Owned<(Arc<str>, Arc<str>)>> {
    all(db, |declaration| &declaration.pull_images as &Images)
}

/// IMAGES_PUSH: names and tags.
#[salsa::tracked]
pub fn push_images(db: &dyn Db) -> Vec<Owned<(Arc<str>, Arc<str>)>> {
    all(db, |declaration| &declaration.push_images as &Images)
}

/// CLI_DO_INIT_TASKS of plugins, in the order of their priorities.
#[salsa::tracked]
pub fn init_tasks(db: &dyn Db) -> Vec<Owned<Task>> {
    let mut tasks = all(db, |declaration| &declaration.tasks);
    // Stable: equal ones keep the order of plugins.
    tasks.sort_by_key(|(task, _)| task.priority);
    tasks
}

fn all<T: Clone>(db: &dyn Db, list: impl Fn(&Declaration) -> &Vec<T>) -> Vec<Owned<T>> {
    let mut all = Vec::new();
    for (plugin, declaration) in declarations(db) {
        let owner = || Owner::Plugin(plugin.clone());
        all.extend(list(declaration).iter().map(|item| (item.clone(), owner())));
    }
    all
}

/// ENV_TEMPLATE_VARIABLES, those that are data. Of those with one name, the last is used.
#[salsa::tracked]
pub fn template_variables(db: &dyn Db) -> FxHashMap<Arc<str>, Value> {
    let all = all(db, |declaration| &declaration.variables);
    let pairs = all
        .into_iter()
        .map(|(setting, _)| (setting.name, setting.value));
    pairs.collect()
}

/// Which templates are rendered: what `ENV_PATTERNS_INCLUDE` and `ENV_PATTERNS_IGNORE` add to the core's rules.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Patterns {
    /// Those that are, whatever else says.
    pub include: Vec<Arc<str>>,
    /// Those that are not.
    pub ignore: Vec<Arc<str>>,
}

/// ENV_PATTERNS_INCLUDE and ENV_PATTERNS_IGNORE.
#[salsa::tracked]
pub fn template_patterns(db: &dyn Db) -> Patterns {
    let texts = |list: fn(&Declaration) -> &Vec<Arc<str>>| {
        let all = all(db, list).into_iter();
        all.map(|(text, _)| text).collect()
    };
    Patterns {
        include: texts(|declaration| &declaration.include),
        ignore: texts(|declaration| &declaration.ignore),
    }
}

/// What plugins say of folders in `MOUNTS`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Mounting {
    /// MOUNTED_DIRECTORIES: image, and a pattern for the beginning of a folder's name.
    pub directories: Vec<(Arc<str>, Arc<str>)>,
    /// COMPOSE_MOUNTS: service and path, for each folder.
    pub everywhere: Vec<(Arc<str>, Arc<str>)>,
}

/// MOUNTED_DIRECTORIES and COMPOSE_MOUNTS.
#[salsa::tracked]
pub fn mounting(db: &dyn Db) -> Mounting {
    let pairs = |list: fn(&Declaration) -> &Images| {
        let all = all(db, list).into_iter();
        all.map(|(pair, _)| pair).collect()
    };
    Mounting {
        directories: pairs(|declaration| &declaration.mounted_directories),
        everywhere: pairs(|declaration| &declaration.compose_mounts),
    }
}
