//! What a plugin declares: one shape for all kinds of plugins.

use std::path::PathBuf;
use std::sync::Arc;

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

/// Everything that a plugin contributes, in the order in which it declares it. No places in files:
/// moving a line about changes no declaration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declaration {
    /// `config.add`: drawn once, then kept in `config.yml` (CONFIG_UNIQUE).
    pub unique: Vec<Setting>,
    /// `config.defaults` (CONFIG_DEFAULTS).
    pub defaults: Vec<Setting>,
    /// `config.set` (CONFIG_OVERRIDES).
    pub overrides: Vec<Setting>,
    /// Patches: name and text (ENV_PATCHES).
    pub patches: Vec<(Arc<str>, Arc<str>)>,
    /// `hooks.pre-init`: services that run `<plugin>/hooks/<service>/pre-init` (CLI_DO_INIT_TASKS, high priority).
    pub pre_init: Vec<Arc<str>>,
    /// `hooks.init`: services that run `<plugin>/hooks/<service>/init` (CLI_DO_INIT_TASKS).
    pub init: Vec<Arc<str>>,
    /// `hooks.build-image` (IMAGES_BUILD).
    pub build_images: Images,
    /// `hooks.remote-image` (IMAGES_PULL and IMAGES_PUSH).
    pub remote_images: Images,
    /// `templates`: a template root (ENV_TEMPLATE_ROOTS), as it is declared: links are not followed yet. Of it `<plugin>/apps` and `<plugin>/build` are targets.
    pub templates: Option<PathBuf>,
}
