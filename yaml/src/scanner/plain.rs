//! Scalars without quotes, and how line breaks inside scalars are folded.

use std::borrow::Cow;

use super::Scanner;
use crate::cursor::{first, is_blank_or_end};
use crate::token::{Kind, Style, Token};

/// A scalar's text: borrowed as long as it is one piece of the source.
#[derive(Debug)]
pub(super) struct Text<'a> {
    source: &'a str,
    text: Cow<'a, str>,
}

impl<'a> Text<'a> {
    /// An empty text, from pieces of `source`.
    pub(super) fn new(source: &'a str) -> Self {
        Self {
            source,
            text: Cow::Borrowed(""),
        }
    }

    pub(super) fn push(&mut self, piece: Cow<'a, str>) {
        match piece {
            Cow::Borrowed(piece) => self.push_str(piece),
            Cow::Owned(piece) => self.text.to_mut().push_str(&piece),
        }
    }

    pub(super) fn push_str(&mut self, piece: &'a str) {
        match &mut self.text {
            _ if piece.is_empty() => {}
            Cow::Owned(text) => text.push_str(piece),
            Cow::Borrowed("") => self.text = Cow::Borrowed(piece),
            Cow::Borrowed(text) => {
                // Neighbours in the source, such as words and the spaces between them, stay one piece.
                let end = text.as_ptr().addr() + text.len();
                let start = text
                    .as_ptr()
                    .addr()
                    .wrapping_sub(self.source.as_ptr().addr());
                let together = self
                    .source
                    .get(start..start.wrapping_add(text.len() + piece.len()));
                match together {
                    Some(together) if end == piece.as_ptr().addr() => *text = together,
                    _ => self.text.to_mut().push_str(piece),
                }
            }
        }
    }

    pub(super) fn push_char(&mut self, c: char) {
        self.text.to_mut().push(c);
    }

    pub(super) fn finish(self) -> Cow<'a, str> {
        self.text
    }
}

/// What a line break and the empty lines after it mean in a scalar whose lines are joined.
pub(super) fn fold(line_break: char, empty_lines: String) -> Cow<'static, str> {
    if line_break != '\n' {
        let mut text = empty_lines;
        text.insert(0, line_break);
        Cow::Owned(text)
    } else if empty_lines.is_empty() {
        Cow::Borrowed(" ")
    } else {
        Cow::Owned(empty_lines)
    }
}

impl<'a> Scanner<'a> {
    /// Whether a plain scalar can start with `c`, which is the next character.
    pub(super) fn plain_starts(&self, c: char) -> bool {
        match c {
            '-' => !is_blank_or_end(self.cursor.peek_at(1)),
            '?' | ':' => !self.in_flow() && !is_blank_or_end(self.cursor.peek_at(1)),
            ',' | '[' | ']' | '{' | '}' | '#' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%'
            | '@' | '`' => false,
            _ => !is_blank_or_end(c),
        }
    }

    /// Scans a plain scalar. A tab ends it, and cannot start anything else.
    pub(super) fn plain(&mut self) -> Token<'a> {
        let start = self.cursor.mark();
        let mut end = start;
        let in_flow = self.in_flow();
        let ends = |c: char, rest: &str, after: usize| {
            is_blank_or_end(c)
                || (c == ':' && {
                    let next = first(rest.get(after..).unwrap_or(""));
                    is_blank_or_end(next)
                        || (in_flow && matches!(next, ',' | '[' | ']' | '{' | '}'))
                })
                || (in_flow && matches!(c, ',' | '?' | '[' | ']' | '{' | '}'))
        };
        let mut text = Text::new(self.cursor.text());
        let mut gap = Cow::Borrowed("");
        while self.cursor.peek() != '#' {
            let word = self.cursor.take_until(ends);
            if word.is_empty() {
                break;
            }
            self.key_allowed = false;
            text.push(gap);
            text.push_str(word);
            end = self.cursor.mark();
            gap = self.plain_gap();
            // Outside brackets, a continued line has to be indented further than the collection around it.
            if gap.is_empty() || (!in_flow && self.column() <= self.indent) {
                break;
            }
        }
        Token::new(
            Kind::Scalar {
                text: text.finish(),
                style: Style::Plain,
            },
            start,
            end,
        )
    }

    /// What is between two words of a plain scalar; empty where the scalar ends.
    fn plain_gap(&mut self) -> Cow<'a, str> {
        let spaces = self.cursor.take_while(|c| c == ' ');
        let Some(line_break) = self.cursor.take_break() else {
            return Cow::Borrowed(spaces);
        };
        self.key_allowed = true;
        let mut empty_lines = String::new();
        loop {
            // Only directly after a break: `---` behind spaces is text.
            if self.cursor.at_marker("---") || self.cursor.at_marker("...") {
                return Cow::Borrowed("");
            }
            self.cursor.skip_spaces();
            match self.cursor.take_break() {
                Some(c) => empty_lines.push(c),
                None => return fold(line_break, empty_lines),
            }
        }
    }
}
