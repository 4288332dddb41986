//! Attributes, subscripts and slices.

use std::sync::Arc;

use crate::{Object, Result, Value};

/// A method of a built-in type together with its receiver: `"a".upper`.
#[derive(Debug)]
pub struct BoundMethod {
    /// The object whose method it is.
    pub receiver: Value,
    /// The method's name.
    pub name: Arc<str>,
}

/// `getattr(value, name)`, `None` where that is an `AttributeError`. Methods come as [`BoundMethod`] objects.
pub fn get_attr(_value: &Value, _name: &str) -> Option<Value> { todo!() }
/// `value[key]`
pub fn get_item(_value: &Value, _key: &Value) -> Result<Value> { todo!() }
/// `value[start:stop:step]`; `None` for what is left out.
pub fn get_slice(_value: &Value, _start: &Value, _stop: &Value, _step: &Value) -> Result<Value> { todo!() }

impl Object for BoundMethod {
    fn as_any(&self) -> &dyn std::any::Any { self }
    fn type_name(&self) -> &str { "builtin_function_or_method" }
    fn repr(&self) -> String { format!("<built-in method {} of {} object>", self.name, self.receiver.type_name()) }
    fn is_callable(&self) -> bool { true }
}
