//! What loading a plugin depended on, thing by thing, and what each of them is now.
//!
//! One function looks at a thing, for what is remembered and for what is compared with it, so that these cannot drift
//! apart. It looks through the graph's inputs only: whoever has looked, depends on it.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::host::Reads;
use super::paths::current;
use crate::cache::{Fingerprint, fingerprint_of_parts};
use crate::inputs::{Content, Db, File, Found};

/// Something that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) enum Thing {
    /// What is in a file, or that there is none.
    Content(PathBuf),
    /// What is in a folder.
    Listing(PathBuf),
    /// Whether there is a file or a folder.
    Kind(PathBuf),
    /// An environment variable; `*` stands for all of them.
    Variable(String),
    /// Which folder is the current one.
    CurrentFolder,
}

/// A thing, with what it was.
pub(super) type Seen = (Thing, Fingerprint);

/// Where nothing is a file as others are: what is read there is another thing each time, or never ends.
const NOT_FILES: [&str; 3] = ["/proc", "/sys", "/dev"];

/// What the host says that was read.
pub(super) fn things(db: &dyn Db, reads: &Reads) -> Vec<Thing> {
    let mut things = Vec::new();
    let paths = |paths: &[String], thing: fn(PathBuf) -> Thing| {
        let paths: Vec<_> = paths.iter().map(PathBuf::from).collect();
        paths
            .into_iter()
            .filter(|path| !NOT_FILES.iter().any(|root| path.starts_with(root)))
            .map(thing)
            .collect::<Vec<_>>()
    };
    things.extend(paths(&reads.files, Thing::Content));
    things.extend(paths(&reads.listings, Thing::Listing));
    things.extend(paths(&reads.stats, Thing::Kind));
    things.extend(paths(&reads.absent, Thing::Kind));
    things.extend(reads.variables.iter().cloned().map(Thing::Variable));
    let metadata = reads.modules.values().filter_map(|one| one.path.as_ref());
    things.extend(metadata.map(|path| Thing::Content(headers(db, path))));
    if reads.volatile.iter().any(|one| one.kind == "cwd") {
        things.push(Thing::CurrentFolder);
    }
    things
}

/// The file that says the version of the distribution whose metadata are at `path`.
fn headers(db: &dyn Db, path: &Path) -> PathBuf {
    let name = match path.extension().and_then(|suffix| suffix.to_str()) {
        Some("dist-info") => "METADATA",
        _ => "PKG-INFO",
    };
    match db.file(path).content(db) {
        Content::Folder => path.join(name),
        _ => path.to_owned(),
    }
}

/// What a thing is now; `None` if it cannot be read.
pub(super) fn look(db: &dyn Db, thing: &Thing) -> Option<Fingerprint> {
    Some(match thing {
        Thing::Content(path) => {
            let content = db.file(path).content(db);
            match content {
                Content::Absent => fingerprint_of_parts([&b"nothing"[..]]),
                Content::Folder => fingerprint_of_parts([&b"folder"[..]]),
                Content::File(_) => {
                    fingerprint_of_parts([&b"file"[..], &content.hash()?.as_bytes()[..]])
                }
                Content::Unreadable(_) => return None,
            }
        }
        Thing::Listing(path) => match Found::of_listing(db.folder(path).listing(db)) {
            Found::Listing(hash, _) => fingerprint_of_parts([&b"names"[..], &hash[..]]),
            _ => fingerprint_of_parts([&b"nothing"[..]]),
        },
        Thing::Kind(path) => {
            let kind = match kind(db, db.file(path)) {
                Kind::Nothing => &b"nothing"[..],
                Kind::File => b"file",
                Kind::Folder => b"folder",
            };
            fingerprint_of_parts([kind])
        }
        Thing::Variable(name) => match db.variable(name).value(db) {
            Some(value) => fingerprint_of_parts([&b"set"[..], value.as_bytes()]),
            None => fingerprint_of_parts([&b"not set"[..]]),
        },
        Thing::CurrentFolder => {
            let folder = current(db);
            fingerprint_of_parts([folder.as_os_str().as_encoded_bytes()])
        }
    })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Nothing,
    File,
    Folder,
}

/// What is at a path. Changes only when that does, not when something else is written into a file.
#[salsa::tracked]
fn kind(db: &dyn Db, file: File) -> Kind {
    match file.content(db) {
        Content::Absent => Kind::Nothing,
        Content::Folder => Kind::Folder,
        Content::File(_) | Content::Unreadable(_) => Kind::File,
    }
}

impl Thing {
    /// Its path, if it has one.
    pub(super) fn path(&self) -> Option<&Path> {
        match self {
            Self::Content(path) | Self::Listing(path) | Self::Kind(path) => Some(path),
            Self::Variable(_) | Self::CurrentFolder => None,
        }
    }
}
