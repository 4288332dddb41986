//! Statements.

use std::sync::Arc;

use values::{Key, Value};

use super::slots::{Frame, Var};
use super::{State, ops};
use crate::error::ErrorKind;
use crate::filters;
use crate::names::Name;
use crate::program::{
    Autoescape, CallBlock, Escape, Expr, FilterBlock, Set, SetBlock, SlotId, Stmt, Target, With,
};
use crate::source::Span;
use crate::{Error, Result};

impl Frame {
    /// Says that an error happened at a place of this template, unless it happened further inside.
    pub(super) fn locate(&self, error: Error, span: Span) -> Error {
        self.program.source.locate(error, span)
    }

    /// Says that an error came through a call at a place of this template.
    pub(super) fn through(&self, mut error: Error, span: Span) -> Error {
        if error.line.is_none() {
            return self.locate(error, span);
        }
        let source = &self.program.source;
        let template = source.name.as_deref().map(str::to_owned);
        error.frames.push(crate::Frame {
            template,
            line: source.line(span.start),
        });
        error
    }

    pub(super) fn name(&self, name: Name) -> &Arc<str> {
        self.program.names.get(name)
    }
}

impl State<'_> {
    pub(super) fn run(&mut self, frame: &mut Frame, body: &[Stmt]) -> Result<()> {
        body.iter().try_for_each(|stmt| self.statement(frame, stmt))
    }

    fn statement(&mut self, frame: &mut Frame, stmt: &Stmt) -> Result<()> {
        match stmt {
            Stmt::Text(span) => {
                self.out.push(frame.program.source.slice(*span));
                Ok(())
            }
            Stmt::Fixed(text) => {
                self.out.push(text);
                Ok(())
            }
            Stmt::Print(expr, span, escape) => self.print(frame, expr, *span, *escape),
            Stmt::UnlessExtended(_) if frame.extended() => Ok(()),
            Stmt::UnlessExtended(body) => self.run(frame, body),
            Stmt::If(branches, otherwise) => {
                for (test, span, body) in branches {
                    if self.test(frame, test, *span)? {
                        return self.run(frame, body);
                    }
                }
                self.run(frame, otherwise)
            }
            Stmt::For(node) => self.for_statement(frame, node),
            Stmt::Set(node) => self.set(frame, node),
            Stmt::SetBlock(node) => self.set_block(frame, node),
            Stmt::With(node) => self.with(frame, node),
            Stmt::Macro(node) => {
                Self::define_macro(frame, node);
                Ok(())
            }
            Stmt::CallBlock(node) => self.call_block(frame, node),
            Stmt::FilterBlock(node) => self.filter_block(frame, node),
            Stmt::Autoescape(node) => self.autoescape_block(frame, node),
            Stmt::Include(node) => self.include(frame, node),
            Stmt::Import(node) => self.import(frame, node),
            Stmt::FromImport(node) => self.import_names(frame, node),
            Stmt::Extends(node) => self.extends(frame, node),
            Stmt::Block(node) => self.block(frame, node),
            Stmt::Raise(kind, message, span) => {
                Err(frame.locate(Error::new(*kind, *message), *span))
            }
        }
    }

    /// Evaluates a condition.
    pub(super) fn test(&mut self, frame: &mut Frame, expr: &Expr, span: Span) -> Result<bool> {
        let value = self.eval(frame, expr)?;
        ops::truth(&value).map_err(|error| frame.locate(error, span))
    }

    #[inline(never)]
    fn print(&mut self, frame: &mut Frame, expr: &Expr, span: Span, escape: Escape) -> Result<()> {
        // Python picks the function that prints before it works out what is printed.
        let markup = Self::escapes(frame, escape).map_err(|error| frame.locate(error, span))?;
        let value = self.eval(frame, expr)?;
        self.write(&value, markup)
            .map_err(|error| frame.locate(error, span))
    }

    fn write(&mut self, value: &Value, markup: bool) -> Result<()> {
        if let Some(context) = value.downcast() {
            // It prints its length, which may have to be worked out.
            self.loop_length(context)?;
        }
        if markup {
            let text = ops::escape(value)?;
            self.out.push(&text);
            return Ok(());
        }
        self.out.pieces += 1;
        ops::write_str(value, &mut self.out.text)
    }

    pub(super) fn escapes(frame: &Frame, escape: Escape) -> Result<bool> {
        match escape {
            Escape::No => Ok(false),
            Escape::Yes => Ok(true),
            Escape::Dynamic => frame.context.autoescape(),
        }
    }

    /// A captured text as the value that it is.
    pub(super) fn text(markup: bool, text: String) -> Value {
        if markup {
            Value::Markup(text.into())
        } else {
            Value::Str(text.into())
        }
    }

    fn call_block(&mut self, frame: &mut Frame, node: &CallBlock) -> Result<()> {
        let caller = Self::macro_value(frame, node.function);
        let value = self.eval_call(frame, &node.call, Some(caller))?;
        self.write_raw(frame, &value, node.span);
        Ok(())
    }

    fn filter_block(&mut self, frame: &mut Frame, node: &FilterBlock) -> Result<()> {
        frame.enter(&node.scope.loads);
        let text = self.capture(|state| state.run(frame, &node.scope.body))?;
        let value = self.filtered(frame, text, &node.filter)?;
        self.write_raw(frame, &value, node.span);
        frame.leave(&node.scope.leave);
        Ok(())
    }

    /// Applies the filter of a block to its text.
    fn filtered(&mut self, frame: &mut Frame, text: String, filter: &Expr) -> Result<Value> {
        let outer = std::mem::replace(&mut frame.captured, Value::Str(text.into()));
        let value = self.eval(frame, filter);
        frame.captured = outer;
        value
    }

    /// Writes what is expected to be text: Jinja2 joins it without `str`.
    fn write_raw(&mut self, frame: &Frame, value: &Value, span: Span) {
        if let Some(text) = value.as_str() {
            self.out.push(text);
        } else if self.out.unwritable.is_none() {
            let (index, name) = (self.out.pieces, value.type_name());
            let error = Error::type_error(format!(
                "sequence item {index}: expected str instance, {name} found"
            ));
            self.out.unwritable = Some(frame.locate(error, span));
        }
    }

    fn autoescape_block(&mut self, frame: &mut Frame, node: &Autoescape) -> Result<()> {
        frame.enter(&node.scope.loads);
        let before = frame.context.autoescape_value();
        let value = self.eval(frame, &node.value)?;
        frame.context.set_autoescape(value);
        let result = self.run(frame, &node.scope.body);
        frame.context.set_autoescape(before);
        frame.leave(&node.scope.leave);
        result
    }

    fn with(&mut self, frame: &mut Frame, node: &With) -> Result<()> {
        frame.enter(&node.scope.loads);
        for (target, value, span) in &node.values {
            let value = self.eval(frame, value)?;
            self.assign(frame, target, value, *span)?;
        }
        self.run(frame, &node.scope.body)?;
        frame.leave(&node.scope.leave);
        Ok(())
    }

    #[inline(never)]
    fn set(&mut self, frame: &mut Frame, node: &Set) -> Result<()> {
        for (slot, name) in &node.namespaces {
            let found = self.raw(frame, *slot, *name)?;
            if found.is_none_or(|value| value.type_name() != "Namespace") {
                let message = "cannot assign attribute on non-namespace object";
                return Err(
                    frame.locate(Error::new(ErrorKind::TemplateRuntime, message), node.span)
                );
            }
        }
        let value = self.eval(frame, &node.value)?;
        self.assign(frame, &node.target, value, node.span)?;
        self.export(frame, &node.exports)
    }

    fn export(&mut self, frame: &mut Frame, exports: &[(Name, SlotId)]) -> Result<()> {
        for (name, slot) in exports {
            if let Some(value) = self.raw(frame, *slot, *name)? {
                let name = frame.name(*name);
                frame.context.set(Arc::clone(name), value);
                frame.context.export(Arc::clone(name));
            }
        }
        Ok(())
    }

    fn set_block(&mut self, frame: &mut Frame, node: &SetBlock) -> Result<()> {
        frame.enter(&node.scope.loads);
        let text = self.capture(|state| state.run(frame, &node.scope.body))?;
        let markup = frame
            .context
            .autoescape()
            .map_err(|error| frame.locate(error, node.span))?;
        let value = match &node.filter {
            None => Self::text(markup, text),
            Some(filter) => {
                let value = self.filtered(frame, text, filter)?;
                match (markup, value) {
                    (true, value) => {
                        let mut text = String::new();
                        ops::write_str(&value, &mut text)
                            .map_err(|error| frame.locate(error, node.span))?;
                        Value::Markup(text.into())
                    }
                    (false, value) => value,
                }
            }
        };
        self.assign(frame, &node.target, value, node.span)?;
        self.export(frame, &node.exports)?;
        frame.leave(&node.scope.leave);
        Ok(())
    }

    /// Assigns to a name, a namespace's attribute, or several of these.
    pub(super) fn assign(
        &mut self,
        frame: &mut Frame,
        target: &Target,
        value: Value,
        span: Span,
    ) -> Result<()> {
        match target {
            Target::Slot(slot) => {
                frame.set(*slot, Var::Value(value));
                Ok(())
            }
            Target::Tuple(targets) => {
                let items =
                    unpack(&value, targets.len()).map_err(|error| frame.locate(error, span))?;
                targets
                    .iter()
                    .zip(items)
                    .try_for_each(|(target, item)| self.assign(frame, target, item, span))
            }
            Target::Ns { slot, name, attr } => {
                let object = self.raw(frame, *slot, *name)?;
                let attr = Arc::clone(frame.name(*attr));
                set_item(object.as_ref(), &attr, value).map_err(|error| frame.locate(error, span))
            }
        }
    }
}

