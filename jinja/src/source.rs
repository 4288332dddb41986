//! A template's text and the places in it.

use std::borrow::Cow;
use std::sync::Arc;

use crate::{Error, ErrorKind};

/// A piece of the normalised text, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Span {
    pub(crate) fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }
    /// From the start of this one to the end of `other`.
    pub(crate) fn to(self, other: Self) -> Self {
        Self {
            start: self.start,
            end: other.end.max(self.start),
        }
    }
}

/// The text of a template.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) name: Option<Arc<str>>,
    /// As it was given.
    pub(crate) original: Arc<str>,
    /// With `\n` for every line break and without the last one: what is lexed, and what spans refer to.
    pub(crate) text: Arc<str>,
}

impl Source {
    pub(crate) fn new(name: Option<&str>, source: &str) -> Self {
        let original: Arc<str> = source.into();
        let text = match normalise(source) {
            Cow::Borrowed(text) if text.len() == source.len() => Arc::clone(&original),
            text => text.into(),
        };
        Self {
            name: name.map(Into::into),
            original,
            text,
        }
    }

    /// The text of a span.
    pub(crate) fn slice(&self, span: Span) -> &str {
        self.text
            .get(span.start as usize..span.end as usize)
            .unwrap_or_default()
    }

    /// The line of an offset, from 1.
    pub(crate) fn line(&self, offset: u32) -> usize {
        let end = (offset as usize).min(self.text.len());
        1 + self.text.as_bytes()[..end]
            .split(|byte| *byte == b'\n')
            .count()
            .saturating_sub(1)
    }

    /// Line and column of an offset, both from 1, the column in characters.
    pub(crate) fn position(&self, offset: u32) -> (usize, usize) {
        let before = self.text.get(..offset as usize).unwrap_or(&self.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        (self.line(offset), 1 + before[line_start..].chars().count())
    }

    /// Says where an error happened, unless it knows already.
    pub(crate) fn locate(&self, mut error: Error, span: Span) -> Error {
        if error.line.is_none() {
            let (line, column) = self.position(span.start);
            error.template = self.name.as_deref().map(str::to_owned);
            error.line = Some(line);
            error.column = Some(column);
            error.end = (span.end > span.start).then(|| self.position(span.end));
        }
        error
    }

    /// A new error at a place.
    pub(crate) fn error(&self, kind: ErrorKind, message: impl Into<String>, span: Span) -> Error {
        self.locate(Error::new(kind, message), span)
    }
}

/// Line breaks as `\n`, and one of them gone at the end.
fn normalise(source: &str) -> Cow<'_, str> {
    let unix = if source.contains('\r') {
        Cow::Owned(source.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(source)
    };
    match unix {
        Cow::Borrowed(text) => Cow::Borrowed(text.strip_suffix('\n').unwrap_or(text)),
        Cow::Owned(mut text) => {
            if text.ends_with('\n') {
                text.pop();
            }
            Cow::Owned(text)
        }
    }
}

/// Whether Python's `\s` and `str.isspace` take the character for white space.
pub(crate) fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)
}
