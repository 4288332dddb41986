//! Parsed YAML files: values, and where in the file they are.

use std::path::Path;
use std::sync::Arc;

use yaml::{Document, Mark};

use crate::diagnostics::{Diagnostic, Failure, Place, without_quotes};
use crate::inputs::{Content, Data, Db, File};

/// A YAML file that was read.
#[derive(Debug)]
pub struct Source {
    /// Its name in messages.
    pub origin: String,
    /// Its text.
    pub text: Arc<str>,
    /// What it says.
    pub document: Document,
    /// Whether its lines may be shown: those of `config.yml` hold secrets.
    pub public: bool,
}

/// The YAML document in a file, `None` if there is no file.
///
/// # Errors
/// If the file cannot be read, is no UTF-8, or no YAML.
#[salsa::tracked(no_eq)]
pub fn yaml_document(db: &dyn Db, file: File) -> Result<Option<Arc<Source>>, Failure> {
    let path = file.path(db);
    let public = !is_private(path);
    text(path, file.content(db))?
        .map(|text| parse(path.display().to_string(), text, public))
        .transpose()
}

fn is_private(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| name == "config.yml" || name == "config.json")
}

/// The text of a file, `None` if there is no file.
pub fn text(path: &Path, content: &Content) -> Result<Option<Arc<str>>, Failure> {
    let place = Place {
        origin: path.display().to_string(),
        ..Place::default()
    };
    let diagnostic = match content {
        Content::Absent => return Ok(None),
        Content::File(blob) => {
            let bytes = match blob.data() {
                Data::Text(text) => return Ok(Some(text.clone())),
                Data::Bytes(bytes) => bytes,
            };
            let valid = std::str::from_utf8(bytes)
                .err()
                .map_or(0, |error| error.valid_up_to());
            let before = String::from_utf8_lossy(&bytes[..valid]).into_owned();
            let line = before.matches('\n').count() + 1;
            let column = before
                .rsplit('\n')
                .next()
                .map_or(0, |line| line.chars().count())
                + 1;
            Diagnostic::error(
                "not-utf8",
                format!("byte 0x{:02x} is not valid UTF-8", bytes[valid]),
            )
            .at(Place {
                line: Some(line),
                column: Some(column),
                width: 1,
                ..place
            })
            .hint("save the file as UTF-8")
        }
        Content::Folder => {
            Diagnostic::error("not-a-file", "expected a file, found a folder").at(place)
        }
        Content::Unreadable(why) => {
            Diagnostic::error("unreadable", format!("cannot be read: {why}"))
                .at(place)
                .hint("check who owns the file and its permissions")
        }
    };
    Err(diagnostic.into())
}

/// Parses `text`; `origin` is its name in messages.
pub fn parse(origin: String, text: Arc<str>, public: bool) -> Result<Arc<Source>, Failure> {
    match yaml::load_document(&text) {
        Ok(document) => Ok(Arc::new(Source {
            origin,
            text,
            document,
            public,
        })),
        Err(error) => {
            let mark = error.mark.or(error.context_mark);
            let place = place_at(&origin, &text, public, mark, 1);
            // A private file's problem may quote what stands there.
            let problem = if public {
                error.problem
            } else {
                without_quotes(&error.problem)
            };
            let message = format!("this is not valid YAML: {problem}");
            let mut diagnostic = Diagnostic::error("yaml-syntax", message).at(place);
            if let Some(context) = error.context.filter(|_| public) {
                diagnostic = diagnostic.note(context);
            }
            if text.contains("{{") || text.contains("{%") {
                diagnostic = diagnostic.hint(
                    "a value that begins with `{{` or `{%` must be quoted: KEY: \"{{ OTHER }}\"",
                );
            }
            Err(diagnostic.into())
        }
    }
}

fn place_at(origin: &str, text: &str, public: bool, mark: Option<Mark>, width: usize) -> Place {
    let Some(mark) = mark else {
        return Place {
            origin: origin.to_owned(),
            ..Place::default()
        };
    };
    let line = text.lines().nth(mark.line);
    Place {
        origin: origin.to_owned(),
        line: Some(mark.line + 1),
        column: Some(mark.column + 1),
        width,
        excerpt: line.map(|line| {
            if public {
                line.to_owned()
            } else {
                without_value(line, mark.column + width)
            }
        }),
    }
}

/// A line of a private file with what could be a secret blotted out, as long as `length` characters at least,
/// so that a caret finds its column.
fn without_value(line: &str, length: usize) -> String {
    let key = line.split_once(':').map(|(key, _)| key).filter(|key| {
        let key = key.trim_matches([' ', '\'', '"', '-']);
        !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    });
    let shown = key.map_or_else(|| "…".to_owned(), |key| format!("{key}: …"));
    let missing = length.saturating_sub(shown.chars().count());
    shown + &" ".repeat(missing)
}

impl Source {
    /// Where the value at `path` (keys from the top) begins; where its key is, if that is asked for;
    /// the nearest thing above it that exists otherwise.
    pub fn place(&self, path: &[&str], at_key: bool) -> Place {
        let mut path = path;
        while !path.is_empty() {
            if let Some(entry) = self.document.entry(path) {
                let span = if at_key {
                    entry.key_span
                } else {
                    entry.node.span
                };
                let width = if span.start.line == span.end.line {
                    span.end.column - span.start.column
                } else {
                    1
                };
                return place_at(
                    &self.origin,
                    &self.text,
                    self.public,
                    Some(span.start),
                    width.max(1),
                );
            }
            path = &path[..path.len() - 1];
        }
        let start = self.document.root.span.start;
        place_at(&self.origin, &self.text, self.public, Some(start), 1)
    }

    /// The place in the file of line `line` (1-based) of the text that is the value at `path`.
    /// `None` if the lines of the value are not those of the file (quoted and folded texts).
    pub fn place_in_text(
        &self,
        path: &[&str],
        line: usize,
        column: Option<usize>,
        width: usize,
    ) -> Option<Place> {
        let entry = self.document.entry(path)?;
        let span = entry.node.span;
        let (file_line, file_column) = match entry.node.style {
            yaml::Style::Literal => {
                let file_line = span.start.line + line;
                let text = self.text.lines().nth(file_line)?;
                // The block's indentation is that of its first line that is not blank.
                let first = self
                    .text
                    .lines()
                    .skip(span.start.line + 1)
                    .find(|line| !line.trim().is_empty())?;
                let indent = first.chars().take_while(|c| *c == ' ').count();
                let indent = indent.min(text.chars().take_while(|c| *c == ' ').count());
                (file_line, column.map(|column| column + indent))
            }
            yaml::Style::Plain if span.start.line == span.end.line => (
                span.start.line,
                column.map(|column| column + span.start.column),
            ),
            yaml::Style::SingleQuoted | yaml::Style::DoubleQuoted
                if span.start.line == span.end.line =>
            {
                (
                    span.start.line,
                    column.map(|column| column + span.start.column + 1),
                )
            }
            _ => return None,
        };
        let mark = Mark {
            index: 0,
            line: file_line,
            column: column.map_or(0, |_| file_column.unwrap_or(1) - 1),
        };
        Some(Place {
            column: file_column,
            ..place_at(&self.origin, &self.text, self.public, Some(mark), width)
        })
    }
}
