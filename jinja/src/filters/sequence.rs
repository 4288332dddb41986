//! Filters that take sequences apart or put them together.

use values::object::elsewhere;
use values::{Args, Value, escape, iter, ops};

use super::attribute::Path;
use super::group::GroupTuple;
use super::python::{
    argument_error, call_method, generator, given, index, is_there_a, iterate, soft_text, text,
    undefined, undefined_error,
};
use super::range::{self, Range};
use super::signature::{bind, bind_builtin};
use crate::{Error, Result, State, is_undefined};

/// The most items that `batch` and `slice` make up.
const MAX_ITEMS: i64 = 1 << 22;

/// `length`, `count`
pub(super) fn length(_: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    bind_builtin("len", args)?;
    Ok(ops::len(value)?.into())
}

/// `list`
pub(super) fn list(_: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    bind::<0>("sync_do_list", &["value"], [], 0, args)?;
    Ok(Value::list(iter::collect(value)?))
}

/// `first`
pub(super) fn first(_: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    bind::<0>("sync_do_first", &["environment", "seq"], [], 0, args)?;
    match iterate(value)?.next() {
        Some(item) => Ok(item?),
        None => Ok(undefined("No first item, sequence was empty.")),
    }
}

/// `last`
pub(super) fn last(_: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    bind::<0>("do_last", &["environment", "seq"], [], 0, args)?;
    let found = match reversed(value)? {
        Some(items) => iterate(&items)?.next(),
        None => {
            return Err(Error::type_error(format!(
                "'{}' object is not reversible",
                value.type_name()
            )));
        }
    };
    match found {
        Some(item) => Ok(item?),
        None => Ok(undefined("No last item, sequence was empty.")),
    }
}

/// `reversed(value)`, `None` where that is a `TypeError`.
fn reversed(value: &Value) -> Result<Option<Value>> {
    match elsewhere("reversed", &[value]) {
        Some(Ok(items)) => {
            let repr = String::from("<reversed object at 0x0>");
            return Ok(Some(iter::generator(
                "reversed",
                repr,
                iter::collect(&items)?,
                None,
            )));
        }
        Some(Err(error)) if error.kind == values::ErrorKind::Type => return Ok(None),
        Some(Err(error)) => return Err(error.into()),
        None => {}
    }
    let name = match value {
        Value::List(_) => "list_reverseiterator",
        Value::Dict(_) => "dict_reversekeyiterator",
        Value::Tuple(_) | Value::Str(_) | Value::Markup(_) | Value::Bytes(_) => "reversed",
        Value::Object(_) => match value.type_name() {
            "dict_keys" => "dict_reversekeyiterator",
            "dict_values" => "dict_reversevalueiterator",
            "dict_items" => "dict_reverseitemiterator",
            _ if value.downcast::<GroupTuple>().is_some() => "reversed",
            _ => {
                if let Some(error) = undefined_error(value) {
                    return Err(error);
                }
                return value.downcast::<Range>().map(range::reversed).transpose();
            }
        },
        _ => return undefined_error(value).map_or(Ok(None), Err),
    };
    let mut items = iter::collect(value)?;
    items.reverse();
    let repr = format!("<{name} object at 0x7f0000000000>");
    Ok(Some(iter::generator(name, repr, items, None)))
}

/// `reverse`
pub(super) fn reverse(_: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    bind::<0>("do_reverse", &["value"], [], 0, args)?;
    if value.as_str().is_some() {
        return Ok(values::attr::get_slice(
            value,
            &Value::None,
            &Value::None,
            &Value::Int(-1),
        )?);
    }
    if let Some(items) = reversed(value)? {
        return Ok(items);
    }
    match iter::collect(value) {
        Ok(mut items) => {
            items.reverse();
            Ok(Value::list(items))
        }
        Err(error) if error.kind == values::ErrorKind::Type => {
            Err(argument_error("argument must be iterable"))
        }
        Err(error) => Err(error.into()),
    }
}

