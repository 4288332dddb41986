//! Undefined values that are not strict, and how messages name a value's type.

use std::any::Any;

use values::{Object, Value};

/// What `{{ x if false }}` gives: Jinja2 always uses its lenient class there. It prints as nothing, is false and
/// empty, and equals its like; everything else with it is an `UndefinedError`.
#[derive(Debug)]
pub struct SoftUndefined {
    /// The message of the error.
    pub message: String,
}

impl Object for SoftUndefined {
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn type_name(&self) -> &'static str {
        "Undefined"
    }
    fn repr(&self) -> String {
        "Undefined".to_owned()
    }
    fn str(&self) -> String {
        String::new()
    }
    fn len(&self) -> Option<usize> {
        Some(0)
    }
    fn items(&self) -> Option<values::Result<Vec<Value>>> {
        Some(Ok(Vec::new()))
    }
    fn equals(&self, other: &Value) -> Option<bool> {
        Some(other.downcast::<Self>().is_some())
    }
}

/// `isinstance(value, Undefined)`: what the test `defined` and the filter `default` ask.
pub fn is_undefined(value: &Value) -> bool {
    value.is_undefined() || value.downcast::<SoftUndefined>().is_some()
}

/// How messages of undefined attributes name the object: `dict object`, `None`, `jinja2.runtime.Macro object`.
pub fn type_repr(value: &Value) -> String {
    let name = value.type_name();
    let module = match name {
        "NoneType" => return "None".to_owned(),
        "Markup" => "markupsafe.",
        "date" | "datetime" => "datetime.",
        "Namespace" | "Cycler" | "Joiner" | "_MissingType" => "jinja2.utils.",
        "TemplateModule" => "jinja2.environment.",
        "_GroupTuple" => "jinja2.filters.",
        "Macro" | "LoopContext" | "TemplateReference" | "BlockReference" | "Undefined"
        | "StrictUndefined" => "jinja2.runtime.",
        _ => "",
    };
    format!("{module}{name} object")
}

/// Python's stand-in for a variable without value. Templates see it only through a defect of Jinja2's compiler: in a
/// macro that outlives the loop whose variable it reads.
#[derive(Debug)]
pub(crate) struct Missing;

impl Object for Missing {
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn type_name(&self) -> &'static str {
        "_MissingType"
    }
    fn repr(&self) -> String {
        "missing".to_owned()
    }
}
