//! Hashes of files, by path and stamp: a file that has not been touched is not read again.

use serde::{Deserialize, Serialize};

use super::folder::{CacheFolder, Context};
use crate::system::{Stamp, System};

/// The hashes of the files of one folder.
#[derive(Debug, Default)]
pub struct FileHashes {
    name: String,
    /// Sorted by path.
    known: Vec<(String, Stamp, [u8; 32])>,
}

/// The same, for writing.
#[derive(Serialize)]
struct Written<'a>(Vec<(&'a str, &'a Stamp, &'a [u8; 32])>);

/// The same, as it is read.
#[derive(Deserialize)]
struct Read(Vec<(String, Stamp, [u8; 32])>);

impl FileHashes {
    /// What is known of the files that are kept under `name`.
    pub fn open(system: &dyn System, folder: &CacheFolder, context: &Context, name: &str) -> Self {
        let known = folder
            .read(system, context, name)
            .and_then(|(bytes, start)| postcard::from_bytes::<Read>(&bytes[start..]).ok());
        Self {
            name: name.to_owned(),
            known: known.map_or_else(Vec::new, |read| read.0),
        }
    }

    /// The hash of the file `path`, if it still has this stamp.
    pub fn get(&self, path: &str, stamp: &Stamp) -> Option<blake3::Hash> {
        let found = self
            .known
            .binary_search_by(|(known, _, _)| known.as_str().cmp(path));
        let (_, known, hash) = &self.known[found.ok()?];
        (known == stamp).then(|| blake3::Hash::from_bytes(*hash))
    }

    /// Keeps `hashes` instead, sorted by path, if they are others. Only of files whose stamps are
    /// [settled](Stamp::settled).
    pub fn keep(
        &self,
        system: &dyn System,
        folder: &CacheFolder,
        context: &Context,
        hashes: &[(&str, Stamp, blake3::Hash)],
    ) {
        let same = hashes.len() == self.known.len()
            && hashes
                .iter()
                .zip(&self.known)
                .all(|(new, old)| *new.0 == old.0 && new.1 == old.1 && *new.2.as_bytes() == old.2);
        if same {
            return;
        }
        let all = hashes
            .iter()
            .map(|(path, stamp, hash)| (*path, stamp, hash.as_bytes()));
        if let Ok(payload) = postcard::to_stdvec(&Written(all.collect())) {
            folder.write(system, context, &self.name, &payload);
        }
    }
}
