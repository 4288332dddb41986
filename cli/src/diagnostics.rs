//! Diagnostics for people: the message, the line it is about with a caret, and what to do.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use engine::diagnostics::{Diagnostic, Diagnostics, Place, Severity};

use crate::output;

/// Prints all of them on standard error. Remarks are for those who ask for strictness.
pub(crate) fn print(diagnostics: &Diagnostics, strict: bool) {
    for diagnostic in diagnostics.iter() {
        match diagnostic.severity {
            Severity::Error => {
                output::error_text(render(diagnostic, &Level::ERROR.with_name("Error")));
            }
            Severity::Alert if strict => {
                output::error_text(render(diagnostic, &Level::ERROR.with_name("Error")));
            }
            Severity::Alert | Severity::Warning => {
                output::error_text(render(diagnostic, &Level::WARNING.with_name("⚠️  Warning")));
            }
            Severity::Remark if strict => {
                output::error_text(render(diagnostic, &Level::WARNING.with_name("⚠️  Warning")));
            }
            Severity::Remark => {}
        }
    }
}

fn render(diagnostic: &Diagnostic, level: &Level<'_>) -> String {
    let mut group = Group::with_title(level.clone().primary_title(diagnostic.message.as_str()));
    if let Some(place) = &diagnostic.place {
        group = match (&place.excerpt, place.line) {
            (Some(excerpt), Some(line)) => group.element(
                Snippet::source(excerpt.as_str())
                    .line_start(line)
                    .path(place.origin.as_str())
                    .annotation(AnnotationKind::Primary.span(range(place, excerpt))),
            ),
            _ => group.element(Level::NOTE.with_name("at").message(place.to_string())),
        };
    }
    // The place names the file; the owner says whose it is.
    if let Some(owner) = &diagnostic.owner {
        group = group.element(Level::NOTE.with_name("from").message(owner.to_string()));
    }
    for note in &diagnostic.notes {
        group = group.element(Level::NOTE.message(note.as_str()));
    }
    if let Some(hint) = &diagnostic.hint {
        group = group.element(Level::HELP.message(hint.as_str()));
    }
    Renderer::styled().render(&[group])
}

/// The bytes of the excerpt that are meant.
fn range(place: &Place, excerpt: &str) -> std::ops::Range<usize> {
    let at = |column: usize| {
        excerpt
            .char_indices()
            .nth(column)
            .map_or(excerpt.len(), |(index, _)| index)
    };
    match place.column {
        Some(column) => at(column - 1)..at(column - 1 + place.width.max(1)),
        None => 0..excerpt.len(),
    }
}
