//! The plugin host: one Python process in which plugins are loaded.
//!
//! Framing is [`Conversation`]'s, messages are [`wire`]'s; here is who may say what when. The conversation is strictly
//! nested: while the host works on a call it may ask, and goes on when it has its answer. A host that does not keep
//! to it, dies, or takes too long is ended; the next call starts another one.

#[cfg(test)]
mod tests;
mod wire;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use crate::system::{Conversation, Ended};
pub use wire::{
    Api, Cause, Distribution, Doer, Effects, Frame, Kept, Load, Problem, Reads, Volatile,
};
use wire::{PROTOCOL, Said, Say};

/// Starts another conversation.
pub type Start<'a> = &'a dyn Fn() -> std::io::Result<Box<dyn Conversation>>;

/// Answers what the host asks: what it is, with its arguments. An error is what the plugin gets to read.
pub type Asked<'a> = &'a mut dyn FnMut(&str, &Json) -> Result<Json, String>;

/// A conversation, as long as nobody else has it.
type Slot = Option<Box<dyn Conversation>>;

thread_local! {
    /// The conversation that waits for an answer of ours, on this thread: meanwhile we may ask in turn.
    static WAITING: RefCell<Slot> = const { RefCell::new(None) };
}

/// Asks the host that waits for an answer of ours on this thread; `None` if there is none.
pub(super) fn ask_in_turn(
    call: &Json,
    patience: Duration,
    asked: Asked<'_>,
) -> Option<Result<Answer, Failed>> {
    let mut slot = WAITING.take();
    slot.as_ref()?;
    let answer = converse(&mut slot, call, Some(patience), asked);
    WAITING.set(slot);
    Some(answer)
}

/// A host, or none yet.
#[derive(Debug, Default)]
pub struct Host {
    conversation: Slot,
    path: Vec<PathBuf>,
}

/// What a call came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The result, or the exception that the plugin has raised.
    pub outcome: Result<Json, Box<Problem>>,
    /// What was read for it.
    pub reads: Reads,
    /// Modules of an installed Tutor that were used because the SDK lacks them.
    pub fallthrough: Vec<String>,
    /// What was done besides.
    pub effects: Effects,
    /// What the plugin has printed.
    pub printed: String,
}

/// Why a call came to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failed {
    /// The process cannot be started.
    Start(String),
    /// The host does not want to work: the Python is too old.
    Refused(String),
    /// There was no answer in time.
    Silent {
        /// How long it had.
        patience: Duration,
        /// What it printed last, and where its code was.
        last_words: String,
        /// Whose function was at work, if it was one.
        doer: Option<Box<Doer>>,
    },
    /// The process has ended in the middle of it: how, and what it said last.
    Died {
        /// How it ended.
        how: Option<Ended>,
        /// The end of what it printed.
        last_words: String,
        /// Whose function was at work, if it was one.
        doer: Option<Box<Doer>>,
    },
    /// It said something that is not in the protocol.
    Nonsense(String),
}

impl Host {
    /// Loads a plugin.
    ///
    /// # Errors
    /// See [`Failed`].
    pub fn load(
        &mut self,
        start: Start<'_>,
        sdk: &BTreeMap<&str, &str>,
        plugin: &Load,
        patience: Duration,
        asked: Asked<'_>,
    ) -> Result<Answer, Failed> {
        let call = json!({ "call": plugin.api.call(), "plugin": plugin });
        self.request(start, sdk, &call, patience, asked)
    }

    /// Drops the modules of `packages`: the next load imports them anew. Nothing is done if there is no host.
    pub fn forget(&mut self, packages: &[String], patience: Duration) {
        if self.conversation.is_some() {
            let call = json!({ "call": "forget", "packages": packages });
            let nothing = &mut |_: &str, _: &Json| Err(String::new());
            if converse(&mut self.conversation, &call, Some(patience), nothing).is_err() {
                self.end();
            }
        }
    }

    /// Ends the process. The next call starts another one.
    pub fn end(&mut self) {
        self.conversation = None;
    }

    /// Whether there is a process.
    pub fn is_running(&self) -> bool {
        self.conversation.is_some()
    }

    /// The process's `sys.path`, where modules are looked for.
    pub fn path(&self) -> &[PathBuf] {
        &self.path
    }

