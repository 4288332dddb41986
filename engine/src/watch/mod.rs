//! `config save --watch`: saves, then again as files change, until told to stop.
//!
//! The system's events only say where to look ([`folders`], [`signal`]); [`gather`] says when. What is there then is
//! read into the graph, and a save through the graph does what the change needs. Where the system cannot tell, files
//! are looked at every now and then. This room knows nothing of settings or templates, but for [`guard`].

mod folders;
mod gather;
mod guard;
mod report;
mod running;
mod signal;
mod world;

use std::sync::mpsc::{self, Receiver, Sender};

use crate::commands::{Engine, SaveRequest};
use crate::diagnostics::Diagnostics;
use crate::events::EventSink;
pub use report::{Report, Round};
use running::Running;
use signal::Signal;

/// What to watch for, and how.
#[derive(Clone, Debug, Default)]
pub struct WatchRequest {
    /// The first save. Those that follow make no edits and clean nothing.
    pub first: SaveRequest,
    /// A command for the shell, run after each save that wrote something.
    pub exec: Option<String>,
    /// Look at files every now and then instead of being told of changes.
    pub poll: bool,
}

/// Ends a watch, from another thread.
#[derive(Clone, Debug)]
pub struct Stopper(Sender<Signal>);

impl Stopper {
    /// The watch ends after the save that is under way.
    pub fn stop(&self) {
        // It may have ended by itself.
        let _ = self.0.send(Signal::Stop);
    }
}

/// A watch that has not begun.
#[derive(Debug)]
pub struct Watch {
    signals: Receiver<Signal>,
    sender: Sender<Signal>,
}

impl Default for Watch {
    fn default() -> Self {
        let (sender, signals) = mpsc::channel();
        Self { signals, sender }
    }
}

impl Watch {
    /// What ends it.
    pub fn stopper(&self) -> Stopper {
        Stopper(self.sender.clone())
    }

    /// Watches until it is stopped.
    ///
    /// # Errors
    /// If the first save fails and it was to make edits, which later ones could not make up for.
    pub fn run(
        self,
        engine: &mut Engine,
        request: &WatchRequest,
        events: EventSink<'_>,
        report: &mut dyn FnMut(Report),
    ) -> Result<(), Diagnostics> {
        let mut running = Running::new(engine.system(), self.signals, request, events, report);
        running.first(engine)?;
        let sender = (!request.poll).then_some(self.sender);
        running.until_stopped(engine, sender);
        engine.session().remember_deferred();
        Ok(())
    }
}
