//! What a plugin declares: one shape for all kinds of plugins.

use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use values::Value;

/// A setting that a plugin contributes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its full name, prefix included.
    pub name: Arc<str>,
    /// Its value, not rendered.
    pub value: Value,
}

/// Images by name, with their tags (templates).
pub type Images = Vec<(Arc<str>, Arc<str>)>;

/// Everything that a plugin contributes with the priority [`DEFAULT`], in the order in which it declares it. No places in files:
/// moving a line about changes no declaration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declaration {
    /// Settings that are drawn once, then kept in `config.yml` (CONFIG_UNIQUE).
    pub unique: Vec<Setting>,
    /// Settings with their defaults (CONFIG_DEFAULTS).
    pub defaults: Vec<Setting>,
    /// Settings of others that it changes (CONFIG_OVERRIDES).
    pub overrides: Vec<Setting>,
    /// Patches: name and text (ENV_PATCHES).
    pub patches: Vec<(Arc<str>, Arc<str>)>,
    /// What runs when the platform is initialised (CLI_DO_INIT_TASKS).
    pub tasks: Vec<Task>,
    /// Images that it builds (IMAGES_BUILD).
    pub build_images: Vec<BuildImage>,
    /// Images that can be pulled (IMAGES_PULL).
    pub pull_images: Images,
    /// Images that can be pushed (IMAGES_PUSH).
    pub push_images: Images,
    /// Template roots (ENV_TEMPLATE_ROOTS), as they are declared: links are not followed yet.
    pub template_roots: Vec<PathBuf>,
    /// Which templates are rendered where (`ENV_TEMPLATE_TARGETS`).
    pub targets: Vec<Target>,
    /// Settings that take the place of the user's (`CONFIG_USER`).
    pub user: Vec<Setting>,
    /// Names that templates know besides settings (`ENV_TEMPLATE_VARIABLES`), if they are data.
    pub variables: Vec<Setting>,
    /// Filters for templates that are data: none of them can be called.
    pub filters: Vec<Setting>,
    /// Templates that are rendered whatever else says (`ENV_PATTERNS_INCLUDE`): regular expressions of Python's for the
    /// beginnings of names.
    pub include: Vec<Arc<str>>,
    /// Templates that are not rendered (`ENV_PATTERNS_IGNORE`), likewise.
    pub ignore: Vec<Arc<str>>,
    /// Which folders of `MOUNTS` are for which image (`MOUNTED_DIRECTORIES`): image, and a regular expression for the
    /// beginning of a folder's name.
    pub mounted_directories: Vec<(Arc<str>, Arc<str>)>,
    /// Where each folder of `MOUNTS` is mounted (`COMPOSE_MOUNTS`): service and path.
    pub compose_mounts: Vec<(Arc<str>, Arc<str>)>,
    /// What it contributes with other priorities than [`DEFAULT`].
    pub others: Vec<(i64, Self)>,
}

/// A rule which templates are rendered where.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Target {
    /// What the names of templates begin with.
    pub prefix: Arc<str>,
    /// The folder below `env/` under which they are put, with their names.
    pub destination: Arc<str>,
}

/// A script that runs in a service.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Task {
    /// The service.
    pub service: Arc<str>,
    /// The script.
    pub script: Script,
    /// The smaller comes first; of equal ones, the first in order. See [`HIGH`] and [`DEFAULT`].
    pub priority: i64,
}

/// Before others.
pub(super) const HIGH: i64 = 5;
/// If nothing else is said.
pub(crate) const DEFAULT: i64 = 10;

/// Where a script comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Script {
    /// The template of this name.
    Template(Arc<str>),
    /// This text, a template itself.
    Text(Arc<str>),
}

/// An image that is built.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BuildImage {
    /// Its name on the command line.
    pub name: Arc<str>,
    /// The folder of its build context, below `env/`.
    pub context: Arc<str>,
    /// Its tag, a template.
    pub tag: Arc<str>,
    /// More arguments for the build, templates.
    pub arguments: Vec<Arc<str>>,
}
