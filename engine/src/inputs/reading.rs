//! How inputs are read from the world outside, and when they were looked at.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::{Content, Listing};
use crate::system::{FileKind, Stamp, System};

/// A look at something: its stamp, if it has one, and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    pub(crate) stamp: Option<Stamp>,
    pub(crate) at: Duration,
}

impl Look {
    /// Whether a file with `stamp` now has not changed since this look.
    pub(super) fn still(&self, stamp: Option<Stamp>) -> bool {
        self.stamp == stamp && self.settled()
    }
    /// Whether any change since would show in the stamp.
    pub(crate) fn settled(&self) -> bool {
        self.stamp.is_none_or(|stamp| stamp.settled(self.at))
    }
}

/// What is at `path`. Its stamp is from before it was read, so that a change in between shows.
pub(crate) fn read_file(system: &dyn System, path: &Path) -> (Content, Look) {
    let at = system.now();
    let (content, stamp) = match system.read_stamped(path) {
        Ok((bytes, stamp)) => (Content::of(bytes), Some(stamp)),
        Err(error) => match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => (Content::Absent, None),
            ErrorKind::IsADirectory => {
                let stamp = system.stamp(path).ok().flatten();
                (
                    Content::Folder,
                    stamp.filter(|stamp| stamp.kind == FileKind::Folder),
                )
            }
            _ => (Content::Unreadable(error.to_string().into()), None),
        },
    };
    (content, Look { stamp, at })
}

/// The names in a folder, likewise.
pub(crate) fn read_folder(system: &dyn System, path: &Path) -> (Listing, Look) {
    let at = system.now();
    let stamp = system.stamp(path).ok().flatten();
    let listing = system.list(path).ok().map(Into::into);
    (listing, Look { stamp, at })
}

/// Where `path` leads to. See [`Location`].
pub(crate) fn locate(system: &dyn System, path: &Path) -> Option<PathBuf> {
    if path == Path::new("~") {
        system.home()
    } else {
        Some(system.resolve(path))
    }
}

/// In place of a variable's name: all variables, told by a hash of them.
pub const ALL_VARIABLES: &str = "*";

/// What shells change from command to command, and programs copy without looking at it.
const RESTLESS: [&str; 3] = ["OLDPWD", "SHLVL", "_"];

/// The value of an environment variable; of [`ALL_VARIABLES`], what tells whether any of them has changed.
pub(crate) fn read_variable(system: &dyn System, name: &str) -> Option<Arc<str>> {
    if name != ALL_VARIABLES {
        return system.variable(name).map(Into::into);
    }
    let mut hasher = blake3::Hasher::new();
    for (name, value) in system.variables("") {
        if !RESTLESS.contains(&&*name) {
            for part in [name, value] {
                hasher.update(&(part.len() as u64).to_le_bytes());
                hasher.update(part.as_bytes());
            }
        }
    }
    Some(hasher.finalize().to_hex().as_str().into())
}