    /// Makes a request of any kind.
    ///
    /// # Errors
    /// See [`Failed`].
    pub fn request(
        &mut self,
        start: Start<'_>,
        sdk: &BTreeMap<&str, &str>,
        call: &Json,
        patience: Duration,
        asked: Asked<'_>,
    ) -> Result<Answer, Failed> {
        if self.conversation.is_none() {
            let (conversation, path) = greet(start, sdk, Some(patience))?;
            self.conversation = Some(conversation);
            self.path = path;
        }
        let answer = converse(&mut self.conversation, call, Some(patience), asked);
        if answer.is_err() {
            // Nobody knows what state it is in.
            self.end();
        }
        answer
    }
}

/// Runs the command of a plugin in a process of its own, on the terminal. Answers its exit status.
///
/// # Errors
/// See [`Failed`]; the exception that got out of it is in the answer's outcome.
pub fn run_command(
    start: Start<'_>,
    sdk: &BTreeMap<&str, &str>,
    call: &RunCommand<'_>,
    asked: Asked<'_>,
) -> Result<Answer, Failed> {
    let mut plugin = json!(call.plugin);
    plugin["group"] = json!(match call.plugin.api {
        Api::V0 => "v0",
        Api::V1 => "v1",
    });
    let call = json!({
        "call": "run_command",
        "plugin": plugin,
        "command": call.command,
        "args": call.arguments,
        "root": call.root,
    });
    run_once(start, sdk, &call, asked)
}

/// Makes a request of a process of its own, on the terminal, which takes as long as it wants.
///
/// # Errors
/// See [`Failed`].
pub fn run_once(
    start: Start<'_>,
    sdk: &BTreeMap<&str, &str>,
    call: &Json,
    asked: Asked<'_>,
) -> Result<Answer, Failed> {
    let (conversation, _) = greet(start, sdk, None)?;
    converse(&mut Some(conversation), call, None, asked)
}

/// A command to run.
#[derive(Clone, Copy, Debug)]
pub struct RunCommand<'a> {
    /// Whose it is.
    pub plugin: &'a Load,
    /// Its name.
    pub command: &'a str,
    /// What follows it on the command line.
    pub arguments: &'a [String],
    /// The project root.
    pub root: &'a Path,
}

/// Starts a host and introduces the engine. Without `patience`, it may take as long as it wants.
fn greet(
    start: Start<'_>,
    sdk: &BTreeMap<&str, &str>,
    patience: Option<Duration>,
) -> Result<(Box<dyn Conversation>, Vec<PathBuf>), Failed> {
    let mut conversation = start().map_err(|error| Failed::Start(error.to_string()))?;
    let hello = Say::Hello {
        protocol: PROTOCOL,
        sdk: sdk.clone(),
    };
    let patience = Patience::new(patience);
    let greeted = send(&mut *conversation, &hello)
        .and_then(|()| receive(&mut *conversation, &patience))
        .and_then(understand);
    // Nothing was asked of any plugin yet: if this fails, it is no Python, or a broken one.
    match greeted.map_err(|failed| Failed::Start(no_greeting(&failed)))? {
        Said {
            ready: Some(ready), ..
        } if ready.protocol == PROTOCOL => {
            if let Some(descriptor) = ready.printed {
                conversation.hold(descriptor);
            }
            Ok((conversation, ready.path))
        }
        Said {
            refused: Some(reason),
            ..
        } => Err(Failed::Refused(reason)),
        _ => Err(Failed::Start(String::from(
            "it does not answer as a Python does",
        ))),
    }
}

/// What somebody did who was started as a Python, instead of a greeting.
fn no_greeting(failed: &Failed) -> String {
    match failed {
        Failed::Died {
            how, last_words, ..
        } => {
            let last = last_words.lines().last().map(str::trim).unwrap_or_default();
            let how = how.map_or_else(String::new, |how| format!(" ({how})"));
            let said = if last.is_empty() {
                String::new()
            } else {
                format!(": {last}")
            };
            format!("it ended before it was asked anything{how}{said}")
        }
        Failed::Silent { patience, .. } => {
            format!("it did not answer within {} s", patience.as_secs_f64())
        }
        Failed::Start(why) | Failed::Refused(why) => why.clone(),
        Failed::Nonsense(what) => format!("it does not answer as a Python does ({what})"),
    }
}

