//! A render in progress, as filters and callables see it.

use std::sync::Arc;

use values::{Args, Undefined, Value};

use crate::undefined::SoftUndefined;
use crate::{Environment, Error, Host, Result, type_repr};

/// A render in progress.
pub struct State<'a> {
    environment: &'a Environment,
    host: &'a dyn Host,
}

impl<'a> State<'a> {
    /// The environment.
    pub fn environment(&self) -> &'a Environment {
        self.environment
    }
    /// The host.
    pub fn host(&self) -> &'a dyn Host {
        self.host
    }
    /// Whether autoescaping is on at this place (only inside `{% autoescape true %}`).
    pub fn autoescape(&self) -> bool {
        false
    }
    /// `callable(*args)`
    pub fn call(&mut self, callable: &Value, _args: &Args) -> Result<Value> {
        Err(Error::type_error(format!("'{}' object is not callable", callable.type_name())))
    }
    /// Applies the filter `name`, as `map` does by name. `TemplateRuntimeError` if there is none.
    pub fn apply_filter(&mut self, _name: &str, _value: &Value, _args: &Args) -> Result<Value> {
        Err(Error::unsupported("filters"))
    }
    /// Applies the test `name`, as `select` does by name. `TemplateRuntimeError` if there is none.
    pub fn apply_test(&mut self, _name: &str, _value: &Value, _args: &Args) -> Result<bool> {
        Err(Error::unsupported("tests"))
    }
    /// Whether there is a filter called `name`.
    pub fn has_filter(&self, name: &str) -> bool {
        self.environment.is_host_filter(name) || crate::filters::builtin_filter(name).is_some()
    }
    /// Whether there is a test called `name`.
    pub fn has_test(&self, name: &str) -> bool {
        crate::filters::builtin_test(name).is_some()
    }
    /// `{{ value.name }}`: the attribute, else the item, else an undefined value.
    pub fn get_attr(&mut self, value: &Value, name: &str) -> Result<Value> {
        match self.python_attr(value, name)? {
            Some(found) => Ok(found),
            None => Ok(missing_attr(value, name)),
        }
    }
    /// `{{ value[key] }}`: the item, else (for a text key) the attribute, else an undefined value.
    pub fn get_item(&mut self, value: &Value, key: &Value) -> Result<Value> {
        Ok(values::attr::get_item(value, key)?)
    }
    /// Python's `getattr(value, name)` alone; `None` where that is an `AttributeError`.
    pub fn python_attr(&mut self, value: &Value, name: &str) -> Result<Option<Value>> {
        if let Value::Undefined(undefined) = value {
            return Err(Error::undefined(undefined));
        }
        if let Some(soft) = value.downcast::<SoftUndefined>() {
            return Err(Error::new(crate::ErrorKind::Undefined, soft.message.clone()));
        }
        Ok(values::attr::get_attr(value, name))
    }
}

/// `environment.undefined(obj=value, name=name)`
pub(crate) fn missing_attr(value: &Value, name: &str) -> Value {
    let message = format!("'{}' has no attribute {}", type_repr(value), values::repr::str_repr(name));
    Value::Undefined(Arc::new(Undefined { name: name.to_owned(), message }))
}
