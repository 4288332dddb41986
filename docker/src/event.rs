//! What is told while something is going on, and how to stop it.

use std::sync::Arc;

use tokio::sync::watch;

/// Something that happened in a build, a pull or a push.
///
/// Steps are numbered from 0, in the order in which they began.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// A step began.
    Started {
        /// Its number.
        step: usize,
        /// What it does, as BuildKit says it: `[2/3] RUN make`.
        name: String,
    },
    /// A step was found in the cache.
    Cached {
        /// Its number.
        step: usize,
    },
    /// A step was carried out.
    Finished {
        /// Its number.
        step: usize,
    },
    /// A step failed.
    Failed {
        /// Its number.
        step: usize,
        /// Why.
        error: String,
    },
    /// A line that a step printed.
    Log {
        /// Its number.
        step: usize,
        /// The line, without its end.
        line: String,
    },
    /// How far something is: a layer of a pull or a push, a file of a build.
    Progress {
        /// What is being moved: the short digest of a layer, say.
        what: String,
        /// What is being done with it: `Downloading`, say.
        status: String,
        /// Bytes until now.
        current: u64,
        /// Bytes in all, where known.
        total: Option<u64>,
    },
    /// Something that a person should see.
    Warning {
        /// What it says.
        text: String,
        /// The line of the Dockerfile, counted from 1.
        line: Option<u32>,
    },
}

/// Stops what it was handed to, from any thread.
#[derive(Debug, Clone)]
pub struct Cancel(Arc<watch::Sender<bool>>);

impl Default for Cancel {
    fn default() -> Self {
        Self::new()
    }
}

impl Cancel {
    /// One that has not been used.
    pub fn new() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }

    /// Stops everything that it was handed to, now and later.
    pub fn cancel(&self) {
        self.0.send_replace(true);
    }

    /// Whether it has been used.
    pub fn is_cancelled(&self) -> bool {
        *self.0.borrow()
    }

    /// Comes back when it is used.
    pub(crate) async fn cancelled(&self) {
        // The sender lives as long as `self`: this cannot fail.
        let _ = self.0.subscribe().wait_for(|used| *used).await;
    }
}
