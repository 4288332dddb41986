//! Methods of the built-in types.

use crate::{Args, Result, Value};

/// Whether values of this type have a method called `name`.
pub fn has(_receiver: &Value, _name: &str) -> bool { todo!() }
/// `receiver.name(*args)`
pub fn call(_receiver: &Value, _name: &str, _args: &Args) -> Result<Value> { todo!() }
