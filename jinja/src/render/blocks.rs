//! Blocks, `self` and `super`.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::Arc;

use values::{Args, Object, Undefined, Value};

use super::context::BlockCode;
use super::slots::{Closure, Frame, Var};
use super::{Context, State, Weight};
use crate::error::ErrorKind;
use crate::program::{BlockStmt, Extends, Function, Locals, Selection};
use crate::{Error, Result};

/// `self`
#[derive(Debug)]
pub(super) struct TemplateReference {
    context: Arc<Context>,
}

impl TemplateReference {
    /// The block called `name`.
    pub(super) fn block(&self, name: &str) -> Option<Value> {
        let stack = self.context.blocks(name);
        if stack.is_empty() {
            return None;
        }
        Some(reference(name.into(), &self.context, stack, 0))
    }
}

impl Object for TemplateReference {
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn type_name(&self) -> &'static str {
        "TemplateReference"
    }
    fn repr(&self) -> String {
        let name = self
            .context
            .name
            .as_ref()
            .map_or("None".to_owned(), |name| values::repr::str_repr(name));
        format!("<TemplateReference {name}>")
    }
}

/// A block that can be called: `super`, or one of the blocks of `self`.
#[derive(Debug)]
pub(super) struct BlockReference {
    name: Arc<str>,
    context: Arc<Context>,
    /// The block that is shown and those below it.
    stack: Arc<[BlockCode]>,
    depth: usize,
}

fn reference(name: Arc<str>, context: &Arc<Context>, stack: Vec<BlockCode>, depth: usize) -> Value {
    Value::object(BlockReference {
        name,
        context: Arc::clone(context),
        stack: stack.into(),
        depth,
    })
}

fn no_parent(name: &str) -> Value {
    let message = format!(
        "there is no parent block called {}.",
        values::repr::str_repr(name)
    );
    Value::Undefined(Arc::new(Undefined {
        name: "super".to_owned(),
        message,
    }))
}

impl BlockReference {
    pub(super) fn attr(&self, name: &str) -> Option<Value> {
        match name {
            "name" => Some(Value::Str(Arc::clone(&self.name))),
            "super" if self.depth + 1 < self.stack.len() => Some(Value::object(Self {
                name: Arc::clone(&self.name),
                context: Arc::clone(&self.context),
                stack: Arc::clone(&self.stack),
                depth: self.depth + 1,
            })),
            "super" => Some(no_parent(&self.name)),
            _ => None,
        }
    }
}

impl Object for BlockReference {
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn type_name(&self) -> &'static str {
        "BlockReference"
    }
    fn repr(&self) -> String {
        "<jinja2.runtime.BlockReference object>".to_owned()
    }
    fn is_callable(&self) -> bool {
        true
    }
}

impl State<'_> {
    /// Sets `self` and `super`, where the code mentions them.
    pub(super) fn bind_references(code: &Function, frame: &mut Frame) {
        if let Some(slot) = code.self_slot {
            let context = Arc::clone(&frame.context);
            frame.set(
                slot,
                Var::Value(Value::object(TemplateReference { context })),
            );
        }
        if let Some((slot, name)) = &code.super_slot {
            let stack = frame.context.blocks(name);
            let here = stack.iter().position(|block| {
                Arc::ptr_eq(&block.program, &frame.program)
                    && std::ptr::eq(
                        &raw const block.program.functions[block.function as usize],
                        code,
                    )
            });
            let value = match here.map(|index| index + 1) {
                Some(next) if next < stack.len() => {
                    reference(Arc::clone(name), &frame.context, stack, next)
                }
                _ => no_parent(name),
            };
            frame.set(*slot, Var::Value(value));
        }
    }

    pub(super) fn extends(&mut self, frame: &mut Frame, node: &Extends) -> Result<()> {
        if node.check && frame.parent.is_some() {
            let error = Error::new(ErrorKind::TemplateRuntime, "extended multiple times");
            return Err(frame.locate(error, node.span));
        }
        let name = self.eval(frame, &node.template)?;
        let parent = self
            .load(&name, Selection::One)
            .map_err(|error| frame.through(error, node.span))?;
        frame.context.extend(parent.program());
        frame.parent = Some(parent);
        Ok(())
    }

    pub(super) fn block(&mut self, frame: &mut Frame, node: &BlockStmt) -> Result<()> {
        if node.unless_extended && frame.parent.is_some() {
            return Ok(());
        }
        let context = match &node.locals {
            Some(locals) => {
                let locals = Self::local_values(frame, locals);
                frame.context.derived(locals)
            }
            None => Arc::clone(&frame.context),
        };
        if node.required && frame.context.block_count(&node.name) <= 1 {
            let name = values::repr::str_repr(&node.name);
            let error = Error::new(
                ErrorKind::TemplateRuntime,
                format!("Required block {name} not found"),
            );
            return Err(frame.locate(error, node.span));
        }
        let Some(code) = frame.context.first_block(&node.name) else {
            return Ok(());
        };
        self.run_block(Weight::Generator, &code, &context)
            .map_err(|error| frame.through(error, node.span))
    }

    fn run_block(
        &mut self,
        weight: Weight,
        code: &BlockCode,
        context: &Arc<Context>,
    ) -> Result<()> {
        let closure = Closure::plain(
            Arc::clone(&code.program),
            code.function,
            Arc::clone(context),
        );
        let mut frame = Frame::new(&closure, self.outputs.len());
        self.deeper(weight, context, |state| {
            state.run_plain(&closure, &mut frame)
        })
    }

    pub(super) fn call_block_reference(
        &mut self,
        this: &BlockReference,
        args: &Args,
    ) -> Result<Value> {
        args.bind::<0>("BlockReference.__call__", [], 0)?;
        let Some(code) = this.stack.get(this.depth) else {
            return Ok(no_parent(&this.name));
        };
        let text = self.capture(|state| state.run_block(Weight::Reference, code, &this.context))?;
        Ok(Self::text(this.context.autoescape()?, text))
    }

    /// The values of what was assigned so far.
    pub(super) fn local_values(frame: &Frame, locals: &Locals) -> BTreeMap<Arc<str>, Value> {
        let mut found = BTreeMap::new();
        for (name, slot) in locals {
            // What is still to be looked up in the context is found there by the other template too.
            if let Var::Value(value) = frame.get(*slot) {
                found.insert(Arc::clone(frame.name(*name)), value);
            }
        }
        found
    }
}
