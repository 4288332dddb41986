//! A position in the text, with line and column. Knows what a line break is, and nothing else of YAML.

use crate::error::{Error, ErrorKind, Mark};

/// What [`Cursor::peek`] gives at the end of the text. The text itself cannot contain it: see [`check_printable`].
pub(crate) const END: char = '\0';

/// Whether `c` ends a line.
pub(crate) fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether `c` ends a line or the text.
pub(crate) fn is_break_or_end(c: char) -> bool {
    c == END || is_break(c)
}

/// Whether `c` is a space, a tab, or ends a line or the text.
pub(crate) fn is_blank_or_end(c: char) -> bool {
    matches!(c, ' ' | '\t') || is_break_or_end(c)
}

/// The first character of `text`, or [`END`].
pub(crate) fn first(text: &str) -> char {
    match text.as_bytes().first() {
        Some(byte) if byte.is_ascii() => char::from(*byte),
        Some(_) => text.chars().next().unwrap_or(END),
        None => END,
    }
}

/// Fails at the first character that may not occur in YAML.
pub(crate) fn check_printable(text: &str) -> Result<(), Error> {
    let plain = |byte: &u8| matches!(byte, b' '..=b'~' | b'\n' | b'\t' | b'\r');
    if text.as_bytes().iter().all(plain) {
        return Ok(());
    }
    let mut cursor = Cursor::new(text);
    loop {
        match cursor.peek() {
            END if cursor.at_end() => return Ok(()),
            '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{fffd}' | '\u{10000}'.. => {
                cursor.advance();
            }
            c => {
                let problem = format!(
                    "unacceptable character #x{:04x}: special characters are not allowed",
                    u32::from(c)
                );
                return Err(Error::new(ErrorKind::Reader, problem, cursor.mark()));
            }
        }
    }
}

/// Reads a text character by character.
#[derive(Clone, Debug)]
pub(crate) struct Cursor<'a> {
    text: &'a str,
    mark: Mark,
    chars: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self {
            text,
            mark: Mark::default(),
            chars: 0,
        }
    }

    pub(crate) fn mark(&self) -> Mark {
        self.mark
    }

    pub(crate) fn line(&self) -> usize {
        self.mark.line
    }

    pub(crate) fn column(&self) -> usize {
        self.mark.column
    }

    /// How many characters were read.
    pub(crate) fn chars(&self) -> usize {
        self.chars
    }

    pub(crate) fn at_end(&self) -> bool {
        self.mark.index >= self.text.len()
    }

    /// The whole text.
    pub(crate) fn text(&self) -> &'a str {
        self.text
    }

    /// What is left.
    pub(crate) fn rest(&self) -> &'a str {
        self.text.get(self.mark.index..).unwrap_or("")
    }

    /// The next character.
    pub(crate) fn peek(&self) -> char {
        match self.text.as_bytes().get(self.mark.index) {
            Some(byte) if byte.is_ascii() => char::from(*byte),
            Some(_) => first(self.rest()),
            None => END,
        }
    }

    /// The character `n` places further on.
    pub(crate) fn peek_at(&self, n: usize) -> char {
        self.rest().chars().nth(n).unwrap_or(END)
    }

    /// Whether a document marker (`---` or `...`), as a word of its own, is next.
    pub(crate) fn at_marker(&self, marker: &str) -> bool {
        self.rest()
            .strip_prefix(marker)
            .is_some_and(|rest| is_blank_or_end(first(rest)))
    }

    /// Goes one character on.
    pub(crate) fn advance(&mut self) {
        let c = self.peek();
        if c == END {
            return;
        }
        self.mark.index += c.len_utf8();
        self.chars += 1;
        if c == '\r' && self.peek() == '\n' {
            // The pair is one break, counted at its second half.
            self.mark.column += 1;
        } else if is_break(c) {
            self.mark.line += 1;
            self.mark.column = 0;
        } else if c != '\u{feff}' {
            self.mark.column += 1;
        }
    }

    /// Goes past the next character if it is `c`.
    pub(crate) fn eat(&mut self, c: char) -> bool {
        let found = self.peek() == c;
        if found {
            self.advance();
        }
        found
    }

    /// Takes what comes before the first character for which `stop` holds; `stop` can also look at the text behind
    /// the character: it is given the text and where it goes on there. It has to hold for line breaks, and is not
    /// asked about ASCII letters and digits, of which texts mostly consist.
    #[inline]
    pub(crate) fn take_until(&mut self, stop: impl Fn(char, &str, usize) -> bool) -> &'a str {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        let mut len = 0;
        // Bytes of characters that add nothing to the count of characters, and to the width.
        let (mut continuations, mut marks) = (0, 0);
        while let Some(byte) = bytes.get(len) {
            if byte.is_ascii_alphanumeric() {
                len += 1;
                continue;
            }
            let c = if byte.is_ascii() {
                char::from(*byte)
            } else {
                first(rest.get(len..).unwrap_or(""))
            };
            let after = len + c.len_utf8();
            if stop(c, rest, after) {
                break;
            }
            continuations += c.len_utf8() - 1;
            marks += usize::from(c == '\u{feff}');
            len = after;
        }
        self.mark.index += len;
        self.mark.column += len - continuations - marks;
        self.chars += len - continuations;
        rest.get(..len).unwrap_or("")
    }

    /// Takes the characters for which `part` holds; it may hold only for ASCII, and not for line breaks.
    #[inline]
    pub(crate) fn take_while(&mut self, part: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let len = rest
            .bytes()
            .take_while(|byte| byte.is_ascii() && part(char::from(*byte)))
            .count();
        self.mark.index += len;
        self.mark.column += len;
        self.chars += len;
        rest.get(..len).unwrap_or("")
    }

    /// Skips spaces.
    pub(crate) fn skip_spaces(&mut self) {
        self.take_while(|c| c == ' ');
    }

    /// Skips a comment, if one is next.
    pub(crate) fn skip_comment(&mut self) {
        if self.peek() == '#' {
            self.take_until(|c, _, _| is_break(c));
        }
    }

    /// Takes a line break, if one is next, as the character that it means.
    pub(crate) fn take_break(&mut self) -> Option<char> {
        let c = self.peek();
        match c {
            '\r' => {
                self.advance();
                self.eat('\n');
                Some('\n')
            }
            '\n' | '\u{85}' => {
                self.advance();
                Some('\n')
            }
            '\u{2028}' | '\u{2029}' => {
                self.advance();
                Some(c)
            }
            _ => None,
        }
    }
}
