//! What the inputs were, for the cache: enough to find out later whether any of them has changed.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{Content, Listing};
use crate::system::{FileKind, Stamp};

/// What was found at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Found {
    /// Nothing.
    Nothing,
    /// A file whose bytes have this hash.
    File([u8; 32]),
    /// A folder, where a file was asked for.
    Folder,
    /// A folder whose listing has this hash; and whether a stamp tells when that changes (links may change what
    /// they lead to without it).
    Listing([u8; 32], bool),
}

/// One file or folder that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputRecord {
    /// Its absolute path.
    pub path: PathBuf,
    /// What was found there.
    pub found: Found,
    /// Its stamp, where there is something.
    pub stamp: Option<Stamp>,
    /// Whether any change since it was read would show in the stamp.
    pub settled: bool,
    /// Whether settings depend on it.
    pub in_settings: bool,
}

/// All inputs of a graph.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Records {
    /// Files and folders.
    pub paths: Vec<InputRecord>,
    /// What was asked for, and where it leads to. See [`super::Location`].
    pub locations: Vec<(PathBuf, Option<PathBuf>)>,
    /// Environment variables, with hashes of their values. Those that could override settings are not among them: who
    /// keeps records has to say himself for which of these they are.
    pub variables: Vec<(String, Option<[u8; 32]>)>,
}

/// What a variable's value is known by: it may be a secret.
pub(crate) fn hash_of_value(value: Option<&str>) -> Option<[u8; 32]> {
    value.map(|value| *blake3::hash(value.as_bytes()).as_bytes())
}

impl Found {
    /// What `content` is; `None` if it cannot be read, which nobody can say anything of later.
    pub(crate) fn of_content(content: &Content) -> Option<Self> {
        Some(match content {
            Content::Absent => Self::Nothing,
            Content::File(_) => Self::File(*content.hash()?.as_bytes()),
            Content::Folder => Self::Folder,
            Content::Unreadable(_) => return None,
        })
    }

    /// What a listing is.
    pub fn of_listing(listing: &Listing) -> Self {
        let Some(entries) = listing else {
            return Self::Nothing;
        };
        let mut hasher = blake3::Hasher::new();
        for entry in entries.iter() {
            hasher.update(&(entry.name.len() as u64).to_le_bytes());
            hasher.update(entry.name.as_bytes());
            let kind = match entry.kind {
                None => 0,
                Some(FileKind::File) => 1,
                Some(FileKind::Folder) => 2,
                Some(FileKind::Other) => 3,
            };
            hasher.update(&[kind, u8::from(entry.is_link)]);
        }
        let told_by_stamp = entries.iter().all(|entry| !entry.is_link);
        Self::Listing(*hasher.finalize().as_bytes(), told_by_stamp)
    }
}
