//! Methods of `set`.
//!
//! Sets here keep the order of insertion. Python's order depends on hashes; those of texts are random.

use crate::dict::Map;
use crate::{Args, Dict, Error, ErrorKind, Key, Result, Value, iter};

use super::params;

/// The items of any iterable, as a set.
fn items(value: &Value) -> Result<Map> {
    if let Value::Dict(other) | Value::Set(other) = value {
        return Ok(other
            .read()
            .keys()
            .map(|key| (key.clone(), Value::None))
            .collect());
    }
    iter::iterate(value)?
        .map(|item| Ok((Key::new(item?)?, Value::None)))
        .collect()
}

/// `None`: there is no such method here.
pub(super) fn call(set: &Dict, name: &str, args: &Args) -> Result<Option<Value>> {
    let none = || params::none("set", name, args);
    let one = || params::one("set", name, args);
    let many = || params::positional("set", name, args, 0, usize::MAX);
    // Copied: an argument may be the set itself.
    let copy = || set.read().clone();
    let new = |map: Map| Value::Set(Dict::new(map));
    let replace = |map: Map| {
        *set.write()? = map;
        Ok(Some(Value::None))
    };
    Ok(Some(match name {
        "add" => {
            let key = Key::new(one()?.clone())?;
            set.write()?.entry(key).or_insert(Value::None);
            Value::None
        }
        "discard" | "remove" => {
            let value = one()?;
            // A set is looked up as the frozenset of its items, and no set here contains one.
            let found = match value {
                Value::Set(_) => false,
                _ => set
                    .write()?
                    .shift_remove(&Key::new(value.clone())?)
                    .is_some(),
            };
            if !found && name == "remove" {
                return Err(Error::key(value));
            }
            Value::None
        }
        "pop" => {
            none()?;
            let popped = set.write()?.shift_remove_index(0);
            match popped {
                Some((key, _)) => key.into_value(),
                None => return Err(Error::new(ErrorKind::Key, "'pop from an empty set'")),
            }
        }
        "clear" => {
            none()?;
            return replace(Map::new());
        }
        "copy" => {
            none()?;
            new(copy())
        }
        "union" => new(union(copy(), many()?)?),
        "update" => return replace(union(copy(), many()?)?),
        "intersection" => new(intersection(copy(), many()?)?),
        "intersection_update" => return replace(intersection(copy(), many()?)?),
        "difference" => new(difference(copy(), many()?)?),
        "difference_update" => return replace(difference(copy(), many()?)?),
        "symmetric_difference" => new(symmetric_difference(copy(), items(one()?)?)),
        "symmetric_difference_update" => {
            return replace(symmetric_difference(copy(), items(one()?)?));
        }
        "isdisjoint" => {
            let other = items(one()?)?;
            copy().keys().all(|key| !other.contains_key(key)).into()
        }
        "issubset" => {
            let other = items(one()?)?;
            copy().keys().all(|key| other.contains_key(key)).into()
        }
        "issuperset" => {
            let items = copy();
            self::items(one()?)?
                .keys()
                .all(|key| items.contains_key(key))
                .into()
        }
        _ => return Ok(None),
    }))
}

fn union(mut set: Map, others: &[Value]) -> Result<Map> {
    for other in others {
        for (key, value) in items(other)? {
            set.entry(key).or_insert(value);
        }
    }
    Ok(set)
}

fn intersection(mut set: Map, others: &[Value]) -> Result<Map> {
    for other in others {
        let other = items(other)?;
        set.retain(|key, _| other.contains_key(key));
    }
    Ok(set)
}

fn difference(mut set: Map, others: &[Value]) -> Result<Map> {
    for other in others {
        let other = items(other)?;
        set.retain(|key, _| !other.contains_key(key));
    }
    Ok(set)
}

fn symmetric_difference(mut set: Map, other: Map) -> Map {
    for (key, value) in other {
        if set.shift_remove(&key).is_none() {
            set.insert(key, value);
        }
    }
    set
}
