//! Filters that compare items with each other.

use std::cmp::Ordering;
use values::dict::Map;
use values::{Args, Key, Value, iter, ops, sort};

use super::attribute::{Path, lower};
use super::group::GroupTuple;
use super::python::{
    argument_error, call_method, flag, generator, given, index, iterate, plain_tuple, undefined,
};
use super::signature::bind;
use crate::{Result, State};

/// Sorts items that come with their keys.
fn sorted(items: Vec<(Value, Value)>, reverse: bool) -> Result<Vec<Value>> {
    Ok(sort::sort_keyed(items, reverse)?
        .into_iter()
        .map(|(_, item)| item)
        .collect())
}

/// The argument `reverse` of Python's `sorted`, which takes integers of C only.
fn reversing(reverse: Option<&Value>) -> Result<bool> {
    match reverse.map_or(Ok(0), index).map(i32::try_from)? {
        Ok(reverse) => Ok(reverse != 0),
        Err(_) => Err(values::Error::overflow("Python int too large to convert to C int").into()),
    }
}

/// `sort`
pub(super) fn sort(state: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    let names = ["reverse", "case_sensitive", "attribute"];
    let [reverse, case_sensitive, attribute] =
        bind("do_sort", &["environment", "value"], names, 0, args)?;
    let ignore_case = !flag(case_sensitive.as_ref())?;
    let paths = Path::several(attribute.as_ref())?;
    let paths: Vec<_> = paths
        .into_iter()
        .map(|path| path.ignoring_case(ignore_case))
        .collect();
    let items = iter::collect(value)?;
    let reverse = reversing(reverse.as_ref())?;
    let mut keyed = Vec::with_capacity(items.len());
    for item in items {
        let key = paths
            .iter()
            .map(|path| path.get(state, &item).map(plain_tuple))
            .collect::<Result<Vec<_>>>()?;
        keyed.push((Value::list(key), item));
    }
    Ok(Value::list(sorted(keyed, reverse)?))
}

/// `dictsort`
pub(super) fn dictsort(_: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    let names = ["case_sensitive", "by", "reverse"];
    let [case_sensitive, by, reverse] = bind("do_dictsort", &["value"], names, 0, args)?;
    let by_value = match by.as_ref() {
        None => false,
        Some(by) if ops::eq(by, &Value::str("key"))? => false,
        Some(by) if ops::eq(by, &Value::str("value"))? => true,
        Some(_) => {
            return Err(argument_error(
                "You can only sort by either \"key\" or \"value\"",
            ));
        }
    };
    let items = iter::collect(&call_method(value, "items", [])?)?;
    let reverse = reversing(reverse.as_ref())?;
    let mut keyed = Vec::with_capacity(items.len());
    for item in items {
        let key = values::attr::get_item(&item, &Value::Int(by_value.into()))?;
        let case_sensitive = flag(case_sensitive.as_ref())?;
        keyed.push((
            plain_tuple(if case_sensitive { key } else { lower(key) }),
            item,
        ));
    }
    Ok(Value::list(sorted(keyed, reverse)?))
}

/// `min`
pub(super) fn min(state: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    extreme(state, value, args, "do_min", "<", Ordering::Less)
}

/// `max`
pub(super) fn max(state: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    extreme(state, value, args, "do_max", ">", Ordering::Greater)
}

fn extreme(
    state: &mut State<'_>,
    value: &Value,
    args: &Args,
    function: &str,
    op: &str,
    better: Ordering,
) -> Result<Value> {
    let names = ["case_sensitive", "attribute"];
    let [case_sensitive, attribute] = bind(function, &["environment", "value"], names, 0, args)?;
    let mut items = iterate(value)?;
    let Some(first) = items.next() else {
        return Ok(undefined("No aggregated item, sequence was empty."));
    };
    let first = first?;
    let path = Path::new(attribute.as_ref())?.ignoring_case(!flag(case_sensitive.as_ref())?);
    let mut best_key = plain_tuple(path.get(state, &first)?);
    let mut best = first;
    for item in items {
        let item = item?;
        let key = plain_tuple(path.get(state, &item)?);
        if ops::compare(&key, &best_key, op)? == Some(better) {
            (best, best_key) = (item, key);
        }
    }
    Ok(best)
}

/// `unique`
pub(super) fn unique(state: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    let names = ["case_sensitive", "attribute"];
    let [case_sensitive, attribute] =
        bind("sync_do_unique", &["environment", "value"], names, 0, args)?;
    generator("sync_do_unique", |out| {
        let path = Path::new(attribute.as_ref())?.ignoring_case(!flag(case_sensitive.as_ref())?);
        let mut seen = Map::new();
        for item in iterate(value)? {
            let item = item?;
            let key = Key::new(plain_tuple(path.get(state, &item)?))?;
            if seen.insert(key, Value::None).is_none() {
                out.push(item);
            }
        }
        Ok(())
    })
}

/// `groupby`
pub(super) fn groupby(state: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    let names = ["attribute", "default", "case_sensitive"];
    let [attribute, default, case_sensitive] =
        bind("sync_do_groupby", &["environment", "value"], names, 1, args)?;
    let ignore_case = !flag(case_sensitive.as_ref())?;
    let path = Path::new(attribute.as_ref())?.or(given(default));
    let folded = path.clone().ignoring_case(ignore_case);
    let items = iter::collect(value)?;
    let key = |state: &mut State<'_>, item: &Value| folded.get(state, item).map(plain_tuple);
    let mut keyed = Vec::with_capacity(items.len());
    for item in items {
        keyed.push((key(state, &item)?, item));
    }
    let mut groups: Vec<(Value, Vec<Value>)> = Vec::new();
    for (key, item) in sort::sort_keyed(keyed, false)? {
        match groups.last_mut() {
            Some((last, group)) if ops::is(last, &key) || ops::eq(last, &key)? => group.push(item),
            _ => groups.push((key, vec![item])),
        }
    }
    let mut out = Vec::with_capacity(groups.len());
    for (key, group) in groups {
        let shown = match group.first() {
            Some(first) if ignore_case => path.get(state, first)?,
            _ => key,
        };
        out.push(GroupTuple::value(shown, group));
    }
    Ok(Value::list(out))
}
