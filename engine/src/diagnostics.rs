//! Problems as data: what is wrong, where, whose it is, and what to do.
//!
//! Rendering a diagnostic for people is the command line's job.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Severity {
    /// Shown only to those who ask for strictness.
    Remark,
    /// Worth knowing.
    Warning,
    /// Something is left out, and the work goes on; an error with `--strict`.
    Alert,
    /// Nothing is written.
    Error,
}

/// Whose contribution something is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Owner {
    /// The core templates and their settings.
    Core,
    /// A plugin, by name.
    Plugin(Arc<str>),
    /// The user's `config.yml`.
    User,
    /// An environment variable, by name.
    Environment(Arc<str>),
    /// Options on the command line.
    CommandLine,
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Core => write!(f, "the core"),
            Self::Plugin(name) => write!(f, "plugin '{name}'"),
            Self::User => write!(f, "config.yml"),
            Self::Environment(name) => write!(f, "environment variable {name}"),
            Self::CommandLine => write!(f, "the command line"),
        }
    }
}

/// A place in a text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Place {
    /// What the line numbers count in: a path, or a description such as `setting 'ID'`.
    pub origin: String,
    /// 1-based; `None` where unknown.
    pub line: Option<usize>,
    /// 1-based, in characters; `None` where unknown.
    pub column: Option<usize>,
    /// How many characters are meant, from `column` on.
    pub width: usize,
    /// The text of that line, where it may be shown: never one that could hold a user's secret.
    pub excerpt: Option<String>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
            if let Some(column) = self.column {
                write!(f, ":{column}")?;
            }
        }
        Ok(())
    }
}

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// A stable identifier, such as `undefined-variable`.
    pub code: Cow<'static, str>,
    /// What is wrong, in one sentence without a final full stop. Never a user's secret.
    pub message: String,
    /// Where.
    pub place: Option<Place>,
    /// Whose it is.
    pub owner: Option<Owner>,
    /// What led there, innermost first.
    pub notes: Vec<String>,
    /// What to do.
    pub hint: Option<String>,
}

/// A failed query: shared, so that who depends on it fails with the very same problem.
pub type Failure = Arc<Diagnostic>;

impl Diagnostic {
    /// A problem that stops the work.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }
    /// A problem that leaves something out.
    pub fn alert(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Alert, code, message)
    }
    /// A remark.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }
    /// Something that only the strict want to know.
    pub fn remark(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Remark, code, message)
    }
    fn new(severity: Severity, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            severity,
            code: Cow::Borrowed(code),
            message: message.into(),
            place: None,
            owner: None,
            notes: vec![],
            hint: None,
        }
    }
    /// The same, at a place.
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }
    /// The same, with an owner.
    pub fn of(mut self, owner: Owner) -> Self {
        self.owner = Some(owner);
        self
    }
    /// The same, with one more note.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }
    /// The same, with a hint.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        f.write_str(&self.message)
    }
}

/// Problems, collected: each once, in the order in which they were found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Failure>);

impl Diagnostics {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }
    /// Adds a problem that is not there yet.
    pub fn push(&mut self, diagnostic: impl Into<Failure>) {
        let diagnostic = diagnostic.into();
        if !self.0.contains(&diagnostic) {
            self.0.push(diagnostic);
        }
    }
    /// Adds several.
    pub fn extend<D: Into<Failure>>(&mut self, diagnostics: impl IntoIterator<Item = D>) {
        diagnostics
            .into_iter()
            .for_each(|diagnostic| self.push(diagnostic));
    }
    /// Whether any of them stops the work; with `strict`, alerts do too.
    pub fn is_fatal(&self, strict: bool) -> bool {
        let limit = if strict {
            Severity::Alert
        } else {
            Severity::Error
        };
        self.0.iter().any(|diagnostic| diagnostic.severity >= limit)
    }
    /// The same, with errors turned into alerts.
    pub fn as_alerts(&self) -> Self {
        let alert = |diagnostic: &Failure| {
            Arc::new(Diagnostic {
                severity: diagnostic.severity.min(Severity::Alert),
                ..(**diagnostic).clone()
            })
        };
        Self(self.0.iter().map(alert).collect())
    }
    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter().map(AsRef::as_ref)
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(diagnostics: I) -> Self {
        let mut all = Self::new();
        all.extend(diagnostics);
        all
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![Arc::new(diagnostic)])
    }
}

