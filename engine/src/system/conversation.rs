//! A conversation with a process of ours: lines there and back, over a channel that nobody else uses.

use std::fmt::{self, Debug, Display};
use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::net::Shutdown;
use std::os::fd::AsRawFd;
use std::os::unix::fs::FileExt;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How much of what a process prints is kept: the end of it.
const PRINTED_LIMIT: usize = 1 << 16;

/// How long a process that does not answer has to say where it is.
const LAST_WORDS: Duration = Duration::from_millis(100);

/// A line longer than this is an error instead of an out-of-memory.
const LINE_LIMIT: usize = 1 << 28;

/// The other side of a conversation.
pub trait Conversation: Send + Debug {
    /// Sends a line, which has no line break.
    fn send(&mut self, line: &str) -> io::Result<()>;
    /// The next line, without its line break; `None` if the other side has hung up.
    ///
    /// # Errors
    /// [`ErrorKind::TimedOut`] if none comes within `patience`.
    fn receive(&mut self, patience: Duration) -> io::Result<Option<String>>;
    /// What the other side has printed since this was asked last; if that is much, the end of it.
    fn printed(&mut self) -> String;
    /// What a process that does not answer has printed, after it was asked (SIGUSR1) to say where it is.
    fn last_words(&mut self) -> String;
    /// Holds on to a file that the other side has open under this number, so that it can be read once that is gone.
    fn hold(&mut self, descriptor: i32);
    /// What is in that file: its beginning, of `beginning` bytes, and the end of the rest.
    fn held(&mut self, beginning: usize) -> (Vec<u8>, Vec<u8>);
    /// Ends it, by force if need be; one on the terminal is waited for. Answers how the process ended, if it had ended by
    /// itself.
    fn end(&mut self) -> Option<Ended>;
}

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// With this exit status.
    Status(i32),
    /// By this signal.
    Signal(i32),
}

impl Ended {
    fn of(status: ExitStatus) -> Self {
        use std::os::unix::process::ExitStatusExt;
        match (status.code(), status.signal()) {
            (Some(code), _) => Self::Status(code),
            (None, signal) => Self::Signal(signal.unwrap_or_default()),
        }
    }
}

impl Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "exit status {status}"),
            Self::Signal(signal) => write!(f, "signal {signal}"),
        }
    }
}

/// A process at the other end of a pair of sockets.
pub(super) struct ProcessConversation {
    child: Child,
    stream: UnixStream,
    received: Vec<u8>,
    printed: Arc<Mutex<Vec<u8>>>,
    /// Reads what is printed, for as long as somebody could print.
    /// What keeps what it prints, unless that goes to the terminal.
    reading: Option<JoinHandle<()>>,
    held: Option<File>,
}

impl Debug for ProcessConversation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "process {}", self.child.id())
    }
}

impl ProcessConversation {
    /// Starts `program`. In `args`, `{fd}` stands for the number of the descriptor that the conversation is on.
    /// On the `terminal`, it has our input and output; else what it prints is kept, and it reads nothing.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that may start processes"
    )]
    pub(super) fn start(program: &Path, args: &[&str], terminal: bool) -> io::Result<Self> {
        let (ours, theirs) = UnixStream::pair()?;
        // It goes to the child as it is.
        rustix::io::fcntl_setfd(&theirs, rustix::io::FdFlags::empty())?;
        let number = theirs.as_raw_fd().to_string();
        let mut command = Command::new(program);
        command
            .args(args.iter().map(|arg| arg.replace("{fd}", &number)))
            // The order of sets is the same in every process.
            .env("PYTHONHASHSEED", "0");
        let printed: Arc<Mutex<Vec<u8>>> = Arc::default();
        let mut reading = None;
        if !terminal {
            let (reader, writer) = io::pipe()?;
            command
                .stdin(Stdio::null())
                .stdout(Stdio::from(writer.try_clone()?))
                .stderr(Stdio::from(writer));
            let sink = printed.clone();
            // Ends when nobody holds the other end any more: that may be a child of the process.
            reading = Some(std::thread::spawn(move || keep_the_end(reader, &sink)));
        }
        let child = command.spawn()?;
        drop(theirs);
        drop(command);
        Ok(Self {
            child,
            stream: ours,
            received: Vec::new(),
            printed,
            reading,
            held: None,
        })
    }

    fn take_line(&mut self) -> io::Result<Option<String>> {
        let Some(end) = self.received.iter().position(|byte| *byte == b'\n') else {
            return Ok(None);
        };
        let rest = self.received.split_off(end + 1);
        let mut line = std::mem::replace(&mut self.received, rest);
        line.pop();
        String::from_utf8(line)
            .map(Some)
            .map_err(|_| ErrorKind::InvalidData.into())
    }
}

