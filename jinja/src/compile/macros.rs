//! Macros and call blocks.

use std::sync::Arc;

use super::{Compiler, Frame, scan};
use crate::Result;
use crate::ast::{self, ExprKind, Signature};
use crate::names::Name;
use crate::program::{CallBlock, FunctionId, FunctionKind, MacroCode, MacroStmt, Param, Stmt};
use crate::source::Span;

impl Compiler<'_> {
    pub(super) fn macro_statement(
        &mut self,
        name: Name,
        signature: &Signature,
        body: &[ast::Stmt],
        span: Span,
        frame: Frame,
    ) -> Result<Stmt> {
        let text = Arc::clone(self.names.get(name));
        let function = self.macro_function(Some(text), signature, body, span, frame)?;
        let slot = self.known_slot(name).unwrap_or_default();
        Ok(Stmt::Macro(Box::new(MacroStmt {
            function,
            name,
            slot,
            toplevel: frame.toplevel,
        })))
    }

    pub(super) fn call_block(
        &mut self,
        call: &ast::Expr,
        signature: &Signature,
        body: &[ast::Stmt],
        span: Span,
        frame: Frame,
    ) -> Result<Stmt> {
        let function = self.macro_function(None, signature, body, span, frame)?;
        let ExprKind::Call(node) = &call.kind else {
            return Err(self.fail("expected call", span));
        };
        self.folding += 1;
        let code = self.call(node, call.span, true, frame);
        self.folding -= 1;
        let code = code?;
        Ok(Stmt::CallBlock(Box::new(CallBlock {
            function,
            call: code,
            span: call.span,
        })))
    }

    fn macro_function(
        &mut self,
        name: Option<Arc<str>>,
        signature: &Signature,
        body: &[ast::Stmt],
        span: Span,
        frame: Frame,
    ) -> Result<FunctionId> {
        let level = self.scopes.level() + 1;
        self.open_function(level);
        self.scopes.enter();
        for (name, _) in &signature.params {
            self.scopes.parameter(*name);
        }
        for default in &signature.defaults {
            self.scopes.expr(default);
        }
        self.scopes.statements(body);
        self.check_parameters(signature, level);

        let [caller, kwargs, varargs] =
            ["caller", "kwargs", "varargs"].map(|name| self.names.find(name));
        let used = scan::undeclared(body, &[caller, kwargs, varargs]);
        let is_param = |name: Name| {
            signature
                .params
                .iter()
                .position(|(param, _)| *param == name)
        };
        let mut slots = [None, None, None];
        let mut accesses_caller = false;
        let mut explicit_caller = caller.is_some_and(|name| is_param(name).is_some());
        for (index, special) in [caller, kwargs, varargs].into_iter().enumerate() {
            let Some(special) = special.filter(|name| used.contains(name)) else {
                continue;
            };
            accesses_caller |= index == 0;
            match is_param(special) {
                None => {
                    self.scopes.parameter(special);
                    slots[index] = Some(self.slot(level, special));
                }
                Some(position) if index == 0 => {
                    if signature.params.len() - position > signature.defaults.len() {
                        return Err(self.fail(
                            "When defining macros or call blocks the special \"caller\" argument must be \
                             omitted or be given a default.",
                            span,
                        ));
                    }
                    explicit_caller = true;
                }
                Some(_) => {}
            }
        }

        let inner = Frame {
            output_check: false,
            buffered: true,
            in_function: true,
            ..frame.inner()
        };
        let loads = self.loads();
        let params = self.parameters(signature, level, inner)?;
        let body = self.body(body, inner)?;
        self.scopes.leave();
        let [caller, kwargs, varargs] = slots;
        self.function().kind = FunctionKind::Macro(MacroCode {
            name,
            params,
            caller,
            kwargs,
            varargs,
            accesses_caller,
            explicit_caller,
        });
        Ok(self.close_function(loads, body))
    }

    fn check_parameters(&mut self, signature: &Signature, level: u32) {
        for (index, (name, span)) in signature.params.iter().enumerate() {
            if signature.params[..index]
                .iter()
                .any(|(other, _)| other == name)
            {
                let text = format!(
                    "duplicate argument 'l_{level}_{}' in function definition",
                    self.names.get(*name)
                );
                self.refuse(1, text, *span);
            }
        }
    }

    fn parameters(
        &mut self,
        signature: &Signature,
        level: u32,
        frame: Frame,
    ) -> Result<Vec<Param>> {
        let outer = self.undeclared_params.replace(self.scopes.parameters());
        let without_default = signature
            .params
            .len()
            .saturating_sub(signature.defaults.len());
        let mut params = Vec::with_capacity(signature.params.len());
        for (index, (name, _)) in signature.params.iter().enumerate() {
            let default = match index.checked_sub(without_default) {
                Some(index) => Some(self.expr(&signature.defaults[index], frame)?),
                None => None,
            };
            if let Some(undeclared) = &mut self.undeclared_params {
                undeclared.retain(|other| *other != (level, *name));
            }
            params.push(Param {
                name: *name,
                slot: self.slot(level, *name),
                default,
            });
        }
        self.undeclared_params = outer;
        Ok(params)
    }
}