impl From<Failure> for Diagnostics {
    fn from(failure: Failure) -> Self {
        Self(vec![failure])
    }
}

/// A message without what it quotes, which may be part of a user's secret. Types and punctuation are kept.
pub fn without_quotes(message: &str) -> String {
    /// What messages quote that is never the user's.
    const KNOWN: [&str; 20] = [
        "bool",
        "bytes",
        "dict",
        "float",
        "int",
        "list",
        "str",
        "tuple",
        "NoneType",
        "None",
        "set",
        "date",
        "datetime",
        "StrictUndefined",
        "end of template",
        "end of print statement",
        "end of statement block",
        "name",
        "integer",
        "string",
    ];
    let mut shown = String::new();
    let mut rest = message;
    while let Some(start) = rest.find(['\'', '"']) {
        let (before, quoted) = rest.split_at(start);
        let quote = if quoted.starts_with('"') { '"' } else { '\'' };
        shown.push_str(before);
        shown.push(quote);
        let inside = &quoted[1..];
        // A quoted text may have quotes of its own: whatever is not surely known goes, to the last quote.
        let first = inside
            .find(quote)
            .map(|end| (&inside[..end], &inside[end + 1..]));
        let is_known = |text: &str| {
            KNOWN.contains(&text)
                || text
                    .strip_suffix(" object")
                    .is_some_and(|kind| KNOWN.contains(&kind))
                || !text.chars().any(char::is_alphanumeric)
        };
        match first {
            Some((text, after)) if is_known(text) => {
                shown.push_str(text);
                rest = after;
            }
            _ => {
                shown.push('…');
                rest = inside.rfind(quote).map_or("", |end| &inside[end + 1..]);
            }
        }
        shown.push(quote);
    }
    shown.push_str(rest);
    shown
}

/// The name among `candidates` that `name` was probably meant to be.
///
/// Close means: at most a third of the letters differ (Damerau's transpositions count once); names of one or two
/// letters are close to nothing.
pub fn did_you_mean<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    let length = name.chars().count();
    let limit = if length < 3 { 0 } else { (length / 3).max(1) };
    candidates
        .into_iter()
        .filter(|candidate| *candidate != name && candidate.len().abs_diff(name.len()) <= limit)
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate.to_owned())
}

fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (
        a.to_lowercase().chars().collect(),
        b.to_lowercase().chars().collect(),
    );
    let mut before: Vec<usize> = Vec::new();
    let mut previous: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut current = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let substitution = previous[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            current[j] = substitution.min(previous[j] + 1).min(current[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                current[j] = current[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut previous, current);
    }
    previous[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_texts_are_left_out_of_messages_unless_they_are_types() {
        assert_eq!(
            without_quotes("'dict object' has no attribute 'x'y'"),
            "'dict object' has no attribute '…'"
        );
        assert_eq!(
            without_quotes("expected token ',', got 'secret'"),
            "expected token ',', got '…'"
        );
        assert_eq!(
            without_quotes("can only concatenate str (not \"int\") to str"),
            "can only concatenate str (not \"int\") to str"
        );
        assert_eq!(without_quotes("an 'open quote"), "an '…'");
    }

    #[test]
    fn a_name_with_a_slip_is_recognised() {
        let names = ["LMS_HOST", "CMS_HOST", "PLATFORM_NAME"];
        assert_eq!(did_you_mean("LSM_HOST", names).as_deref(), Some("LMS_HOST"));
        assert_eq!(
            did_you_mean("PLATFORM_NAMES", names).as_deref(),
            Some("PLATFORM_NAME")
        );
        assert_eq!(did_you_mean("SOMETHING", names), None);
    }
}
