//! What can be wrong with a YAML text, and where.
//!
//! Messages are `PyYAML`'s, because users know them and Tutor prints them. How a message is shown (colours, file
//! names, hints) is not known here; [`Error::to_python`] gives the text that `str(exception)` has in Python.

use std::fmt;

/// The class of the exception that `PyYAML` raises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// `yaml.reader.ReaderError`: a character that YAML forbids.
    Reader,
    /// `yaml.scanner.ScannerError`
    Scanner,
    /// `yaml.parser.ParserError`
    Parser,
    /// `yaml.composer.ComposerError`, and documents that nest too deeply (`RecursionError` in Python).
    Composer,
    /// `yaml.constructor.ConstructorError`, and the exceptions of other classes that Python raises while it builds
    /// values (`ValueError` for the 31st of February).
    Constructor,
}

impl ErrorKind {
    /// The name of the Python class.
    pub fn python_name(self) -> &'static str {
        match self {
            Self::Reader => "ReaderError",
            Self::Scanner => "ScannerError",
            Self::Parser => "ParserError",
            Self::Composer => "ComposerError",
            Self::Constructor => "ConstructorError",
        }
    }
}

/// A place in the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Mark {
    /// Offset in bytes.
    pub index: usize,
    /// Line, counted from 0.
    pub line: usize,
    /// Column in characters, counted from 0. A byte order mark has no width.
    pub column: usize,
}

/// A piece of the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// Where it starts.
    pub start: Mark,
    /// Where it ends: the place after its last character.
    pub end: Mark,
}

/// Why a text is not a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The class of the exception.
    pub kind: ErrorKind,
    /// What is wrong.
    pub problem: String,
    /// What was being read.
    pub context: Option<String>,
    /// Where the problem is.
    pub mark: Option<Mark>,
    /// Where the thing that was being read starts.
    pub context_mark: Option<Mark>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, problem: impl Into<String>, mark: Mark) -> Self {
        Self {
            kind,
            problem: problem.into(),
            context: None,
            mark: Some(mark),
            context_mark: None,
        }
    }

    pub(crate) fn within(
        mut self,
        context: impl Into<String>,
        mark: impl Into<Option<Mark>>,
    ) -> Self {
        self.context = Some(context.into());
        self.context_mark = mark.into();
        self
    }

    /// What `str(exception)` gives in Python for the text `text` of a source called `name`
    /// (`<unicode string>` where Python parses a string).
    pub fn to_python(&self, text: &str, name: &str) -> String {
        if let (ErrorKind::Reader, Some(mark)) = (self.kind, self.mark) {
            let before = text.get(..mark.index).unwrap_or(text);
            return format!(
                "{}\n  in \"{name}\", position {}",
                self.problem,
                before.chars().count()
            );
        }
        let place = |mark: &Mark| {
            let (line, column) = (mark.line + 1, mark.column + 1);
            format!(
                "  in \"{name}\", line {line}, column {column}:\n{}",
                snippet(text, *mark)
            )
        };
        let same_place = |a: &Mark| {
            self.mark
                .is_some_and(|b| (a.line, a.column) == (b.line, b.column))
        };
        let mut lines = Vec::new();
        lines.extend(self.context.clone());
        lines.extend(
            self.context_mark
                .iter()
                .filter(|mark| !same_place(mark))
                .map(place),
        );
        lines.push(self.problem.clone());
        lines.extend(self.mark.iter().map(place));
        lines.join("\n")
    }
}

/// The line around `mark`, cut to about 75 characters, and a caret under the place.
fn snippet(text: &str, mark: Mark) -> String {
    const HALF: usize = 37;
    let is_end = |c: &char| matches!(c, '\0' | '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}');
    let (before, after) = text.split_at_checked(mark.index).unwrap_or((text, ""));
    let mut head: Vec<char> = before
        .chars()
        .rev()
        .take_while(|c| !is_end(c))
        .take(HALF)
        .collect();
    let mut tail: Vec<char> = after
        .chars()
        .take_while(|c| !is_end(c))
        .take(HALF)
        .collect();
    let mut lead = "";
    if head.len() == HALF {
        head.truncate(HALF - 5);
        lead = " ... ";
    }
    let mut trail = "";
    if tail.len() == HALF {
        tail.truncate(HALF - 5);
        trail = " ... ";
    }
    let caret = " ".repeat(4 + lead.len() + head.len());
    let head: String = head.into_iter().rev().collect();
    let tail: String = tail.into_iter().collect();
    format!("    {lead}{head}{tail}{trail}\n{caret}^")
}

impl fmt::Display for Error {
    /// One line: the problem, what was being read, and where.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(context) = &self.context {
            write!(f, "{context}: ")?;
        }
        f.write_str(&self.problem)?;
        match self.mark {
            Some(mark) => write!(f, " (line {}, column {})", mark.line + 1, mark.column + 1),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}
