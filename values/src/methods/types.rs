//! `value.__class__`

use crate::{Object, Value};

/// A class. It knows its name only: it cannot be called.
#[derive(Debug)]
struct Type {
    name: String,
    full_name: String,
}

pub(super) fn type_of(value: &Value) -> Value {
    let full_name = match value {
        Value::Markup(_) => "markupsafe.Markup",
        _ => value.full_type_name(),
    };
    Value::object(Type {
        name: value.type_name().to_owned(),
        full_name: full_name.to_owned(),
    })
}

impl Object for Type {
    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
    fn type_name(&self) -> &'static str {
        "type"
    }
    fn repr(&self) -> String {
        format!("<class '{}'>", self.full_name)
    }
    fn get_attr(&self, name: &str) -> Option<Value> {
        matches!(name, "__name__" | "__qualname__").then(|| Value::str(&*self.name))
    }
    fn equals(&self, other: &Value) -> Option<bool> {
        Some(
            other
                .downcast::<Type>()
                .is_some_and(|other| other.full_name == self.full_name),
        )
    }
    fn is_callable(&self) -> bool {
        true
    }
}
