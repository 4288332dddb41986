//! Messages of syntax errors.

use super::Parser;
use crate::lexer::{Kind, Token};
use crate::source::Span;
use crate::{Error, ErrorKind};

fn repr(text: &str) -> String {
    values::repr::str_repr(text)
}

impl Parser<'_> {
    /// A syntax error at the current token.
    pub(super) fn fail(&self, message: impl Into<String>) -> Error {
        self.fail_at(message, self.span())
    }

    /// A syntax error elsewhere. Where the text could not be read on, that error comes first.
    pub(super) fn fail_at(&self, message: impl Into<String>, span: Span) -> Error {
        self.error_at(ErrorKind::Syntax, message, span)
    }

    pub(super) fn error_at(
        &self,
        kind: ErrorKind,
        message: impl Into<String>,
        span: Span,
    ) -> Error {
        let read = self.at.max(self.looked.get());
        match (
            &self.tokens.error,
            self.tokens.list.get(read).map(|token| token.kind),
        ) {
            (Some(error), Some(Kind::Error)) => error.clone(),
            _ => self.source.error(kind, message, span),
        }
    }

    pub(super) fn describe(&self, token: Token) -> String {
        match token.kind {
            Kind::Name => repr(self.text(token)),
            kind => repr(kind.describe()),
        }
    }

    /// The current token is not what was expected.
    pub(super) fn expected(&self, what: &str) -> Error {
        let what = repr(what);
        match self.kind() {
            Kind::Eof => self.fail(format!("unexpected end of template, expected {what}.")),
            _ => self.fail(format!(
                "expected token {what}, got {}",
                self.describe(self.current())
            )),
        }
    }

    /// A tag that is unknown here, or (`None`) the end of the template.
    pub(super) fn unknown_tag(&self, tag: Option<Token>) -> Error {
        let name = tag.map(|token| self.text(token));
        let mut message = match name {
            Some(name) => format!("Encountered unknown tag {}.", repr(name)),
            None => "Unexpected end of template.".to_owned(),
        };
        if let Some(ends) = self.ends.last() {
            let looking = ends
                .iter()
                .map(|end| repr(end))
                .collect::<Vec<_>>()
                .join(" or ");
            let known = name.is_some_and(|name| self.ends.iter().any(|ends| ends.contains(&name)));
            let hint = if known {
                format!(
                    " You probably made a nesting mistake. Jinja is expecting this tag, but currently looking \
                     for {looking}."
                )
            } else {
                format!(" Jinja was looking for the following tags: {looking}.")
            };
            message += &hint;
        }
        if let Some(open) = self.tags.last() {
            let open = repr(self.names.get(*open));
            let hint = format!(" The innermost block that needs to be closed is {open}.");
            message += &hint;
        }
        self.fail_at(message, tag.map_or(self.span(), |token| token.span()))
    }
}
