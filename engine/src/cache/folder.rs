//! The folder `.tutor/cache`, and for whom what is in it is meant.

use std::path::{Path, PathBuf};

use super::envelope;
use crate::system::{Stamp, System};

/// For whom something is kept: everything that it depends on and that is not written beside it. Another context is
/// another project, another user, another version of this program: what they kept is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context(blake3::Hash);

impl Context {
    /// The context that `parts` make up, in this build of the program.
    pub fn new<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut hasher = blake3::Hasher::new();
        for part in std::iter::once(BUILD.as_bytes()).chain(parts) {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        Self(hasher.finalize())
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }
}

/// What tells one build of the engine from another: its version, and a hash of its sources. See `build.rs`.
const BUILD: &str = concat!(env!("CARGO_PKG_VERSION"), " ", env!("ENGINE_SOURCES"));

/// The cache of one project root.
#[derive(Clone, Debug)]
pub struct CacheFolder {
    state: PathBuf,
}

impl CacheFolder {
    /// The cache of the project whose state folder (see [`crate::save::StateFolder`]) is `state`.
    pub fn new(state: &Path) -> Self {
        Self {
            state: state.to_owned(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.state.join("cache").join(name)
    }

    /// What was kept as `name` in this context, with the place where it begins in the bytes.
    pub(super) fn read(
        &self,
        system: &dyn System,
        context: &Context,
        name: &str,
    ) -> Option<(Vec<u8>, usize)> {
        let bytes = system.read(&self.path(name)).ok()?;
        let start = envelope::open(context, &bytes)?;
        Some((bytes, start))
    }

    /// Keeps `payload` as `name`, readable for the user only. For holders of the project's lock. If it cannot be
    /// kept (no room, a read-only folder), it is not: that costs time and nothing else.
    pub(super) fn write(&self, system: &dyn System, context: &Context, name: &str, payload: &[u8]) {
        let folder = self.state.join("cache");
        if system.create_private_folder(&folder).is_ok() {
            let bytes = envelope::seal(context, payload);
            let _ = system.replace_private(&self.path(name), &bytes, false);
        }
    }

    /// The stamp of the last trace: another one means that somebody has saved.
    pub fn trace_stamp(&self, system: &dyn System) -> Option<Stamp> {
        system.stamp(&self.path(super::trace::TRACE)).ok().flatten()
    }

    /// Forgets what was kept as `name`.
    pub(super) fn remove(&self, system: &dyn System, name: &str) {
        let _ = system.remove_file(&self.path(name));
    }
}

/// What was kept as `name` in this context.
pub fn read<T: serde::de::DeserializeOwned>(
    system: &dyn System,
    folder: &CacheFolder,
    context: &Context,
    name: &str,
) -> Option<T> {
    let (bytes, start) = folder.read(system, context, name)?;
    postcard::from_bytes(&bytes[start..]).ok()
}

/// Keeps `record` as `name`. For holders of the project's lock.
pub fn write(
    system: &dyn System,
    folder: &CacheFolder,
    context: &Context,
    name: &str,
    record: &impl serde::Serialize,
) {
    if let Ok(payload) = postcard::to_stdvec(record) {
        folder.write(system, context, name, &payload);
    }
}
