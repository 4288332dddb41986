//! How far a command is, for those who have to wait long enough to ask.

use std::io::{IsTerminal, Write};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

use engine::events::{Progress, Step};

/// Who waits less notices nothing.
const NOTICED: Duration = Duration::from_millis(400);
/// How often the line is written again.
const TICK: Duration = Duration::from_millis(100);

/// A line on standard error that tells how far a command is, where that is a terminal. Dropping it takes it away.
pub(crate) struct Shown {
    thread: Option<(Sender<()>, JoinHandle<()>)>,
}

/// Begins to show `progress`, soon.
pub(crate) fn show(progress: Arc<Progress>) -> Shown {
    if !std::io::stderr().is_terminal() {
        return Shown { thread: None };
    }
    let (end, ended) = mpsc::channel::<()>();
    let thread = std::thread::spawn(move || {
        let mut wait = NOTICED;
        let mut written = false;
        while ended.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
            let _ = write!(std::io::stderr(), "\r\x1b[K{}", line(&progress));
            let _ = std::io::stderr().flush();
            wait = TICK;
            written = true;
        }
        if written {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    });
    Shown {
        thread: Some((end, thread)),
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        if let Some((end, thread)) = self.thread.take() {
            drop(end);
            let _ = thread.join();
        }
    }
}

fn line(progress: &Progress) -> String {
    let (step, done, total) = progress.now();
    let step = match step {
        Step::Looking => "Looking at files",
        Step::Plugins => "Reading plugins",
        Step::Settings => "Rendering settings",
        Step::Templates => "Rendering templates",
        Step::Writing => "Writing files",
    };
    if total > 0 {
        format!("{step}: {done} of {total}")
    } else {
        format!("{step} …")
    }
}
