//! Hooks: what all enabled plugins contribute, in order, each with its owner.
//!
//! Order is that of Tutor: plugins alphabetically, within a plugin as declared. Each query here is a filter of
//! Tutor's catalogue, applied; this room does not know what becomes of the values.
#![allow(
    missing_docs,
    reason = "salsa's macros generate functions without documentation"
)]

mod checks;

use std::path::PathBuf;
use std::sync::Arc;

pub use checks::problems;
use rustc_hash::FxHashMap;
use values::Value;

use crate::diagnostics::{Failure, Owner};
use crate::inputs::{Db, Project};
use crate::plugins::python::functions;
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

/// What a filter came to: if somebody changes it by a function, as Python says; else what is declared.
fn filter<T: Clone + PartialEq>(
    db: &dyn Db,
    name: &str,
    list: impl Fn(&Declaration) -> &Vec<T>,
    item: impl Fn(&Value) -> Option<T>,
) -> Vec<Owned<T>> {
    let declared = all(db, list);
    let Some(changer) = functions::changer_of(db, name) else {
        return declared;
    };
    // If it fails, the save stops: see `problems`.
    let Ok(values) = applied(db, Name::new(db, Arc::from(name))) else {
        return declared;
    };
    let owner_of = |item: &T| {
        let known = declared.iter().find(|(other, _)| other == item);
        known.map_or_else(
            || Owner::Plugin(changer.clone()),
            |(_, owner)| owner.clone(),
        )
    };
    let items = values.iter().filter_map(item);
    items.map(|item| (item.clone(), owner_of(&item))).collect()
}

/// What a filter that somebody changes by a function comes to.
#[salsa::tracked]
fn applied<'db>(db: &'db dyn Db, name: Name<'db>) -> Result<Vec<Value>, Failure> {
    let filter = name.text(db);
    let items = functions::apply(db, filter, &serde_json::json!([[]]))?;
    let (is_right, wanted): (fn(&Value) -> bool, _) = match &**filter {
        "ENV_PATCHES" | "ENV_TEMPLATE_TARGETS" | "MOUNTED_DIRECTORIES" => {
            (|item| texts_of(item).is_some(), "a pair of texts")
        }
        name if name.starts_with("CONFIG_") => {
            (|item| pair_of(item).is_some(), "a pair of name and value")
        }
        _ => (|item| text_of(item).is_some(), "text"),
    };
    match items.iter().find(|item| !is_right(item)) {
        Some(wrong) => Err(functions::wrong_item(db, filter, wanted, wrong)),
        None => Ok(items),
    }
}

fn text_of(value: &Value) -> Option<Arc<str>> {
    match value {
        Value::Str(text) => Some(text.clone()),
        _ => None,
    }
}

fn pair_of(value: &Value) -> Option<(Arc<str>, Value)> {
    let items = values::iter::collect(value).ok()?;
    let [first, second] = &items[..] else {
        return None;
    };
    Some((text_of(first)?, second.clone()))
}

fn texts_of(value: &Value) -> Option<(Arc<str>, Arc<str>)> {
    let (first, second) = pair_of(value)?;
    Some((first, text_of(&second)?))
}

fn settings(
    db: &dyn Db,
    name: &str,
    list: impl Fn(&Declaration) -> &Vec<Setting>,
) -> Vec<Contribution> {
    let all = filter(db, name, list, |value| {
        let (name, value) = pair_of(value)?;
        value.freeze();
        Some(Setting { name, value })
    });
    all.into_iter()
        .map(|(setting, owner)| Contribution { setting, owner })
        .collect()
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
    settings(db, "CONFIG_UNIQUE", |declaration| &declaration.unique)
}

/// CONFIG_OVERRIDES: settings of others that plugins change.
#[salsa::tracked]
pub fn config_overrides(db: &dyn Db) -> Vec<Contribution> {
    settings(db, "CONFIG_OVERRIDES", |declaration| &declaration.overrides)
}

/// Settings that are not kept in `config.yml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defaults {
    /// What plugins contribute.
    pub all: Vec<Contribution>,
    /// Whether these are all, the core's, too.
    pub is_whole: bool,
}

/// CONFIG_DEFAULTS.
#[salsa::tracked]
pub fn config_defaults(db: &dyn Db) -> Defaults {
    let is_whole = functions::changer_of(db, "CONFIG_DEFAULTS").is_some();
    let mut all = settings(db, "CONFIG_DEFAULTS", |declaration| &declaration.defaults);
    if is_whole && let Some(core) = crate::config::core_settings(db, "defaults.yml") {
        for one in &mut all {
            let known = core.get(&one.setting.name);
            if known.is_some_and(|raw| raw.value == one.setting.value) {
                one.owner = Owner::Core;
            }
        }
    }
    Defaults { all, is_whole }
}

/// CONFIG_USER: settings that take the place of the user's.
#[salsa::tracked]
pub fn config_user(db: &dyn Db) -> Vec<Contribution> {
    settings(db, "CONFIG_USER", |declaration| &declaration.user)
}

