//! The files of a plugin's package, where nobody else tells what it depends on.

use std::path::{Path, PathBuf};

use super::environment::Environment;
use super::plugins::{PythonPlugin, python_plugins};
use super::search_path::search_path;
use crate::inputs::Db;
use crate::system::FileKind;

/// More files than this are not looked at.
const LIMIT: usize = 500;

/// Makes the files of the plugin's package what the query that asks depends on.
pub(super) fn look_at(db: &dyn Db, plugin: &PythonPlugin) {
    if let Some(file) = &plugin.file {
        let _ = db.file(file).content(db);
        return;
    }
    let Environment::Known(layout) = &python_plugins(db).environment else {
        return;
    };
    let top = plugin.module.split('.').next().unwrap_or_default();
    let mut waiting: Vec<PathBuf> = Vec::new();
    for folder in search_path(db, layout).folders {
        let _ = db.file(&folder.join(format!("{top}.py"))).content(db);
        waiting.push(folder.join(top));
    }
    let mut left = LIMIT;
    while let Some(folder) = waiting.pop() {
        let entries = db.folder(&folder).listing(db).iter();
        for entry in entries.flat_map(|list| list.iter()) {
            let path = folder.join(&*entry.name);
            match entry.kind {
                Some(FileKind::Folder) if &*entry.name != "__pycache__" => waiting.push(path),
                Some(FileKind::File) if is_source(&path) && left > 0 => {
                    left -= 1;
                    let _ = db.file(&path).content(db);
                }
                _ => {}
            }
        }
    }
}

fn is_source(path: &Path) -> bool {
    path.extension().is_some_and(|suffix| suffix == "py")
}
