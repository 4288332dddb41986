//! Text to tokens, one at a time and no further ahead than `PyYAML` reads, so that of two errors in a text the same
//! one is met first.
//!
//! A key without `?` is only known to be one when its `:` comes. Until then the place where it started is kept (one
//! for each level of brackets), and no token from there on is handed out. Knows nothing of the grammar.

mod block;
mod keys;
mod plain;
mod properties;
mod quoted;

use std::collections::VecDeque;

use crate::cursor::{Cursor, END, is_blank_or_end};
use crate::error::{Error, ErrorKind, Mark};
use crate::token::{Kind, Style, Token};

use keys::PossibleKey;

type Result<T> = std::result::Result<T, Error>;

fn error(problem: impl Into<String>, mark: Mark) -> Error {
    Error::new(ErrorKind::Scanner, problem, mark)
}

/// `repr` of a character, as messages show it.
fn shown(c: char) -> String {
    values::repr::str_repr(c.encode_utf8(&mut [0; 4]))
}

/// The scanner.
#[derive(Debug)]
pub(crate) struct Scanner<'a> {
    cursor: Cursor<'a>,
    ready: VecDeque<Token<'a>>,
    /// Whether the first of them can be handed out.
    settled: bool,
    /// How many tokens were handed out.
    taken: usize,
    ended: bool,
    /// How many brackets are open. Below 0 after too many closing ones, until the parser notices.
    flow_level: isize,
    /// The column of the innermost block collection, -1 outside.
    indent: isize,
    outer_indents: Vec<isize>,
    /// Whether a key without `?` (and, outside brackets, a block collection) may start here.
    key_allowed: bool,
    /// Innermost level last.
    possible_keys: Vec<PossibleKey>,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self {
            cursor: Cursor::new(text),
            ready: VecDeque::with_capacity(8),
            settled: false,
            taken: 0,
            ended: false,
            flow_level: 0,
            indent: -1,
            outer_indents: Vec::new(),
            key_allowed: true,
            possible_keys: Vec::new(),
        }
    }

    /// The next token.
    #[inline]
    pub(crate) fn peek(&mut self) -> Result<&Token<'a>> {
        if !self.settled {
            self.prepare()?;
        }
        if self.ready.is_empty() {
            let mark = self.cursor.mark();
            self.ready
                .push_back(Token::new(Kind::StreamEnd, mark, mark));
        }
        Ok(&self.ready[0])
    }

    /// Takes the next token.
    pub(crate) fn next(&mut self) -> Result<Token<'a>> {
        if !self.settled {
            self.prepare()?;
        }
        self.settled = false;
        self.taken += 1;
        let mark = self.cursor.mark();
        Ok(self
            .ready
            .pop_front()
            .unwrap_or_else(|| Token::new(Kind::StreamEnd, mark, mark)))
    }

    /// Scans until the next token can be handed out.
    fn prepare(&mut self) -> Result<()> {
        while !self.ended {
            if !self.ready.is_empty() {
                self.drop_stale_keys()?;
                // Keys of outer levels are older.
                let oldest = self.possible_keys.first().map(|key| key.token);
                if oldest != Some(self.taken) {
                    break;
                }
            }
            self.scan_next()?;
        }
        self.settled = true;
        Ok(())
    }

    fn in_flow(&self) -> bool {
        self.flow_level != 0
    }

    fn column(&self) -> isize {
        isize::try_from(self.cursor.column()).unwrap_or(isize::MAX)
    }

    fn push(&mut self, kind: Kind<'a>, start: Mark) {
        self.ready
            .push_back(Token::new(kind, start, self.cursor.mark()));
    }

    /// Scans one token, and the beginnings and ends of block collections before it.
    fn scan_next(&mut self) -> Result<()> {
        self.skip_to_token();
        self.drop_stale_keys()?;
        self.close_blocks(self.column());
        let c = self.cursor.peek();
        let spaced = || is_blank_or_end(self.cursor.peek_at(1));
        let line_start = self.cursor.column() == 0;
        match c {
            END => self.stream_end(),
            '%' if line_start => {
                self.leave_document()?;
                let token = self.directive()?;
                self.ready.push_back(token);
                Ok(())
            }
            '-' if line_start && self.cursor.at_marker("---") => self.marker(Kind::DocumentStart),
            '.' if line_start && self.cursor.at_marker("...") => self.marker(Kind::DocumentEnd),
            '[' => self.open_bracket(Kind::FlowSequenceStart),
            '{' => self.open_bracket(Kind::FlowMappingStart),
            ']' => self.close_bracket(Kind::FlowSequenceEnd),
            '}' => self.close_bracket(Kind::FlowMappingEnd),
            ',' => {
                self.key_allowed = true;
                self.forget_key()?;
                self.single(Kind::FlowEntry);
                Ok(())
            }
            '-' if spaced() => self.block_entry(),
            '?' if self.in_flow() || spaced() => self.explicit_key(),
            ':' if self.in_flow() || spaced() => self.value(),
            '*' | '&' => {
                self.maybe_key()?;
                self.key_allowed = false;
                let token = self.anchor_or_alias()?;
                self.ready.push_back(token);
                Ok(())
            }
            '!' => {
                self.maybe_key()?;
                self.key_allowed = false;
                let token = self.tag()?;
                self.ready.push_back(token);
                Ok(())
            }
            '|' | '>' if !self.in_flow() => {
                self.key_allowed = true;
                self.forget_key()?;
                let token = self.block_scalar(if c == '|' {
                    Style::Literal
                } else {
                    Style::Folded
                })?;
                self.ready.push_back(token);
                Ok(())
            }
            '\'' | '"' => {
                self.maybe_key()?;
                self.key_allowed = false;
                let token = self.quoted(c)?;
                self.ready.push_back(token);
                Ok(())
            }
            _ if self.plain_starts(c) => {
                self.maybe_key()?;
                self.key_allowed = false;
                let token = self.plain();
                self.ready.push_back(token);
                Ok(())
            }
            _ => {
                let problem = format!("found character {} that cannot start any token", shown(c));
                Err(error(problem, self.cursor.mark())
                    .within("while scanning for the next token", None))
            }
        }
    }

    /// Skips spaces, comments and line breaks. Tabs are no white space here.
    fn skip_to_token(&mut self) {
        if self.cursor.chars() == 0 {
            self.cursor.eat('\u{feff}');
        }
        loop {
            self.cursor.skip_spaces();
            self.cursor.skip_comment();
            if self.cursor.take_break().is_none() {
                return;
            }
            if !self.in_flow() {
                self.key_allowed = true;
            }
        }
    }

    /// Ends the block collections that are indented further than `column`.
    fn close_blocks(&mut self, column: isize) {
        while !self.in_flow() && self.indent > column {
            self.push(Kind::BlockEnd, self.cursor.mark());
            self.indent = self.outer_indents.pop().unwrap_or(-1);
        }
    }

    /// Whether a block collection starts at `column`; if so, it is the innermost one now.
    fn opens_block(&mut self, column: isize) -> bool {
        let opens = self.indent < column;
        if opens {
            self.outer_indents.push(self.indent);
            self.indent = column;
        }
        opens
    }

    fn stream_end(&mut self) -> Result<()> {
        self.leave_document()?;
        self.possible_keys.clear();
        self.push(Kind::StreamEnd, self.cursor.mark());
        self.ended = true;
        Ok(())
    }

    /// What directives, markers and the end of the text have in common.
    fn leave_document(&mut self) -> Result<()> {
        self.close_blocks(-1);
        self.forget_key()?;
        self.key_allowed = false;
        Ok(())
    }

    /// A token of one character.
    fn single(&mut self, kind: Kind<'a>) {
        let start = self.cursor.mark();
        self.cursor.advance();
        self.push(kind, start);
    }

    fn marker(&mut self, kind: Kind<'a>) -> Result<()> {
        self.leave_document()?;
        let start = self.cursor.mark();
        for _ in 0..3 {
            self.cursor.advance();
        }
        self.push(kind, start);
        Ok(())
    }

    fn open_bracket(&mut self, kind: Kind<'a>) -> Result<()> {
        self.maybe_key()?;
        self.flow_level += 1;
        self.key_allowed = true;
        self.single(kind);
        Ok(())
    }

    fn close_bracket(&mut self, kind: Kind<'a>) -> Result<()> {
        self.forget_key()?;
        self.flow_level -= 1;
        self.key_allowed = false;
        self.single(kind);
        Ok(())
    }

    fn block_entry(&mut self) -> Result<()> {
        if !self.in_flow() {
            self.require_key_allowed("sequence entries are not allowed here")?;
            if self.opens_block(self.column()) {
                self.push(Kind::BlockSequenceStart, self.cursor.mark());
            }
        }
        self.key_allowed = true;
        self.forget_key()?;
        self.single(Kind::BlockEntry);
        Ok(())
    }

    fn explicit_key(&mut self) -> Result<()> {
        if !self.in_flow() {
            self.require_key_allowed("mapping keys are not allowed here")?;
            if self.opens_block(self.column()) {
                self.push(Kind::BlockMappingStart, self.cursor.mark());
            }
        }
        self.key_allowed = !self.in_flow();
        self.forget_key()?;
        self.single(Kind::Key);
        Ok(())
    }

    fn value(&mut self) -> Result<()> {
        if let Some(key) = self.take_key() {
            // What was scanned since then was a key: say so in front of it.
            let place = key.token.saturating_sub(self.taken);
            self.ready
                .insert(place, Token::new(Kind::Key, key.mark, key.mark));
            if !self.in_flow()
                && self.opens_block(isize::try_from(key.mark.column).unwrap_or(isize::MAX))
            {
                self.ready.insert(
                    place,
                    Token::new(Kind::BlockMappingStart, key.mark, key.mark),
                );
            }
            self.key_allowed = false;
        } else {
            if !self.in_flow() {
                self.require_key_allowed("mapping values are not allowed here")?;
                if self.opens_block(self.column()) {
                    self.push(Kind::BlockMappingStart, self.cursor.mark());
                }
            }
            self.key_allowed = !self.in_flow();
        }
        self.single(Kind::Value);
        Ok(())
    }

    fn require_key_allowed(&self, problem: &str) -> Result<()> {
        if self.key_allowed {
            Ok(())
        } else {
            Err(error(problem, self.cursor.mark()))
        }
    }
}
