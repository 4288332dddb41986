//! The tags, each from after its name on.

use super::Parser;
use super::postfix::Tuple;
use crate::ast::{Block, ExprKind, For, If, Piece, Signature, Stmt, StmtKind};
use crate::lexer::Kind;
use crate::names::Name;
use crate::source::is_space;
use crate::{ErrorKind, Result};

impl Parser<'_> {
    pub(super) fn for_tag(&mut self) -> Result<StmtKind> {
        let target = self.target(false)?;
        self.expect_name("in")?;
        let iter = self.tuple(Tuple {
            unconditional: true,
            ..Tuple::default()
        })?;
        let test = if self.skip_name("if") {
            Some(self.expression()?)
        } else {
            None
        };
        let recursive = self.skip_name("recursive");
        let body = self.statements(&["endfor", "else"])?;
        let end = self.next();
        let otherwise = if self.token_is_name(end, "endfor") {
            Vec::new()
        } else {
            self.statements_until(&["endfor"])?
        };
        Ok(StmtKind::For(Box::new(For {
            target,
            iter,
            body,
            otherwise,
            test,
            recursive,
        })))
    }

    pub(super) fn if_tag(&mut self) -> Result<StmtKind> {
        let mut branches = Vec::new();
        loop {
            let test = self.tuple(Tuple {
                unconditional: true,
                ..Tuple::default()
            })?;
            let body = self.statements(&["elif", "else", "endif"])?;
            branches.push((test, body));
            let end = self.next();
            if self.token_is_name(end, "elif") {
                continue;
            }
            let otherwise = if self.token_is_name(end, "else") {
                self.statements_until(&["endif"])?
            } else {
                Vec::new()
            };
            return Ok(StmtKind::If(If {
                branches,
                otherwise,
            }));
        }
    }

    pub(super) fn with_tag(&mut self) -> Result<StmtKind> {
        let (mut targets, mut values) = (Vec::new(), Vec::new());
        while self.kind() != Kind::BlockEnd {
            if !targets.is_empty() {
                self.expect(Kind::Comma)?;
            }
            targets.push(self.target(false)?);
            self.expect(Kind::Assign)?;
            values.push(self.expression()?);
        }
        let body = self.statements_until(&["endwith"])?;
        Ok(StmtKind::With {
            targets,
            values,
            body,
        })
    }

    pub(super) fn autoescape_tag(&mut self) -> Result<StmtKind> {
        let value = self.expression()?;
        let body = self.statements_until(&["endautoescape"])?;
        Ok(StmtKind::Autoescape { value, body })
    }

    pub(super) fn block_tag(&mut self) -> Result<StmtKind> {
        let (name, _) = self.name()?;
        let scoped = self.skip_name("scoped");
        let required = self.skip_name("required");
        if self.kind() == Kind::Sub {
            return Err(self.fail(
                "Block names in Jinja have to be valid Python identifiers and may not contain hyphens, \
                 use an underscore instead.",
            ));
        }
        let body = self.statements_until(&["endblock"])?;
        if required && !body.iter().all(|stmt| self.is_blank(stmt)) {
            return Err(self.fail("Required blocks can only contain comments or whitespace"));
        }
        let end = self.current();
        if end.kind == Kind::Name && self.text(end) == &**self.names.get(name) {
            self.next();
        }
        Ok(StmtKind::Block(Box::new(Block {
            name,
            scoped,
            required,
            body,
        })))
    }

    fn is_blank(&self, stmt: &Stmt) -> bool {
        let StmtKind::Output(pieces) = &stmt.kind else {
            return false;
        };
        pieces.iter().all(|piece| match piece {
            Piece::Data(span) => self.source.slice(*span).chars().all(is_space),
            Piece::Expr(_) => false,
        })
    }

    pub(super) fn extends_tag(&mut self) -> Result<StmtKind> {
        Ok(StmtKind::Extends(self.expression()?))
    }

    pub(super) fn include_tag(&mut self) -> Result<StmtKind> {
        let template = self.expression()?;
        let ignore_missing = self.is_name("ignore") && self.token_is_name(self.look(), "missing");
        if ignore_missing {
            self.next();
            self.next();
        }
        let with_context = self.import_context().unwrap_or(true);
        Ok(StmtKind::Include {
            template,
            ignore_missing,
            with_context,
        })
    }

    /// `with context` or `without context`
    fn import_context(&mut self) -> Option<bool> {
        let found = self.is_name("with") || self.is_name("without");
        if !found || !self.token_is_name(self.look(), "context") {
            return None;
        }
        let with = self.is_name("with");
        self.next();
        self.next();
        Some(with)
    }

    pub(super) fn import_tag(&mut self) -> Result<StmtKind> {
        let template = self.expression()?;
        self.expect_name("as")?;
        let (target, _) = self.target_name()?;
        let with_context = self.import_context().unwrap_or(false);
        Ok(StmtKind::Import {
            template,
            target,
            with_context,
        })
    }

    pub(super) fn names_tag(&mut self) -> Result<StmtKind> {
        let template = self.expression()?;
        self.expect_name("import")?;
        let mut names = Vec::new();
        let with_context = loop {
            if !names.is_empty() {
                self.expect(Kind::Comma)?;
            }
            if self.kind() != Kind::Name {
                return Err(self.expected("name"));
            }
            let context = self.import_context();
            if context.is_some() {
                break context;
            }
            names.push(self.imported_name()?);
            let context = self.import_context();
            if context.is_some() || self.kind() != Kind::Comma {
                break context;
            }
        };
        Ok(StmtKind::FromImport {
            template,
            names,
            with_context: with_context.unwrap_or(false),
        })
    }

    fn imported_name(&mut self) -> Result<(Name, Name)> {
        let (name, span) = self.target_name()?;
        if self.names.get(name).starts_with('_') {
            let message = "names starting with an underline can not be imported";
            return Err(self.error_at(ErrorKind::Assertion, message, span));
        }
        let alias = if self.skip_name("as") {
            self.target_name()?.0
        } else {
            name
        };
        Ok((name, alias))
    }

    pub(super) fn macro_tag(&mut self) -> Result<StmtKind> {
        let (name, _) = self.target_name()?;
        let signature = self.signature()?;
        let body = self.statements_until(&["endmacro"])?;
        Ok(StmtKind::Macro {
            name,
            signature,
            body,
        })
    }

    pub(super) fn call_tag(&mut self) -> Result<StmtKind> {
        let tag = self.tokens.list[self.at - 1].span();
        let signature = if self.kind() == Kind::LParen {
            self.signature()?
        } else {
            Signature::default()
        };
        let call = self.expression()?;
        if !matches!(call.kind, ExprKind::Call(_)) {
            return Err(self.fail_at("expected call", tag));
        }
        let body = self.statements_until(&["endcall"])?;
        Ok(StmtKind::CallBlock {
            call,
            signature,
            body,
        })
    }

    pub(super) fn filter_tag(&mut self) -> Result<StmtKind> {
        let mut filter = self.filter(None)?;
        while self.skip(Kind::Pipe) {
            filter = self.filter(Some(filter))?;
        }
        let body = self.statements_until(&["endfilter"])?;
        Ok(StmtKind::FilterBlock { filter, body })
    }

    pub(super) fn print_tag(&mut self) -> Result<StmtKind> {
        let mut pieces = Vec::new();
        while self.kind() != Kind::BlockEnd {
            if !pieces.is_empty() {
                self.expect(Kind::Comma)?;
            }
            pieces.push(Piece::Expr(self.expression()?));
        }
        Ok(StmtKind::Output(pieces))
    }

    pub(super) fn set_tag(&mut self) -> Result<StmtKind> {
        let target = self.target(true)?;
        if self.skip(Kind::Assign) {
            let value = self.tuple(Tuple::default())?;
            return Ok(StmtKind::Set { target, value });
        }
        let mut filter = None;
        while self.skip(Kind::Pipe) {
            filter = Some(self.filter(filter)?);
        }
        let body = self.statements_until(&["endset"])?;
        Ok(StmtKind::SetBlock {
            target,
            filter,
            body,
        })
    }
}
