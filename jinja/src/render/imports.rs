//! `include` and `import`.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::Arc;

use values::{Object, Undefined, Value};

use super::expressions::soft_error;
use super::slots::{Frame, Var};
use super::{Context, Layer, Output, State, ops};
use crate::error::ErrorKind;
use crate::program::{FromImport, Import, Include, Locals, Program, Selection};
use crate::undefined::SoftUndefined;
use crate::{Error, Result, Template, is_undefined};

/// An imported template: what it exports, and what it wrote.
#[derive(Debug)]
pub(crate) struct Module {
    name: Option<Arc<str>>,
    exports: BTreeMap<Arc<str>, Value>,
    body: Output,
}

impl Object for Module {
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn type_name(&self) -> &'static str {
        "TemplateModule"
    }
    fn repr(&self) -> String {
        match &self.name {
            Some(name) => format!("<TemplateModule {}>", values::repr::str_repr(name)),
            None => "<TemplateModule memory>".to_owned(),
        }
    }
    fn str(&self) -> String {
        self.body.text.clone()
    }
    fn get_attr(&self, name: &str) -> Option<Value> {
        if name == "__name__" {
            return Some(
                self.name
                    .as_ref()
                    .map_or(Value::None, |name| Value::Str(Arc::clone(name))),
            );
        }
        self.exports.get(name).cloned()
    }
}

