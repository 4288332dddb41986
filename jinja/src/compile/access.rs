//! Attributes, items and slices.

use std::sync::Arc;

use values::Value;

use super::expressions::Lowered;
use super::{Compiler, Frame};
use crate::Result;
use crate::ast;
use crate::names::Name;
use crate::program::{Expr, Slice};
use crate::source::Span;

impl Compiler<'_> {
    pub(super) fn attribute(
        &mut self,
        value: &ast::Expr,
        name: Name,
        span: Span,
        frame: Frame,
    ) -> Result<Lowered> {
        let value = self.lower(value, frame)?;
        let text = Arc::clone(self.names.get(name));
        let known = Self::known(&[&value], |values| {
            self.with_state(|state| state.get_attr(&values[0], &text))
        });
        let constant = value.constant;
        Ok(self.folded(
            Expr::Getattr(Box::new(value.expr), name, span),
            known,
            constant,
            span,
        ))
    }

    pub(super) fn item(
        &mut self,
        both: &(ast::Expr, ast::Expr),
        span: Span,
        frame: Frame,
    ) -> Result<Lowered> {
        let (value, key) = (self.lower(&both.0, frame)?, self.lower(&both.1, frame)?);
        let known = Self::known(&[&value, &key], |values| {
            self.with_state(|state| state.get_item(&values[0], &values[1]))
        });
        let constant = value.constant && key.constant;
        Ok(self.folded(
            Expr::Getitem(Box::new((value.expr, key.expr)), span),
            known,
            constant,
            span,
        ))
    }

    pub(super) fn slice(
        &mut self,
        value: &ast::Expr,
        parts: &[Option<ast::Expr>; 3],
        span: Span,
        frame: Frame,
    ) -> Result<Lowered> {
        let value = self.lower(value, frame)?;
        let mut lowered = Vec::with_capacity(3);
        for part in parts {
            lowered.push(match part {
                Some(part) => self.lower(part, frame)?,
                None => Lowered {
                    expr: Expr::Const(Value::None),
                    value: Some(Value::None),
                    constant: true,
                },
            });
        }
        let known = Self::known(&[&value, &lowered[0], &lowered[1], &lowered[2]], |values| {
            Ok(values::attr::get_slice(
                &values[0], &values[1], &values[2], &values[3],
            )?)
        });
        let constant = value.constant && lowered.iter().all(|part| part.constant);
        let mut exprs = lowered
            .into_iter()
            .zip(parts)
            .map(|(part, given)| given.as_ref().map(|_| part.expr));
        let parts = [
            exprs.next().flatten(),
            exprs.next().flatten(),
            exprs.next().flatten(),
        ];
        let expr = Expr::Slice(Box::new(Slice {
            value: value.expr,
            parts,
            span,
        }));
        Ok(self.folded(expr, known, constant, span))
    }
}
