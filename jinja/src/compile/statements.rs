//! Output, assignments, conditions, and scopes.

use std::sync::Arc;

use values::Value;

use super::{Compiler, Frame};
use crate::Result;
use crate::ast::{self, Piece, StmtKind};
use crate::error::ErrorKind;
use crate::names::Name;
use crate::program::{
    Autoescape, Escape, Expr, FilterBlock, Set, SetBlock, SlotId, Stmt, Target, With,
};
use crate::source::Span;

impl Compiler<'_> {
    /// Compiles statements, up to one after which nothing is ever run.
    pub(super) fn body(&mut self, body: &[ast::Stmt], frame: Frame) -> Result<Vec<Stmt>> {
        let mut out = Vec::with_capacity(body.len());
        for stmt in body {
            self.statement(stmt, frame, &mut out)?;
            if matches!(
                out.last(),
                Some(Stmt::Raise(ErrorKind::TemplateRuntime, ..))
            ) && self.inheritance.known
            {
                break;
            }
        }
        Ok(out)
    }

    fn statement(&mut self, stmt: &ast::Stmt, frame: Frame, out: &mut Vec<Stmt>) -> Result<()> {
        let span = stmt.span;
        match &stmt.kind {
            StmtKind::Output(pieces) => self.output(pieces, frame, out)?,
            StmtKind::For(node) => {
                let stmt = self.for_loop(node, span, frame)?;
                out.push(stmt);
            }
            StmtKind::If(node) => {
                let frame = frame.soft();
                let mut branches = Vec::with_capacity(node.branches.len());
                for (test, body) in &node.branches {
                    let (test, span) = (self.expr(test, frame)?, test.span);
                    branches.push((test, span, self.body(body, frame)?));
                }
                let otherwise = self.body(&node.otherwise, frame)?;
                out.push(Stmt::If(branches, otherwise));
            }
            StmtKind::With {
                targets,
                values,
                body,
            } => {
                let stmt = self.with(targets, values, body, frame)?;
                out.push(stmt);
            }
            StmtKind::Autoescape { value, body } => {
                let stmt = self.autoescape_block(value, body, frame)?;
                out.push(stmt);
            }
            StmtKind::Block(node) => self.block(node, span, frame, out),
            StmtKind::Extends(template) => self.extends(template, span, frame, out)?,
            StmtKind::Include {
                template,
                ignore_missing,
                with_context,
            } => {
                let stmt = self.include(template, *ignore_missing, *with_context, span, frame)?;
                out.push(stmt);
            }
            StmtKind::Import {
                template,
                target,
                with_context,
            } => {
                let stmt = self.import(template, *target, *with_context, span, frame)?;
                out.push(stmt);
            }
            StmtKind::FromImport {
                template,
                names,
                with_context,
            } => {
                let stmt = self.imported_names(template, names, *with_context, span, frame)?;
                out.push(stmt);
            }
            StmtKind::Macro {
                name,
                signature,
                body,
            } => {
                let stmt = self.macro_statement(*name, signature, body, span, frame)?;
                out.push(stmt);
            }
            StmtKind::CallBlock {
                call,
                signature,
                body,
            } => {
                let stmt = self.call_block(call, signature, body, span, frame)?;
                out.push(stmt);
            }
            StmtKind::FilterBlock { filter, body } => {
                self.scopes.enter();
                self.scopes.statements(body);
                self.scopes.expr(filter);
                let inner = Frame {
                    buffered: true,
                    ..frame.inner()
                };
                let loads = self.loads();
                let body = self.body(body, inner)?;
                let (filter, span) = (self.expr(filter, inner)?, filter.span);
                let scope = self.close_scope(loads, body);
                out.push(Stmt::FilterBlock(Box::new(FilterBlock {
                    scope,
                    filter,
                    span,
                })));
            }
            StmtKind::Set { target, value } => {
                let set = self.set(target, value, span, frame)?;
                out.push(set);
            }
            StmtKind::SetBlock {
                target,
                filter,
                body,
            } => {
                let stmt = self.set_block(target, filter.as_ref(), body, span, frame)?;
                out.push(stmt);
            }
        }
        Ok(())
    }

    /// How output is escaped at this place.
    pub(super) fn escape(&self) -> Escape {
        match (self.volatile, self.autoescape) {
            (true, _) => Escape::Dynamic,
            (false, true) => Escape::Yes,
            (false, false) => Escape::No,
        }
    }

    fn output(&mut self, pieces: &[Piece], frame: Frame, out: &mut Vec<Stmt>) -> Result<()> {
        if !frame.output_check {
            return self.pieces(pieces, frame, out);
        }
        if self.inheritance.known {
            return Ok(());
        }
        let mut checked = Vec::with_capacity(pieces.len());
        self.pieces(pieces, frame, &mut checked)?;
        out.push(Stmt::UnlessExtended(checked));
        Ok(())
    }

    fn pieces(&mut self, pieces: &[Piece], frame: Frame, out: &mut Vec<Stmt>) -> Result<()> {
        // What is known is written in one piece, as Jinja2 does.
        let mut known: Option<Stmt> = None;
        for piece in pieces {
            let stmt = match piece {
                Piece::Data(span) if self.volatile => {
                    // Whether it is markup is asked of the context, which may fail.
                    let text = Value::Markup(self.source.slice(*span).into());
                    out.push(Stmt::Print(Expr::Const(text), *span, Escape::Dynamic));
                    continue;
                }
                Piece::Data(span) => Stmt::Text(*span),
                Piece::Expr(expr) => {
                    let lowered = self.lower(expr, frame)?;
                    let text = lowered
                        .value
                        .as_ref()
                        .and_then(|value| self.constant_text(value));
                    if let Some(text) = text {
                        Stmt::Fixed(text)
                    } else {
                        out.extend(known.take());
                        out.push(Stmt::Print(lowered.expr, expr.span, self.escape()));
                        continue;
                    }
                }
            };
            known = Some(match known {
                Some(before) => {
                    Stmt::Fixed([self.fixed(&before), self.fixed(&stmt)].concat().into())
                }
                None => stmt,
            });
        }
        out.extend(known);
        Ok(())
    }

    fn fixed<'s>(&'s self, stmt: &'s Stmt) -> &'s str {
        match stmt {
            Stmt::Text(span) => self.source.slice(*span),
            Stmt::Fixed(text) => text,
            _ => "",
        }
    }

    /// What a constant prints as, if that is no error.
    fn constant_text(&self, value: &Value) -> Option<Arc<str>> {
        if self.autoescape {
            return crate::render::escape(value).ok().map(Into::into);
        }
        values::repr::to_str(value).ok().map(Into::into)
    }

    fn with(
        &mut self,
        targets: &[ast::Target],
        values: &[ast::Expr],
        body: &[ast::Stmt],
        frame: Frame,
    ) -> Result<Stmt> {
        // The values belong to the scope outside, the targets to the one inside.
        let mut compiled = Vec::with_capacity(values.len());
        for value in values {
            compiled.push((self.expr(value, frame)?, value.span));
        }
        self.scopes.enter();
        for target in targets {
            self.scopes.target(target, true);
        }
        self.scopes.statements(body);
        let loads = self.loads();
        let targets: Vec<_> = targets.iter().map(|target| self.target(target)).collect();
        let values = targets
            .into_iter()
            .zip(compiled)
            .map(|(target, (value, span))| (target, value, span));
        let values = values.collect();
        let body = self.body(body, frame.inner())?;
        let scope = self.close_scope(loads, body);
        Ok(Stmt::With(Box::new(With { values, scope })))
    }

    fn autoescape_block(
        &mut self,
        value: &ast::Expr,
        body: &[ast::Stmt],
        frame: Frame,
    ) -> Result<Stmt> {
        self.scopes.enter();
        self.scopes.expr(value);
        self.scopes.statements(body);
        let frame = frame.inner();
        let loads = self.loads();
        let lowered = self.lower(value, frame)?;
        let saved = (self.autoescape, self.volatile);
        match lowered.value.as_ref().map(values::ops::truth) {
            Some(Ok(known)) => self.autoescape = known,
            _ => self.volatile = true,
        }
        let body = self.body(body, frame);
        (self.autoescape, self.volatile) = saved;
        let scope = self.close_scope(loads, body?);
        Ok(Stmt::Autoescape(Box::new(Autoescape {
            value: lowered.expr,
            scope,
        })))
    }

    /// The slots of a target, whose names the scopes know.
    pub(super) fn target(&mut self, target: &ast::Target) -> Target {
        match target {
            ast::Target::Name(name, _) => Target::Slot(self.known_slot(*name).unwrap_or_default()),
            ast::Target::Ns(name, attr, _) => Target::Ns {
                slot: self.known_slot(*name).unwrap_or_default(),
                name: *name,
                attr: *attr,
            },
            ast::Target::Tuple(items) => {
                Target::Tuple(items.iter().map(|item| self.target(item)).collect())
            }
        }
    }

    /// What an assignment makes visible to the whole template.
    fn exports(&mut self, target: &ast::Target, frame: Frame) -> Vec<(Name, SlotId)> {
        let mut names = Vec::new();
        if frame.toplevel {
            target.each_name(&mut |name, _| names.push(name));
        }
        names
            .into_iter()
            .map(|name| (name, self.known_slot(name).unwrap_or_default()))
            .collect()
    }

    fn set(
        &mut self,
        target: &ast::Target,
        value: &ast::Expr,
        span: Span,
        frame: Frame,
    ) -> Result<Stmt> {
        let mut namespaces = Vec::new();
        self.namespaces(target, &mut namespaces);
        let code = self.target(target);
        let value = self.expr(value, frame)?;
        let exports = self.exports(target, frame);
        Ok(Stmt::Set(Box::new(Set {
            target: code,
            value,
            span,
            namespaces,
            exports,
        })))
    }

    fn namespaces(&mut self, target: &ast::Target, found: &mut Vec<(SlotId, Name)>) {
        match target {
            ast::Target::Name(..) => {}
            ast::Target::Ns(name, ..) => {
                let slot = self.known_slot(*name).unwrap_or_default();
                if found.iter().all(|(_, other)| other != name) {
                    found.push((slot, *name));
                }
            }
            ast::Target::Tuple(items) => {
                for item in items {
                    self.namespaces(item, found);
                }
            }
        }
    }

    fn set_block(
        &mut self,
        target: &ast::Target,
        filter: Option<&ast::Expr>,
        body: &[ast::Stmt],
        span: Span,
        frame: Frame,
    ) -> Result<Stmt> {
        let inner = Frame {
            buffered: true,
            output_check: false,
            ..frame.inner()
        };
        self.scopes.enter();
        self.scopes.statements(body);
        let loads = self.loads();
        let body = self.body(body, inner)?;
        let filter = match filter {
            // Names that only the filter reads are known to no scope: Jinja2 fails here, and so do we.
            Some(filter) => Some(self.expr(filter, inner)?),
            None => None,
        };
        let scope = self.close_scope(loads, body);
        let code = self.target(target);
        let exports = self.exports(target, frame);
        Ok(Stmt::SetBlock(Box::new(SetBlock {
            target: code,
            scope,
            filter,
            span,
            exports,
        })))
    }

    /// An expression, without the knowledge of whether it is constant.
    pub(super) fn expr(&mut self, expr: &ast::Expr, frame: Frame) -> Result<Expr> {
        Ok(self.lower(expr, frame)?.expr)
    }
}
