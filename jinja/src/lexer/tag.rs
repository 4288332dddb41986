//! Tokens inside `{{ }}` and `{% %}`.

use std::sync::Arc;

use values::{Args, Value};

use super::{Kind, Lexer, literal, skip_space};
use crate::Error;

impl Lexer<'_> {
    /// Reads tokens up to the end of the tag, or of the text.
    pub(super) fn tag(&mut self, closing: Kind) -> Result<(), Error> {
        let mut open: Vec<char> = Vec::new();
        loop {
            if open.is_empty() && self.tag_end(closing) {
                return Ok(());
            }
            let Some(c) = self.rest().chars().next() else {
                return Ok(());
            };
            let start = self.at;
            if crate::source::is_space(c) {
                self.at = skip_space(self.text, self.at);
            } else if c.is_ascii_digit() {
                self.number()?;
            } else if is_name_char(c) {
                self.name()?;
            } else if c == '"' || c == '\'' {
                self.string()?;
            } else {
                self.operator(&mut open)?;
            }
            debug_assert!(self.at > start, "no progress");
        }
    }

    /// Takes the end of the tag, if it is here.
    fn tag_end(&mut self, closing: Kind) -> bool {
        let (plain, stripping, keeping) = match closing {
            Kind::BlockEnd => ("%}", "-%}", Some("+%}")),
            _ => ("}}", "-}}", None),
        };
        let start = self.at;
        let rest = self.rest();
        let (length, strip) = if rest.starts_with(plain) {
            (2, false)
        } else if rest.starts_with(stripping) {
            (3, true)
        } else if keeping.is_some_and(|keeping| rest.starts_with(keeping)) {
            (3, false)
        } else {
            return false;
        };
        self.push(closing, start, start + length);
        self.at = start + length;
        if strip {
            self.skip_space();
        }
        true
    }

    fn literal(&mut self, kind: Kind, length: usize, value: Value) {
        let (start, index) = (self.at, self.values.len() as u32);
        self.push(kind, start, start + length);
        if let Some(token) = self.list.last_mut() {
            token.value = index;
        }
        self.values.push(value);
        self.at += length;
    }

    fn number(&mut self) -> Result<(), Error> {
        let rest = self.rest();
        // `a.1.5` is `a[1][5]`.
        let after_dot = self.text[..self.at].ends_with('.');
        if let Some(length) = literal::float_length(rest).filter(|_| !after_dot) {
            let value = literal::float(&rest[..length]);
            self.literal(Kind::Float, length, value);
            return Ok(());
        }
        let length = literal::integer_length(rest);
        let value = literal::integer(&rest[..length]).map_err(|error| self.at_here(error))?;
        self.literal(Kind::Integer, length, value);
        Ok(())
    }

    fn at_here(&self, error: Error) -> Error {
        let at = self.at as u32;
        self.source.locate(error, crate::source::Span::new(at, at))
    }

    fn name(&mut self) -> Result<(), Error> {
        let rest = self.rest();
        let length = rest.find(|c| !is_name_char(c)).unwrap_or(rest.len());
        let name = &rest[..length];
        if !name.is_ascii() && !is_identifier(name) {
            return Err(self.fail("Invalid character in identifier", self.at));
        }
        self.push(Kind::Name, self.at, self.at + length);
        self.at += length;
        Ok(())
    }

    fn string(&mut self) -> Result<(), Error> {
        let rest = self.rest();
        let Some(length) = literal::string_length(rest) else {
            return Err(self.unexpected());
        };
        let inner = &rest[1..length - 1];
        let value = if inner.contains('\\') {
            literal::unescape(inner)
                .map_err(|error| self.at_here(error))?
                .into()
        } else {
            Arc::<str>::from(inner)
        };
        self.literal(Kind::String, length, Value::Str(value));
        Ok(())
    }

    fn unexpected(&self) -> Error {
        let c = self.rest().chars().next().unwrap_or_default();
        let position = self.text[..self.at].chars().count();
        let shown = values::repr::str_repr(c.encode_utf8(&mut [0; 4]));
        self.fail(format!("unexpected char {shown} at {position}"), self.at)
    }

    fn operator(&mut self, open: &mut Vec<char>) -> Result<(), Error> {
        let bytes = self.rest().as_bytes();
        let next = bytes.get(1).copied().unwrap_or_default();
        let (kind, length) = match (bytes[0], next) {
            (b'/', b'/') => (Kind::FloorDiv, 2),
            (b'*', b'*') => (Kind::Pow, 2),
            (b'=', b'=') => (Kind::Eq, 2),
            (b'!', b'=') => (Kind::Ne, 2),
            (b'>', b'=') => (Kind::GtEq, 2),
            (b'<', b'=') => (Kind::LtEq, 2),
            (b'+', _) => (Kind::Add, 1),
            (b'-', _) => (Kind::Sub, 1),
            (b'/', _) => (Kind::Div, 1),
            (b'*', _) => (Kind::Mul, 1),
            (b'%', _) => (Kind::Mod, 1),
            (b'~', _) => (Kind::Tilde, 1),
            (b'[', _) => (Kind::LBracket, 1),
            (b']', _) => (Kind::RBracket, 1),
            (b'(', _) => (Kind::LParen, 1),
            (b')', _) => (Kind::RParen, 1),
            (b'{', _) => (Kind::LBrace, 1),
            (b'}', _) => (Kind::RBrace, 1),
            (b'>', _) => (Kind::Gt, 1),
            (b'<', _) => (Kind::Lt, 1),
            (b'=', _) => (Kind::Assign, 1),
            (b'.', _) => (Kind::Dot, 1),
            (b':', _) => (Kind::Colon, 1),
            (b'|', _) => (Kind::Pipe, 1),
            (b',', _) => (Kind::Comma, 1),
            (b';', _) => (Kind::Semicolon, 1),
            _ => return Err(self.unexpected()),
        };
        match kind {
            Kind::LBrace => open.push('}'),
            Kind::LParen => open.push(')'),
            Kind::LBracket => open.push(']'),
            Kind::RBrace | Kind::RParen | Kind::RBracket => {
                let found = char::from(bytes[0]);
                match open.pop() {
                    None => return Err(self.fail(format!("unexpected '{found}'"), self.at)),
                    Some(expected) if expected != found => {
                        let message = format!("unexpected '{found}', expected '{expected}'");
                        return Err(self.fail(message, self.at));
                    }
                    Some(_) => {}
                }
            }
            _ => {}
        }
        self.push(kind, self.at, self.at + length);
        self.at += length;
        Ok(())
    }
}

fn is_name_char(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || c == '_';
    }
    c.is_alphanumeric() || is_identifier(&format!("a{c}"))
}

/// `str.isidentifier`
fn is_identifier(text: &str) -> bool {
    let receiver = Value::str(text);
    matches!(
        values::methods::call(&receiver, "isidentifier", &Args::default()),
        Ok(Value::Bool(true))
    )
}
