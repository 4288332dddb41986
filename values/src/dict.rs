//! Dictionaries, and sets as dictionaries without values.

use std::hash::{Hash, Hasher};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use indexmap::{Equivalent, IndexMap};

use crate::list::frozen;
use crate::views::{Kind, View};
use crate::{Error, Result, Value};

/// A hashable value. Equal, and with equal hashes, where Python's are: `1 == 1.0 == True`.
#[derive(Clone, Debug)]
pub struct Key(Value);

impl Key {
    /// The key that `value` is.
    ///
    /// # Errors
    /// `TypeError` if the value is not hashable (`unhashable type: 'list'`).
    pub fn new(value: Value) -> Result<Self> {
        fn check(value: &Value) -> Result<()> {
            match value {
                Value::List(_) | Value::Dict(_) | Value::Set(_) => Err(Error::type_error(format!(
                    "unhashable type: '{}'",
                    value.type_name()
                ))),
                Value::Tuple(items) => items.iter().try_for_each(check),
                Value::Undefined(undefined) => Err(Error::undefined(undefined)),
                Value::Object(object) if object.is_elsewhere() => {
                    crate::object::elsewhere("hash", &[value]).map_or(Ok(()), |hash| hash.map(drop))
                }
                Value::Object(object)
                    if object
                        .as_any()
                        .downcast_ref::<View>()
                        .is_some_and(|view| view.kind != Kind::Values) =>
                {
                    Err(Error::type_error(format!(
                        "unhashable type: '{}'",
                        value.type_name()
                    )))
                }
                _ => Ok(()),
            }
        }
        check(&value)?;
        Ok(Self(value))
    }
    /// A text key.
    pub fn str(text: &str) -> Self {
        Self(Value::str(text))
    }
    /// The value.
    pub fn value(&self) -> &Value {
        &self.0
    }
    /// The value.
    pub fn into_value(self) -> Value {
        self.0
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Value::Str(a) | Value::Markup(a), Value::Str(b) | Value::Markup(b)) => a == b,
            (a @ Value::Object(_), b) | (a, b @ Value::Object(_)) => {
                crate::ops::same(a, b).unwrap_or(false)
            }
            (a, b) => crate::ops::eq(a, b).unwrap_or(false),
        }
    }
}
impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        crate::ops::hash(&self.0, state);
    }
}

/// A text that finds the [`Key`] it would be, without becoming one.
struct TextKey<'a>(&'a str);

impl Hash for TextKey<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl Equivalent<Key> for TextKey<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        key.0.as_str() == Some(self.0)
    }
}

/// The storage of a [`Dict`].
pub type Map = IndexMap<Key, Value>;

/// A Python dictionary in insertion order: shared, and mutable until it is frozen.
#[derive(Clone, Default)]
pub struct Dict(Arc<Inner>);

#[derive(Default)]
struct Inner {
    frozen: AtomicBool,
    items: RwLock<Map>,
}

impl Dict {
    /// A new dictionary.
    pub fn new(items: Map) -> Self {
        Self(Arc::new(Inner {
            frozen: AtomicBool::new(false),
            items: RwLock::new(items),
        }))
    }
    /// A new dictionary with text keys.
    pub fn from_pairs<K: AsRef<str>>(pairs: impl IntoIterator<Item = (K, Value)>) -> Self {
        Self::new(
            pairs
                .into_iter()
                .map(|(k, v)| (Key::str(k.as_ref()), v))
                .collect(),
        )
    }
    /// The items, for reading. Do not hold the guard while calling back into code that may write.
    pub fn read(&self) -> RwLockReadGuard<'_, Map> {
        self.0.items.read().unwrap_or_else(PoisonError::into_inner)
    }
    /// The items, for writing.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Unsupported`] if the dictionary is frozen.
    pub fn write(&self) -> Result<RwLockWriteGuard<'_, Map>> {
        if self.0.frozen.load(Ordering::Relaxed) {
            return Err(frozen("dict"));
        }
        Ok(self.0.items.write().unwrap_or_else(PoisonError::into_inner))
    }
    /// The value at a text key.
    pub fn get_str(&self, key: &str) -> Option<Value> {
        self.read().get(&TextKey(key)).cloned()
    }
    /// The number of items.
    pub fn len(&self) -> usize {
        self.read().len()
    }
    /// Whether there are no items.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
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
            for (key, value) in self.read().iter() {
                key.value().freeze();
                value.freeze();
            }
        }
    }
}

/// Unwinds deep nesting without recursion: a stack overflow would end the process.
impl Drop for Inner {
    fn drop(&mut self) {
        let items = std::mem::take(self.items.get_mut().unwrap_or_else(PoisonError::into_inner));
        crate::list::drop_values(items.into_values());
    }
}

impl Dict {
    /// The items, if nobody else has them: for [`crate::list::drop_values`].
    pub(crate) fn take_if_last(&mut self) -> Option<Map> {
        let inner = Arc::get_mut(&mut self.0)?;
        Some(std::mem::take(
            inner
                .items
                .get_mut()
                .unwrap_or_else(PoisonError::into_inner),
        ))
    }
}

impl PartialEq for Dict {
    /// Strict: the same items in the same order (order reaches rendered bytes).
    fn eq(&self, other: &Self) -> bool {
        if self.is(other) {
            return true;
        }
        let (a, b) = (self.read(), other.read());
        a.len() == b.len()
            && a.iter()
                .zip(b.iter())
                .all(|((k1, v1), (k2, v2))| k1.0 == k2.0 && v1 == v2)
    }
}
