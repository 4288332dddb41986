//! `for`.

use super::scan::{self, Event};
use super::{Compiler, Frame};
use crate::Result;
use crate::ast::{self, Target as AstTarget};
use crate::program::{Expr, ForCode, ForLoop, ForStmt, FunctionId, FunctionKind, Stmt};
use crate::source::Span;

impl Compiler<'_> {
    pub(super) fn for_loop(&mut self, node: &ast::For, span: Span, frame: Frame) -> Result<Stmt> {
        let level = self.scopes.level() + 1;
        let special = self.names.find("loop");
        let mut scoped_block = false;
        let mut assigned = None;
        let mut visit = |event| {
            match event {
                Event::Block(block, _) => scoped_block |= block.scoped,
                Event::Store(name, span) if Some(name) == special && assigned.is_none() => {
                    assigned = Some(span);
                }
                _ => {}
            }
            true
        };
        node.target.each_name(&mut |name, span| {
            visit(Event::Store(name, span));
        });
        scan::walk(&node.body, &mut visit);
        scan::walk(&node.otherwise, &mut visit);
        let extended =
            node.recursive || scoped_block || !scan::undeclared(&node.body, &[special]).is_empty();

        let filter = match &node.test {
            Some(test) => Some(self.loop_filter(node, test, level, frame)?),
            None => None,
        };
        if let Some(span) = assigned {
            return Err(self.fail(
                "Can't assign to special loop variable in for-loop target",
                span,
            ));
        }

        let in_loop = Frame {
            buffered: frame.buffered || node.recursive,
            in_function: frame.in_function || node.recursive,
            ..frame.inner()
        };
        if node.recursive {
            self.open_function(level);
            let code = self.loop_body(node, extended, in_loop)?;
            self.function().kind = FunctionKind::Loop(Box::new(code));
            let function = self.close_function(Vec::new(), Vec::new());
            let escape = self.escape();
            let iter = self.expr(&node.iter, frame)?;
            let code = ForCode::Recursive(function, escape);
            return Ok(Stmt::For(Box::new(ForStmt {
                iter,
                span,
                filter,
                code,
            })));
        }
        let iter = self.expr(&node.iter, frame)?;
        self.enter_loop(span);
        let code = ForCode::Inline(self.loop_body(node, extended, in_loop)?);
        Ok(Stmt::For(Box::new(ForStmt {
            iter,
            span,
            filter,
            code,
        })))
    }

    /// The body and the `else` of a loop.
    fn loop_body(&mut self, node: &ast::For, extended: bool, frame: Frame) -> Result<ForLoop> {
        if node.recursive {
            self.enter_loop(node.iter.span);
        }
        self.scopes.enter();
        let mut loop_slot = None;
        if extended {
            let name = self.names.intern("loop");
            self.scopes.parameter(name);
            loop_slot = self.known_slot(name);
        }
        self.scopes.target(&node.target, true);
        self.scopes.statements(&node.body);
        let target = self.target(&node.target);
        let loads = self.loads();
        let body = self.body(&node.body, frame)?;
        self.leave_loop();
        let mut scope = self.close_scope(loads, body);
        if node.recursive && node.otherwise.is_empty() {
            // The function ends here, and what inner functions share of it stays.
            scope.leave.clear();
        }
        let otherwise = if node.otherwise.is_empty() {
            None
        } else {
            self.scopes.enter();
            self.scopes.statements(&node.otherwise);
            let loads = self.loads();
            let body = self.body(&node.otherwise, frame)?;
            Some(self.close_scope(loads, body))
        };
        let (target_span, iter_span) = (target_span(&node.target), node.iter.span);
        Ok(ForLoop {
            target,
            target_span,
            iter_span,
            loop_slot,
            scope,
            otherwise,
        })
    }

    /// The function that picks the items of a loop with `if`.
    fn loop_filter(
        &mut self,
        node: &ast::For,
        test: &ast::Expr,
        level: u32,
        frame: Frame,
    ) -> Result<FunctionId> {
        self.open_function(level);
        self.scopes.enter();
        self.scopes.target(&node.target, true);
        self.scopes.expr(test);
        let loads = self.loads();
        let target = self.target(&node.target);
        let test = self.expr(test, frame.inner())?;
        let item = self.target_value(&node.target);
        self.scopes.leave();
        self.function().kind = FunctionKind::LoopFilter { target, test, item };
        Ok(self.close_function(loads, Vec::new()))
    }

    /// A target, read again.
    fn target_value(&mut self, target: &AstTarget) -> Expr {
        match target {
            AstTarget::Name(name, _) | AstTarget::Ns(name, ..) => {
                Expr::Param(self.known_slot(*name).unwrap_or_default(), *name)
            }
            AstTarget::Tuple(items) => {
                Expr::Tuple(items.iter().map(|item| self.target_value(item)).collect())
            }
        }
    }
}

fn target_span(target: &AstTarget) -> Span {
    match target {
        AstTarget::Name(_, span) | AstTarget::Ns(_, _, span) => *span,
        AstTarget::Tuple(items) => match (items.first(), items.last()) {
            (Some(first), Some(last)) => target_span(first).to(target_span(last)),
            _ => Span::default(),
        },
    }
}
