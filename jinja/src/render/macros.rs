//! Macros.

use std::any::Any;
use std::sync::Arc;

use values::{Args, Dict, Key, Object, Undefined, Value};

use super::slots::{Closure, Frame, Var};
use super::{State, Weight};
use crate::program::{FunctionId, FunctionKind, MacroCode, MacroStmt};
use crate::{Error, Result};

/// A macro, or the `caller` of a call block.
#[derive(Debug)]
pub(super) struct Macro {
    closure: Closure,
}

impl Macro {
    fn code(&self) -> Option<&MacroCode> {
        match &self.closure.code().kind {
            FunctionKind::Macro(code) => Some(code),
            _ => None,
        }
    }
    fn param_names<'m>(&'m self, code: &'m MacroCode) -> impl Iterator<Item = &'m Arc<str>> {
        code.params
            .iter()
            .map(|param| self.closure.program.names.get(param.name))
    }
}

impl Object for Macro {
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn type_name(&self) -> &'static str {
        "Macro"
    }
    fn repr(&self) -> String {
        match self.code().and_then(|code| code.name.as_ref()) {
            Some(name) => format!("<Macro {}>", values::repr::str_repr(name)),
            None => "<Macro anonymous>".to_owned(),
        }
    }
    fn get_attr(&self, name: &str) -> Option<Value> {
        let code = self.code()?;
        Some(match name {
            "name" => code
                .name
                .as_ref()
                .map_or(Value::None, |name| Value::Str(Arc::clone(name))),
            "arguments" => {
                let names = self
                    .param_names(code)
                    .map(|name| Value::Str(Arc::clone(name)));
                Value::tuple(names.collect::<Vec<_>>())
            }
            "catch_kwargs" => Value::Bool(code.kwargs.is_some()),
            "catch_varargs" => Value::Bool(code.varargs.is_some()),
            "caller" => Value::Bool(code.accesses_caller),
            "explicit_caller" => Value::Bool(code.explicit_caller),
            _ => return None,
        })
    }
    fn is_callable(&self) -> bool {
        true
    }
}

impl State<'_> {
    /// The macro that a function is, defined here.
    pub(super) fn macro_value(frame: &Frame, function: FunctionId) -> Value {
        Value::object(Macro {
            closure: frame.closure(function),
        })
    }

    pub(super) fn define_macro(frame: &mut Frame, node: &MacroStmt) {
        let value = Self::macro_value(frame, node.function);
        if node.toplevel {
            let name = frame.name(node.name);
            frame.context.export(Arc::clone(name));
            frame.context.set(Arc::clone(name), value.clone());
        }
        frame.set(node.slot, Var::Value(value));
    }

    #[inline(never)]
    pub(super) fn call_macro(&mut self, callable: &Value, args: &Args) -> Result<Value> {
        let Some(this) = callable.downcast::<Macro>() else {
            return Err(Error::type_error("not a macro"));
        };
        let Some(code) = this.code() else {
            return Err(Error::type_error("not a macro"));
        };
        let mut frame = Frame::new(&this.closure, self.outputs.len() + 1);
        bind(this, code, args, &mut frame)?;
        if this.closure.code().is_generator {
            return Err(super::generator());
        }
        let context = Arc::clone(&this.closure.context);
        let text = self.deeper(Weight::Function, &context, |state| {
            state.capture(|state| state.run_macro(this, code, &mut frame))
        })?;
        Ok(Self::text(self.context.autoescape()?, text))
    }

    fn run_macro(&mut self, this: &Macro, code: &MacroCode, frame: &mut Frame) -> Result<()> {
        let function = this.closure.code();
        frame.enter(&function.loads);
        for param in &code.params {
            if !matches!(frame.get(param.slot), Var::Missing) {
                continue;
            }
            let value = if let Some(default) = &param.default {
                self.eval(frame, default)?
            } else {
                let name = frame.name(param.name);
                let shown = values::repr::str_repr(name);
                Value::undefined_with(name, format!("parameter {shown} was not provided"))
            };
            frame.set(param.slot, Var::Value(value));
        }
        self.run(frame, &function.body)
    }
}

/// Puts the arguments where the macro's code expects them.
fn bind(this: &Macro, code: &MacroCode, args: &Args, frame: &mut Frame) -> Result<()> {
    let count = code.params.len();
    let mut keyword = args.keyword.clone();
    let take = |keyword: &mut Vec<(String, Value)>, name: &str| {
        let index = keyword.iter().position(|(other, _)| other == name)?;
        Some(keyword.remove(index).1)
    };
    for (index, param) in code.params.iter().enumerate() {
        let value = match args.positional.get(index) {
            Some(value) => Some(value.clone()),
            None => take(&mut keyword, this.closure.program.names.get(param.name)),
        };
        frame.set(param.slot, value.map_or(Var::Missing, Var::Value));
    }
    if let Some(slot) = code.caller {
        let caller = take(&mut keyword, "caller").filter(|caller| !matches!(caller, Value::None));
        let caller = caller.unwrap_or_else(|| {
            let message = "No caller defined".to_owned();
            Value::Undefined(Arc::new(Undefined {
                name: "caller".to_owned(),
                message,
            }))
        });
        frame.set(slot, Var::Value(caller));
    }
    let name = code
        .name
        .as_ref()
        .map_or("None".to_owned(), |name| values::repr::str_repr(name));
    if let Some(slot) = code.kwargs {
        let pairs = keyword
            .into_iter()
            .map(|(name, value)| (Key::str(&name), value));
        frame.set(slot, Var::Value(Value::Dict(Dict::new(pairs.collect()))));
    } else if let Some((first, _)) = keyword.first() {
        if keyword.iter().any(|(name, _)| name == "caller") {
            return Err(Error::type_error(format!(
                "macro {name} was invoked with two values for the special caller argument. This is most \
                 likely a bug."
            )));
        }
        let first = values::repr::str_repr(first);
        return Err(Error::type_error(format!(
            "macro {name} takes no keyword argument {first}"
        )));
    }
    let rest = args.positional.get(count..).unwrap_or_default();
    if let Some(slot) = code.varargs {
        frame.set(slot, Var::Value(Value::tuple(rest)));
    } else if !rest.is_empty() {
        return Err(Error::type_error(format!(
            "macro {name} takes not more than {count} argument(s)"
        )));
    }
    Ok(())
}
