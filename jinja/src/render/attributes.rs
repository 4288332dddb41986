//! Attributes and items, the way Jinja2 looks for them.

use std::sync::Arc;

use values::{ErrorKind as PyKind, Undefined, Value};

use super::blocks::{BlockReference, TemplateReference};
use super::expressions::soft_error;
use super::{State, ops};
use crate::undefined::SoftUndefined;
use crate::{Error, Result, type_repr};

impl State<'_> {
    /// `{{ value.name }}`: the attribute, else the item, else an undefined value.
    pub fn get_attr(&mut self, value: &Value, name: &str) -> Result<Value> {
        if let Some(found) = self.python_attr(value, name)? {
            return Ok(found);
        }
        match value {
            Value::Dict(dict) => {
                if let Some(found) = dict.get_str(name) {
                    return Ok(found);
                }
            }
            Value::Object(_) => {
                if let Some(found) = Self::python_item(value, &Value::str(name))? {
                    return Ok(found);
                }
            }
            // Nothing else has items under text.
            _ => {}
        }
        missing(value, name)
    }

    /// `{{ value[key] }}`: the item, else (for a text key) the attribute, else an undefined value.
    pub fn get_item(&mut self, value: &Value, key: &Value) -> Result<Value> {
        if let Some(found) = Self::python_item(value, key)? {
            return Ok(found);
        }
        if let Some(name) = key.as_str() {
            return match self.python_attr(value, name)? {
                Some(found) => Ok(found),
                None => missing(value, name),
            };
        }
        let shown = values::repr::repr(key);
        let message = format!("{} has no element {shown}", type_repr(value));
        Ok(Value::undefined_with(&shown, message))
    }

    /// Python's `value[key]`; `None` where Jinja2 goes on to look for an attribute.
    fn python_item(value: &Value, key: &Value) -> Result<Option<Value>> {
        if let Some(soft) = value.downcast::<SoftUndefined>() {
            return Err(soft_error(soft));
        }
        if let Some(reference) = value.downcast::<TemplateReference>() {
            return Ok(key.as_str().and_then(|name| reference.block(name)));
        }
        match values::attr::get_item(value, key) {
            Ok(found) => Ok(Some(found)),
            Err(error) => match error.kind {
                PyKind::Type | PyKind::Key | PyKind::Index | PyKind::Attribute => Ok(None),
                _ => ops::blame(Err(error), &[value, key]),
            },
        }
    }

    /// Python's `getattr(value, name)` alone; `None` where that is an `AttributeError`.
    pub fn python_attr(&mut self, value: &Value, name: &str) -> Result<Option<Value>> {
        match value {
            Value::Undefined(undefined) => Err(Error::undefined(undefined)),
            Value::Object(_) => {
                if let Some(soft) = value.downcast::<SoftUndefined>() {
                    return Err(soft_error(soft));
                }
                if let Some(context) = value.downcast() {
                    return self.loop_attr(value, context, name);
                }
                if let Some(reference) = value.downcast::<BlockReference>() {
                    return Ok(reference.attr(name));
                }
                Ok(values::attr::try_get_attr(value, name)?)
            }
            _ => Ok(values::attr::get_attr(value, name)),
        }
    }
}

/// What is there instead of an attribute that does not exist.
fn missing(value: &Value, name: &str) -> Result<Value> {
    if name.len() > 4 && name.starts_with("__") && name.ends_with("__") {
        return Err(Error::unsupported(format!(
            "the attribute '{name}' of a Python object"
        )));
    }
    Ok(missing_attr(value, name))
}

/// `environment.undefined(obj=value, name=name)`
pub(crate) fn missing_attr(value: &Value, name: &str) -> Value {
    let object = values::repr::str_repr(&type_repr(value));
    let message = format!("{object} has no attribute {}", values::repr::str_repr(name));
    Value::Undefined(Arc::new(Undefined {
        name: name.to_owned(),
        message,
    }))
}
