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

/// A patch of one plugin.
#[salsa::interned(debug)]
pub struct PatchKey<'db> {
    /// The plugin.
    pub plugin: Arc<str>,
    /// The patch's name.
    pub patch: Arc<str>,
}

fn declarations(db: &dyn Db) -> impl Iterator<Item = (&Arc<str>, &Arc<Declaration>)> {
    plugins::enabled(db)
        .plugins
        .iter()
        .filter_map(|(name, source)| Some((name, plugins::declaration(db, source)?)))
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

/// Texts by patch, each with its plugin.
type PatchIndex = FxHashMap<Arc<str>, Vec<(Arc<str>, Arc<str>)>>;

/// ENV_PATCHES: which plugins fill which patch, and with what.
#[salsa::tracked]
fn patch_index(db: &dyn Db) -> PatchIndex {
    let mut index = PatchIndex::default();
    for (plugin, declaration) in declarations(db) {
        for (patch, text) in &declaration.patches {
            let texts = index.entry(patch.clone()).or_default();
            texts.push((plugin.clone(), text.clone()));
        }
    }
    index
}

/// The plugins that fill the patch `name`, in order. Changes only when *they* change.
#[salsa::tracked]
pub fn patch_contributors<'db>(db: &'db dyn Db, name: Name<'db>) -> Vec<Arc<str>> {
    let texts = patch_index(db).get(name.text(db));
    let texts = texts.into_iter().flatten();
    texts.map(|(plugin, _)| plugin.clone()).collect()
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
    // Plugins are in alphabetical order.
    let index = texts.binary_search_by(|(plugin, _)| plugin.cmp(key.plugin(db)));
    Some(texts[index.ok()?].1.clone())
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
