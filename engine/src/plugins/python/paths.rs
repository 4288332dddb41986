//! Paths as Python makes them: absolute and tidy, without looking at what is there.

use std::path::{Component, Path, PathBuf};

use crate::inputs::Db;

/// `path`, relative to `base`, without `.` and `..`.
pub(super) fn absolute(base: &Path, path: &str) -> PathBuf {
    let mut tidy = PathBuf::new();
    for component in base.join(path).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                tidy.pop();
            }
            other => tidy.push(other),
        }
    }
    tidy
}

/// The paths of a variable such as `PATH`; an empty one is the current folder.
pub(super) fn split(db: &dyn Db, list: &str) -> Vec<PathBuf> {
    let parts = list.split(':');
    parts
        .map(|part| {
            if part.starts_with('/') {
                absolute(Path::new("/"), part)
            } else {
                absolute(&current(db), part)
            }
        })
        .collect()
}

/// `path` as a user may write it: relative to the current folder, or to the home of the user.
pub(super) fn written(db: &dyn Db, path: &str) -> PathBuf {
    let below_home = path.strip_prefix("~/");
    match below_home.and_then(|rest| Some((home(db)?, rest))) {
        Some((home, rest)) => absolute(&home, rest),
        None if path.starts_with('/') => absolute(Path::new("/"), path),
        None => absolute(&current(db), path),
    }
}

/// Where the links of `path` lead.
pub(super) fn target(db: &dyn Db, path: &Path) -> PathBuf {
    let target = db.location(path).target(db).clone();
    target.unwrap_or_else(|| path.to_owned())
}

/// The user's home.
pub(super) fn home(db: &dyn Db) -> Option<PathBuf> {
    db.location(Path::new("~")).target(db).clone()
}

/// Whether there is a folder at `path`.
pub(super) fn is_folder(db: &dyn Db, path: &Path) -> bool {
    db.folder(path).listing(db).is_some()
}

/// The value of a variable that counts only if it says something.
pub(super) fn variable<'a>(db: &'a dyn Db, name: &str) -> Option<&'a str> {
    let value = db.variable(name).value(db).as_deref();
    value.filter(|value| !value.is_empty())
}

/// The current folder.
pub(super) fn current(db: &dyn Db) -> PathBuf {
    target(db, Path::new("."))
}