impl State<'_> {
    /// `environment.get_template` and its relatives.
    pub(super) fn load(&mut self, name: &Value, selection: Selection) -> Result<Template> {
        let one = match selection {
            Selection::One => true,
            Selection::Many => false,
            Selection::Either => name.as_str().is_some() || is_undefined(name),
        };
        if one {
            self.load_one(name)
        } else {
            self.select(name)
        }
    }

    fn load_one(&mut self, name: &Value) -> Result<Template> {
        match name {
            Value::Str(text) | Value::Markup(text) => self
                .host
                .template(text)?
                .ok_or_else(|| Error::new(ErrorKind::TemplateNotFound, text.to_string())),
            Value::Undefined(undefined) => Err(Error::undefined(undefined)),
            Value::List(_) | Value::Dict(_) | Value::Set(_) => Err(Error::type_error(format!(
                "unhashable type: '{}'",
                name.type_name()
            ))),
            _ => {
                if let Some(soft) = name.downcast::<SoftUndefined>() {
                    Err(soft_error(soft))
                } else {
                    let message = format!("'{}' object has no attribute 'split'", name.type_name());
                    Err(values::Error::new(values::ErrorKind::Attribute, message).into())
                }
            }
        }
    }

    /// The first of several templates that exists.
    fn select(&mut self, names: &Value) -> Result<Template> {
        if let Value::Undefined(undefined) = names {
            return Err(Error::undefined(undefined));
        }
        if !ops::truth(names)? {
            let message = "Tried to select from an empty list of templates.";
            return Err(Error::new(ErrorKind::TemplatesNotFound, message));
        }
        let names = values::iter::collect(names)?;
        for name in &names {
            match self.load_one(name) {
                Err(error) if is_missing(&error) || error.kind == ErrorKind::Undefined => {}
                result => return result,
            }
        }
        let mut message = "none of the templates given were found: ".to_owned();
        for (index, name) in names.iter().enumerate() {
            if index > 0 {
                message += ", ";
            }
            match name {
                Value::Undefined(undefined) => message += &undefined.message,
                _ => ops::write_str(name, &mut message)?,
            }
        }
        Err(Error::new(ErrorKind::TemplatesNotFound, message))
    }

    pub(super) fn include(&mut self, frame: &mut Frame, node: &Include) -> Result<()> {
        let name = self.eval(frame, &node.template)?;
        let template = match self.load(&name, node.selection) {
            Ok(template) => template,
            Err(error) if node.ignore_missing && is_missing(&error) => return Ok(()),
            Err(error) => return Err(frame.through(error, node.span)),
        };
        let result = match &node.locals {
            Some(locals) => self.include_here(frame, &template, locals),
            None => self.include_apart(frame, &template, node),
        };
        result.map_err(|error| frame.through(error, node.span))
    }

    fn include_here(
        &mut self,
        frame: &mut Frame,
        template: &Template,
        locals: &Locals,
    ) -> Result<()> {
        let locals = Self::local_values(frame, locals);
        let layer = frame.context.snapshot(locals);
        let context = Context::new(template.program(), layer, &frame.context.made);
        self.run_root(template.program(), &context)
    }

    /// Includes without context. What is written goes past all captures of the function, as in Jinja2.
    fn include_apart(
        &mut self,
        frame: &mut Frame,
        template: &Template,
        node: &Include,
    ) -> Result<()> {
        let module = self.module(template)?;
        let Some(module) = module.downcast::<Module>() else {
            return Ok(());
        };
        match self.outputs.get_mut(frame.outputs) {
            Some(out) if node.buffered => out.append(&module.body),
            _ => self.out.append(&module.body),
        }
        Ok(())
    }

    /// The template as a module that sees globals only; made once.
    fn module(&mut self, template: &Template) -> Result<Value> {
        let program = template.program();
        if let Some((_, module)) = self
            .modules
            .iter()
            .find(|(other, _)| Arc::ptr_eq(other, program))
        {
            return Ok(module.clone());
        }
        let module = self.make_module(program, Layer::Globals)?;
        self.modules.push((Arc::clone(program), module.clone()));
        Ok(module)
    }

    fn make_module(&mut self, program: &Arc<Program>, layer: Layer) -> Result<Value> {
        let context = Context::new(program, layer, &self.context.made);
        // Nothing is put together before the module is shown.
        let body = self.capture_output(|state| state.run_root(program, &context))?;
        let name = program.source.name.clone();
        Ok(Value::object(Module {
            name,
            exports: context.exports(),
            body,
        }))
    }

    fn import_module(
        &mut self,
        frame: &mut Frame,
        name: &Value,
        locals: Option<&Locals>,
    ) -> Result<Value> {
        let template = self.load(name, Selection::One)?;
        match locals {
            None => self.module(&template),
            Some(locals) => {
                let locals = Self::local_values(frame, locals);
                let layer = frame.context.snapshot(locals);
                self.make_module(template.program(), layer)
            }
        }
    }

    pub(super) fn import(&mut self, frame: &mut Frame, node: &Import) -> Result<()> {
        let name = self.eval(frame, &node.template)?;
        let module = self
            .import_module(frame, &name, node.locals.as_ref())
            .map_err(|error| frame.through(error, node.span))?;
        if node.toplevel {
            let target = frame.name(node.target);
            frame.context.set(Arc::clone(target), module.clone());
            unexport(frame, target);
        }
        frame.set(node.slot, Var::Value(module));
        Ok(())
    }

    pub(super) fn import_names(&mut self, frame: &mut Frame, node: &FromImport) -> Result<()> {
        let name = self.eval(frame, &node.template)?;
        let module = self
            .import_module(frame, &name, node.locals.as_ref())
            .map_err(|error| frame.through(error, node.span))?;
        for (name, _, slot) in &node.names {
            let name = frame.name(*name);
            let value = module
                .downcast::<Module>()
                .and_then(|module| module.get_attr(name));
            let value = value.unwrap_or_else(|| not_exported(frame, &module, name, node));
            frame.set(*slot, Var::Value(value));
        }
        if node.toplevel {
            for (_, alias, slot) in &node.names {
                let alias = frame.name(*alias);
                if let Var::Value(value) = frame.get(*slot) {
                    frame.context.set(Arc::clone(alias), value);
                }
                unexport(frame, alias);
            }
        }
        Ok(())
    }
}

fn unexport(frame: &Frame, name: &str) {
    frame.context.unexport(name);
}

fn not_exported(frame: &Frame, module: &Value, name: &str, node: &FromImport) -> Value {
    let shown = |name: &Option<Arc<str>>| {
        name.as_ref()
            .map_or("None".to_owned(), |name| values::repr::str_repr(name))
    };
    let source = &frame.program.source;
    let line = source.line(node.span.start);
    let position = match &source.name {
        Some(_) => format!("line {line} in {}", shown(&source.name)),
        None => format!("line {line}"),
    };
    let template = module
        .downcast::<Module>()
        .map_or_else(String::new, |module| shown(&module.name));
    let message = format!(
        "the template {template} (imported on {position}) does not export the requested name {}",
        values::repr::str_repr(name)
    );
    Value::Undefined(Arc::new(Undefined {
        name: name.to_owned(),
        message,
    }))
}

fn is_missing(error: &Error) -> bool {
    // Not one that happened inside of the template.
    error.line.is_none()
        && matches!(
            error.kind,
            ErrorKind::TemplateNotFound | ErrorKind::TemplatesNotFound
        )
}
