//! The manifest: which files of `env/` we wrote, and what was in them.
//!
//! It tells a file that was edited by hand from one that is merely out of date, and which files are ours to remove.

use std::collections::BTreeMap;
use std::io;

use serde::{Deserialize, Serialize};

use super::state::StateFolder;
use crate::system::System;

const FORMAT: u32 = 1;

/// What we wrote into `env/`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    format: u32,
    /// Hash (hexadecimal) by path below `env/`.
    pub files: BTreeMap<String, String>,
}

impl Manifest {
    /// The manifest of the last save; an empty one if there is none that can be read.
    pub fn read(system: &dyn System, state: &StateFolder) -> Self {
        let manifest = system
            .read(&state.manifest())
            .ok()
            .and_then(|bytes| serde_json::from_slice::<Self>(&bytes).ok());
        manifest
            .filter(|manifest| manifest.format == FORMAT)
            .unwrap_or_default()
    }

    /// Remembers these files.
    pub fn new(files: BTreeMap<String, String>) -> Self {
        Self {
            format: FORMAT,
            files,
        }
    }

    /// Writes it, unless it is what `before` was.
    pub fn write(&self, before: &Self, system: &dyn System, state: &StateFolder) -> io::Result<()> {
        if self == before {
            return Ok(());
        }
        let bytes = serde_json::to_vec(self).map_err(io::Error::other)?;
        system.replace_private(&state.manifest(), &bytes, false)
    }
}
