//! The messages between the engine and the host: one JSON object a line. `sdk/PROTOCOL.md` describes them.

use std::collections::BTreeMap;

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
    /// Why there is none.
    Error(String),
    /// Good bye.
    Shutdown {},
}

/// A call, which is a message by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Load {
    /// The plugin's name.
    pub name: String,
    /// Its module.
    pub module: String,
    /// The attribute of the module that it is, if it is not the module itself.
    pub attribute: Option<String>,
    /// Its distribution.
    pub distribution: String,
    /// The distribution's version.
    pub version: String,
}

/// What the host says.
#[derive(Debug, Deserialize)]
pub(super) struct Said {
    pub(super) ready: Option<Ready>,
    pub(super) refused: Option<String>,
    pub(super) ask: Option<String>,
    /// There is a difference between none and nothing.
    #[serde(default, deserialize_with = "present")]
    pub(super) result: Option<Json>,
    pub(super) error: Option<Problem>,
    #[serde(default)]
    pub(super) reads: Reads,
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
}

/// What went wrong in Python.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
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
    /// The module that is missing.
    pub missing_module: Option<String>,
}

/// A place in a Python file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
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
    /// Versions of distributions that were imported.
    pub modules: BTreeMap<String, String>,
    /// Other plugins that were imported.
    pub plugins: Vec<String>,
}
