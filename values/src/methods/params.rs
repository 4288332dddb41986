//! Arguments of methods that `CPython` has in C: how it counts and converts them, and what it says of wrong ones.

use crate::{Args, Error, Result, Value, ops, slice};

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

fn no_keywords(owner: &str, name: &str, args: &Args) -> Result<()> {
    if args.keyword.is_empty() {
        return Ok(());
    }
    Err(Error::type_error(format!(
        "{owner}.{name}() takes no keyword arguments"
    )))
}

/// No arguments.
pub(super) fn none(owner: &str, name: &str, args: &Args) -> Result<()> {
    no_keywords(owner, name, args)?;
    match args.positional.len() {
        0 => Ok(()),
        count => Err(Error::type_error(format!(
            "{owner}.{name}() takes no arguments ({count} given)"
        ))),
    }
}

/// Exactly one argument.
pub(super) fn one<'a>(owner: &str, name: &str, args: &'a Args) -> Result<&'a Value> {
    no_keywords(owner, name, args)?;
    match args.positional.as_slice() {
        [value] => Ok(value),
        given => Err(Error::type_error(format!(
            "{owner}.{name}() takes exactly one argument ({} given)",
            given.len()
        ))),
    }
}

/// `min` to `max` positional arguments.
pub(super) fn positional<'a>(
    owner: &str,
    name: &str,
    args: &'a Args,
    min: usize,
    max: usize,
) -> Result<&'a [Value]> {
    no_keywords(owner, name, args)?;
    let count = args.positional.len();
    if (min..=max).contains(&count) {
        return Ok(&args.positional);
    }
    let (bound, limit) = if count < min {
        ("at least ", min)
    } else {
        ("at most ", max)
    };
    let bound = if min == max { "" } else { bound };
    Err(Error::type_error(format!(
        "{name} expected {bound}{limit} argument{}, got {count}",
        plural(limit)
    )))
}

/// Arguments that may be given by name, all of them with defaults but the first `required`.
pub(super) fn named<const N: usize>(
    name: &str,
    args: &Args,
    names: [&str; N],
    required: usize,
) -> Result<[Option<Value>; N]> {
    let given = args.positional.len() + args.keyword.len();
    if given > N {
        return Err(Error::type_error(format!(
            "{name}() takes at most {N} argument{} ({given} given)",
            plural(N)
        )));
    }
    let mut bound: [Option<Value>; N] =
        std::array::from_fn(|index| args.positional.get(index).cloned());
    for (key, value) in &args.keyword {
        let Some(index) = names.iter().position(|name| name == key) else {
            return Err(Error::type_error(format!(
                "'{key}' is an invalid keyword argument for {name}()"
            )));
        };
        if bound[index].is_some() {
            return Err(Error::type_error(format!(
                "argument for {name}() given by name ('{key}') and position ({})",
                index + 1
            )));
        }
        bound[index] = Some(value.clone());
    }
    if let Some(index) = (0..required).find(|index| bound[*index].is_none()) {
        return Err(Error::type_error(format!(
            "{name}() missing required argument '{}' (pos {})",
            names[index],
            index + 1
        )));
    }
    Ok(bound)
}

/// An argument that counts something.
pub(super) fn count(value: &Value) -> Result<isize> {
    match value {
        Value::BigInt(_) => Err(Error::overflow(
            "Python int too large to convert to C ssize_t",
        )),
        _ => ops::index(value).ok_or_else(|| not_an_integer(value)),
    }
}

pub(super) fn not_an_integer(value: &Value) -> Error {
    Error::type_error(format!(
        "'{}' object cannot be interpreted as an integer",
        value.full_type_name()
    ))
}

/// An argument that is a switch: `bool` or an integer.
pub(super) fn switch(value: Option<&Value>) -> Result<bool> {
    match value {
        None => Ok(false),
        Some(Value::BigInt(_)) => Err(Error::overflow("Python int too large to convert to C int")),
        Some(value) => Ok(value.as_i64().ok_or_else(|| not_an_integer(value))? != 0),
    }
}

/// The optional `start` and `end` of a search in `len` items: the range of positions that a slice would have. `None`
/// if the start is beyond the end of all.
pub(super) fn range(
    start: Option<&Value>,
    end: Option<&Value>,
    len: usize,
) -> Result<Option<(usize, usize)>> {
    let none = Value::None;
    let clamp = |value: Option<&Value>, default: usize| -> Result<usize> {
        Ok(match slice::slice_index(value.unwrap_or(&none))? {
            None => default,
            Some(index) if index < 0 => len.saturating_sub(index.unsigned_abs()),
            Some(index) => index.unsigned_abs(),
        })
    };
    let (start, end) = (clamp(start, 0)?, clamp(end, len)?.min(len));
    Ok((start <= end).then_some((start, end)))
}
