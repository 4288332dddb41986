//! What `dict.keys()`, `dict.values()` and `dict.items()` return: live views of the dictionary.

use crate::{Dict, Key, Object, Result, Value, iter, ops};

/// Which part of the items a view shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Keys,
    Values,
    Items,
}

impl Kind {
    pub(crate) fn type_name(self) -> &'static str {
        match self {
            Self::Keys => "dict_keys",
            Self::Values => "dict_values",
            Self::Items => "dict_items",
        }
    }

    /// What the view shows of one item.
    pub(crate) fn pick(self, key: &Key, value: &Value) -> Value {
        match self {
            Self::Keys => key.value().clone(),
            Self::Values => value.clone(),
            Self::Items => Value::tuple([key.value().clone(), value.clone()]),
        }
    }
}

/// A view of a dictionary.
pub(crate) struct View {
    pub(crate) dict: Dict,
    pub(crate) kind: Kind,
}

impl View {
    pub(crate) fn value(dict: &Dict, kind: Kind) -> Value {
        Value::object(Self {
            dict: dict.clone(),
            kind,
        })
    }

    pub(crate) fn items(&self) -> Vec<Value> {
        self.dict
            .read()
            .iter()
            .map(|(key, value)| self.kind.pick(key, value))
            .collect()
    }

    /// `item in view`; `None` where only looking at all items tells.
    pub(crate) fn contains(&self, item: &Value) -> Option<Result<bool>> {
        match self.kind {
            Kind::Keys => {
                Some(Key::new(item.clone()).map(|key| self.dict.read().contains_key(&key)))
            }
            Kind::Values => None,
            Kind::Items => Some(match item {
                Value::Tuple(pair) if pair.len() == 2 => {
                    Key::new(pair[0].clone()).and_then(|key| {
                        self.dict
                            .read()
                            .get(&key)
                            .map_or(Ok(false), |value| ops::same(value, &pair[1]))
                    })
                }
                _ => Ok(false),
            }),
        }
    }
}

/// What was hidden: a view may be part of its own dictionary.
impl std::fmt::Debug for View {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.kind.type_name())
    }
}

impl Object for View {
    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
    fn type_name(&self) -> &str {
        self.kind.type_name()
    }
    /// Without the guard against views of dictionaries that contain them, which [`crate::repr`] has.
    fn repr(&self) -> String {
        format!(
            "{}({})",
            self.kind.type_name(),
            crate::repr::repr(&Value::list(self.items()))
        )
    }
    fn len(&self) -> Option<usize> {
        Some(self.dict.len())
    }
    fn items(&self) -> Option<Result<Vec<Value>>> {
        Some(Ok(View::items(self)))
    }
    fn equals(&self, other: &Value) -> Option<bool> {
        if self.kind == Kind::Values {
            return None;
        }
        let set_like = match other {
            Value::Set(_) => true,
            _ => other
                .downcast::<View>()
                .is_some_and(|view| view.kind != Kind::Values),
        };
        if !set_like {
            return Some(false);
        }
        let same_size = ops::len(other).is_ok_and(|len| len == self.dict.len());
        Some(
            same_size
                && View::items(self)
                    .iter()
                    .all(|item| iter::contains_or_not(other, item)),
        )
    }
}
