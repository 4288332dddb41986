//! What a build looks at, part by part. One walk over them serves the fingerprint and the explanation alike, so that
//! "why is it built again?" cannot drift from what is compared.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::context::{Item, ItemKind, Tree};
use super::dockerfile::{Paths, Uses};
use super::request::Build;

/// The kinds of parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// An instruction, by its number.
    Dockerfile,
    /// A file of the context.
    Context,
    /// A file of another context: its name, a tab, the file's path.
    Folder,
    /// A build argument.
    Argument,
    /// A base image, or one that is copied from.
    Base,
    /// Something that is fetched.
    Remote,
    /// Another option of the build.
    Setting,
}

impl Kind {
    /// All of them, in order.
    pub const ALL: [Self; 7] = [
        Self::Dockerfile,
        Self::Context,
        Self::Folder,
        Self::Argument,
        Self::Base,
        Self::Remote,
        Self::Setting,
    ];

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dockerfile => "Dockerfile",
            Self::Context => "context",
            Self::Folder => "mounted folders",
            Self::Argument => "build arguments",
            Self::Base => "base images",
            Self::Remote => "remote sources",
            Self::Setting => "build options",
        }
    }

    /// What it is called in labels.
    pub fn key(self) -> &'static str {
        match self {
            Self::Dockerfile => "dockerfile",
            Self::Context => "context",
            Self::Folder => "folders",
            Self::Argument => "arguments",
            Self::Base => "bases",
            Self::Remote => "remotes",
            Self::Setting => "options",
        }
    }
}

/// Takes the parts of a build, one by one.
pub(super) trait Manifest {
    /// A part: its kind, its name, what it is.
    fn part(&mut self, kind: Kind, name: &str, value: &str);
}

/// All that is known of what a build looks at.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// The build.
    pub build: Build,
    /// What the Dockerfile looks at.
    pub uses: Uses,
    /// The context.
    pub context: Arc<Tree>,
    /// Other contexts that are folders.
    pub folders: BTreeMap<String, Arc<Tree>>,
    /// Images and what they are.
    pub bases: BTreeMap<String, String>,
    /// Remote sources and what they are.
    pub remotes: BTreeMap<String, String>,
}

/// Tells `manifest` what a build looks at, always in the same order.
pub(super) fn walk(inputs: &Inputs, manifest: &mut dyn Manifest) {
    let Inputs { build, uses, .. } = inputs;
    for (number, (_, text)) in uses.text.iter().enumerate() {
        manifest.part(Kind::Dockerfile, &format!("{number:05}"), text);
    }
    for item in selected(&uses.context, &inputs.context) {
        manifest.part(Kind::Context, &item.path, &said(item));
    }
    for (name, paths) in &uses.contexts {
        if let Some(tree) = inputs.folders.get(name) {
            for item in selected(paths, tree) {
                manifest.part(Kind::Folder, &format!("{name}\t{}", item.path), &said(item));
            }
        } else {
            let place = build.contexts.get(name).map_or("", String::as_str);
            manifest.part(Kind::Setting, &format!("build context {name}"), place);
        }
    }
    for ((name, stage), value) in &uses.arguments {
        let name = if *stage == 0 {
            name.clone()
        } else {
            format!("{name}\t{stage}")
        };
        let value = value
            .as_ref()
            .map_or_else(|| String::from("-"), |value| format!("={value}"));
        manifest.part(Kind::Argument, &name, &value);
    }
    for (name, value) in &build.arguments {
        // These are for the builder itself; the proxies are for steps, which are cached all the same.
        if name.starts_with("BUILDKIT_") || name == "SOURCE_DATE_EPOCH" {
            manifest.part(Kind::Argument, name, &format!("={value}"));
        }
    }
    for (name, value) in &inputs.bases {
        manifest.part(Kind::Base, name, value);
    }
    for (name, value) in &inputs.remotes {
        manifest.part(Kind::Remote, name, value);
    }
    let setting = |value: &Option<String>| value.clone().unwrap_or_default();
    manifest.part(Kind::Setting, "target", &setting(&build.target));
    manifest.part(Kind::Setting, "platform", &setting(&build.platform));
    manifest.part(Kind::Setting, "tags", &build.tags.join(" "));
    manifest.part(Kind::Setting, "add-host", &build.add_hosts.join(" "));
    manifest.part(Kind::Setting, "others", &build.others.join(" "));
    for (name, value) in &build.labels {
        manifest.part(Kind::Setting, &format!("label {name}"), value);
    }
}

/// The items of `tree` that are looked at.
fn selected<'a>(paths: &'a Paths, tree: &'a Tree) -> impl Iterator<Item = &'a Item> {
    // Where a link leads is looked at, too: that may be anywhere.
    let leads_anywhere = tree
        .items
        .iter()
        .any(|item| matches!(item.kind, ItemKind::Link(_)) && paths.leads_over(&item.path));
    let is_any = !paths.is_empty();
    tree.items
        .iter()
        .filter(move |item| is_any && (leads_anywhere || paths.has(&item.path)))
}

fn said(item: &Item) -> String {
    match &item.kind {
        ItemKind::Folder => format!("folder {:o}", item.mode),
        ItemKind::File(hash, _) => format!("file {:o} {}", item.mode, hash.to_hex()),
        ItemKind::Link(target) => format!("link {target}"),
        ItemKind::Other => format!("other {:o}", item.mode),
    }
}
