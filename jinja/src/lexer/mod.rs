//! From text to tokens.
//!
//! Tokens are made all at once. An error becomes the last token, so that the parser reports it only if it gets
//! that far: Jinja2 lexes lazily, and an earlier syntax error wins.

mod literal;
mod tag;
mod token;

use values::Value;

pub(crate) use token::{Kind, Token};

use crate::Error;
use crate::source::{Source, Span, is_space};

/// The tokens of a template.
#[derive(Debug)]
pub(crate) struct Tokens {
    /// Never empty; ends with [`Kind::Eof`] or [`Kind::Error`].
    pub(crate) list: Vec<Token>,
    /// The values of literals, which tokens refer to.
    pub(crate) values: Vec<Value>,
    /// The error of a [`Kind::Error`].
    pub(crate) error: Option<Error>,
}

/// Makes the tokens of a text.
pub(crate) fn tokenize(source: &Source) -> Tokens {
    let mut lexer = Lexer {
        source,
        text: &source.text,
        at: 0,
        list: Vec::with_capacity(source.text.len() / 8 + 1),
        values: Vec::new(),
    };
    let error = lexer.run().err();
    let last = lexer.list.last().map_or(0, |token| token.start);
    let end = lexer.text.len() as u32;
    let token = match &error {
        Some(_) => Token {
            kind: Kind::Error,
            start: last,
            end,
            value: 0,
        },
        // The end counts as being where the last token is: that is the line messages name.
        None => Token {
            kind: Kind::Eof,
            start: last,
            end: last,
            value: 0,
        },
    };
    lexer.list.push(token);
    Tokens {
        list: lexer.list,
        values: lexer.values,
        error,
    }
}

struct Lexer<'s> {
    source: &'s Source,
    text: &'s str,
    at: usize,
    list: Vec<Token>,
    values: Vec<Value>,
}

/// What opens a tag.
#[derive(Clone, Copy)]
enum Opening {
    Comment,
    Block,
    Variable,
    /// The end of the whole `{% raw %}`.
    Raw(usize),
}

impl<'s> Lexer<'s> {
    fn rest(&self) -> &'s str {
        &self.text[self.at..]
    }

    fn fail(&self, message: impl Into<String>, at: usize) -> Error {
        self.source.error(
            crate::ErrorKind::Syntax,
            message,
            Span::new(at as u32, at as u32),
        )
    }

    fn push(&mut self, kind: Kind, start: usize, end: usize) {
        self.list.push(Token {
            kind,
            start: start as u32,
            end: end as u32,
            value: 0,
        });
    }

    fn data(&mut self, start: usize, end: usize, strip: bool) {
        let text = &self.text[start..end];
        let text = if strip {
            text.trim_end_matches(is_space)
        } else {
            text
        };
        if !text.is_empty() {
            self.push(Kind::Data, start, start + text.len());
        }
    }

    fn skip_space(&mut self) {
        self.at = skip_space(self.text, self.at);
    }

    fn run(&mut self) -> Result<(), Error> {
        while self.at < self.text.len() {
            let Some((start, opening)) = self.find_opening() else {
                self.data(self.at, self.text.len(), false);
                self.at = self.text.len();
                return Ok(());
            };
            let sign = self.text.as_bytes().get(start + 2).copied();
            self.data(self.at, start, sign == Some(b'-'));
            let signed = usize::from(matches!(sign, Some(b'-' | b'+')));
            self.at = start + 2 + signed;
            match opening {
                Opening::Comment => self.comment()?,
                Opening::Raw(end) => {
                    self.at = end;
                    self.raw()?;
                }
                Opening::Block => {
                    self.push(Kind::BlockBegin, start, self.at);
                    self.tag(Kind::BlockEnd)?;
                }
                Opening::Variable => {
                    self.push(Kind::VariableBegin, start, self.at);
                    self.tag(Kind::VariableEnd)?;
                }
            }
        }
        Ok(())
    }

    fn find_opening(&self) -> Option<(usize, Opening)> {
        let bytes = self.text.as_bytes();
        let mut from = self.at;
        loop {
            let start = from + self.text[from..].find('{')?;
            match bytes.get(start + 1) {
                Some(b'{') => return Some((start, Opening::Variable)),
                Some(b'#') => return Some((start, Opening::Comment)),
                Some(b'%') => {
                    let opening = raw_begin(self.text, start).map_or(Opening::Block, Opening::Raw);
                    return Some((start, opening));
                }
                _ => from = start + 1,
            }
        }
    }

    fn comment(&mut self) -> Result<(), Error> {
        if self.rest().is_empty() {
            return Ok(());
        }
        let Some(offset) = self.rest().find("#}") else {
            return Err(self.fail("Missing end of comment tag", self.at));
        };
        let strip = self.rest().as_bytes()[..offset].last() == Some(&b'-');
        self.at += offset + 2;
        if strip {
            self.skip_space();
        }
        Ok(())
    }

    fn raw(&mut self) -> Result<(), Error> {
        if self.rest().is_empty() {
            return Ok(());
        }
        let mut from = self.at;
        while let Some(offset) = self.text[from..].find("{%") {
            let start = from + offset;
            if let Some((end, strip_before)) = raw_end(self.text, start) {
                self.data(self.at, start, strip_before);
                self.at = end;
                return Ok(());
            }
            from = start + 1;
        }
        Err(self.fail("Missing end of raw directive", self.at))
    }
}

fn skip_space(text: &str, at: usize) -> usize {
    text.len() - text[at..].trim_start_matches(is_space).len()
}

/// The end of the `{% raw %}` that may start at `start`.
fn raw_begin(text: &str, start: usize) -> Option<usize> {
    let mut at = start + 2;
    if matches!(text.as_bytes().get(at), Some(b'-' | b'+')) {
        at += 1;
    }
    at = skip_space(text, at);
    text[at..].starts_with("raw").then_some(())?;
    at = skip_space(text, at + 3);
    if text[at..].starts_with("-%}") {
        Some(skip_space(text, at + 3))
    } else {
        text[at..].starts_with("%}").then_some(at + 2)
    }
}

/// The end of the `{% endraw %}` that may start at `start`, and whether it strips what is before it.
fn raw_end(text: &str, start: usize) -> Option<(usize, bool)> {
    let sign = text.as_bytes().get(start + 2).copied();
    let mut at = start + 2 + usize::from(matches!(sign, Some(b'-' | b'+')));
    at = skip_space(text, at);
    text[at..].starts_with("endraw").then_some(())?;
    at = skip_space(text, at + 6);
    let rest = &text[at..];
    let end = if rest.starts_with("-%}") {
        skip_space(text, at + 3)
    } else if rest.starts_with("+%}") {
        at + 3
    } else {
        rest.starts_with("%}").then_some(at + 2)?
    };
    Some((end, sign == Some(b'-')))
}
