//! Lists.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::{Error, ErrorKind, Result, Value};

/// A Python list: shared, and mutable until it is frozen.
#[derive(Clone, Default)]
pub struct List(Arc<Inner>);

#[derive(Default)]
struct Inner {
    frozen: AtomicBool,
    items: RwLock<Vec<Value>>,
}

impl List {
    /// A new list.
    pub fn new(items: Vec<Value>) -> Self {
        Self(Arc::new(Inner {
            frozen: AtomicBool::new(false),
            items: RwLock::new(items),
        }))
    }
    /// The items, for reading. Do not hold the guard while calling back into code that may write.
    pub fn read(&self) -> RwLockReadGuard<'_, Vec<Value>> {
        self.0.items.read().unwrap_or_else(PoisonError::into_inner)
    }
    /// A copy of the items.
    pub fn to_vec(&self) -> Vec<Value> {
        self.read().clone()
    }
    /// The items, for writing.
    ///
    /// # Errors
    /// [`ErrorKind::Unsupported`] if the list is frozen.
    pub fn write(&self) -> Result<RwLockWriteGuard<'_, Vec<Value>>> {
        if self.0.frozen.load(Ordering::Relaxed) {
            return Err(frozen("list"));
        }
        Ok(self.0.items.write().unwrap_or_else(PoisonError::into_inner))
    }
    /// Whether both are one and the same object.
    pub fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
    /// A number that is the same for the same object, and for no other that is alive.
    pub fn id(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
    }
    /// See [`Value::freeze`].
    pub fn freeze(&self) {
        if !self.0.frozen.swap(true, Ordering::Relaxed) {
            self.read().iter().for_each(Value::freeze);
        }
    }
}

/// Unwinds deep nesting without recursion: a stack overflow would end the process.
impl Drop for Inner {
    fn drop(&mut self) {
        let items = std::mem::take(self.items.get_mut().unwrap_or_else(PoisonError::into_inner));
        drop_values(items);
    }
}

/// Drops values, and what only they contain, in a loop.
pub(crate) fn drop_values(values: impl IntoIterator<Item = Value>) {
    let mut rest: Vec<Value> = Vec::new();
    for value in values {
        if matches!(value, Value::List(_) | Value::Dict(_)) {
            rest.push(value);
        }
    }
    while let Some(value) = rest.pop() {
        match value {
            Value::List(mut list) => {
                if let Some(inner) = Arc::get_mut(&mut list.0) {
                    rest.append(
                        inner
                            .items
                            .get_mut()
                            .unwrap_or_else(PoisonError::into_inner),
                    );
                }
            }
            Value::Dict(mut dict) => {
                if let Some(items) = dict.take_if_last() {
                    rest.extend(items.into_values());
                }
            }
            _ => {}
        }
    }
}

/// The error for a change of a frozen container.
pub(crate) fn frozen(what: &str) -> Error {
    Error::new(
        ErrorKind::Unsupported,
        format!(
            "this {what} is a setting, shared by all templates: it cannot be changed; change a copy of it"
        ),
    )
}

impl PartialEq for List {
    fn eq(&self, other: &Self) -> bool {
        self.is(other) || *self.read() == *other.read()
    }
}
