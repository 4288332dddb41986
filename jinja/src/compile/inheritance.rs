//! Blocks, `extends`, `include` and `import`.

use std::sync::Arc;

use values::Value;

use super::{Compiler, Frame};
use crate::Result;
use crate::ast::{self, ExprKind};
use crate::error::ErrorKind;
use crate::names::Name;
use crate::program::{BlockStmt, Extends, FromImport, Import, Include, Selection, Stmt};
use crate::source::Span;

impl Compiler<'_> {
    /// The place where a block is shown.
    pub(super) fn block(
        &mut self,
        node: &ast::Block,
        span: Span,
        frame: Frame,
        out: &mut Vec<Stmt>,
    ) {
        if frame.toplevel && self.inheritance.known {
            return;
        }
        let unless_extended = frame.toplevel && self.inheritance.count > 0;
        let locals = if node.scoped {
            Some(self.locals())
        } else {
            None
        };
        let name = Arc::clone(self.names.get(node.name));
        out.push(Stmt::Block(Box::new(BlockStmt {
            name,
            span,
            locals,
            required: node.required,
            unless_extended,
        })));
    }

    pub(super) fn extends(
        &mut self,
        template: &ast::Expr,
        span: Span,
        frame: Frame,
        out: &mut Vec<Stmt>,
    ) -> Result<()> {
        if !frame.toplevel {
            return Err(self.fail("cannot use extend from a non top-level scope", span));
        }
        if self.inheritance.count > 0 && self.inheritance.known {
            out.push(Stmt::Raise(
                ErrorKind::TemplateRuntime,
                "extended multiple times",
                span,
            ));
            return Ok(());
        }
        let check = self.inheritance.count > 0;
        let template = self.expr(template, frame)?;
        out.push(Stmt::Extends(Box::new(Extends {
            template,
            span,
            check,
        })));
        if frame.rootlevel {
            self.inheritance.known = true;
        }
        self.inheritance.count += 1;
        Ok(())
    }

    pub(super) fn include(
        &mut self,
        template: &ast::Expr,
        ignore_missing: bool,
        with_context: bool,
        span: Span,
        frame: Frame,
    ) -> Result<Stmt> {
        let selection = match &template.kind {
            ExprKind::Const(Value::Str(_)) => Selection::One,
            ExprKind::Tuple(_) | ExprKind::List(_) => Selection::Many,
            _ => Selection::Either,
        };
        let code = self.expr(template, frame)?;
        let locals = if with_context {
            Some(self.locals())
        } else {
            None
        };
        if !with_context && frame.in_function {
            self.function().is_generator = true;
        }
        Ok(Stmt::Include(Box::new(Include {
            template: code,
            span,
            selection,
            ignore_missing,
            locals,
            buffered: frame.buffered,
        })))
    }

    pub(super) fn import(
        &mut self,
        template: &ast::Expr,
        target: Name,
        with_context: bool,
        span: Span,
        frame: Frame,
    ) -> Result<Stmt> {
        let slot = self.known_slot(target).unwrap_or_default();
        let template = self.expr(template, frame)?;
        let locals = if with_context {
            Some(self.locals())
        } else {
            None
        };
        let toplevel = frame.toplevel;
        Ok(Stmt::Import(Box::new(Import {
            template,
            span,
            locals,
            target,
            slot,
            toplevel,
        })))
    }

    pub(super) fn imported_names(
        &mut self,
        template: &ast::Expr,
        names: &[(Name, Name)],
        with_context: bool,
        span: Span,
        frame: Frame,
    ) -> Result<Stmt> {
        let template = self.expr(template, frame)?;
        let locals = if with_context {
            Some(self.locals())
        } else {
            None
        };
        let names = names
            .iter()
            .map(|(name, alias)| (*name, *alias, self.known_slot(*alias).unwrap_or_default()));
        let names = names.collect();
        let toplevel = frame.toplevel;
        Ok(Stmt::FromImport(Box::new(FromImport {
            template,
            span,
            locals,
            names,
            toplevel,
        })))
    }
}
