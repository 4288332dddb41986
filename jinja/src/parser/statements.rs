//! Template text, `{{ }}`, and which tag is which.

use super::Parser;
use super::postfix::Tuple;
use crate::Result;
use crate::ast::{Piece, Stmt, StmtKind};
use crate::lexer::Kind;
use crate::source::Span;

impl Parser<'_> {
    /// Everything up to one of the tags `ends`, which becomes the current token, or to the end of the template.
    pub(super) fn body(&mut self, ends: Option<&'static [&'static str]>) -> Result<Vec<Stmt>> {
        self.ends.extend(ends);
        let mut body = Vec::new();
        let mut pieces: Vec<Piece> = Vec::new();
        let mut start = Span::default();
        loop {
            let token = self.current();
            if pieces.is_empty() {
                start = token.span();
            }
            match token.kind {
                Kind::Data => {
                    self.next();
                    pieces.push(Piece::Data(token.span()));
                }
                Kind::VariableBegin => {
                    self.next();
                    pieces.push(Piece::Expr(self.tuple(Tuple::default())?));
                    self.expect(Kind::VariableEnd)?;
                }
                Kind::BlockBegin => {
                    flush(&mut body, &mut pieces, start);
                    self.next();
                    if ends.is_some_and(|ends| ends.iter().any(|end| self.is_name(end))) {
                        break;
                    }
                    body.push(self.statement()?);
                    self.expect(Kind::BlockEnd)?;
                }
                _ => {
                    flush(&mut body, &mut pieces, start);
                    break;
                }
            }
        }
        if ends.is_some() {
            self.ends.pop();
        }
        Ok(body)
    }

    /// The body of a tag, up to one of the tags `ends`, which becomes the current token.
    pub(super) fn statements(&mut self, ends: &'static [&'static str]) -> Result<Vec<Stmt>> {
        self.skip(Kind::Colon);
        self.expect(Kind::BlockEnd)?;
        let body = self.nested(|parser| parser.body(Some(ends)))?;
        if matches!(self.kind(), Kind::Eof | Kind::Error) {
            self.ends.push(ends);
            return Err(self.unknown_tag(None));
        }
        Ok(body)
    }

    /// The same with one end, which is skipped.
    pub(super) fn statements_until(&mut self, ends: &'static [&'static str]) -> Result<Vec<Stmt>> {
        let body = self.statements(ends)?;
        self.next();
        Ok(body)
    }

    fn statement(&mut self) -> Result<Stmt> {
        let token = self.current();
        if token.kind != Kind::Name {
            return Err(self.fail("tag name expected"));
        }
        let tag = self.intern(token);
        let parse: fn(&mut Self) -> Result<StmtKind> = match self.text(token) {
            "for" => Self::for_tag,
            "if" => Self::if_tag,
            "block" => Self::block_tag,
            "extends" => Self::extends_tag,
            "print" => Self::print_tag,
            "macro" => Self::macro_tag,
            "include" => Self::include_tag,
            "from" => Self::names_tag,
            "import" => Self::import_tag,
            "set" => Self::set_tag,
            "with" => Self::with_tag,
            "autoescape" => Self::autoescape_tag,
            "call" => Self::call_tag,
            "filter" => Self::filter_tag,
            _ => return Err(self.unknown_tag(Some(token))),
        };
        self.tags.push(tag);
        self.next();
        let kind = parse(self)?;
        self.tags.pop();
        Ok(Stmt {
            kind,
            span: token.span(),
        })
    }
}

fn flush(body: &mut Vec<Stmt>, pieces: &mut Vec<Piece>, span: Span) {
    if !pieces.is_empty() {
        body.push(Stmt {
            kind: StmtKind::Output(std::mem::take(pieces)),
            span,
        });
    }
}
