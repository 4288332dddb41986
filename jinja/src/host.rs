//! The world outside a template.

use std::any::Any;
use std::sync::Arc;

use values::{Args, Object, Value};

use crate::{Error, ErrorKind, Result, Template};

/// Where a template's context comes from.
///
/// Each method is called only when a template really reads, so that whoever implements it can record what a
/// render depends on.
pub trait Host {
    /// A variable of the context: what `template.render(**variables)` was given.
    /// Imported templates do not see these, unless they are imported `with context`.
    fn variable(&self, name: &str) -> Result<Option<Value>>;
    /// A global of the environment, on top of the built-in ones.
    fn global(&self, name: &str) -> Option<Value>;
    /// The template called `name`; `None` if there is none. An error of kind [`ErrorKind::TemplateNotFound`] is
    /// taken for `None` too, with a message of its own.
    fn template(&self, name: &str) -> Result<Option<Template>>;
    /// Calls the function that is a [`HostFunction`] called `name`.
    fn call_function(&self, name: &str, args: &Args) -> Result<Value>;
    /// Calls the filter `name`, one of those given to [`crate::Environment::with_host_filters`].
    fn call_filter(&self, name: &str, value: &Value, args: &Args) -> Result<Value>;
    /// A random number below `bound`, for the filter `random` and for `lipsum`.
    fn random_below(&self, _bound: u64) -> Result<u64> {
        Err(Error::new(
            ErrorKind::Unsupported,
            "there is no randomness in this place",
        ))
    }
}

/// A function of the host, as a value.
#[derive(Debug)]
pub struct HostFunction {
    /// What [`Host::call_function`] is given.
    pub name: Arc<str>,
}

impl HostFunction {
    /// The function called `name`.
    pub fn value(name: impl Into<Arc<str>>) -> Value {
        Value::object(Self { name: name.into() })
    }
}

impl Object for HostFunction {
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn type_name(&self) -> &'static str {
        "function"
    }
    fn repr(&self) -> String {
        format!("<function {}>", self.name)
    }
    fn is_callable(&self) -> bool {
        true
    }
}
