//! Which files of a folder take part in a build.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::Metadata;
use std::io;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::Error;

/// Which files of a folder take part.
#[derive(Clone, Default)]
pub enum Files {
    /// All. A `.dockerignore` file means nothing here: whoever knows its rules hands in a filter.
    #[default]
    All,
    /// These, relative to the folder, and the folders that lead to them. A folder that is
    /// named is taken without what is in it.
    Listed(Arc<BTreeSet<PathBuf>>),
    /// Those that the function, asked with the relative path and whether it is a folder, takes.
    Filtered(Arc<Filter>),
}

/// Says of a relative path, and whether that is a folder, what to do with it.
pub type Filter = dyn Fn(&Path, bool) -> Verdict + Send + Sync;

/// What a filter can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It takes part.
    Take,
    /// It does not, unless something in it does.
    Leave,
    /// It does not, and nothing in it either.
    LeaveAll,
}

impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("All"),
            Self::Listed(paths) => f.debug_tuple("Listed").field(paths).finish(),
            Self::Filtered(_) => f.write_str("Filtered"),
        }
    }
}

impl Files {
    /// Those of a list.
    pub fn listed<P: Into<PathBuf>>(paths: impl IntoIterator<Item = P>) -> Self {
        Self::Listed(Arc::new(paths.into_iter().map(Into::into).collect()))
    }

    /// Those that a function takes.
    pub fn filtered(filter: impl Fn(&Path, bool) -> Verdict + Send + Sync + 'static) -> Self {
        Self::Filtered(Arc::new(filter))
    }

    fn verdict(&self, path: &Path, is_folder: bool) -> Verdict {
        match self {
            Self::All => Verdict::Take,
            Self::Filtered(filter) => filter(path, is_folder),
            Self::Listed(paths) => {
                if paths.contains(path) {
                    return Verdict::Take;
                }
                // Paths are ordered by their parts: what is in a folder follows it.
                let range = (Bound::Excluded(path), Bound::Unbounded);
                let next = paths.range::<Path, _>(range).next();
                if next.is_some_and(|next| next.starts_with(path)) {
                    Verdict::Leave
                } else {
                    Verdict::LeaveAll
                }
            }
        }
    }
}

/// Something in a folder.
#[derive(Debug)]
pub(crate) struct Entry {
    /// Its path, relative to the folder.
    pub(crate) path: String,
    /// Where it is.
    pub(crate) file: PathBuf,
    pub(crate) kind: EntryKind,
    pub(crate) metadata: Metadata,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum EntryKind {
    Folder,
    File,
    Link(String),
    Pipe,
}

/// What takes part, in the order in which BuildKit wants it: sorted by name, what is in a
/// folder right after it.
pub(crate) fn walk(folder: &Path, files: &Files) -> Result<Vec<Entry>, Error> {
    let mut entries = Vec::new();
    inside(folder, Path::new(""), files, &mut entries)?;
    Ok(entries)
}

fn inside(
    folder: &Path,
    below: &Path,
    files: &Files,
    entries: &mut Vec<Entry>,
) -> Result<(), Error> {
    let listing = std::fs::read_dir(folder).map_err(|error| unreadable(folder, &error))?;
    let mut names = listing
        .map(|entry| entry.map(|entry| entry.file_name()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| unreadable(folder, &error))?;
    names.sort();
    for name in names {
        let file = folder.join(&name);
        let path = below.join(&name);
        let metadata = match file.symlink_metadata() {
            Ok(metadata) => metadata,
            // It was there a moment ago.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(unreadable(&file, &error)),
        };
        let verdict = files.verdict(&path, metadata.is_dir());
        if verdict == Verdict::LeaveAll || (verdict == Verdict::Leave && !metadata.is_dir()) {
            continue;
        }
        let Some(kind) = kind_of(&file, &metadata)? else {
            continue;
        };
        let is_folder = kind == EntryKind::Folder;
        let text = path.to_str().ok_or_else(|| Error::Unreadable {
            path: file.clone(),
            reason: "BuildKit takes names in UTF-8 only".to_owned(),
        })?;
        let at = entries.len();
        entries.push(Entry {
            path: text.to_owned(),
            file: file.clone(),
            kind,
            metadata,
        });
        if is_folder {
            inside(&file, &path, files, entries)?;
            if verdict == Verdict::Leave && entries.len() == at + 1 {
                entries.truncate(at);
            }
        }
    }
    Ok(())
}

/// What something is; nothing for sockets and devices, which cannot take part.
fn kind_of(file: &Path, metadata: &Metadata) -> Result<Option<EntryKind>, Error> {
    use std::os::unix::fs::FileTypeExt as _;
    let kind = metadata.file_type();
    Ok(Some(if kind.is_dir() {
        EntryKind::Folder
    } else if kind.is_file() {
        EntryKind::File
    } else if kind.is_symlink() {
        let target = std::fs::read_link(file).map_err(|error| unreadable(file, &error))?;
        EntryKind::Link(target.to_string_lossy().into_owned())
    } else if kind.is_fifo() {
        EntryKind::Pipe
    } else {
        return Ok(None);
    }))
}

pub(crate) fn unreadable(path: &Path, error: &io::Error) -> Error {
    Error::Unreadable {
        path: path.to_path_buf(),
        reason: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for path in ["a/b/c", "a/d", "a.txt", "e/f"] {
            let file = folder.path().join(path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, "x").unwrap();
        }
        std::fs::create_dir(folder.path().join("empty")).unwrap();
        std::os::unix::fs::symlink("a/d", folder.path().join("link")).unwrap();
        folder
    }

    fn paths(folder: &Path, files: &Files) -> Vec<String> {
        let entries = walk(folder, files).unwrap();
        entries.into_iter().map(|entry| entry.path).collect()
    }

    #[test]
    fn all_files_come_in_the_order_that_buildkit_wants() {
        let folder = folder();
        assert_eq!(
            paths(folder.path(), &Files::All),
            [
                "a", "a/b", "a/b/c", "a/d", "a.txt", "e", "e/f", "empty", "link"
            ]
        );
    }

    #[test]
    fn a_list_brings_the_folders_that_lead_to_its_files() {
        let folder = folder();
        let files = Files::listed(["a/b/c", "empty", "link", "gone"]);
        assert_eq!(
            paths(folder.path(), &files),
            ["a", "a/b", "a/b/c", "empty", "link"]
        );
    }

    #[test]
    fn a_filter_can_leave_a_folder_and_take_what_is_in_it() {
        let folder = folder();
        let files = Files::filtered(|path, _| match path.to_str() {
            Some("a" | "a/b" | "e") => Verdict::Leave,
            Some("a/b/c") => Verdict::Take,
            Some("a.txt" | "a/d" | "e/f") => Verdict::Leave,
            _ => Verdict::LeaveAll,
        });
        assert_eq!(paths(folder.path(), &files), ["a", "a/b", "a/b/c"]);
    }
}
