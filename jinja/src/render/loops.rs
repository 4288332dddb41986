//! `for`.

use std::sync::Arc;

use values::Value;
use values::iter::Iter;

use super::loop_context::LoopContext;
use super::slots::{Closure, Frame, Var};
use super::{State, Weight, ops};
use crate::Result;
use crate::program::{Escape, ForCode, ForLoop, ForStmt, FunctionKind};

/// Where the items of a loop come from.
#[derive(Debug)]
pub(super) enum Items {
    Plain(Iter),
    /// Picked by the loop's `if`, one by one.
    Filtered(Box<Picker>),
    List(std::vec::IntoIter<Value>),
}

/// The `if` of a loop at work.
#[derive(Debug)]
pub(super) struct Picker {
    closure: Closure,
    iterable: Value,
    started: Option<(Frame, Iter)>,
}

/// A recursive loop.
#[derive(Debug)]
pub(super) struct Recursion {
    closure: Closure,
    filter: Option<Closure>,
    escape: Escape,
}

impl State<'_> {
    pub(super) fn next_item(&mut self, items: &mut Items) -> Result<Option<Value>> {
        match items {
            Items::Plain(iter) => Ok(iter.next().transpose()?),
            Items::List(list) => Ok(list.next()),
            Items::Filtered(picker) => self.pick(picker),
        }
    }

    fn pick(&mut self, picker: &mut Picker) -> Result<Option<Value>> {
        if picker.started.is_none() {
            let mut frame = Frame::new(&picker.closure, self.outputs.len());
            frame.enter(&picker.closure.code().loads);
            let iter = ops::blame(values::iter::iterate(&picker.iterable), &[&picker.iterable])?;
            picker.started = Some((frame, iter));
        }
        let Picker {
            closure,
            started: Some((frame, iter)),
            ..
        } = picker
        else {
            return Ok(None);
        };
        let FunctionKind::LoopFilter { target, test, item } = &closure.code().kind else {
            return Ok(None);
        };
        while let Some(value) = iter.next().transpose()? {
            self.assign(frame, target, value, crate::source::Span::default())?;
            if self.test(frame, test, crate::source::Span::default())? {
                return Ok(Some(self.eval(frame, item)?));
            }
        }
        Ok(None)
    }

    #[inline(never)]
    pub(super) fn for_statement(&mut self, frame: &mut Frame, node: &ForStmt) -> Result<()> {
        let iterable = self.eval(frame, &node.iter)?;
        let filter = node.filter.map(|function| frame.closure(function));
        match &node.code {
            ForCode::Inline(code) => self.run_loop(frame, code, iterable, filter, None, 0),
            ForCode::Recursive(function, escape) => {
                let closure = frame.closure(*function);
                let recursion = Arc::new(Recursion {
                    closure,
                    filter,
                    escape: *escape,
                });
                let value = self.run_recursion(&recursion, iterable, 0);
                let value = value.map_err(|error| frame.locate(error, node.span))?;
                self.out.push(value.as_str().unwrap_or_default());
                Ok(())
            }
        }
    }

    /// Runs a recursive loop and returns what it wrote.
    pub(super) fn run_recursion(
        &mut self,
        recursion: &Arc<Recursion>,
        iterable: Value,
        depth0: usize,
    ) -> Result<Value> {
        let mut frame = Frame::new(&recursion.closure, self.outputs.len() + 1);
        let FunctionKind::Loop(code) = &recursion.closure.code().kind else {
            return Ok(Value::None);
        };
        if recursion.closure.code().is_generator {
            return Err(super::generator());
        }
        let context = Arc::clone(&recursion.closure.context);
        let text = self.deeper(Weight::Function, &context, |state| {
            state.capture(|state| {
                let (filter, again) = (recursion.filter.clone(), Some(Arc::clone(recursion)));
                state.run_loop(&mut frame, code, iterable, filter, again, depth0)
            })
        })?;
        let markup = match recursion.escape {
            Escape::Dynamic => context.autoescape()?,
            escape => escape == Escape::Yes,
        };
        Ok(Self::text(markup, text))
    }

    fn run_loop(
        &mut self,
        frame: &mut Frame,
        code: &ForLoop,
        iterable: Value,
        filter: Option<Closure>,
        recursion: Option<Arc<Recursion>>,
        depth0: usize,
    ) -> Result<()> {
        let (mut items, sized) = if let Some(closure) = filter {
            let picker = Picker {
                closure,
                iterable,
                started: None,
            };
            (Items::Filtered(Box::new(picker)), None)
        } else {
            let iter = ops::blame(values::iter::iterate(&iterable), &[&iterable]);
            let iter = iter.map_err(|error| frame.locate(error, code.iter_span))?;
            (Items::Plain(iter), Some(iterable))
        };
        let mut any = false;
        if let Some(slot) = code.loop_slot {
            frame.set(slot, Var::Missing);
            let context = Value::object(LoopContext::new(items, sized, recursion, depth0));
            let Some(this) = context.downcast::<LoopContext>() else {
                return Ok(());
            };
            while let Some(item) = self
                .advance(this)
                .map_err(|error| frame.locate(error, code.iter_span))?
            {
                any = true;
                self.assign(frame, &code.target, item, code.target_span)?;
                frame.set(slot, Var::Value(context.clone()));
                frame.enter(&code.scope.loads);
                self.run(frame, &code.scope.body)?;
            }
        } else {
            while let Some(item) = self
                .next_item(&mut items)
                .map_err(|error| frame.locate(error, code.iter_span))?
            {
                any = true;
                self.assign(frame, &code.target, item, code.target_span)?;
                frame.enter(&code.scope.loads);
                self.run(frame, &code.scope.body)?;
            }
        }
        frame.leave(&code.scope.leave);
        if let (false, Some(otherwise)) = (any, &code.otherwise) {
            frame.enter(&otherwise.loads);
            self.run(frame, &otherwise.body)?;
            frame.leave(&otherwise.leave);
        }
        Ok(())
    }
}
