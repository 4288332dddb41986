//! From tokens to the syntax tree.

mod args;
mod errors;
mod expressions;
mod postfix;
mod statements;
mod tags;
mod targets;

use std::cell::Cell;

use crate::ast::Stmt;
use crate::lexer::{self, Kind, Token};
use crate::names::{Name, Names};
use crate::source::{Source, Span};
use crate::{Error, Result};

/// How deep expressions and statements nest at most. Python gives up at 68 parentheses, 98 blocks, or 197 `not`.
const MAX_DEPTH: u32 = 197;
/// How high the tree of one expression grows at most, in a chain such as `1 + 1 + …`.
const MAX_HEIGHT: u32 = 198;

/// A parsed template.
#[derive(Debug)]
pub(crate) struct Tree {
    pub(crate) body: Vec<Stmt>,
    pub(crate) names: Names,
}

/// Parses a template.
pub(crate) fn parse(source: &Source) -> Result<Tree> {
    let tokens = lexer::tokenize(source);
    let mut parser = Parser {
        source,
        tokens,
        at: 0,
        names: Names::default(),
        tags: Vec::new(),
        ends: Vec::new(),
        depth: 0,
        looked: Cell::new(0),
    };
    let body = parser.body(None)?;
    if parser.kind() == Kind::Error {
        return Err(parser.fail("unexpected end"));
    }
    Ok(Tree {
        body,
        names: parser.names,
    })
}

struct Parser<'s> {
    source: &'s Source,
    tokens: lexer::Tokens,
    at: usize,
    names: Names,
    /// The tags that are open, innermost last.
    tags: Vec<Name>,
    /// The tags that would end them.
    ends: Vec<&'static [&'static str]>,
    depth: u32,
    /// The furthest token that was looked at.
    looked: Cell<usize>,
}

impl<'s> Parser<'s> {
    fn current(&self) -> Token {
        self.tokens.list[self.at]
    }
    fn kind(&self) -> Kind {
        self.current().kind
    }
    fn span(&self) -> Span {
        self.current().span()
    }
    /// The token after the current one.
    fn look(&self) -> Token {
        self.looked.set(self.at + 1);
        *self
            .tokens
            .list
            .get(self.at + 1)
            .unwrap_or(&self.tokens.list[self.at])
    }
    fn text(&self, token: Token) -> &'s str {
        self.source.slice(token.span())
    }
    /// Goes on, and returns the token that was current. The last token stays current.
    fn next(&mut self) -> Token {
        let token = self.current();
        if self.at + 1 < self.tokens.list.len() {
            self.at += 1;
        }
        token
    }
    /// The end of what was read.
    fn last_end(&self) -> u32 {
        self.tokens.list[self.at.saturating_sub(1)].end
    }
    fn since(&self, start: u32) -> Span {
        Span::new(start, self.last_end().max(start))
    }

    fn is_name(&self, word: &str) -> bool {
        self.token_is_name(self.current(), word)
    }
    fn token_is_name(&self, token: Token, word: &str) -> bool {
        token.kind == Kind::Name && self.text(token) == word
    }
    fn skip_name(&mut self, word: &str) -> bool {
        let found = self.is_name(word);
        if found {
            self.next();
        }
        found
    }
    fn skip(&mut self, kind: Kind) -> bool {
        let found = self.kind() == kind;
        if found {
            self.next();
        }
        found
    }
    fn expect(&mut self, kind: Kind) -> Result<Token> {
        if self.kind() == kind {
            Ok(self.next())
        } else {
            Err(self.expected(kind.describe()))
        }
    }
    fn expect_name(&mut self, word: &str) -> Result<Token> {
        if self.is_name(word) {
            Ok(self.next())
        } else {
            Err(self.expected(word))
        }
    }
    /// Expects any name.
    fn name(&mut self) -> Result<(Name, Span)> {
        let token = self.expect(Kind::Name)?;
        Ok((self.intern(token), token.span()))
    }
    fn intern(&mut self, token: Token) -> Name {
        let text = self.source.slice(token.span());
        self.names.intern(text)
    }

    /// Runs `parse` one level deeper.
    fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.depth >= MAX_DEPTH {
            return Err(self.too_deep());
        }
        self.depth += 1;
        let result = parse(self);
        self.depth -= 1;
        result
    }

    fn too_deep(&self) -> Error {
        let error = values::Error::new(
            values::ErrorKind::Recursion,
            "maximum recursion depth exceeded",
        );
        self.source.locate(error.into(), self.span())
    }
}