/// Texts by patch, each with whose it is.
type PatchIndex = FxHashMap<Arc<str>, Vec<(Contributor, Arc<str>)>>;

/// ENV_PATCHES: which plugins fill which patch, and with what.
#[salsa::tracked]
fn patch_index(db: &dyn Db) -> PatchIndex {
    let mut index = PatchIndex::default();
    let mut counts: FxHashMap<_, u32> = FxHashMap::default();
    let patches = filter(
        db,
        "ENV_PATCHES",
        |declaration| &declaration.patches,
        texts_of,
    );
    for ((patch, text), owner) in patches {
        let Owner::Plugin(plugin) = owner else {
            continue;
        };
        let count = counts.entry((patch.clone(), plugin.clone())).or_insert(0);
        let contributor = Contributor {
            plugin,
            nth: *count,
        };
        *count += 1;
        let texts = index.entry(patch).or_default();
        texts.push((contributor, text));
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
    let folders = filter(
        db,
        "ENV_TEMPLATE_ROOTS",
        |declaration| &declaration.template_roots,
        |value| Some(PathBuf::from(&*text_of(value)?)),
    );
    for (folder, owner) in folders {
        let folder = db.location(&folder).target(db).clone();
        roots.push((TemplateRoot::Folder(folder.unwrap_or_default()), owner));
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
    // Python knows them as well.
    let is_whole = functions::changer_of(db, "ENV_TEMPLATE_TARGETS").is_some();
    let core = core.iter().filter(|_| !is_whole);
    let mut targets: Vec<_> = core
        .map(|prefix| Target {
            prefix: (*prefix).into(),
            destination: "".into(),
        })
        .collect();
    let more = filter(
        db,
        "ENV_TEMPLATE_TARGETS",
        |declaration| &declaration.targets,
        |value| {
            let (prefix, destination) = texts_of(value)?;
            Some(Target {
                prefix,
                destination,
            })
        },
    );
    targets.extend(more.into_iter().map(|(target, _)| target));
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

/// ENV_TEMPLATE_VARIABLES, what is data. See [`names`] for all.
#[salsa::tracked]
pub fn declared_variables(db: &dyn Db) -> Vec<Owned<Setting>> {
    all(db, |declaration| &declaration.variables)
}

/// ENV_TEMPLATE_FILTERS, what is data, which is a mistake that shows when it is used.
#[salsa::tracked]
pub fn declared_filters(db: &dyn Db) -> Vec<Owned<Setting>> {
    all(db, |declaration| &declaration.filters)
}

/// Which templates are rendered: what `ENV_PATTERNS_INCLUDE` and `ENV_PATTERNS_IGNORE` add to the core's rules.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Patterns {
    /// Those that are, whatever else says.
    pub include: Vec<Arc<str>>,
    /// Those that are not.
    pub ignore: Vec<Arc<str>>,
    /// Whether these are all that are not, the core's, too.
    pub is_whole: bool,
}

/// ENV_PATTERNS_INCLUDE and ENV_PATTERNS_IGNORE.
#[salsa::tracked]
pub fn template_patterns(db: &dyn Db) -> Patterns {
    let texts = |name, list: fn(&Declaration) -> &Vec<Arc<str>>| {
        let all = filter(db, name, list, text_of).into_iter();
        all.map(|(text, _)| text).collect()
    };
    Patterns {
        include: texts("ENV_PATTERNS_INCLUDE", |declaration| &declaration.include),
        ignore: texts("ENV_PATTERNS_IGNORE", |declaration| &declaration.ignore),
        is_whole: functions::changer_of(db, "ENV_PATTERNS_IGNORE").is_some(),
    }
}

/// What plugins say of folders in `MOUNTS`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Mounting {
    /// MOUNTED_DIRECTORIES: image, and a pattern for the beginning of a folder's name.
    pub directories: Vec<(Arc<str>, Arc<str>)>,
    /// COMPOSE_MOUNTS: service and path, for each folder.
    pub everywhere: Vec<(Arc<str>, Arc<str>)>,
    /// Whether functions change COMPOSE_MOUNTS: then they have to be asked, folder by folder.
    pub is_changed: bool,
    /// Whether functions change MOUNTED_DIRECTORIES: then these are all of them, the core's, too.
    pub is_whole: bool,
}

/// MOUNTED_DIRECTORIES and COMPOSE_MOUNTS.
#[salsa::tracked]
pub fn mounting(db: &dyn Db) -> Mounting {
    let directories = filter(
        db,
        "MOUNTED_DIRECTORIES",
        |declaration| &declaration.mounted_directories,
        texts_of,
    );
    let everywhere = all(db, |declaration| &declaration.compose_mounts);
    Mounting {
        directories: directories.into_iter().map(|(pair, _)| pair).collect(),
        everywhere: everywhere.into_iter().map(|(pair, _)| pair).collect(),
        is_changed: functions::changer_of(db, "COMPOSE_MOUNTS").is_some(),
        is_whole: functions::changer_of(db, "MOUNTED_DIRECTORIES").is_some(),
    }
}
