//! Objects that are not plain data.

use std::any::Any;
use std::fmt::Debug;

use crate::{Result, Value};

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
    /// For objects that somebody outside calls: what it is called there.
    fn outside_name(&self) -> Option<&str> {
        None
    }
}