/// `join`
pub(super) fn join(state: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    let [separator, attribute] = bind(
        "sync_do_join",
        &["eval_ctx", "value"],
        ["d", "attribute"],
        0,
        args,
    )?;
    let separator = separator.unwrap_or_else(|| Value::str(""));
    let path = Path::new(attribute.as_ref())?;
    let is_markup = |value: &Value| matches!(value, Value::Markup(_));
    if !state.autoescape() {
        let given = given(attribute).is_some();
        let items = if given { Some(iterate(value)?) } else { None };
        let separator = text(&separator)?;
        let separator = separator.as_str().unwrap_or_default();
        let mut out = String::new();
        for (number, item) in items.map_or_else(|| iterate(value), Ok)?.enumerate() {
            if number > 0 {
                out.push_str(separator);
            }
            values::repr::write_str(&path.get(state, &item?)?, &mut out)?;
        }
        return Ok(out.into());
    }
    let mut items = Vec::new();
    for item in iterate(value)? {
        items.push(path.get(state, &item?)?);
    }
    let escapes = is_markup(&separator) || items.iter().any(is_markup);
    let separator = match (is_markup(&separator), escapes) {
        (false, true) => escape::escape(&separator)?,
        (false, false) => text(&separator)?,
        (true, _) => separator,
    };
    for item in &mut items {
        *item = soft_text(item)?;
    }
    call_method(&separator, "join", [Value::list(items)])
}

/// `random`
pub(super) fn random(state: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    bind::<0>("do_random", &["context", "seq"], [], 0, args)?;
    let len = ops::len(value)?;
    if len == 0 {
        return Ok(undefined("No random item, sequence was empty."));
    }
    let pick = state.host().random_below(len as u64)?;
    Ok(values::attr::get_item(value, &Value::Int(pick as i64))?)
}

/// `items`
pub(super) fn items(_: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    bind::<0>("do_items", &["value"], [], 0, args)?;
    generator("do_items", |out| match value {
        Value::Dict(dict) => {
            let pairs = dict.read();
            out.extend(
                pairs
                    .iter()
                    .map(|(key, value)| Value::tuple([key.value().clone(), value.clone()])),
            );
            Ok(())
        }
        _ if is_undefined(value) => Ok(()),
        _ if is_there_a(value, "mapping") => {
            out.extend(iter::collect(&call_method(value, "items", [])?)?);
            Ok(())
        }
        _ => Err(Error::type_error("Can only get item pairs from a mapping.")),
    })
}

/// `batch`
pub(super) fn batch(_: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    let [count, fill_with] = bind("do_batch", &["value"], ["linecount", "fill_with"], 1, args)?;
    let count = count.unwrap_or(Value::None);
    let fill_with = given(fill_with);
    generator("do_batch", |out| {
        let mut row = Vec::new();
        for item in iterate(value)? {
            let item = item?;
            if ops::eq(&Value::from(row.len()), &count)? {
                out.push(Value::list(std::mem::take(&mut row)));
            }
            row.push(item);
        }
        if row.is_empty() {
            return Ok(());
        }
        if let Some(filler) = fill_with {
            let len = Value::from(row.len());
            if ops::compare(&len, &count, "<")? == Some(std::cmp::Ordering::Less) {
                // A list is repeated a whole number of times only.
                let missing = ops::mul(&Value::list([filler]), &ops::sub(&count, &len)?)?;
                row.extend(iter::collect(&missing)?);
            }
        }
        out.push(Value::list(row));
        Ok(())
    })
}

/// `slice`
pub(super) fn slice(_: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    let [slices, fill_with] = bind(
        "sync_do_slice",
        &["value"],
        ["slices", "fill_with"],
        1,
        args,
    )?;
    let slices = slices.unwrap_or(Value::None);
    let fill_with = given(fill_with);
    generator("sync_do_slice", |out| {
        let items = iter::collect(value)?;
        let len = Value::from(items.len());
        ops::floordiv(&len, &slices)?;
        ops::modulo(&len, &slices)?;
        let slices = index(&slices)?;
        if slices > MAX_ITEMS {
            return Err(values::Error::too_large("the slices").into());
        }
        // Zero slices were a division by zero already; of fewer than none there are none.
        let slices = slices.max(0) as usize;
        let mut start = 0;
        for number in 0..slices {
            let longer = number < items.len() % slices;
            let end = start + items.len() / slices + usize::from(longer);
            let mut column = items.get(start..end).unwrap_or_default().to_vec();
            if let Some(filler) = &fill_with
                && !longer
            {
                column.push(filler.clone());
            }
            out.push(Value::list(column));
            start = end;
        }
        Ok(())
    })
}
