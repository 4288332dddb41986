//! `namespace(…)`: an object whose attributes templates can set.

use std::any::Any;

use values::{Dict, Key, Object, Result, Value, repr};

/// A namespace.
pub struct Namespace {
    attributes: Dict,
}

impl Namespace {
    /// A namespace with these attributes.
    pub fn new(attributes: Dict) -> Self {
        Self { attributes }
    }
    /// Sets an attribute.
    pub fn set(&self, name: &str, value: Value) -> Result<()> {
        self.attributes.write()?.insert(Key::str(name), value);
        Ok(())
    }
}

impl std::fmt::Debug for Namespace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.repr())
    }
}

impl Object for Namespace {
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn type_name(&self) -> &'static str {
        "Namespace"
    }
    fn repr(&self) -> String {
        format!(
            "<Namespace {}>",
            repr::repr(&Value::Dict(self.attributes.clone()))
        )
    }
    fn get_attr(&self, name: &str) -> Option<Value> {
        self.attributes.get_str(name)
    }
}