/// Reads to the end, and keeps what came last.
fn keep_the_end(mut reader: io::PipeReader, sink: &Mutex<Vec<u8>>) {
    let mut buffer = [0; 1 << 14];
    while let Ok(count @ 1..) = reader.read(&mut buffer) {
        let mut printed = sink.lock().unwrap_or_else(PoisonError::into_inner);
        printed.extend_from_slice(&buffer[..count]);
        let surplus = printed.len().saturating_sub(PRINTED_LIMIT);
        printed.drain(..surplus);
    }
}

impl Conversation for ProcessConversation {
    fn send(&mut self, line: &str) -> io::Result<()> {
        self.stream.set_write_timeout(None)?;
        self.stream.write_all(line.as_bytes())?;
        self.stream.write_all(b"\n")
    }

    fn receive(&mut self, patience: Duration) -> io::Result<Option<String>> {
        let started = Instant::now();
        let mut buffer = vec![0; 1 << 16];
        // What was looked through before has no end of a line in it.
        if let Some(line) = self.take_line()? {
            return Ok(Some(line));
        }
        loop {
            let left = patience.saturating_sub(started.elapsed());
            if left.is_zero() {
                return Err(ErrorKind::TimedOut.into());
            }
            self.stream.set_read_timeout(Some(left))?;
            match self.stream.read(&mut buffer) {
                Ok(0) => return Ok(None),
                Ok(count) => {
                    let has_end = buffer[..count].contains(&b'\n');
                    self.received.extend_from_slice(&buffer[..count]);
                    if has_end {
                        return self.take_line();
                    }
                    if self.received.len() > LINE_LIMIT {
                        return Err(io::Error::new(
                            ErrorKind::InvalidData,
                            "a message of more than 256 MiB",
                        ));
                    }
                }
                Err(error)
                    if matches!(
                        error.kind(),
                        ErrorKind::WouldBlock | ErrorKind::Interrupted | ErrorKind::TimedOut
                    ) => {}
                Err(error) if error.kind() == ErrorKind::ConnectionReset => return Ok(None),
                Err(error) => return Err(error),
            }
        }
    }

    fn printed(&mut self) -> String {
        let mut printed = self.printed.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&std::mem::take(&mut *printed)).into_owned()
    }

    fn last_words(&mut self) -> String {
        if let Some(process) = i32::try_from(self.child.id())
            .ok()
            .and_then(rustix::process::Pid::from_raw)
        {
            let _ = rustix::process::kill_process(process, rustix::process::Signal::USR1);
            std::thread::sleep(LAST_WORDS);
        }
        self.printed()
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "what a process of ours has open is part of the conversation with it"
    )]
    fn hold(&mut self, descriptor: i32) {
        // Where there is no such folder, less is told of a process that has ended.
        let path = format!("/proc/{}/fd/{descriptor}", self.child.id());
        self.held = File::open(path).ok();
    }

    fn held(&mut self, beginning: usize) -> (Vec<u8>, Vec<u8>) {
        let read = |file: &File| {
            let size = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
            let mut begin = vec![0; beginning.min(size)];
            file.read_exact_at(&mut begin, 0)?;
            let from = size.saturating_sub(PRINTED_LIMIT).max(begin.len());
            let mut end = vec![0; size - from];
            file.read_exact_at(&mut end, from as u64)?;
            Ok::<_, io::Error>((begin, end))
        };
        let found = self.held.as_ref().and_then(|file| read(file).ok());
        found.unwrap_or_default()
    }

    fn end(&mut self) -> Option<Ended> {
        if self.reading.is_none() {
            let _ = self.stream.shutdown(Shutdown::Both);
            return self.child.wait().ok().map(Ended::of);
        }
        // One that has hung up is about to end.
        let started = Instant::now();
        let mut status = None;
        while status.is_none() && started.elapsed() < Duration::from_millis(200) {
            status = self.child.try_wait().ok().flatten();
            if status.is_none() {
                std::thread::sleep(Duration::from_millis(2));
            }
        }
        if status.is_none() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
        // What it said last may still be on its way.
        let ended = Instant::now();
        let is_reading = || {
            self.reading
                .as_ref()
                .is_some_and(|thread| !thread.is_finished())
        };
        while is_reading() && ended.elapsed() < Duration::from_millis(200) {
            std::thread::sleep(Duration::from_millis(1));
        }
        status.map(Ended::of)
    }
}

impl Drop for ProcessConversation {
    fn drop(&mut self) {
        // Nothing is waiting for it: what it was started for is over. One on the terminal has the last word.
        let _ = self.stream.shutdown(Shutdown::Both);
        if self.reading.is_some() {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}
