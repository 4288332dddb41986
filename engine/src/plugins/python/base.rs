//! Where an interpreter itself is installed, and where that keeps packages.

use std::path::{Path, PathBuf};

use super::paths::is_folder;
use super::version::Version;
use crate::inputs::{Content, Db};

/// Where an interpreter itself is installed.
#[derive(Debug)]
pub(super) struct Base {
    pub(super) prefix: PathBuf,
    pub(super) version: Version,
    /// Whether its library is in `lib64` (Fedora and its kin).
    lib64: bool,
}

/// The installation that the interpreter at `path` belongs to: as Python does it, the first folder above it that has
/// the library of this version.
pub(super) fn base(db: &dyn Db, path: &Path, version: Version) -> Option<Base> {
    let is_there = |folder: &Path, lib: &str| {
        let landmark = folder.join(lib).join(version.folder()).join("os.py");
        matches!(db.file(&landmark).content(db), Content::File(_))
    };
    path.ancestors().skip(2).find_map(|folder| {
        let lib64 = !is_there(folder, "lib");
        (!lib64 || is_there(folder, "lib64")).then(|| Base {
            prefix: folder.to_owned(),
            version,
            lib64,
        })
    })
}

impl Base {
    /// Its folders of packages, those that are there. Debian's Python keeps them elsewhere, and looks into
    /// `site-packages` only from within a virtual environment.
    pub(super) fn sites(&self, db: &dyn Db, from_venv: bool) -> Vec<PathBuf> {
        let folder = self.version.folder();
        let debian = self.prefix.join("lib/python3/dist-packages");
        let is_debian = is_folder(db, &debian);
        let mut sites = Vec::new();
        if from_venv || !is_debian {
            if self.lib64 {
                sites.push(
                    self.prefix
                        .join("lib64")
                        .join(&folder)
                        .join("site-packages"),
                );
            }
            sites.push(self.prefix.join("lib").join(&folder).join("site-packages"));
        }
        if is_debian || self.prefix == Path::new("/usr") {
            let local = self.prefix.join("local/lib");
            sites.push(local.join(&folder).join("dist-packages"));
            sites.push(debian);
            sites.push(self.prefix.join("lib").join(&folder).join("dist-packages"));
        }
        sites.retain(|site| is_folder(db, site));
        sites
    }
}
