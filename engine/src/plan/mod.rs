//! The plan: which files there will be in `env/`, and what is in them. Nothing is written here.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::diagnostics::{Diagnostic, Failure, Place};
use crate::hooks::{self, Name};
use crate::inputs::Db;
use crate::render;

/// A path below `env/`, and the template that it is made from.
pub type FileMap = Vec<(Arc<str>, Arc<str>)>;

/// All files of `env/`, sorted by path: where two targets name one path, the later one has it.
#[salsa::tracked]
pub fn env_files(db: &dyn Db) -> Result<FileMap, Failure> {
    let mut files: IndexMap<Arc<str>, Arc<str>> = IndexMap::new();
    for target in hooks::template_targets(db) {
        let names = render::names_under(db, Name::new(db, target.prefix.clone()))
            .as_ref()
            .map_err(Clone::clone)?;
        for name in names {
            let path = if target.destination.is_empty() {
                name.clone()
            } else {
                Arc::from(format!("{}/{name}", target.destination))
            };
            files.insert(path, name.clone());
        }
    }
    files.sort_keys();
    check(&files)?;
    Ok(files.into_iter().collect())
}

/// No path may be both a file and a folder. `files` are sorted.
fn check(files: &IndexMap<Arc<str>, Arc<str>>) -> Result<(), Failure> {
    for path in files.keys() {
        for (index, _) in path.match_indices('/') {
            if let Some(template) = files.get(&path[..index]) {
                let message = format!(
                    "env/{} is to be both a file and a folder (of env/{path})",
                    &path[..index]
                );
                let place = Place {
                    origin: format!("template '{template}'"),
                    ..Place::default()
                };
                return Err(Diagnostic::error("path-conflict", message)
                    .at(place)
                    .hint("rename one of them")
                    .into());
            }
        }
    }
    Ok(())
}

/// The hash of the file that the template called `template` makes. Where an earlier process found it out and nothing
/// that it depends on has changed, nothing is rendered.
pub fn env_hash(db: &dyn Db, template: &Arc<str>) -> Result<blake3::Hash, Failure> {
    render::hash_of(db, Name::new(db, template.clone()))
}

/// The bytes of the file that the template called `template` makes.
pub fn env_content(db: &dyn Db, template: &Arc<str>) -> Result<Arc<[u8]>, Failure> {
    match render::rendered(db, Name::new(db, template.clone())) {
        Ok(file) => Ok(file.content.clone()),
        Err(failure) => Err(failure.clone()),
    }
}
