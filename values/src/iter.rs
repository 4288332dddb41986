//! Iteration.

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use crate::views::{Kind, View};
use crate::{Dict, Error, ErrorKind, List, Object, Result, Value, ops};

/// An iterator over a value's items. Lists are read live, as in Python: what is appended while iterating is seen.
pub struct Iter {
    source: Source,
}

enum Source {
    List {
        list: List,
        index: usize,
    },
    Tuple {
        items: Arc<[Value]>,
        index: usize,
    },
    Text {
        text: Arc<str>,
        offset: usize,
    },
    Bytes {
        bytes: Arc<[u8]>,
        index: usize,
    },
    Dict {
        dict: Dict,
        kind: Kind,
        is_set: bool,
        index: usize,
        len: usize,
    },
    Items(std::vec::IntoIter<Value>),
    Object {
        object: Arc<dyn Object>,
        peeked: Option<Result<Value>>,
    },
    Done,
}

impl fmt::Debug for Iter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Iter")
    }
}

/// `iter(value)`
pub fn iterate(value: &Value) -> Result<Iter> {
    let source = match value {
        Value::Undefined(undefined) => return Err(Error::undefined(undefined)),
        Value::List(list) => Source::List {
            list: list.clone(),
            index: 0,
        },
        Value::Tuple(items) => Source::Tuple {
            items: items.clone(),
            index: 0,
        },
        Value::Str(text) | Value::Markup(text) => Source::Text {
            text: text.clone(),
            offset: 0,
        },
        Value::Bytes(bytes) => Source::Bytes {
            bytes: bytes.clone(),
            index: 0,
        },
        Value::Dict(dict) => dict_source(dict, Kind::Keys, false),
        Value::Set(set) => dict_source(set, Kind::Keys, true),
        Value::Object(object) => object_source(object)?,
        _ => return Err(not_iterable(value.full_type_name())),
    };
    Ok(Iter { source })
}

fn dict_source(dict: &Dict, kind: Kind, is_set: bool) -> Source {
    Source::Dict {
        dict: dict.clone(),
        kind,
        is_set,
        index: 0,
        len: dict.len(),
    }
}

fn not_iterable(type_name: &str) -> Error {
    Error::type_error(format!("'{type_name}' object is not iterable"))
}

fn object_source(object: &Arc<dyn Object>) -> Result<Source> {
    if let Some(view) = object.as_any().downcast_ref::<View>() {
        return Ok(dict_source(&view.dict, view.kind, false));
    }
    if object.is_iterator() {
        return Ok(Source::Object {
            object: object.clone(),
            peeked: None,
        });
    }
    if let Some(items) = object.items() {
        return Ok(Source::Items(items?.into_iter()));
    }
    // Only asking for an item tells whether there are items.
    let peeked = match object.next() {
        None => return Err(not_iterable(object.type_name())),
        Some(Ok(None)) => return Ok(Source::Done),
        Some(Ok(Some(item))) => Ok(item),
        Some(Err(error)) => Err(error),
    };
    Ok(Source::Object {
        object: object.clone(),
        peeked: Some(peeked),
    })
}

/// `list(value)`, as a vector.
pub fn collect(value: &Value) -> Result<Vec<Value>> {
    match value {
        Value::List(list) => Ok(list.to_vec()),
        Value::Tuple(items) => Ok(items.to_vec()),
        Value::Dict(dict) | Value::Set(dict) => {
            Ok(dict.read().keys().map(|key| key.value().clone()).collect())
        }
        _ => iterate(value)?.collect(),
    }
}

/// `item in view`, if the container is a view and knows without looking at all items.
pub(crate) fn view_contains(container: &Value, item: &Value) -> Option<Result<bool>> {
    container.downcast::<View>()?.contains(item)
}

/// `item in container`, where an error means that it is not.
pub(crate) fn contains_or_not(container: &Value, item: &Value) -> bool {
    ops::contains(container, item).unwrap_or(false)
}

/// A one-character `str`.
pub(crate) fn char_value(c: char) -> Value {
    Value::str(&*c.encode_utf8(&mut [0; 4]))
}

impl Iterator for Iter {
    type Item = Result<Value>;

    fn next(&mut self) -> Option<Self::Item> {
        let item = self.advance();
        if !matches!(item, Some(Ok(_))) {
            // An iterator that has ended stays at its end.
            self.source = Source::Done;
        }
        item
    }
}

impl Iter {
    fn advance(&mut self) -> Option<Result<Value>> {
        match &mut self.source {
            Source::List { list, index } => {
                *index += 1;
                list.read().get(*index - 1).cloned().map(Ok)
            }
            Source::Tuple { items, index } => {
                *index += 1;
                items.get(*index - 1).cloned().map(Ok)
            }
            Source::Text { text, offset } => {
                let c = text[*offset..].chars().next()?;
                *offset += c.len_utf8();
                Some(Ok(char_value(c)))
            }
            Source::Bytes { bytes, index } => {
                *index += 1;
                bytes
                    .get(*index - 1)
                    .map(|byte| Ok(Value::Int((*byte).into())))
            }
            Source::Dict {
                dict,
                kind,
                is_set,
                index,
                len,
            } => {
                let items = dict.read();
                if items.len() != *len {
                    let what = if *is_set { "Set" } else { "dictionary" };
                    return Some(Err(Error::new(
                        ErrorKind::Runtime,
                        format!("{what} changed size during iteration"),
                    )));
                }
                *index += 1;
                items
                    .get_index(*index - 1)
                    .map(|(key, value)| Ok(kind.pick(key, value)))
            }
            Source::Items(items) => items.next().map(Ok),
            Source::Object { object, peeked } => match peeked.take() {
                Some(item) => Some(item),
                None => object.next()?.transpose(),
            },
            Source::Done => None,
        }
    }
}

/// A one-shot iterator object such as a generator: items are computed beforehand, and an error that stopped the
/// computation is raised where Python would have raised it.
pub fn generator(
    type_name: impl Into<Cow<'static, str>>,
    repr: String,
    items: Vec<Value>,
    error: Option<Error>,
) -> Value {
    Value::object(Generator {
        type_name: type_name.into(),
        repr,
        rest: Mutex::new((items.into_iter(), error)),
    })
}

struct Generator {
    type_name: Cow<'static, str>,
    repr: String,
    rest: Mutex<(std::vec::IntoIter<Value>, Option<Error>)>,
}

impl fmt::Debug for Generator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.repr)
    }
}

impl Object for Generator {
    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
    fn type_name(&self) -> &str {
        &self.type_name
    }
    fn repr(&self) -> String {
        self.repr.clone()
    }
    fn is_iterator(&self) -> bool {
        true
    }
    fn next(&self) -> Option<Result<Option<Value>>> {
        let mut rest = self.rest.lock().unwrap_or_else(PoisonError::into_inner);
        Some(match rest.0.next() {
            Some(item) => Ok(Some(item)),
            None => rest.1.take().map_or(Ok(None), Err),
        })
    }
}
