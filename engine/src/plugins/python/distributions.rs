//! Which distributions are installed: the folders of metadata that installers leave beside the packages.
//!
//! Unaware of plugins. Follows Python's `importlib.metadata` in what counts and which one wins.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::metadata;
use crate::inputs::{Db, Folder};
use crate::system::FileKind;

/// A distribution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Distribution {
    /// Its name, normalised: of two that differ in dashes or case only, one wins.
    pub(super) name: Arc<str>,
    /// Its `*.dist-info` or `*.egg-info` folder.
    pub(super) path: PathBuf,
}

/// A distribution that counts.
pub(super) struct Winner<'a> {
    pub(super) distribution: &'a Distribution,
    /// Another one of its name in the very same folder: which one Python takes is up to the file system.
    pub(super) rival: Option<&'a Distribution>,
    /// Whether it is known to have metadata.
    is_sound: bool,
}

/// The distributions of these folders. Of those with one name the first wins, unless it has no metadata and another
/// one has.
pub(super) fn distributions<'a>(db: &'a dyn Db, folders: &[PathBuf]) -> Vec<Winner<'a>> {
    let mut winners: Vec<Winner<'_>> = Vec::new();
    let mut by_name: FxHashMap<&str, usize> = FxHashMap::default();
    for folder in folders {
        for distribution in in_folder(db, db.folder(folder)) {
            let new = |is_sound| Winner {
                distribution,
                rival: None,
                is_sound,
            };
            let Some(&index) = by_name.get(&*distribution.name) else {
                by_name.insert(&distribution.name, winners.len());
                winners.push(new(false));
                continue;
            };
            let winner = &mut winners[index];
            winner.is_sound |= metadata::is_there(db, &winner.distribution.path);
            let is_beside = winner.distribution.path.parent() == Some(folder);
            if (!winner.is_sound || is_beside) && metadata::is_there(db, &distribution.path) {
                if winner.is_sound {
                    winner.rival.get_or_insert(distribution);
                } else {
                    *winner = new(true);
                }
            }
        }
    }
    winners
}

/// The distributions that the entries of a folder say they are.
#[salsa::tracked]
fn in_folder(db: &dyn Db, folder: Folder) -> Vec<Distribution> {
    let path = folder.path(db);
    let egg = egg_name(path);
    let entries = folder.listing(db).iter().flat_map(|list| list.iter());
    let distributions = entries.filter_map(|entry| {
        // A file called *.egg-info is all metadata: it cannot have entry points.
        if entry.kind != Some(FileKind::Folder) {
            return None;
        }
        let lower = entry.name.to_ascii_lowercase();
        let stem = [".dist-info", ".egg-info"]
            .iter()
            .find_map(|suffix| lower.strip_suffix(suffix));
        let name = match (stem, &egg) {
            (Some(stem), _) => normalised(stem.split('-').next().unwrap_or_default()),
            (None, Some(egg)) if lower == "egg-info" => egg.clone(),
            _ => return None,
        };
        Some(Distribution {
            name: name.into(),
            path: path.join(&*entry.name),
        })
    });
    distributions.collect()
}

/// The name of the distribution whose own folder this is (`name-1.0-py3.11.egg`).
fn egg_name(folder: &Path) -> Option<String> {
    let name = folder.file_name()?.to_str()?.to_lowercase();
    let stem = name.strip_suffix(".egg")?;
    Some(normalised(stem.split('-').next()?))
}

/// A name as Python compares it: in lower case, with one `_` for each run of dashes, dots and underscores.
fn normalised(name: &str) -> String {
    let mut normalised = String::with_capacity(name.len());
    for c in name.to_lowercase().chars() {
        if !matches!(c, '-' | '_' | '.') {
            normalised.push(c);
        } else if !normalised.ends_with('_') {
            normalised.push('_');
        }
    }
    normalised
}
