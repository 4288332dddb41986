//! API v0: what the attributes of a plugin mean, however they were written down.
//!
//! From the document `plugin-api-v0` and from trying Tutor 22: names of settings are prefixed with that of the plugin,
//! and templates, scripts and build contexts are found by their place in the plugin's template root.

use std::path::PathBuf;
use std::sync::Arc;

use super::declaration::{
    BuildImage, DEFAULT, Declaration, HIGH, Images, Script, Setting, Target, Task,
};

/// The attributes of a plugin. Names of settings are complete, see [`prefix`].
#[derive(Debug, Default)]
pub(super) struct V0 {
    /// `config.add`
    pub(super) unique: Vec<Setting>,
    /// `config.defaults`
    pub(super) defaults: Vec<Setting>,
    /// `config.set`
    pub(super) overrides: Vec<Setting>,
    /// `patches`
    pub(super) patches: Vec<(Arc<str>, Arc<str>)>,
    /// `hooks.pre-init`: services.
    pub(super) pre_init: Vec<Arc<str>>,
    /// `hooks.init`: services.
    pub(super) init: Vec<Arc<str>>,
    /// `hooks.build-image`
    pub(super) build_images: Images,
    /// `hooks.remote-image`
    pub(super) remote_images: Images,
    /// `templates`
    pub(super) templates: Option<PathBuf>,
}

/// What the names of settings of the plugin called `name` begin with, but for those that it changes.
pub(super) fn prefix(name: &str) -> String {
    format!("{}_", name.to_uppercase())
}

impl V0 {
    /// The declaration of the plugin called `name`.
    pub(super) fn declaration(self, name: &str) -> Declaration {
        let tasks = |services: Vec<Arc<str>>, hook: &'static str, priority| {
            services.into_iter().map(move |service| Task {
                script: Script::Template(format!("{name}/hooks/{service}/{hook}").into()),
                service,
                priority,
            })
        };
        let build_images = self
            .build_images
            .into_iter()
            .map(|(image, tag)| BuildImage {
                context: format!("plugins/{name}/build/{image}").into(),
                name: image,
                tag,
                arguments: Vec::new(),
            });
        let targets = self.templates.iter().flat_map(|_| {
            ["apps", "build"].map(|folder| Target {
                prefix: format!("{name}/{folder}").into(),
                destination: "plugins".into(),
            })
        });
        Declaration {
            unique: self.unique,
            defaults: self.defaults,
            overrides: self.overrides,
            patches: self.patches,
            tasks: tasks(self.pre_init, "pre-init", HIGH)
                .chain(tasks(self.init, "init", DEFAULT))
                .collect(),
            build_images: build_images.collect(),
            pull_images: self.remote_images.clone(),
            push_images: self.remote_images,
            targets: targets.collect(),
            template_roots: self.templates.into_iter().collect(),
            ..Declaration::default()
        }
    }
}
