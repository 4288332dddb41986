//! Anchors, aliases, tags and directives.

use std::borrow::Cow;
use std::str::Utf8Error;

use super::plain::Text;
use super::{Result, Scanner, error, shown};
use crate::cursor::{Cursor, is_blank_or_end, is_break, is_break_or_end};
use crate::error::Mark;
use crate::token::{Kind, Token, WrittenTag};

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}

fn is_uri(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(
            c,
            '-' | ';'
                | '/'
                | '?'
                | ':'
                | '@'
                | '&'
                | '='
                | '+'
                | '$'
                | ','
                | '_'
                | '.'
                | '!'
                | '~'
                | '*'
                | '\''
                | '('
                | ')'
                | '['
                | ']'
        )
}

fn ends_word(c: char) -> bool {
    c == ' ' || is_break_or_end(c)
}

/// What Python says about bytes that are not UTF-8.
fn utf8_problem(bytes: &[u8], fault: Utf8Error) -> String {
    let at = fault.valid_up_to();
    let byte = bytes.get(at).copied().unwrap_or_default();
    let reason = match fault.error_len() {
        None => "unexpected end of data",
        Some(_) if matches!(byte, 0xc2..=0xf4) => "invalid continuation byte",
        Some(_) => "invalid start byte",
    };
    let last = fault.error_len().map_or(bytes.len(), |len| at + len) - 1;
    if at < last {
        format!("'utf-8' codec can't decode bytes in position {at}-{last}: {reason}")
    } else {
        format!("'utf-8' codec can't decode byte 0x{byte:02x} in position {at}: {reason}")
    }
}

impl<'a> Scanner<'a> {
    fn expected(&self, what: &str, context: &str, start: Mark) -> crate::Error {
        let problem = format!("expected {what}, but found {}", shown(self.cursor.peek()));
        error(problem, self.cursor.mark()).within(context, start)
    }

