//! Expressions: names become slots, constants are folded.

use std::sync::Arc;

use values::Value;

use super::{Compiler, Frame};
use crate::Result;
use crate::ast::{self, BinaryOp, ExprKind, UnaryOp};
use crate::error::ErrorKind;
use crate::names::Name;
use crate::program::{Compare, Cond, Expr};
use crate::source::Span;

/// A compiled expression and what is known about its value.
#[derive(Debug)]
pub(super) struct Lowered {
    pub(super) expr: Expr,
    /// The value, for constants.
    pub(super) value: Option<Value>,
    /// Whether the value is always the same: a constant, or a host's filter applied to one.
    pub(super) constant: bool,
}

impl Lowered {
    pub(super) fn dynamic(expr: Expr) -> Self {
        Self {
            expr,
            value: None,
            constant: false,
        }
    }
    pub(super) fn negative(&self) -> Option<Value> {
        // `-0.0` is written with a sign too.
        match self.value.as_ref()? {
            Value::Float(f) => f.is_sign_negative().then(|| Value::Float(-f)),
            value @ (Value::Int(_) | Value::BigInt(_)) => {
                let negative = values::ops::compare(value, &Value::Int(0), "<");
                let negative = matches!(negative, Ok(Some(std::cmp::Ordering::Less)));
                negative.then(|| values::ops::neg(value).ok()).flatten()
            }
            _ => None,
        }
    }
}

