//! The items of `groupby`.

use std::any::Any;

use values::{List, Object, Value, attr, ops, repr};

/// A tuple of a key and the items that have it, which are its attributes too.
pub(super) struct GroupTuple {
    grouper: Value,
    list: List,
}

impl GroupTuple {
    /// As a value.
    pub(super) fn value(grouper: Value, items: Vec<Value>) -> Value {
        Value::object(Self {
            grouper,
            list: List::new(items),
        })
    }
    /// Without the attributes.
    pub(super) fn to_tuple(&self) -> Value {
        Value::tuple([self.grouper.clone(), Value::List(self.list.clone())])
    }
}

impl std::fmt::Debug for GroupTuple {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.repr())
    }
}

impl Object for GroupTuple {
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn type_name(&self) -> &'static str {
        "_GroupTuple"
    }
    fn repr(&self) -> String {
        repr::repr(&self.to_tuple())
    }
    fn len(&self) -> Option<usize> {
        Some(2)
    }
    fn get_attr(&self, name: &str) -> Option<Value> {
        match name {
            "grouper" => Some(self.grouper.clone()),
            "list" => Some(Value::List(self.list.clone())),
            _ => attr::get_attr(&self.to_tuple(), name),
        }
    }
    fn get_item(&self, key: &Value) -> Option<values::Result<Value>> {
        Some(attr::get_item(&self.to_tuple(), key))
    }
    fn items(&self) -> Option<values::Result<Vec<Value>>> {
        Some(Ok(vec![
            self.grouper.clone(),
            Value::List(self.list.clone()),
        ]))
    }
    fn equals(&self, other: &Value) -> Option<bool> {
        let other = other
            .downcast::<Self>()
            .map_or_else(|| other.clone(), Self::to_tuple);
        ops::eq(&self.to_tuple(), &other).ok()
    }
}
