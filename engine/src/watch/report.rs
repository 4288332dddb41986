//! What a watch tells.

use std::path::PathBuf;
use std::time::Duration;

use crate::diagnostics::Diagnostics;
use crate::plugins::python::Printed;

/// One save of a watch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// The paths that had changed; none at the first save.
    pub trigger: Vec<PathBuf>,
    /// Files of `env/` that were written.
    pub written: Vec<PathBuf>,
    /// Files of `env/` that were removed.
    pub removed: Vec<PathBuf>,
    /// Whether `config.yml` was written.
    pub config_written: bool,
    /// How long it took, from the look at what had changed to the last byte.
    pub took: Duration,
}

impl Round {
    /// Whether anything was written or removed.
    pub fn wrote(&self) -> bool {
        self.config_written || !self.written.is_empty() || !self.removed.is_empty()
    }
}

/// Something that a watch has to say.
#[derive(Clone, Debug)]
pub enum Report {
    /// It has begun to wait for changes; `polling` says why it has to look for them itself, if it has to.
    Watching {
        /// Why.
        polling: Option<String>,
    },
    /// What a plugin has printed while it was loaded for the next save.
    Printed(Printed),
    /// A save, with what there is to say of it.
    Saved(Round, Diagnostics),
    /// A save that failed: nothing was changed. With what had changed.
    Failed(Vec<PathBuf>, Diagnostics),
    /// Nothing is saved until something is put right.
    Waiting {
        /// What.
        why: String,
    },
    /// The user's command was run: its exit status (`None`: it was killed), or why it could not be.
    Ran {
        /// The status.
        status: Result<Option<i32>, String>,
    },
}
