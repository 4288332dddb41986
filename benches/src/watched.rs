//! A running watch, seen from outside: the lines that it prints, and when they came.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::measure::Subject;
use crate::process;

/// Long enough for whatever a watch may have to do.
const PATIENCE: Duration = Duration::from_mins(1);

/// A watch under way. Dropping it ends the process.
pub(crate) struct RunningWatch {
    child: Child,
    lines: Receiver<(Instant, String)>,
}

/// A save that wrote something.
pub(crate) struct Wrote {
    /// When its line came.
    pub(crate) at: Instant,
    /// How long the save took, as the watch says.
    pub(crate) took: Duration,
}

impl RunningWatch {
    /// Starts a watch and waits until it watches.
    pub(crate) fn start(subject: &Subject) -> Result<Self, String> {
        let mut child = subject
            .command(&["config", "save", "--watch", "--format", "json"])
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{}: {error}", subject.program.display()))?;
        let output = child.stdout.take().ok_or("the watch has no output")?;
        let watch = Self {
            child,
            lines: timed_lines(output),
        };
        loop {
            let (_, event) = watch.event()?;
            if event["event"] == "watching" {
                return match &event["polling"] {
                    Value::Null => Ok(watch),
                    why => Err(format!("the watch has to look at files by itself: {why}")),
                };
            }
        }
    }

    /// Waits for the next save that writes to `env/`.
    pub(crate) fn wrote(&self) -> Result<Wrote, String> {
        loop {
            let (at, event) = self.event()?;
            let wrote = event["written"]
                .as_array()
                .is_some_and(|all| !all.is_empty());
            if event["event"] == "saved" && wrote {
                let milliseconds = event["milliseconds"].as_f64().unwrap_or_default();
                return Ok(Wrote {
                    at,
                    took: Duration::from_secs_f64(milliseconds / 1000.0),
                });
            }
        }
    }

    /// Memory that it has, in MiB.
    pub(crate) fn memory(&self) -> Result<f64, String> {
        process::resident_memory(self.child.id()).ok_or_else(|| String::from("the watch is gone"))
    }

    /// Memory that the processes have which it has started, in MiB, and how many they are.
    pub(crate) fn memory_of_children(&self) -> (f64, usize) {
        process::memory_of_descendants(self.child.id())
    }

    /// Processor time that it has had, in ticks.
    pub(crate) fn ticks(&self) -> Result<u64, String> {
        process::processor_ticks(self.child.id()).ok_or_else(|| String::from("the watch is gone"))
    }

    fn event(&self) -> Result<(Instant, Value), String> {
        let (at, line) = self
            .lines
            .recv_timeout(PATIENCE)
            .map_err(|error| match error {
                RecvTimeoutError::Timeout => String::from("the watch has nothing to say"),
                RecvTimeoutError::Disconnected => String::from("the watch has ended by itself"),
            })?;
        let event: Value = serde_json::from_str(&line)
            .map_err(|error| format!("the watch said {line:?}: {error}"))?;
        match event["event"].as_str() {
            Some("failed" | "waiting") => Err(format!("the watch cannot save: {line}")),
            _ => Ok((at, event)),
        }
    }
}

impl Drop for RunningWatch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Lines as they come, each with its time.
fn timed_lines(output: ChildStdout) -> Receiver<(Instant, String)> {
    let (sender, lines) = mpsc::channel();
    std::thread::spawn(move || {
        let mut output = BufReader::new(output);
        let mut line = String::new();
        while output.read_line(&mut line).is_ok_and(|length| length > 0) {
            let at = Instant::now();
            if sender.send((at, std::mem::take(&mut line))).is_err() {
                return;
            }
        }
    });
    lines
}