    pub(super) fn anchor_or_alias(&mut self) -> Result<Token<'a>> {
        let start = self.cursor.mark();
        let is_alias = self.cursor.peek() == '*';
        let context = if is_alias {
            "while scanning an alias"
        } else {
            "while scanning an anchor"
        };
        self.cursor.advance();
        let name = self.cursor.take_while(is_name);
        let next = self.cursor.peek();
        let ended =
            is_blank_or_end(next) || matches!(next, '?' | ':' | ',' | ']' | '}' | '%' | '@' | '`');
        if name.is_empty() || !ended {
            return Err(self.expected("alphabetic or numeric character", context, start));
        }
        let kind = if is_alias {
            Kind::Alias(name)
        } else {
            Kind::Anchor(name)
        };
        Ok(Token::new(kind, start, self.cursor.mark()))
    }

    pub(super) fn tag(&mut self) -> Result<Token<'a>> {
        let start = self.cursor.mark();
        let next = self.cursor.peek_at(1);
        let tag = if next == '<' {
            self.cursor.advance();
            self.cursor.advance();
            let suffix = self.tag_uri("tag", start)?;
            if !self.cursor.eat('>') {
                return Err(self.expected("'>'", "while parsing a tag", start));
            }
            WrittenTag {
                handle: None,
                suffix,
            }
        } else if is_blank_or_end(next) {
            self.cursor.advance();
            WrittenTag {
                handle: None,
                suffix: Cow::Borrowed("!"),
            }
        } else {
            let word = self
                .cursor
                .clone()
                .take_until(|c, _, _| c == ' ' || is_break(c));
            let handle = if word.get(1..).is_some_and(|rest| rest.contains('!')) {
                self.tag_handle("tag", start)?
            } else {
                self.cursor.advance();
                "!"
            };
            WrittenTag {
                handle: Some(handle),
                suffix: self.tag_uri("tag", start)?,
            }
        };
        if !ends_word(self.cursor.peek()) {
            return Err(self.expected("' '", "while scanning a tag", start));
        }
        Ok(Token::new(Kind::Tag(tag), start, self.cursor.mark()))
    }

    /// `!`, `!!` or `!name!`.
    fn tag_handle(&mut self, what: &str, start: Mark) -> Result<&'a str> {
        let context = format!("while scanning a {what}");
        if self.cursor.peek() != '!' {
            return Err(self.expected("'!'", &context, start));
        }
        let rest = self.cursor.rest();
        let from = self.cursor.mark().index;
        self.cursor.advance();
        if self.cursor.peek() != ' ' {
            self.cursor.take_while(is_name);
            if !self.cursor.eat('!') {
                return Err(self.expected("'!'", &context, start));
            }
        }
        Ok(rest.get(..self.cursor.mark().index - from).unwrap_or(rest))
    }

    fn tag_uri(&mut self, what: &str, start: Mark) -> Result<Cow<'a, str>> {
        let mut uri = Text::new(self.cursor.text());
        let from = self.cursor.mark();
        loop {
            uri.push_str(self.cursor.take_while(is_uri));
            if self.cursor.peek() != '%' {
                break;
            }
            let escaped = self.uri_escapes(what, start)?;
            uri.push(escaped.into());
        }
        if self.cursor.mark() == from {
            return Err(self.expected("URI", &format!("while parsing a {what}"), start));
        }
        Ok(uri.finish())
    }

    /// A run of `%41`, which together are UTF-8.
    fn uri_escapes(&mut self, what: &str, start: Mark) -> Result<String> {
        let context = format!("while scanning a {what}");
        let from = self.cursor.mark();
        let mut bytes = Vec::new();
        while self.cursor.eat('%') {
            let mut byte = 0;
            for k in 0..2 {
                let c = self.cursor.peek_at(k);
                let Some(digit) = c.to_digit(16) else {
                    let problem = format!(
                        "expected URI escape sequence of 2 hexadecimal numbers, but found {}",
                        shown(c)
                    );
                    return Err(error(problem, self.cursor.mark()).within(context, start));
                };
                byte = byte << 4 | digit as u8;
            }
            bytes.push(byte);
            self.cursor.advance();
            self.cursor.advance();
        }
        match std::str::from_utf8(&bytes) {
            Ok(text) => Ok(text.to_owned()),
            Err(fault) => Err(error(utf8_problem(&bytes, fault), from).within(context, start)),
        }
    }

    pub(super) fn directive(&mut self) -> Result<Token<'a>> {
        let start = self.cursor.mark();
        self.cursor.advance();
        let name = self.cursor.take_while(is_name);
        if name.is_empty() || !ends_word(self.cursor.peek()) {
            let what = "alphabetic or numeric character";
            return Err(self.expected(what, "while scanning a directive", start));
        }
        let kind = match name {
            "YAML" => {
                self.cursor.skip_spaces();
                Kind::VersionDirective(self.version(start)?)
            }
            "TAG" => {
                self.cursor.skip_spaces();
                let handle = self.tag_handle("directive", start)?;
                if self.cursor.peek() != ' ' {
                    return Err(self.expected("' '", "while scanning a directive", start));
                }
                self.cursor.skip_spaces();
                let prefix = self.tag_uri("directive", start)?;
                if !ends_word(self.cursor.peek()) {
                    return Err(self.expected("' '", "while scanning a directive", start));
                }
                Kind::TagDirective { handle, prefix }
            }
            _ => Kind::OtherDirective,
        };
        let end = self.cursor.mark();
        if matches!(kind, Kind::OtherDirective) {
            self.cursor.take_until(|c, _, _| is_break(c));
        }
        self.rest_of_line(start, "a directive")?;
        Ok(Token::new(kind, start, end))
    }

    /// `1.1`: the number before the dot.
    fn version(&mut self, start: Mark) -> Result<u64> {
        let context = "while scanning a directive";
        let number = |cursor: &mut Cursor<'a>| cursor.take_while(|c| c.is_ascii_digit());
        let major = number(&mut self.cursor);
        if major.is_empty() {
            return Err(self.expected("a digit", context, start));
        }
        if !self.cursor.eat('.') {
            return Err(self.expected("a digit or '.'", context, start));
        }
        if number(&mut self.cursor).is_empty() {
            return Err(self.expected("a digit", context, start));
        }
        if !ends_word(self.cursor.peek()) {
            return Err(self.expected("a digit or ' '", context, start));
        }
        Ok(major.parse().unwrap_or(u64::MAX))
    }
}
