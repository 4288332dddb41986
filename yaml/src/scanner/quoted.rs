//! Scalars in quotes.

use super::plain::{Text, fold};
use super::{Result, Scanner, error, shown};
use crate::cursor::{END, is_blank_or_end};
use crate::error::{Error, ErrorKind, Mark};
use crate::token::{Kind, Style, Token};

/// What the escape `\c` means.
fn escape(c: char) -> Option<char> {
    Some(match c {
        '0' => '\0',
        'a' => '\x07',
        'b' => '\x08',
        't' | '\t' => '\t',
        'n' => '\n',
        'v' => '\x0b',
        'f' => '\x0c',
        'r' => '\r',
        'e' => '\x1b',
        ' ' | '"' | '\\' | '/' => c,
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        _ => return None,
    })
}

impl<'a> Scanner<'a> {
    /// Scans a scalar in the quotes `quote`. Its lines need no indentation.
    pub(super) fn quoted(&mut self, quote: char) -> Result<Token<'a>> {
        let start = self.cursor.mark();
        let style = if quote == '"' {
            Style::DoubleQuoted
        } else {
            Style::SingleQuoted
        };
        let mut text = Text::new(self.cursor.text());
        self.cursor.advance();
        loop {
            self.quoted_word(style, start, &mut text)?;
            if self.cursor.eat(quote) {
                let kind = Kind::Scalar {
                    text: text.finish(),
                    style,
                };
                return Ok(Token::new(kind, start, self.cursor.mark()));
            }
            self.quoted_gap(start, &mut text)?;
        }
    }

    /// Reads up to the closing quote or white space.
    fn quoted_word(&mut self, style: Style, start: Mark, text: &mut Text<'a>) -> Result<()> {
        let double = style == Style::DoubleQuoted;
        loop {
            let word = self
                .cursor
                .take_until(|c, _, _| matches!(c, '\'' | '"' | '\\') || is_blank_or_end(c));
            text.push_str(word);
            match self.cursor.peek() {
                '\'' if !double && self.cursor.peek_at(1) == '\'' => {
                    self.cursor.advance();
                    self.cursor.advance();
                    text.push_char('\'');
                }
                '\\' if double => self.escaped(start, text)?,
                c @ '\'' if double => {
                    self.cursor.advance();
                    text.push_char(c);
                }
                c @ ('"' | '\\') if !double => {
                    self.cursor.advance();
                    text.push_char(c);
                }
                _ => return Ok(()),
            }
        }
    }

    fn escaped(&mut self, start: Mark, text: &mut Text<'a>) -> Result<()> {
        let context = "while scanning a double-quoted scalar";
        self.cursor.advance();
        let c = self.cursor.peek();
        if let Some(meant) = escape(c) {
            self.cursor.advance();
            text.push_char(meant);
            return Ok(());
        }
        let digits = match c {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => {
                if self.cursor.take_break().is_some() {
                    let breaks = self.quoted_breaks(start)?;
                    text.push(breaks.into());
                    return Ok(());
                }
                let problem = format!("found unknown escape character {}", shown(c));
                return Err(error(problem, self.cursor.mark()).within(context, start));
            }
        };
        self.cursor.advance();
        let mark = self.cursor.mark();
        let mut code = 0_u32;
        for k in 0..digits {
            let c = self.cursor.peek_at(k);
            let Some(digit) = c.to_digit(16) else {
                let problem = format!(
                    "expected escape sequence of {digits} hexadecimal numbers, but found {}",
                    shown(c)
                );
                return Err(error(problem, mark).within(context, start));
            };
            code = code << 4 | digit;
        }
        let Some(meant) = char::from_u32(code) else {
            // Python raises ValueError above the range; it accepts surrogates, which no UTF-8 text can contain.
            let problem = match code {
                0xd800..=0xdfff => {
                    "the escape stands for half a character (a surrogate), which cannot be written"
                }
                _ => "chr() arg not in range(0x110000)",
            };
            return Err(Error::new(ErrorKind::Constructor, problem, mark).within(context, start));
        };
        for _ in 0..digits {
            self.cursor.advance();
        }
        text.push_char(meant);
        Ok(())
    }

    /// Reads white space, joining lines.
    fn quoted_gap(&mut self, start: Mark, text: &mut Text<'a>) -> Result<()> {
        let spaces = self.cursor.take_while(|c| matches!(c, ' ' | '\t'));
        if let Some(line_break) = self.cursor.take_break() {
            let empty_lines = self.quoted_breaks(start)?;
            text.push(fold(line_break, empty_lines));
        } else if self.cursor.peek() == END {
            let problem = "found unexpected end of stream";
            return Err(
                error(problem, self.cursor.mark()).within("while scanning a quoted scalar", start)
            );
        } else {
            text.push_str(spaces);
        }
        Ok(())
    }

    /// The empty lines after a line break.
    fn quoted_breaks(&mut self, start: Mark) -> Result<String> {
        let mut breaks = String::new();
        loop {
            if self.cursor.at_marker("---") || self.cursor.at_marker("...") {
                let problem = "found unexpected document separator";
                return Err(error(problem, self.cursor.mark())
                    .within("while scanning a quoted scalar", start));
            }
            self.cursor.take_while(|c| matches!(c, ' ' | '\t'));
            match self.cursor.take_break() {
                Some(c) => breaks.push(c),
                None => return Ok(breaks),
            }
        }
    }
}
