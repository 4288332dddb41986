//! What is at a path.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use crate::system::System;

/// What is at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Nothing.
    Absent,
    /// A file.
    File(Blob),
    /// A folder.
    Folder,
    /// Something that cannot be read, and why.
    Unreadable(Arc<str>),
}

/// The bytes of a file. Compared by their hash.
///
/// Where the cache knows the hash of a file that has not changed since, the bytes are read when they are first
/// asked for, which usually is never.
#[derive(Clone, Debug)]
pub struct Blob(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    hash: blake3::Hash,
    data: OnceLock<Data>,
    source: Option<Source>,
}

/// Where the bytes are still to be read from.
#[derive(Debug)]
struct Source {
    system: Arc<dyn System>,
    path: PathBuf,
    moved: Arc<AtomicBool>,
}

/// Bytes of a file, as text where they are one.
#[derive(Clone, Debug)]
pub enum Data {
    /// A text file.
    Text(Arc<str>),
    /// A file that is not UTF-8.
    Bytes(Arc<[u8]>),
}

impl Content {
    /// A file with these bytes.
    pub fn of(bytes: Vec<u8>) -> Self {
        Self::File(Blob(Arc::new(Inner {
            hash: blake3::hash(&bytes),
            data: Data::of(bytes).into(),
            source: None,
        })))
    }

    /// A file whose bytes have the hash `hash`, to be read when need be. Should it turn out that they have changed
    /// meanwhile, `moved` is set: what was computed from them has to be computed again.
    pub(super) fn known(
        hash: blake3::Hash,
        system: &Arc<dyn System>,
        path: &Path,
        moved: &Arc<AtomicBool>,
    ) -> Self {
        Self::File(Blob(Arc::new(Inner {
            hash,
            data: OnceLock::new(),
            source: Some(Source {
                system: system.clone(),
                path: path.to_owned(),
                moved: moved.clone(),
            }),
        })))
    }

    /// The bytes, if it is a file.
    pub fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::File(blob) => Some(match blob.data() {
                Data::Text(text) => text.as_bytes(),
                Data::Bytes(bytes) => bytes,
            }),
            _ => None,
        }
    }

    /// The text, if it is a file of text.
    pub fn text(&self) -> Option<&Arc<str>> {
        match self {
            Self::File(blob) => match blob.data() {
                Data::Text(text) => Some(text),
                Data::Bytes(_) => None,
            },
            _ => None,
        }
    }

    /// The hash of the bytes, if it is a file. Reads nothing.
    pub fn hash(&self) -> Option<blake3::Hash> {
        match self {
            Self::File(blob) => Some(blob.0.hash),
            _ => None,
        }
    }
}

impl Blob {
    /// The bytes.
    pub fn data(&self) -> &Data {
        self.0.data.get_or_init(|| {
            // Without a source the data were there from the beginning.
            let read = self
                .0
                .source
                .as_ref()
                .map(|source| (source, source.system.read(&source.path)));
            match read {
                Some((source, Ok(bytes))) => {
                    if blake3::hash(&bytes) != self.0.hash {
                        source.moved.store(true, Ordering::Relaxed);
                    }
                    Data::of(bytes)
                }
                Some((source, Err(_))) => {
                    source.moved.store(true, Ordering::Relaxed);
                    Data::of(Vec::new())
                }
                None => Data::of(Vec::new()),
            }
        })
    }
}

impl PartialEq for Blob {
    fn eq(&self, other: &Self) -> bool {
        self.0.hash == other.0.hash
    }
}
impl Eq for Blob {}

impl Data {
    fn of(bytes: Vec<u8>) -> Self {
        match String::from_utf8(bytes) {
            Ok(text) => Self::Text(text.into()),
            Err(error) => Self::Bytes(error.into_bytes().into()),
        }
    }
}
