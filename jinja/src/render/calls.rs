//! Calls and their arguments.

use values::attr::BoundMethod;
use values::{Args, Value};

use super::blocks::BlockReference;
use super::expressions::soft_error;
use super::loop_context::{LoopContext, LoopMethod};
use super::macros::Macro;
use super::slots::Frame;
use super::{State, ops};
use crate::program::{Call, CallArgs};
use crate::source::Span;
use crate::undefined::SoftUndefined;
use crate::{Error, HostFunction, Result, filters};

/// How Python's messages call the function that makes all calls of templates.
const CALLER: &str = "jinja2.runtime.Context.call()";

impl State<'_> {
    /// `callable(*args)`
    pub fn call(&mut self, callable: &Value, args: &Args) -> Result<Value> {
        match callable {
            Value::Undefined(undefined) => return Err(Error::undefined(undefined)),
            Value::Object(_) => {}
            _ => return Err(not_callable(callable)),
        }
        if callable.downcast::<Macro>().is_some() {
            return self.call_macro(callable, args);
        }
        if let Some(method) = callable.downcast::<BoundMethod>() {
            let result = values::methods::call(&method.receiver, &method.name, args);
            return ops::blame(result, &args.positional.iter().collect::<Vec<_>>());
        }
        if let Some(function) = callable.downcast::<HostFunction>() {
            return self.host.call_function(&function.name, args);
        }
        if let Value::Object(object) = callable
            && object.is_elsewhere()
        {
            let mut all = vec![callable.clone()];
            all.extend(args.positional.iter().cloned());
            let args = Args {
                positional: all,
                keyword: args.keyword.clone(),
            };
            return Ok(object.operate("call", &args)?);
        }
        if let Some(context) = callable.downcast::<LoopContext>() {
            return self.call_loop(context, args);
        }
        if let Some(method) = callable.downcast::<LoopMethod>() {
            return Self::call_loop_method(method, args);
        }
        if let Some(reference) = callable.downcast::<BlockReference>() {
            return self.call_block_reference(reference, args);
        }
        if let Some(soft) = callable.downcast::<SoftUndefined>() {
            return Err(soft_error(soft));
        }
        filters::call_object(self, callable, args).unwrap_or_else(|| Err(not_callable(callable)))
    }

    #[inline(never)]
    pub(super) fn eval_call(
        &mut self,
        frame: &mut Frame,
        node: &Call,
        caller: Option<Value>,
    ) -> Result<Value> {
        let callee = self.eval(frame, &node.callee)?;
        let mut args = self.eval_args(frame, &node.args, caller, node.span, CALLER)?;
        // `Context.call` takes these for itself.
        args.keyword
            .retain(|(name, _)| name != "_loop_vars" && name != "_block_vars");
        self.call(&callee, &args)
            .map_err(|error| frame.through(error, node.span))
    }

    /// Evaluates arguments in Python's order: `*args` before keyword arguments.
    pub(super) fn eval_args(
        &mut self,
        frame: &mut Frame,
        node: &CallArgs,
        caller: Option<Value>,
        span: Span,
        function: &str,
    ) -> Result<Args> {
        let mut args = Args {
            positional: self.eval_all(frame, &node.positional)?,
            keyword: Vec::new(),
        };
        if let Some(star) = &node.star {
            let value = self.eval(frame, star)?;
            let items = star_items(&value).map_err(|error| frame.locate(error, span))?;
            args.positional.extend(items);
        }
        for (name, value) in &node.keyword {
            let value = self.eval(frame, value)?;
            let name = frame.name(*name).to_string();
            set_keyword(&mut args, name, value);
        }
        if let Some(caller) = caller {
            set_keyword(&mut args, "caller".to_owned(), caller);
        }
        if let Some(double_star) = &node.double_star {
            let value = self.eval(frame, double_star)?;
            let pairs =
                double_star_items(&value, function).map_err(|error| frame.locate(error, span))?;
            for (name, value) in pairs {
                if !node.in_dict && args.get(&name).is_some() {
                    let message =
                        format!("{function} got multiple values for keyword argument '{name}'");
                    return Err(frame.locate(Error::type_error(message), span));
                }
                set_keyword(&mut args, name, value);
            }
        }
        Ok(args)
    }
}

fn set_keyword(args: &mut Args, name: String, value: Value) {
    match args.keyword.iter_mut().find(|(other, _)| *other == name) {
        Some((_, old)) => *old = value,
        None => args.keyword.push((name, value)),
    }
}

fn star_items(value: &Value) -> Result<Vec<Value>> {
    values::iter::collect(value).map_err(|error| match error.kind {
        values::ErrorKind::Type => Error::type_error(format!(
            "Value after * must be an iterable, not {}",
            value.type_name()
        )),
        _ => blamed(error, value),
    })
}

fn blamed(error: values::Error, value: &Value) -> Error {
    match value {
        Value::Undefined(undefined) => Error::undefined(undefined),
        _ => error.into(),
    }
}

fn double_star_items(value: &Value, function: &str) -> Result<Vec<(String, Value)>> {
    let dict = match value {
        Value::Dict(dict) => dict,
        Value::Undefined(undefined) => return Err(Error::undefined(undefined)),
        Value::Object(object) if object.is_elsewhere() && object.is_a("mapping") => {
            return elsewhere_items(value);
        }
        _ => {
            if let Some(soft) = value.downcast::<SoftUndefined>() {
                return Err(soft_error(soft));
            }
            let name = value.type_name();
            return Err(Error::type_error(format!(
                "{function} argument after ** must be a mapping, not {name}"
            )));
        }
    };
    let pairs = dict.read();
    let pairs = pairs.iter().map(|(key, value)| match key.value().as_str() {
        Some(name) => Ok((name.to_owned(), value.clone())),
        None => Err(Error::type_error("keywords must be strings")),
    });
    pairs.collect()
}

/// The pairs of a mapping that is somewhere else.
fn elsewhere_items(value: &Value) -> Result<Vec<(String, Value)>> {
    let mut pairs = Vec::new();
    for key in values::iter::iterate(value)? {
        let key = key?;
        let Some(name) = key.as_str() else {
            return Err(Error::type_error("keywords must be strings"));
        };
        pairs.push((name.to_owned(), values::attr::get_item(value, &key)?));
    }
    Ok(pairs)
}

fn not_callable(value: &Value) -> Error {
    Error::type_error(format!("'{}' object is not callable", value.type_name()))
}
