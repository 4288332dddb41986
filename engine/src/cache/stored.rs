//! Values as they are kept.

use std::borrow::Cow;

use num_bigint::BigInt;
use serde::{Deserialize, Serialize};
use values::{Dict, Key, List, Value};

/// A value that can be kept.
///
/// Dates, objects, and values in which a list or mapping occurs twice cannot: who they are the same as shows when
/// they are written as YAML, and reading gives each of them anew.
#[derive(Debug, Serialize, Deserialize)]
pub enum Stored<'a> {
    /// `None`
    None,
    /// `bool`
    Bool(bool),
    /// `int`
    Int(i64),
    /// A large `int`, as little-endian bytes.
    BigInt(Vec<u8>),
    /// `float`, as bits: a NaN stays what it is.
    Float(u64),
    /// `str`
    #[serde(borrow)]
    Str(Cow<'a, str>),
    /// `bytes`
    Bytes(Cow<'a, [u8]>),
    /// `list`
    List(Vec<Stored<'a>>),
    /// `tuple`
    Tuple(Vec<Stored<'a>>),
    /// `dict`
    Dict(Vec<(Stored<'a>, Stored<'a>)>),
    /// `set`
    Set(Vec<Stored<'a>>),
}

impl Stored<'_> {
    /// `value` as it is kept; `None` if it cannot be.
    pub fn of(value: &Value) -> Option<Stored<'static>> {
        store(value, &mut Vec::new())
    }

    /// The value, frozen.
    pub fn value(&self) -> Option<Value> {
        let value = self.build()?;
        value.freeze();
        Some(value)
    }

    fn build(&self) -> Option<Value> {
        let all =
            |items: &[Stored<'_>]| items.iter().map(Stored::build).collect::<Option<Vec<_>>>();
        let key = |item: &Stored<'_>| Key::new(item.build()?).ok();
        Some(match self {
            Self::None => Value::None,
            Self::Bool(yes) => Value::Bool(*yes),
            Self::Int(number) => Value::Int(*number),
            Self::BigInt(bytes) => Value::big(BigInt::from_signed_bytes_le(bytes)),
            Self::Float(bits) => Value::Float(f64::from_bits(*bits)),
            Self::Str(text) => Value::str(&**text),
            Self::Bytes(bytes) => Value::Bytes((**bytes).into()),
            Self::List(items) => Value::List(List::new(all(items)?)),
            Self::Tuple(items) => Value::tuple(all(items)?),
            Self::Dict(items) => {
                let items = items
                    .iter()
                    .map(|(name, item)| Some((key(name)?, item.build()?)));
                Value::Dict(Dict::new(items.collect::<Option<_>>()?))
            }
            Self::Set(items) => {
                let items = items.iter().map(|item| Some((key(item)?, Value::None)));
                Value::Set(Dict::new(items.collect::<Option<_>>()?))
            }
        })
    }
}

fn store(value: &Value, seen: &mut Vec<usize>) -> Option<Stored<'static>> {
    fn first(id: usize, seen: &mut Vec<usize>) -> Option<()> {
        let is_first = !seen.contains(&id);
        seen.push(id);
        is_first.then_some(())
    }
    let all = |items: &[Value], seen: &mut Vec<usize>| {
        items
            .iter()
            .map(|item| store(item, seen))
            .collect::<Option<Vec<_>>>()
    };
    Some(match value {
        Value::None => Stored::None,
        Value::Bool(yes) => Stored::Bool(*yes),
        Value::Int(number) => Stored::Int(*number),
        Value::BigInt(number) => Stored::BigInt(number.to_signed_bytes_le()),
        Value::Float(number) => Stored::Float(number.to_bits()),
        Value::Str(text) => Stored::Str(Cow::Owned(text.to_string())),
        Value::Bytes(bytes) => Stored::Bytes(Cow::Owned(bytes.to_vec())),
        Value::List(list) => {
            first(list.id(), seen)?;
            Stored::List(all(&list.read(), seen)?)
        }
        Value::Tuple(items) => Stored::Tuple(all(items, seen)?),
        Value::Dict(dict) => {
            first(dict.id(), seen)?;
            let items = dict.read();
            let items = items
                .iter()
                .map(|(key, item)| Some((store(key.value(), seen)?, store(item, seen)?)));
            Stored::Dict(items.collect::<Option<_>>()?)
        }
        Value::Set(dict) => {
            first(dict.id(), seen)?;
            let items = dict.read();
            let items = items.keys().map(|key| store(key.value(), seen));
            Stored::Set(items.collect::<Option<_>>()?)
        }
        Value::Undefined(_)
        | Value::Markup(_)
        | Value::Date(_)
        | Value::DateTime(_)
        | Value::Object(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn there_and_back(value: &Value) -> Option<Value> {
        let bytes = postcard::to_stdvec(&Stored::of(value)?).unwrap();
        postcard::from_bytes::<Stored<'_>>(&bytes).unwrap().value()
    }

    #[test]
    fn what_yaml_can_say_comes_back_as_it_was() {
        let text = "
            a: [1, -2, 1.5, .nan, true, null, 123456789012345678901234567890]
            b: {c: text, 1: two, 2.5: three}
            d: !!set {one, two}
            e: !!binary aGVsbG8=
            f: ''
        ";
        let value = yaml::load(text).unwrap();
        assert_eq!(there_and_back(&value), Some(value));
    }

    #[test]
    fn what_has_an_identity_that_shows_is_not_kept() {
        for text in ["2001-12-14", "a: &x [1]\nb: *x", "[2001-12-14 21:59:43]"] {
            assert_eq!(there_and_back(&yaml::load(text).unwrap()), None, "{text}");
        }
    }
}
