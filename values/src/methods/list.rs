//! Methods of `list` and `tuple`.

use crate::{Args, Error, ErrorKind, List, Result, Value, iter, limits, ops, sort};

use super::params;

/// `None`: there is no such method here.
pub(super) fn call(list: &List, name: &str, args: &Args) -> Result<Option<Value>> {
    let none = || params::none("list", name, args);
    let one = || params::one("list", name, args);
    Ok(Some(match name {
        "append" => {
            list.write()?.push(one()?.clone());
            Value::None
        }
        "extend" => {
            extend(list, one()?)?;
            Value::None
        }
        "insert" => {
            let values = params::positional("list", name, args, 2, 2)?;
            let index = params::count(&values[0])?;
            let mut items = list.write()?;
            let len = items.len();
            let index = if index < 0 {
                len.saturating_sub(index.unsigned_abs())
            } else {
                index.unsigned_abs().min(len)
            };
            items.insert(index, values[1].clone());
            Value::None
        }
        "pop" => {
            let values = params::positional("list", name, args, 0, 1)?;
            let index = values.first().map_or(Ok(-1), params::count)?;
            let mut items = list.write()?;
            if items.is_empty() {
                return Err(Error::new(ErrorKind::Index, "pop from empty list"));
            }
            let index = crate::slice::position(index, items.len(), "pop index out of range")?;
            items.remove(index)
        }
        "remove" => {
            let wanted = one()?;
            let index = position_in(&list.to_vec(), wanted)?
                .ok_or_else(|| Error::value_error("list.remove(x): x not in list"))?;
            let mut items = list.write()?;
            if index < items.len() {
                items.remove(index);
            }
            Value::None
        }
        "clear" => {
            none()?;
            // Dropped without the lock: items may be the list itself.
            let items = std::mem::take(&mut *list.write()?);
            drop(items);
            Value::None
        }
        "copy" => {
            none()?;
            Value::list(list.to_vec())
        }
        "reverse" => {
            none()?;
            list.write()?.reverse();
            Value::None
        }
        "sort" => {
            sort(list, args)?;
            Value::None
        }
        "count" => count(&list.to_vec(), one()?)?,
        "index" => index("list", &list.to_vec(), args)?,
        _ => return Ok(None),
    }))
}

/// Methods of `tuple`.
pub(super) fn call_tuple(items: &[Value], name: &str, args: &Args) -> Result<Option<Value>> {
    Ok(Some(match name {
        "count" => count(items, params::one("tuple", name, args)?)?,
        "index" => index("tuple", items, args)?,
        _ => return Ok(None),
    }))
}

fn extend(list: &List, items: &Value) -> Result<()> {
    if let Value::List(_) | Value::Tuple(_) | Value::Dict(_) | Value::Set(_) = items {
        // Collected first: a list may be extended by itself.
        let items = iter::collect(items)?;
        limits::product(
            list.read().len() + items.len(),
            1,
            limits::ITEMS,
            "the list",
        )?;
        list.write()?.extend(items);
        return Ok(());
    }
    for item in iter::iterate(items)? {
        list.write()?.push(item?);
    }
    Ok(())
}

/// Where the first item is that equals `wanted`.
fn position_in(items: &[Value], wanted: &Value) -> Result<Option<usize>> {
    for (index, item) in items.iter().enumerate() {
        if ops::same(item, wanted)? {
            return Ok(Some(index));
        }
    }
    Ok(None)
}

fn count(items: &[Value], wanted: &Value) -> Result<Value> {
    let mut count = 0;
    for item in items {
        count += i64::from(ops::same(item, wanted)?);
    }
    Ok(count.into())
}

fn index(owner: &str, items: &[Value], args: &Args) -> Result<Value> {
    let values = params::positional(owner, "index", args, 1, 3)?;
    if values[1..].iter().any(|value| ops::index(value).is_none()) {
        return Err(Error::type_error(
            "slice indices must be integers or have an __index__ method",
        ));
    }
    if let Some((start, end)) = params::range(values.get(1), values.get(2), items.len())?
        && let Some(index) = position_in(&items[start..end], &values[0])?
    {
        return Ok((start + index).into());
    }
    Err(Error::value_error(match owner {
        "tuple" => "tuple.index(x): x not in tuple".to_owned(),
        _ => format!("{} is not in list", crate::repr::try_repr(&values[0])?),
    }))
}

fn sort(list: &List, args: &Args) -> Result<()> {
    if !args.positional.is_empty() {
        return Err(Error::type_error("sort() takes no positional arguments"));
    }
    let [key, reverse] = params::named("sort", args, ["key", "reverse"], 0)?;
    let reverse = params::switch(reverse.as_ref())?;
    if key.is_some_and(|key| !matches!(key, Value::None)) {
        return Err(Error::unsupported("list.sort() with a key: not supported"));
    }
    let items = list.to_vec();
    // Before the work: a frozen list is not sorted, not even if it is sorted already.
    drop(list.write()?);
    let sorted = sort::sort(items, reverse)?;
    *list.write()? = sorted;
    Ok(())
}
