//! Declarations that an earlier process has read: a plugin's file is parsed once for each content that it has.

use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::declaration::{BuildImage, Declaration, Images, Setting, Target, Task};
use super::file::PluginFile;
use crate::cache::Stored;
use crate::diagnostics::{Diagnostic, Failure};
use crate::inputs::{Db, File};

/// What a file says, as it is kept.
#[derive(Serialize, Deserialize)]
struct Record<'a> {
    name: Arc<str>,
    version: Option<Arc<str>>,
    #[serde(borrow)]
    unique: Vec<(Arc<str>, Stored<'a>)>,
    defaults: Vec<(Arc<str>, Stored<'a>)>,
    overrides: Vec<(Arc<str>, Stored<'a>)>,
    patches: Images,
    tasks: Vec<Task>,
    build_images: Vec<BuildImage>,
    pull_images: Images,
    push_images: Images,
    template_roots: Vec<PathBuf>,
    targets: Vec<Target>,
    problems: Vec<Diagnostic>,
}

/// What is known of the file. Depends on its hash; reads it not.
pub(super) fn of(db: &dyn Db, file: File) -> Option<PluginFile> {
    let hash = file.content(db).hash()?;
    let record: Record<'_> = db.store()?.get(&key(file.path(db), &hash))?;
    let settings = |list: Vec<(Arc<str>, Stored<'_>)>| {
        let settings = list.into_iter().map(|(name, value)| {
            let value = value.value()?;
            Some(Setting { name, value })
        });
        settings.collect::<Option<Vec<_>>>()
    };
    if let Some(profile) = db.profile() {
        profile.count_recall();
    }
    let declaration = Declaration {
        unique: settings(record.unique)?,
        defaults: settings(record.defaults)?,
        overrides: settings(record.overrides)?,
        patches: record.patches,
        tasks: record.tasks,
        build_images: record.build_images,
        pull_images: record.pull_images,
        push_images: record.push_images,
        template_roots: record.template_roots,
        targets: record.targets,
        // YAML plugins have nothing else.
        ..Declaration::default()
    };
    Some(PluginFile {
        identity: Ok(Some((record.name, record.version))),
        declaration: Arc::new(declaration),
        problems: record.problems.into_iter().map(Failure::from).collect(),
    })
}

/// Keeps what a plugin's file says, unless it is no plugin, or has values that cannot be kept.
pub(super) fn keep(db: &dyn Db, file: File, said: &PluginFile) {
    let (Some(store), Some(hash)) = (db.store(), file.content(db).hash()) else {
        return;
    };
    let (Ok(Some((name, version))), declaration) = (&said.identity, &said.declaration) else {
        return;
    };
    let stored = |settings: &[Setting]| {
        let stored = settings
            .iter()
            .map(|setting| Some((setting.name.clone(), Stored::of(&setting.value)?)));
        stored.collect::<Option<Vec<_>>>()
    };
    let (Some(unique), Some(defaults), Some(overrides)) = (
        stored(&declaration.unique),
        stored(&declaration.defaults),
        stored(&declaration.overrides),
    ) else {
        return;
    };
    let record = Record {
        name: name.clone(),
        version: version.clone(),
        unique,
        defaults,
        overrides,
        patches: declaration.patches.clone(),
        tasks: declaration.tasks.clone(),
        build_images: declaration.build_images.clone(),
        pull_images: declaration.pull_images.clone(),
        push_images: declaration.push_images.clone(),
        template_roots: declaration.template_roots.clone(),
        targets: declaration.targets.clone(),
        problems: said
            .problems
            .iter()
            .map(|problem| (**problem).clone())
            .collect(),
    };
    store.put(&key(file.path(db), &hash), &record);
}

/// Messages name the file, so that the path belongs to the key.
fn key(path: &Path, hash: &blake3::Hash) -> Vec<u8> {
    let mut key = vec![b'd'];
    key.extend_from_slice(hash.as_bytes());
    key.extend_from_slice(path.as_os_str().as_bytes());
    key
}
