//! The folders that Python looks for modules and packages in: `sys.path` without its own library.
//!
//! Unaware of distributions.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use super::environment::Layout;
use super::paths::{absolute, split, variable};
use crate::diagnostics::{Diagnostic, Failure, Place};
use crate::inputs::{Content, Db};

/// What a `.pth` file may begin with: editors of other systems put it there.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// The folders, in the order in which Python looks into them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct SearchPath {
    /// Absolute; each once; not all of them need be there.
    pub(super) folders: Vec<PathBuf>,
    /// `.pth` files that cannot be read.
    pub(super) problems: Vec<Failure>,
}

/// What is on the path of the Python whose packages are at `layout`.
pub(super) fn search_path(db: &dyn Db, layout: &Layout) -> SearchPath {
    let mut path = SearchPath::default();
    let mut seen = FxHashSet::default();
    let mut add = |folders: &mut Vec<PathBuf>, folder: PathBuf| {
        if seen.insert(folder.clone().into_os_string()) {
            folders.push(folder);
        }
    };
    for folder in variable(db, "PYTHONPATH")
        .into_iter()
        .flat_map(|list| split(db, list))
    {
        add(&mut path.folders, folder);
    }
    for site in &layout.sites {
        add(&mut path.folders, site.clone());
        let entries = db
            .folder(site)
            .listing(db)
            .iter()
            .flat_map(|list| list.iter());
        for entry in entries {
            if !entry.name.ends_with(".pth") || entry.name.starts_with('.') {
                continue;
            }
            match lines(db, &site.join(&*entry.name)) {
                Ok(lines) => {
                    for line in lines {
                        add(&mut path.folders, absolute(site, line));
                    }
                }
                Err(diagnostic) => path.problems.push(diagnostic.into()),
            }
        }
    }
    path
}

/// The lines of a `.pth` file that are paths. Those that begin with `import` are code, which is not run here: how
/// editable installs hook into imports changes nothing of where their metadata are.
fn lines<'a>(db: &'a dyn Db, path: &Path) -> Result<impl Iterator<Item = &'a str>, Diagnostic> {
    let text = match db.file(path).content(db) {
        Content::Absent | Content::Folder => "",
        content => match content.text() {
            Some(text) => text,
            None => return Err(unreadable(path)),
        },
    };
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let is_path = |line: &&str| {
        !(line.trim().is_empty()
            || line.starts_with('#')
            || line.starts_with("import ")
            || line.starts_with("import\t"))
    };
    Ok(text.lines().map(str::trim_end).filter(is_path))
}

fn unreadable(path: &Path) -> Diagnostic {
    let place = Place {
        origin: path.display().to_string(),
        ..Place::default()
    };
    Diagnostic::alert(
        "path-file",
        "cannot be read as UTF-8: plugins in the folders that it names are not found",
    )
    .at(place)
    .hint("install the package that it belongs to again, or remove the file")
}
