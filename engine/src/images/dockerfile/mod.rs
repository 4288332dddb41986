//! Dockerfiles, as far as it matters what a build of one looks at.
//!
//! Knows BuildKit's rules for lines, variables and stages. Does not know files, images or the network: what a build
//! refers to is named, not looked at.

mod lines;
mod platform;
mod sources;
mod stages;
mod words;

pub(super) use lines::Document;
pub(super) use platform::Platform;
pub(super) use sources::{Paths, Remote, remote};
pub(super) use stages::{Given, Uses, uses};

/// What is wrong with a Dockerfile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
}

impl Problem {
    fn new(line: usize, message: impl Into<String>) -> Self {
        Self {
            line,
            message: message.into(),
            hint: None,
        }
    }
}
