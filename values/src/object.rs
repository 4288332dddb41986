//! Objects that are not plain data.

use std::any::Any;
use std::fmt::Debug;
use std::sync::Arc;

use crate::{Args, Error, Result, Value};

/// A Python object of another class than the built-in data types.
///
/// What it means to *call* an object is not known here: the crate that calls downcasts to what it can call.
#[allow(
    clippy::len_without_is_empty,
    reason = "whether there is a length at all is the question"
)]
pub trait Object: Any + Debug + Send + Sync {
    /// For downcasts.
    fn as_any(&self) -> &dyn Any;
    /// `type(x).__name__`
    fn type_name(&self) -> &str;
    /// `repr(x)`
    fn repr(&self) -> String;
    /// `str(x)`
    fn str(&self) -> String {
        self.repr()
    }
    /// `bool(x)`
    fn truth(&self) -> Result<bool> {
        Ok(self.len().is_none_or(|len| len > 0))
    }
    /// `len(x)`, `None` where that is a `TypeError`.
    fn len(&self) -> Option<usize> {
        None
    }
    /// `x.name`, `None` where that is an `AttributeError`.
    fn get_attr(&self, _name: &str) -> Option<Value> {
        None
    }
    /// `x[key]`, `None` where the object is not subscriptable.
    fn get_item(&self, _key: &Value) -> Option<Result<Value>> {
        None
    }
    /// The next item, for objects that are iterators: `None` where the object is no iterator.
    fn next(&self) -> Option<Result<Option<Value>>> {
        None
    }
    /// Whether [`Object::next`] gives items. Where this is false, `iter(x)` may have to take an item to find out.
    fn is_iterator(&self) -> bool {
        false
    }
    /// `iter(x)` for objects that are iterable but no iterators: all items, in order.
    fn items(&self) -> Option<Result<Vec<Value>>> {
        None
    }
    /// Python's `==` with another value: `None` where the object has only identity.
    fn equals(&self, _other: &Value) -> Option<bool> {
        None
    }
    /// Whether `callable(x)`.
    fn is_callable(&self) -> bool {
        false
    }
    /// Whether it is somewhere else: then all that is done with it is done there, by [`Object::operate`].
    fn is_elsewhere(&self) -> bool {
        false
    }
    /// Does the operation called `op`, one of whose operands this object is. Python's names: `add`, `lt`, `getitem`,
    /// `contains` (container first), `len`, `str`, `call` (what is called first), `method` (receiver and name first).
    ///
    /// # Errors
    /// What Python raises.
    fn operate(&self, op: &str, _args: &Args) -> Result<Value> {
        Err(Error::unsupported(format!(
            "{op} of a {}: not supported",
            self.type_name()
        )))
    }
    /// The text that it is as well, if its class is made from `str`.
    fn as_text(&self) -> Option<&str> {
        None
    }
    /// Whether it is an instance of one of Python's kinds of data: `mapping`, `number`, `integer`, `float`, `dict`.
    fn is_a(&self, _kind: &str) -> bool {
        false
    }
}

/// Does the operation called `op`, if one of the operands is elsewhere.
pub fn elsewhere(op: &str, operands: &[&Value]) -> Option<Result<Value>> {
    let there = operands.iter().find_map(|operand| away(operand))?;
    let operands: Vec<_> = operands.iter().map(|operand| (*operand).clone()).collect();
    Some(there.operate(op, &Args::positional(operands)))
}

/// The same, also if something that is elsewhere is in one of the operands.
pub fn elsewhere_within(op: &str, operands: &[&Value], more: &Args) -> Option<Result<Value>> {
    let all = operands.iter().copied().chain(&more.positional);
    let keyword = more.keyword.iter().map(|(_, value)| value);
    let there = all.chain(keyword).find_map(|operand| within(operand, 0))?;
    let operands = operands.iter().map(|operand| (*operand).clone());
    let args = Args {
        positional: operands.chain(more.positional.iter().cloned()).collect(),
        keyword: more.keyword.clone(),
    };
    Some(there.operate(op, &args))
}

/// How deep values are searched for something that is elsewhere.
const DEPTH: usize = 16;

fn away(value: &Value) -> Option<Arc<dyn Object>> {
    match value {
        Value::Object(object) if object.is_elsewhere() => Some(object.clone()),
        _ => None,
    }
}

fn within(value: &Value, depth: usize) -> Option<Arc<dyn Object>> {
    if depth > DEPTH {
        return None;
    }
    let inside = |value: &Value| within(value, depth + 1);
    match value {
        Value::Object(_) => away(value),
        Value::Tuple(items) => items.iter().find_map(inside),
        Value::List(list) => list.read().iter().find_map(inside),
        Value::Set(set) => set.read().keys().find_map(|key| inside(key.value())),
        Value::Dict(dict) => dict
            .read()
            .iter()
            .find_map(|(key, value)| inside(key.value()).or_else(|| inside(value))),
        _ => None,
    }
}