fn converse(
    slot: &mut Slot,
    call: &Json,
    patience: Option<Duration>,
    asked: Asked<'_>,
) -> Result<Answer, Failed> {
    let line = call.to_string();
    let patience = Patience::new(patience);
    let gone = || Failed::Nonsense(String::from("the host is gone"));
    let conversation = slot.as_mut().ok_or_else(gone)?;
    if conversation.send(&line).is_err() {
        return Err(died(&mut **conversation));
    }
    loop {
        let conversation = slot.as_mut().ok_or_else(gone)?;
        let message = receive(&mut **conversation, &patience)?;
        if let Some(what) = message.get("ask").and_then(Json::as_str) {
            // One on the terminal does not know all plugins, and shows what they print: others are called.
            let waits = if patience.limit.is_some() {
                slot.take()
            } else {
                None
            };
            let outer = WAITING.replace(waits);
            let answer = asked(what, &message);
            let back = WAITING.replace(outer);
            if back.is_some() {
                *slot = back;
            }
            let answer = match answer {
                Ok(answer) => Say::Answer(answer),
                Err(message) => Say::Error { message },
            };
            let conversation = slot.as_mut().ok_or_else(gone)?;
            send(&mut **conversation, &answer)?;
            continue;
        }
        let said = understand(message)?;
        let outcome = match (said.error, said.result) {
            (Some(problem), _) => Err(problem),
            (None, Some(result)) => Ok(result),
            (None, None) => {
                let what = String::from("it neither asks nor answers");
                return Err(Failed::Nonsense(what));
            }
        };
        return Ok(Answer {
            outcome,
            reads: said.reads,
            fallthrough: said.fallthrough,
            effects: said.effects,
            printed: conversation.printed(),
        });
    }
}

/// How long an answer may take, all in all.
struct Patience {
    limit: Option<Duration>,
    begun: Instant,
}

/// So long that nobody will see the end of it.
const FOREVER: Duration = Duration::from_secs(1 << 30);

impl Patience {
    fn new(limit: Option<Duration>) -> Self {
        Self {
            limit,
            begun: Instant::now(),
        }
    }

    fn left(&self) -> Duration {
        let limit = self.limit.unwrap_or(FOREVER);
        limit.saturating_sub(self.begun.elapsed())
    }
}

fn send(conversation: &mut dyn Conversation, message: &Say<'_>) -> Result<(), Failed> {
    let line =
        serde_json::to_string(message).map_err(|error| Failed::Nonsense(error.to_string()))?;
    conversation.send(&line).map_err(|_| died(conversation))
}

fn receive(conversation: &mut dyn Conversation, patience: &Patience) -> Result<Json, Failed> {
    match conversation.receive(patience.left()) {
        Ok(Some(line)) => serde_json::from_str(&line).map_err(|error| {
            let begin: String = line.chars().take(80).collect();
            Failed::Nonsense(format!("{error}, in {begin:?}"))
        }),
        Ok(None) => Err(died(conversation)),
        Err(error) if error.kind() == ErrorKind::TimedOut => {
            let said = conversation.last_words();
            let (doer, printed) = at_work(conversation);
            Err(Failed::Silent {
                patience: patience.limit.unwrap_or(FOREVER),
                last_words: printed + &said,
                doer,
            })
        }
        Err(error) => Err(Failed::Nonsense(error.to_string())),
    }
}

fn understand(message: Json) -> Result<Said, Failed> {
    serde_json::from_value(message).map_err(|error| Failed::Nonsense(error.to_string()))
}

fn died(conversation: &mut dyn Conversation) -> Failed {
    let how = conversation.end();
    let said = conversation.printed();
    let (doer, printed) = at_work(conversation);
    Failed::Died {
        how,
        last_words: (printed + &said).trim().to_owned(),
        doer,
    }
}

/// How long the beginning of the file is that says whose function is at work; the rest is what it has printed.
const HEADER: usize = 4096;

/// Whose function is at work, and what it has printed.
fn at_work(conversation: &mut dyn Conversation) -> (Option<Box<Doer>>, String) {
    let (header, printed) = conversation.held(HEADER);
    let end = header.iter().position(|byte| *byte == 0);
    let doer = serde_json::from_slice::<Option<Doer>>(&header[..end.unwrap_or_default()]);
    let mut printed = String::from_utf8_lossy(&printed).into_owned();
    if !printed.is_empty() && !printed.ends_with('\n') {
        printed.push('\n');
    }
    (doer.ok().flatten().map(Box::new), printed)
}

impl Drop for Host {
    fn drop(&mut self) {
        if let Some(conversation) = &mut self.conversation {
            // It ends by itself when it is told, or when the line is cut.
            let _ = send(&mut **conversation, &Say::Shutdown {});
        }
    }
}
