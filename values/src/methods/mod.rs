//! Methods of the built-in types.

use crate::{Args, Error, Result, Value};

/// Whether values of this type have a method called `name`.
pub fn has(_receiver: &Value, _name: &str) -> bool {
    false
}
/// `receiver.name(*args)`
pub fn call(receiver: &Value, name: &str, _args: &Args) -> Result<Value> {
    Err(Error::unsupported(format!(
        "{}.{name}(): not supported",
        receiver.type_name()
    )))
}
/// An attribute that is no method.
pub(crate) fn data_attribute(_value: &Value, _name: &str) -> Option<Value> {
    None
}