/// The `count` items of a value.
fn unpack(value: &Value, count: usize) -> Result<Vec<Value>> {
    let iter = values::iter::iterate(value).map_err(|error| match error.kind {
        values::ErrorKind::Type => Error::type_error(format!(
            "cannot unpack non-iterable {} object",
            value.type_name()
        )),
        _ => ops::blame::<()>(Err(error), &[value])
            .err()
            .unwrap_or_else(|| Error::type_error("")),
    })?;
    let mut items = Vec::with_capacity(count);
    for item in iter {
        if items.len() == count {
            return Err(Error::value_error(format!(
                "too many values to unpack (expected {count})"
            )));
        }
        items.push(item?);
    }
    if items.len() < count {
        let found = items.len();
        return Err(Error::value_error(format!(
            "not enough values to unpack (expected {count}, got {found})"
        )));
    }
    Ok(items)
}

/// `object[attr] = value`
fn set_item(object: Option<&Value>, attr: &str, value: Value) -> Result<()> {
    let Some(object) = object else {
        return Err(Error::type_error(
            "'_MissingType' object does not support item assignment",
        ));
    };
    if let Some(result) = filters::set_namespace_attr(object, attr, value.clone()) {
        return result;
    }
    match object {
        Value::Dict(dict) => {
            dict.write()?.insert(Key::str(attr), value);
            Ok(())
        }
        Value::List(_) => Err(Error::type_error(
            "list indices must be integers or slices, not str",
        )),
        _ => {
            let name = object.type_name();
            Err(Error::type_error(format!(
                "'{name}' object does not support item assignment"
            )))
        }
    }
}
