//! Expressions.

use std::sync::Arc;

use values::{Key, Value};

use super::slots::{Frame, Var};
use super::{State, ops};
use crate::error::ErrorKind;
use crate::names::Name;
use crate::program::{Compare, Cond, Expr, Filter, FilterRef, Slice, SlotId, Test};
use crate::source::Span;
use crate::undefined::{Missing, SoftUndefined};
use crate::{Error, Result, filters};

/// Up to how many pairs of a dictionary Python works out before it makes the first a key.
const PYTHON_CHUNK: usize = 15;

impl State<'_> {
    /// The value of a variable, if it has one.
    pub(super) fn raw(
        &mut self,
        frame: &mut Frame,
        slot: SlotId,
        name: Name,
    ) -> Result<Option<Value>> {
        match frame.get(slot) {
            Var::Value(value) => Ok(Some(value)),
            Var::Missing => Ok(None),
            Var::Context => self.look_up(frame, slot, name),
        }
    }

    #[inline(never)]
    fn look_up(&mut self, frame: &mut Frame, slot: SlotId, name: Name) -> Result<Option<Value>> {
        let program = Arc::clone(&frame.program);
        let context = Arc::clone(&frame.context);
        let found = self.resolve(&context, program.names.get(name))?;
        frame.set(slot, found.clone().map_or(Var::Missing, Var::Value));
        Ok(found)
    }

    pub(super) fn eval(&mut self, frame: &mut Frame, expr: &Expr) -> Result<Value> {
        match expr {
            Expr::Const(value) => Ok(value.clone()),
            Expr::Var(slot, name, span) => self.variable(frame, *slot, *name, *span),
            Expr::Param(slot, name) => Ok(self
                .raw(frame, *slot, *name)?
                .unwrap_or_else(|| Value::object(Missing))),
            Expr::Tuple(items) => Ok(Value::tuple(self.eval_all(frame, items)?)),
            Expr::List(items) => Ok(Value::list(self.eval_all(frame, items)?)),
            Expr::Dict(items, span) => self.dict(frame, items, *span),
            Expr::Unary(op, operand, span) => {
                let value = self.eval(frame, operand)?;
                ops::unary(*op, &value).map_err(|error| frame.locate(error, *span))
            }
            Expr::Binary(op, both, span) => {
                let left = self.eval(frame, &both.0)?;
                let right = self.eval(frame, &both.1)?;
                ops::binary(*op, &left, &right).map_err(|error| frame.locate(error, *span))
            }
            Expr::And(both, span) => self.logical(frame, both, *span, false),
            Expr::Or(both, span) => self.logical(frame, both, *span, true),
            Expr::Compare(node) => self.comparison(frame, node),
            Expr::Concat(items, markup, span) => self.concatenation(frame, items, *markup, *span),
            Expr::Cond(node) => self.conditional(frame, node),
            Expr::Getattr(value, name, span) => {
                let value = self.eval(frame, value)?;
                let name = Arc::clone(frame.name(*name));
                self.get_attr(&value, &name)
                    .map_err(|error| frame.locate(error, *span))
            }
            Expr::Getitem(both, span) => {
                let value = self.eval(frame, &both.0)?;
                let key = self.eval(frame, &both.1)?;
                self.get_item(&value, &key)
                    .map_err(|error| frame.locate(error, *span))
            }
            Expr::Slice(node) => self.slice(frame, node),
            Expr::Filter(node) => self.filter(frame, node),
            Expr::Test(node) => self.apply(frame, node),
            Expr::Call(node) => self.eval_call(frame, node, None),
            Expr::Captured(escape) => {
                let markup = Self::escapes(frame, *escape)?;
                Ok(match &frame.captured {
                    Value::Str(text) if markup => Value::Markup(Arc::clone(text)),
                    captured => captured.clone(),
                })
            }
            Expr::Once(expr, id) => self.once(frame, expr, *id),
            Expr::Raise(kind, message, span) => {
                Err(frame.locate(Error::new(*kind, message.to_string()), *span))
            }
        }
    }

    pub(super) fn eval_all(&mut self, frame: &mut Frame, items: &[Expr]) -> Result<Vec<Value>> {
        items.iter().map(|item| self.eval(frame, item)).collect()
    }

    #[inline(never)]
    fn variable(
        &mut self,
        frame: &mut Frame,
        slot: SlotId,
        name: Name,
        span: Span,
    ) -> Result<Value> {
        match self.raw(frame, slot, name) {
            Ok(Some(value)) => Ok(value),
            Ok(None) => Ok(Value::undefined(frame.name(name))),
            Err(error) => Err(frame.through(error, span)),
        }
    }

    #[inline(never)]
    fn dict(&mut self, frame: &mut Frame, items: &[(Expr, Expr)], span: Span) -> Result<Value> {
        let mut map = values::dict::Map::with_capacity(items.len());
        let mut pairs = Vec::with_capacity(items.len().min(PYTHON_CHUNK));
        if items.len() <= PYTHON_CHUNK {
            for (key, value) in items {
                pairs.push((self.eval(frame, key)?, self.eval(frame, value)?));
            }
        }
        let mut pairs = pairs.into_iter();
        for (key, value) in items {
            let (key, value) = match pairs.next() {
                Some(pair) => pair,
                None => (self.eval(frame, key)?, self.eval(frame, value)?),
            };
            let key = ops::blame(Key::new(key.clone()), &[&key])
                .map_err(|error| frame.locate(error, span))?;
            map.insert(key, value);
        }
        Ok(Value::Dict(values::Dict::new(map)))
    }

    #[inline(never)]
    fn logical(
        &mut self,
        frame: &mut Frame,
        both: &(Expr, Expr),
        span: Span,
        stop_at: bool,
    ) -> Result<Value> {
        let left = self.eval(frame, &both.0)?;
        let truth = ops::truth(&left).map_err(|error| frame.locate(error, span))?;
        if truth == stop_at {
            Ok(left)
        } else {
            self.eval(frame, &both.1)
        }
    }

    #[inline(never)]
    fn comparison(&mut self, frame: &mut Frame, node: &Compare) -> Result<Value> {
        let mut left = self.eval(frame, &node.first)?;
        let mut found = Value::Bool(true);
        for (op, operand) in &node.rest {
            let right = self.eval(frame, operand)?;
            let compared = ops::comparison(*op, &left, &right).and_then(|found| {
                let goes_on = ops::truth(&found)?;
                Ok((found, goes_on))
            });
            let (answer, goes_on) = compared.map_err(|error| frame.locate(error, node.span))?;
            if !goes_on {
                return Ok(answer);
            }
            (found, left) = (answer, right);
        }
        Ok(found)
    }

    #[inline(never)]
    fn concatenation(
        &mut self,
        frame: &mut Frame,
        items: &[Expr],
        markup: bool,
        span: Span,
    ) -> Result<Value> {
        let items = self.eval_all(frame, items)?;
        let text = if markup {
            ops::markup_concat(&items)
        } else {
            ops::concat(&items).map(Value::str)
        };
        text.map_err(|error| frame.locate(error, span))
    }

    #[inline(never)]
    fn conditional(&mut self, frame: &mut Frame, node: &Cond) -> Result<Value> {
        if self.test(frame, &node.test, node.span)? {
            return self.eval(frame, &node.then);
        }
        match &node.otherwise {
            Ok(otherwise) => self.eval(frame, otherwise),
            Err(message) => Ok(Value::object(SoftUndefined {
                message: message.to_string(),
            })),
        }
    }

    #[inline(never)]
    fn slice(&mut self, frame: &mut Frame, node: &Slice) -> Result<Value> {
        let value = self.eval(frame, &node.value)?;
        let mut parts = [Value::None, Value::None, Value::None];
        for (part, expr) in parts.iter_mut().zip(&node.parts) {
            if let Some(expr) = expr {
                *part = self.eval(frame, expr)?;
            }
        }
        if let Some(result) = filters::slice_object(&value, &parts[0], &parts[1], &parts[2]) {
            return result.map_err(|error| frame.locate(error, node.span));
        }
        let result = values::attr::get_slice(&value, &parts[0], &parts[1], &parts[2]);
        ops::blame(result, &[&value, &parts[0], &parts[1], &parts[2]])
            .map_err(|error| frame.locate(error, node.span))
    }

    #[inline(never)]
    fn filter(&mut self, frame: &mut Frame, node: &Filter) -> Result<Value> {
        let value = self.eval(frame, &node.value)?;
        let args = self.eval_args(frame, &node.args, None, node.span, &node.name)?;
        let result = match node.function {
            FilterRef::BuiltIn(function) => function(self, &value, &args),
            FilterRef::Host => self.host.call_filter(&node.name, &value, &args),
            FilterRef::Unknown => Err(super::no_such("filter", &node.name, " found")),
        };
        result.map_err(|error| frame.through(error, node.span))
    }

    #[inline(never)]
    fn apply(&mut self, frame: &mut Frame, node: &Test) -> Result<Value> {
        let value = self.eval(frame, &node.value)?;
        let args = self.eval_args(frame, &node.args, None, node.span, &node.name)?;
        let result = match node.function {
            Some(function) => function(self, &value, &args),
            None => Err(super::no_such("test", &node.name, " found")),
        };
        result
            .map(Value::Bool)
            .map_err(|error| frame.through(error, node.span))
    }

    /// A filter of the host on a constant. If it fails it is tried again, as Jinja2 does then.
    #[inline(never)]
    fn once(&mut self, frame: &mut Frame, expr: &Expr, id: u32) -> Result<Value> {
        let key = (Arc::as_ptr(&frame.program).addr(), id);
        if let Some((_, value)) = self.once.get(&key) {
            return Ok(value.clone());
        }
        let value = self.eval(frame, expr)?;
        if matches!(
            value,
            Value::Str(_) | Value::Markup(_) | Value::Int(_) | Value::BigInt(_)
        ) {
            self.once
                .insert(key, (Arc::clone(&frame.program), value.clone()));
        }
        Ok(value)
    }
}

/// An `UndefinedError` for a value that is softly undefined.
pub(super) fn soft_error(soft: &SoftUndefined) -> Error {
    Error::new(ErrorKind::Undefined, soft.message.clone())
}