impl Compiler<'_> {
    pub(super) fn lower(&mut self, expr: &ast::Expr, frame: Frame) -> Result<Lowered> {
        match &expr.kind {
            ExprKind::Const(value) => Ok(Self::constant(value.clone(), expr.span)),
            ExprKind::Name(name) => self.variable(*name, expr.span),
            ExprKind::NsRef(..) => Ok(Lowered::dynamic(self.invalid_syntax(expr.span))),
            ExprKind::Slice(_) => {
                // A slice that is not all of a subscript: Python does not take it.
                Ok(Lowered::dynamic(self.invalid_syntax(expr.span)))
            }
            ExprKind::Tuple(items) => self.sequence(items, frame, Expr::Tuple, Value::tuple),
            ExprKind::List(items) => self.sequence(items, frame, Expr::List, Value::list),
            ExprKind::Dict(items) => self.dict(items, expr.span, frame),
            _ => {
                self.folding += 1;
                let lowered = self.operation(expr, frame);
                self.folding -= 1;
                lowered
            }
        }
    }

    fn operation(&mut self, expr: &ast::Expr, frame: Frame) -> Result<Lowered> {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Unary(op, operand) => self.unary(*op, operand, span, frame),
            ExprKind::Binary(op, both) => self.binary(*op, both, span, frame),
            ExprKind::And(both) => self.logical(both, span, frame, false),
            ExprKind::Or(both) => self.logical(both, span, frame, true),
            ExprKind::Compare(first, rest) => self.compare(first, rest, span, frame),
            ExprKind::Concat(items) => self.concat(items, span, frame),
            ExprKind::Cond(cond) => self.conditional(cond, span, frame),
            ExprKind::Getattr(value, name) => self.attribute(value, *name, span, frame),
            ExprKind::Getitem(both) => match &both.1.kind {
                ExprKind::Slice(parts) => self.slice(&both.0, parts, span, frame),
                _ => self.item(both, span, frame),
            },
            ExprKind::Filter(apply) => self.filter(apply, span, frame),
            ExprKind::Test(apply) => self.test(apply, span, frame),
            ExprKind::Call(call) => {
                let call = self.call(call, span, false, frame)?;
                Ok(Lowered::dynamic(Expr::Call(Box::new(call))))
            }
            _ => Ok(Lowered::dynamic(self.invalid_syntax(span))),
        }
    }

    fn invalid_syntax(&mut self, span: Span) -> Expr {
        self.refuse(0, "invalid syntax", span);
        Expr::Raise(ErrorKind::PythonSyntax, "invalid syntax".into(), span)
    }

    fn variable(&mut self, name: Name, span: Span) -> Result<Lowered> {
        let Some((level, symbol)) = self.scopes.find(name) else {
            let name = values::repr::str_repr(self.names.get(name));
            let message = format!(
                "Tried to resolve a name to a reference that was unknown to the frame ({name})"
            );
            return Err(self.source.error(ErrorKind::PythonAssertion, message, span));
        };
        let set = symbol.origin == super::symbols::Origin::Parameter
            && !self
                .undeclared_params
                .as_ref()
                .is_some_and(|params| params.contains(&(level, name)));
        let slot = self.slot(level, name);
        Ok(Lowered::dynamic(if set {
            Expr::Param(slot, name)
        } else {
            Expr::Var(slot, name, span)
        }))
    }

    fn sequence(
        &mut self,
        items: &[ast::Expr],
        frame: Frame,
        make: fn(Vec<Expr>) -> Expr,
        value: fn(Vec<Value>) -> Value,
    ) -> Result<Lowered> {
        let items = self.lower_all(items, frame)?;
        let constant = items.iter().all(|item| item.constant);
        let values: Option<Vec<_>> = items.iter().map(|item| item.value.clone()).collect();
        let expr = make(items.into_iter().map(|item| item.expr).collect());
        Ok(Lowered {
            expr,
            value: values.map(value),
            constant,
        })
    }

    fn lower_all(&mut self, items: &[ast::Expr], frame: Frame) -> Result<Vec<Lowered>> {
        items.iter().map(|item| self.lower(item, frame)).collect()
    }

    fn dict(
        &mut self,
        items: &[(ast::Expr, ast::Expr)],
        span: Span,
        frame: Frame,
    ) -> Result<Lowered> {
        let mut pairs = Vec::with_capacity(items.len());
        let mut known = Some(values::dict::Map::default());
        let mut constant = true;
        for (key, value) in items {
            let (key, value) = (self.lower(key, frame)?, self.lower(value, frame)?);
            constant &= key.constant && value.constant;
            if let (Some(map), Some(k), Some(v)) = (&mut known, key.value, value.value) {
                match values::Key::new(k) {
                    Ok(key) => drop(map.insert(key, v)),
                    Err(error) if self.folding > 0 && !self.volatile => {
                        return Err(self.source.locate(error.into(), span));
                    }
                    Err(_) => known = None,
                }
            } else {
                known = None;
            }
            pairs.push((key.expr, value.expr));
        }
        let value = known.map(|map| Value::Dict(values::Dict::new(map)));
        Ok(Lowered {
            expr: Expr::Dict(pairs, span),
            value,
            constant,
        })
    }

    fn unary(
        &mut self,
        op: UnaryOp,
        operand: &ast::Expr,
        span: Span,
        frame: Frame,
    ) -> Result<Lowered> {
        let operand = self.lower(operand, frame)?;
        let value = Self::known(&[&operand], |values| crate::render::unary(op, &values[0]));
        let constant = operand.constant;
        Ok(self.folded(
            Expr::Unary(op, Box::new(operand.expr), span),
            value,
            constant,
            span,
        ))
    }

    fn binary(
        &mut self,
        op: BinaryOp,
        both: &(ast::Expr, ast::Expr),
        span: Span,
        frame: Frame,
    ) -> Result<Lowered> {
        let (left, right) = (self.lower(&both.0, frame)?, self.lower(&both.1, frame)?);
        let constant = left.constant && right.constant;
        let value = Self::known(&[&left, &right], |values| {
            super::fold::affordable(op, &values[0], &values[1])?;
            crate::render::binary(op, &values[0], &values[1])
        });
        if op == BinaryOp::Pow
            && value.is_none()
            && !self.volatile
            && let Some(positive) = left.negative()
        {
            // Jinja2 writes `-1 ** x` to its Python code, which is `-(1 ** x)`.
            let power = Expr::Binary(op, Box::new((Expr::Const(positive), right.expr)), span);
            return Ok(Lowered::dynamic(Expr::Unary(
                UnaryOp::Neg,
                Box::new(power),
                span,
            )));
        }
        let expr = Expr::Binary(op, Box::new((left.expr, right.expr)), span);
        Ok(self.folded(expr, value, constant, span))
    }

    fn logical(
        &mut self,
        both: &(ast::Expr, ast::Expr),
        span: Span,
        frame: Frame,
        stop_at: bool,
    ) -> Result<Lowered> {
        let left = self.lower(&both.0, frame)?;
        let decided = match left.value.clone() {
            Some(value) => {
                let truth = self.fold_error(crate::render::truth(&value), span)?;
                truth.map(|truth| truth == stop_at)
            }
            None => None,
        };
        if decided == Some(true) && !self.volatile {
            self.unreached(&both.1, frame)?;
            return Ok(left);
        }
        let right = self.lower(&both.1, frame)?;
        let value = match decided {
            Some(true) => left.value.clone(),
            Some(false) => right.value.clone(),
            None => None,
        };
        let constant = left.constant && right.constant;
        let both = Box::new((left.expr, right.expr));
        let expr = if stop_at {
            Expr::Or(both, span)
        } else {
            Expr::And(both, span)
        };
        Ok(self.folded(expr, value, constant, span))
    }

    /// Compiles what constants keep from being reached: Jinja2 only folds it, and checks nothing else.
    fn unreached(&mut self, expr: &ast::Expr, frame: Frame) -> Result<()> {
        let refused = self.refused.take();
        let result = self.lower(expr, frame);
        self.refused = refused;
        match result {
            Err(error)
                if !matches!(
                    error.kind,
                    ErrorKind::Assertion | ErrorKind::PythonAssertion
                ) =>
            {
                Err(error)
            }
            _ => Ok(()),
        }
    }

    /// Passes an error of a constant on: it is raised while Jinja2 compiles, where it folds.
    fn fold_error<T>(&self, result: Result<T>, span: Span) -> Result<Option<T>> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(_) if self.volatile => Ok(None),
            Err(error) => Err(self.source.locate(error, span)),
        }
    }

    fn compare(
        &mut self,
        first: &ast::Expr,
        rest: &[(ast::CompareOp, ast::Expr)],
        span: Span,
        frame: Frame,
    ) -> Result<Lowered> {
        let first = self.lower(first, frame)?;
        let mut constant = first.constant;
        let mut left = first.value.clone();
        let mut value = None;
        let mut operands = Vec::with_capacity(rest.len());
        for (op, operand) in rest {
            let operand = self.lower(operand, frame)?;
            constant &= operand.constant;
            // Once the value is known to be false, what follows does not matter.
            if left.is_some() && value != Some(Value::Bool(false)) {
                let right = operand.value.clone();
                value = match (&left, &right) {
                    (Some(left), Some(right)) => crate::render::compare(*op, left, right)
                        .ok()
                        .map(Value::Bool),
                    _ => None,
                };
                left = if value.is_some() { right } else { None };
            }
            operands.push((*op, operand.expr));
        }
        let value = if left.is_some() { value } else { None };
        let expr = Expr::Compare(Box::new(Compare {
            first: first.expr,
            rest: operands,
            span,
        }));
        Ok(self.folded(expr, value, constant, span))
    }

    fn concat(&mut self, items: &[ast::Expr], span: Span, frame: Frame) -> Result<Lowered> {
        let items = self.lower_all(items, frame)?;
        let constant = items.iter().all(|item| item.constant);
        let values: Option<Vec<_>> = items.iter().map(|item| item.value.clone()).collect();
        let value = match values {
            Some(values) => self
                .fold_error(crate::render::concat(&values), span)?
                .map(Value::str),
            None => None,
        };
        let expr = Expr::Concat(
            items.into_iter().map(|item| item.expr).collect(),
            self.autoescape && !self.volatile,
            span,
        );
        Ok(self.folded(expr, value, constant, span))
    }

    fn conditional(&mut self, cond: &ast::Cond, span: Span, frame: Frame) -> Result<Lowered> {
        let frame = frame.soft();
        let then = self.lower(&cond.then, frame)?;
        let test = self.lower(&cond.test, frame)?;
        let otherwise = match &cond.otherwise {
            Some(expr) => Ok(self.lower(expr, frame)?),
            None => Err(self.no_else(cond)),
        };
        let mut constant = test.constant && then.constant;
        let mut value = None;
        if let Some(known) = test.value.clone() {
            value = match self.fold_error(crate::render::truth(&known), span)? {
                Some(true) => then.value.clone(),
                Some(false) => otherwise
                    .as_ref()
                    .ok()
                    .and_then(|otherwise| otherwise.value.clone()),
                None => None,
            };
        }
        constant &= otherwise.as_ref().is_ok_and(|otherwise| otherwise.constant);
        let otherwise = otherwise.map(|otherwise| otherwise.expr);
        let expr = Expr::Cond(Box::new(Cond {
            test: test.expr,
            then: then.expr,
            otherwise,
            span,
        }));
        Ok(self.folded(expr, value, constant, span))
    }

    fn no_else(&self, cond: &ast::Cond) -> Arc<str> {
        format!(
            "the inline if-expression on {} evaluated to false and no else section was defined.",
            self.position(cond.at)
        )
        .into()
    }

    /// A place, in Jinja2's words.
    pub(super) fn position(&self, at: u32) -> String {
        let line = self.source.line(at);
        match &self.source.name {
            Some(name) => format!("line {line} in {}", values::repr::str_repr(name)),
            None => format!("line {line}"),
        }
    }
}
