//! The plugin host: one Python process in which plugins are loaded.
//!
//! Framing is [`Conversation`]'s, messages are [`wire`]'s; here is who may say what when. The conversation is strictly
//! nested: while the host works on a call it may ask, and goes on when it has its answer. A host that does not keep
//! to it, dies, or takes too long is ended; the next call starts another one.

#[cfg(test)]
mod tests;
mod wire;

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::time::Duration;

use serde_json::{Value as Json, json};

use crate::system::Conversation;
pub use wire::{Frame, Load, Problem, Reads};
use wire::{PROTOCOL, Said, Say};

/// Starts another conversation.
pub type Start<'a> = &'a dyn Fn() -> std::io::Result<Box<dyn Conversation>>;

/// A host, or none yet.
#[derive(Debug, Default)]
pub struct Host {
    conversation: Option<Box<dyn Conversation>>,
}

/// What a call came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The result.
    pub result: Json,
    /// What was read for it.
    pub reads: Reads,
    /// Modules of an installed Tutor that were used because the SDK lacks them.
    pub fallthrough: Vec<String>,
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
    /// The plugin has raised an exception.
    Raised(Problem),
    /// There was no answer in time.
    Silent(Duration),
    /// The process has ended in the middle of it: how, and what it said last.
    Died {
        /// How it ended.
        how: Option<String>,
        /// The end of what it printed.
        last_words: String,
    },
    /// It said something that is not in the protocol.
    Nonsense(String),
}

impl Host {
    /// Loads a plugin of API v0.
    ///
    /// # Errors
    /// See [`Failed`].
    pub fn load_v0(
        &mut self,
        start: Start<'_>,
        sdk: &BTreeMap<&str, &str>,
        plugin: &Load,
        patience: Duration,
    ) -> Result<Answer, Failed> {
        let call = json!({ "call": "load_v0", "plugin": plugin });
        self.call(start, sdk, &call, patience)
    }

    fn call(
        &mut self,
        start: Start<'_>,
        sdk: &BTreeMap<&str, &str>,
        call: &Json,
        patience: Duration,
    ) -> Result<Answer, Failed> {
        if self.conversation.is_none() {
            self.conversation = Some(greet(start, sdk, patience)?);
        }
        let Some(conversation) = &mut self.conversation else {
            return Err(Failed::Nonsense(String::from("there is no host")));
        };
        let answer = converse(&mut **conversation, call, patience);
        if !matches!(answer, Ok(_) | Err(Failed::Raised(_))) {
            // Nobody knows what state it is in.
            self.conversation = None;
        }
        answer
    }
}

/// Starts a host and introduces the engine.
fn greet(
    start: Start<'_>,
    sdk: &BTreeMap<&str, &str>,
    patience: Duration,
) -> Result<Box<dyn Conversation>, Failed> {
    let mut conversation = start().map_err(|error| Failed::Start(error.to_string()))?;
    let hello = Say::Hello {
        protocol: PROTOCOL,
        sdk: sdk.clone(),
    };
    let said =
        send(&mut *conversation, &hello).and_then(|()| receive(&mut *conversation, patience));
    match said? {
        Said {
            ready: Some(ready), ..
        } if ready.protocol == PROTOCOL => Ok(conversation),
        Said {
            refused: Some(reason),
            ..
        } => Err(Failed::Refused(reason)),
        other => Err(Failed::Nonsense(format!("it greets with {other:?}"))),
    }
}

fn converse(
    conversation: &mut dyn Conversation,
    call: &Json,
    patience: Duration,
) -> Result<Answer, Failed> {
    let line = call.to_string();
    if conversation.send(&line).is_err() {
        return Err(died(conversation));
    }
    loop {
        let said = receive(conversation, patience)?;
        if let Some(what) = said.ask {
            // While plugins are loaded there is no configuration yet: it depends on them.
            let refusal = format!("'{what}' cannot be had while plugins are loaded");
            send(conversation, &Say::Error(refusal))?;
        } else if let Some(problem) = said.error {
            return Err(Failed::Raised(problem));
        } else if let Some(result) = said.result {
            return Ok(Answer {
                result,
                reads: said.reads,
                fallthrough: said.fallthrough,
                printed: conversation.printed(),
            });
        } else {
            return Err(Failed::Nonsense(String::from(
                "it neither asks nor answers",
            )));
        }
    }
}

fn send(conversation: &mut dyn Conversation, message: &Say<'_>) -> Result<(), Failed> {
    let line =
        serde_json::to_string(message).map_err(|error| Failed::Nonsense(error.to_string()))?;
    conversation.send(&line).map_err(|_| died(conversation))
}

fn receive(conversation: &mut dyn Conversation, patience: Duration) -> Result<Said, Failed> {
    match conversation.receive(patience) {
        Ok(Some(line)) => serde_json::from_str(&line).map_err(|error| {
            let begin: String = line.chars().take(80).collect();
            Failed::Nonsense(format!("{error}, in {begin:?}"))
        }),
        Ok(None) => Err(died(conversation)),
        Err(error) if error.kind() == ErrorKind::TimedOut => Err(Failed::Silent(patience)),
        Err(error) => Err(Failed::Nonsense(error.to_string())),
    }
}

fn died(conversation: &mut dyn Conversation) -> Failed {
    Failed::Died {
        how: conversation.end(),
        last_words: conversation.printed().trim().to_owned(),
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        if let Some(conversation) = &mut self.conversation {
            // It ends by itself when it is told, or when the line is cut.
            let _ = send(&mut **conversation, &Say::Shutdown {});
        }
    }
}
