//! What the engine tells while it works. Shells pass events on; the command line decides what to show.

use std::path::PathBuf;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Another process holds the project's lock; we wait for it.
    WaitingForLock {
        /// The project root.
        root: PathBuf,
    },
    /// An interrupted save was found; this one repairs what it left.
    Repairing {
        /// How many files the interrupted save may have left half-written.
        files: usize,
    },
    /// A file was written.
    Wrote {
        /// Its absolute path.
        path: PathBuf,
    },
    /// A file that nothing yields any more was removed.
    Removed {
        /// Its absolute path.
        path: PathBuf,
    },
}

/// Receives events. Called from the thread that runs the shell.
pub type EventSink<'a> = &'a mut dyn FnMut(Event);
