//! What the engine tells while it works. Shells pass events on; the command line decides what to show.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

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

/// How far a command is. Written by whoever works, on whatever thread; read by whoever shows it.
#[derive(Debug, Default)]
pub struct Progress {
    step: AtomicUsize,
    done: AtomicUsize,
    total: AtomicUsize,
}

/// A step of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Finding out what has changed.
    Looking,
    /// Reading plugins.
    Plugins,
    /// Rendering settings, and drawing those that are secrets.
    Settings,
    /// Rendering templates.
    Templates,
    /// Writing files.
    Writing,
}

impl Step {
    const ALL: [Self; 5] = [
        Self::Looking,
        Self::Plugins,
        Self::Settings,
        Self::Templates,
        Self::Writing,
    ];
}

impl Progress {
    /// A step begins; it has `total` parts, or an unknown number (0).
    pub fn begin(&self, step: Step, total: usize) {
        self.done.store(0, Ordering::Relaxed);
        self.total.store(total, Ordering::Relaxed);
        self.step.store(step as usize, Ordering::Relaxed);
    }

    /// One part of the step is done.
    pub fn advance(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    /// The step, how many of its parts are done, and how many there are.
    pub fn now(&self) -> (Step, usize, usize) {
        let step = Step::ALL[self.step.load(Ordering::Relaxed) % Step::ALL.len()];
        (
            step,
            self.done.load(Ordering::Relaxed),
            self.total.load(Ordering::Relaxed),
        )
    }
}
