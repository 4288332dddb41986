//! Methods of `dict` and of its views.

use crate::dict::Map;
use crate::views::{Kind, View};
use crate::{Args, Dict, Error, ErrorKind, Key, Result, Value, iter, ops};

use super::params;

/// `None`: there is no such method here.
pub(super) fn call(dict: &Dict, name: &str, args: &Args) -> Result<Option<Value>> {
    let none = || params::none("dict", name, args);
    let up_to_two = || params::positional("dict", name, args, 1, 2);
    let view = |kind| {
        none()?;
        Ok(Some(View::value(dict, kind)))
    };
    Ok(Some(match name {
        "keys" => return view(Kind::Keys),
        "values" => return view(Kind::Values),
        "items" => return view(Kind::Items),
        "get" => {
            let values = up_to_two()?;
            let key = Key::new(values[0].clone())?;
            let found = dict.read().get(&key).cloned();
            found.unwrap_or_else(|| values.get(1).cloned().unwrap_or(Value::None))
        }
        "setdefault" => {
            let values = up_to_two()?;
            let key = Key::new(values[0].clone())?;
            let found = dict.read().get(&key).cloned();
            if let Some(found) = found {
                found
            } else {
                let default = values.get(1).cloned().unwrap_or(Value::None);
                dict.write()?.insert(key, default.clone());
                default
            }
        }
        "pop" => {
            let values = up_to_two()?;
            // An empty dictionary does not ask for the hash.
            let found = if dict.write()?.is_empty() {
                None
            } else {
                let key = Key::new(values[0].clone())?;
                dict.write()?.shift_remove(&key)
            };
            match found.or_else(|| values.get(1).cloned()) {
                Some(value) => value,
                None => return Err(Error::key(&values[0])),
            }
        }
        "popitem" => {
            none()?;
            let Some((key, value)) = dict.write()?.pop() else {
                return Err(Error::new(
                    ErrorKind::Key,
                    "'popitem(): dictionary is empty'",
                ));
            };
            Value::tuple([key.into_value(), value])
        }
        "update" => {
            update(dict, name, args)?;
            Value::None
        }
        "clear" => {
            none()?;
            // Dropped without the lock: values may be the dictionary itself.
            let items = std::mem::take(&mut *dict.write()?);
            drop(items);
            Value::None
        }
        "copy" => {
            none()?;
            let items = dict.read().clone();
            Value::Dict(Dict::new(items))
        }
        "fromkeys" => {
            let values = params::positional("dict", name, args, 1, 2)?;
            let value = values.get(1).cloned().unwrap_or(Value::None);
            let mut items = Map::new();
            for key in iter::iterate(&values[0])? {
                items.insert(Key::new(key?)?, value.clone());
            }
            Value::Dict(Dict::new(items))
        }
        _ => return Ok(None),
    }))
}

fn update(dict: &Dict, name: &str, args: &Args) -> Result<()> {
    if args.positional.len() > 1 {
        return Err(Error::type_error(format!(
            "{name} expected at most 1 argument, got {}",
            args.positional.len()
        )));
    }
    // Even an update by nothing is a change.
    drop(dict.write()?);
    match args.positional.first() {
        None => {}
        Some(Value::Dict(other)) => {
            let items = other.read().clone();
            dict.write()?.extend(items);
        }
        Some(pairs) => {
            for (index, pair) in iter::iterate(pairs)?.enumerate() {
                let (key, value) = key_and_value(&pair?, index)?;
                dict.write()?.insert(key, value);
            }
        }
    }
    let mut items = dict.write()?;
    for (name, value) in &args.keyword {
        items.insert(Key::str(name), value.clone());
    }
    Ok(())
}

/// The key and value that an item of a sequence of pairs is.
fn key_and_value(pair: &Value, index: usize) -> Result<(Key, Value)> {
    let items = iter::collect(pair).map_err(|error| match error.kind {
        ErrorKind::Type => Error::type_error(format!(
            "cannot convert dictionary update sequence element #{index} to a sequence"
        )),
        _ => error,
    })?;
    let [key, value] = <[Value; 2]>::try_from(items).map_err(|items| {
        Error::value_error(format!(
            "dictionary update sequence element #{index} has length {}; 2 is required",
            items.len()
        ))
    })?;
    Ok((Key::new(key)?, value))
}

/// `dict(pairs, **items)`: the items of a dictionary or of a sequence of pairs, and more.
///
/// # Errors
/// As `dict` raises them.
pub fn new_dict(args: &Args) -> Result<Dict> {
    let dict = Dict::default();
    update(&dict, "dict", args)?;
    Ok(dict)
}

/// Methods of views.
pub(super) fn call_view(receiver: &Value, name: &str, args: &Args) -> Result<Option<Value>> {
    let Some(view) = receiver.downcast::<View>() else {
        return Ok(None);
    };
    match name {
        "isdisjoint" if view.kind != Kind::Values => {
            let other = params::one(view.kind.type_name(), name, args)?;
            for item in iter::iterate(other)? {
                if ops::contains(receiver, &item?)? {
                    return Ok(Some(false.into()));
                }
            }
            Ok(Some(true.into()))
        }
        _ => Ok(None),
    }
}
