//! The journal: which files a save is about to write. While it exists, a save is under way or was interrupted.
//!
//! A save renders everything again and compares with what is on disk, so an interrupted one needs no replay: its
//! journal only says which files may be half-written, so that nobody takes them for edited by hand.

use std::collections::BTreeSet;
use std::io;

use serde::{Deserialize, Serialize};

use super::state::StateFolder;
use crate::system::System;

/// Paths below `env/` that may be half-written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journal {
    /// The paths.
    pub files: BTreeSet<String>,
}

impl Journal {
    /// The journal that an interrupted save left, if any: an empty file is none. One that cannot be read says nothing:
    /// its save was interrupted before the first file was touched.
    pub fn read(system: &dyn System, state: &StateFolder) -> Option<Self> {
        let bytes = system.read(&state.journal()).ok()?;
        (!bytes.is_empty()).then(|| serde_json::from_slice(&bytes).unwrap_or_default())
    }

    /// Notes what is about to be written.
    pub fn begin(&self, system: &dyn System, state: &StateFolder) -> io::Result<()> {
        let bytes = serde_json::to_vec(self).map_err(io::Error::other)?;
        system.write_private(&state.journal(), &bytes)
    }

    /// Notes that all is written. The file stays: making one anew at every save takes longer than writing it.
    pub fn end(system: &dyn System, state: &StateFolder) -> io::Result<()> {
        match system.stamp(&state.journal())? {
            Some(stamp) if stamp.size > 0 => system.write_private(&state.journal(), b""),
            _ => Ok(()),
        }
    }
}
