//! Names as numbers: each name of a template once.

use std::collections::HashMap;
use std::sync::Arc;

/// A name of one template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Name(pub(crate) u32);

/// All names of a template.
#[derive(Debug, Default)]
pub(crate) struct Names {
    list: Vec<Arc<str>>,
    index: HashMap<Arc<str>, Name>,
}

impl Names {
    /// The number of `text`, a new one if need be.
    pub(crate) fn intern(&mut self, text: &str) -> Name {
        if let Some(name) = self.index.get(text) {
            return *name;
        }
        let name = Name(self.list.len() as u32);
        let text: Arc<str> = text.into();
        self.list.push(Arc::clone(&text));
        self.index.insert(text, name);
        name
    }
    /// The number of `text`, if the template mentions it.
    pub(crate) fn find(&self, text: &str) -> Option<Name> {
        self.index.get(text).copied()
    }
    /// The text of a name.
    pub(crate) fn get(&self, name: Name) -> &Arc<str> {
        &self.list[name.0 as usize]
    }
}
