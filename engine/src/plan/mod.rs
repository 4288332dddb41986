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

/// The same files in the order in which Tutor renders them: target by target, and by name. It matters to functions of
/// plugins that keep something from call to call.
pub fn in_order_of_rendering<'a>(db: &dyn Db, files: &'a FileMap) -> Vec<&'a (Arc<str>, Arc<str>)> {
    let targets = hooks::template_targets(db);
    let place = |(path, template): &(Arc<str>, Arc<str>)| {
        // The last one that names a path has it.
        targets.iter().rposition(|target| {
            let below = path.strip_prefix(&*target.destination);
            let rest = match (&*target.destination, below) {
                ("", _) => Some(&**path),
                (_, below) => below.and_then(|rest| rest.strip_prefix('/')),
            };
            template.starts_with(&*target.prefix) && rest == Some(&**template)
        })
    };
    let mut order: Vec<_> = files.iter().collect();
    order.sort_by_cached_key(|file| (place(file), &file.1));
    order
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
