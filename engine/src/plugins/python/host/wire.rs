//! The messages between the engine and the host: one JSON object a line. `sdk/PROTOCOL.md` describes them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// The version of the protocol that both sides have to speak.
pub(super) const PROTOCOL: u32 = 1;

/// What the engine says.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Say<'a> {
    /// First of all: the version, and the texts of the SDK's modules by path.
    Hello {
        protocol: u32,
        sdk: BTreeMap<&'a str, &'a str>,
    },
    /// The answer to what the host asked.
    Answer(Json),
    /// Why there is none.
    Error { message: String },
    /// Good bye.
    Shutdown {},
}

/// Which plugin is meant, in calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Load {
    /// The plugin's name.
    pub name: String,
    /// The API that it is written for.
    #[serde(skip)]
    pub api: Api,
    /// Its module.
    pub module: String,
    /// The attribute of the module that it is, if it is not the module itself.
    pub attribute: Option<String>,
    /// Its file, if it is a single one.
    pub file: Option<PathBuf>,
    /// Its distribution.
    pub distribution: String,
    /// The distribution's version.
    pub version: Option<String>,
    /// What its random draws are derived from, in hexadecimal digits.
    pub seed: Option<String>,
}

/// The API that a plugin is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Api {
    /// Attributes of a module.
    V0,
    /// Hooks.
    V1,
}

impl Api {
    /// The call that loads a plugin of this API.
    pub(super) fn call(self) -> &'static str {
        match self {
            Self::V0 => "load_v0",
            Self::V1 => "load_v1",
        }
    }
}

/// What the host says.
#[derive(Debug, Deserialize)]
pub(super) struct Said {
    pub(super) ready: Option<Ready>,
    pub(super) refused: Option<String>,
    /// There is a difference between none and nothing.
    #[serde(default, deserialize_with = "present")]
    pub(super) result: Option<Json>,
    pub(super) error: Option<Box<Problem>>,
    #[serde(default)]
    pub(super) reads: Reads,
    #[serde(default)]
    pub(super) effects: Effects,
    #[serde(default)]
    pub(super) fallthrough: Vec<String>,
}

fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Json>, D::Error> {
    Json::deserialize(deserializer).map(Some)
}

/// The host's introduction.
#[derive(Debug, Deserialize)]
pub(super) struct Ready {
    pub(super) protocol: u32,
    /// `sys.path`.
    #[serde(default)]
    pub(super) path: Vec<PathBuf>,
    /// The descriptor of the file to which goes what functions print, and that says whose is at work.
    pub(super) printed: Option<i32>,
}

/// A function of a plugin's, or data that it has added to a hook.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Doer {
    /// The plugin.
    pub plugin: Option<String>,
    /// The filter or action.
    pub hook: Option<String>,
    /// The function's name; none: it is data.
    pub function: Option<String>,
    /// The file that it is in.
    pub file: Option<String>,
    /// The line, from 1.
    pub line: Option<usize>,
    /// The type that it was to give.
    pub expected: Option<String>,
    /// The type of what it gave.
    pub found: Option<String>,
}

/// What went wrong in Python.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Problem {
    /// The exception's class.
    pub kind: String,
    /// What it says.
    pub message: String,
    /// Where, the innermost last: the plugin's own frames.
    pub frames: Vec<Frame>,
    /// Where the syntax is wrong.
    pub syntax: Option<Frame>,
    /// The plugin whose function it was, if that is known.
    pub plugin: Option<String>,
    /// The module that is missing.
    pub missing_module: Option<String>,
    /// The attribute of the plugin that was evaluated.
    pub attribute: Option<String>,
    /// Where in it.
    pub key: Vec<String>,
    /// The file of the line that declares it, where that is known.
    pub file: Option<String>,
    /// That line, from 1.
    pub line: Option<usize>,
    /// Where, from the attribute on, there is a value that cannot be told.
    pub path: Vec<String>,
    /// What should be there.
    pub expected: Option<String>,
    /// What is there.
    pub found: Option<String>,
    /// What it was raised from.
    pub cause: Option<Cause>,
    /// Who had given the function that failed something that it could not expect.
    pub given: Option<Box<Doer>>,
}

/// What an exception was raised from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cause {
    /// The exception's class.
    pub kind: String,
    /// What it says.
    pub message: String,
}

/// A place in a Python file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Frame {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: Option<usize>,
    /// The column, from 1.
    pub column: Option<usize>,
    /// The function.
    pub function: Option<String>,
    /// The line's text.
    pub text: Option<String>,
}

/// What loading a plugin has read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Reads {
    /// Files that were read.
    pub files: Vec<String>,
    /// Folders that were listed.
    pub listings: Vec<String>,
    /// Paths where nothing was found.
    pub absent: Vec<String>,
    /// Paths that were only looked at.
    pub stats: Vec<String>,
    /// Environment variables, set or not.
    pub variables: Vec<String>,
    /// Distributions that were imported, by name.
    pub modules: BTreeMap<String, Distribution>,
    /// Packages of other plugins that were imported.
    pub plugins: Vec<String>,
    /// What is different next time.
    pub volatile: Vec<Volatile>,
    /// Settings that a call has read; `*` if all of them.
    pub settings: Vec<String>,
    /// Filters that a call has applied.
    pub filters: Vec<String>,
    /// Plugins whose functions and items a call has used.
    pub ran: Vec<String>,
    /// What a call has asked us for.
    pub asks: Vec<String>,
}

/// What a call has done besides answering.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Effects {
    /// What it has added to hooks.
    pub added: Json,
    /// Hooks of which it has dropped something.
    pub cleared: Vec<String>,
    /// What it has written.
    pub wrote: Vec<String>,
    /// What it has removed.
    pub removed: Vec<String>,
    /// What it has printed.
    pub printed: String,
    /// What plugins keep in their modules that is another thing than before.
    pub kept: Vec<Kept>,
}

/// Something that a plugin keeps from call to call.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Kept {
    /// Module and name.
    pub name: String,
    /// The plugins whose module it is.
    pub plugins: Vec<String>,
}

/// An installed distribution.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Distribution {
    /// Its version.
    pub version: Option<String>,
    /// Its metadata: a folder, or a file.
    pub path: Option<PathBuf>,
}

/// Something that is different next time, and who asked for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Volatile {
    /// What it is: `time`, `process`, …
    pub kind: String,
    /// The plugin's file.
    pub file: Option<String>,
    /// The line, from 1.
    pub line: Option<usize>,
}
