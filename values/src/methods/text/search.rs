//! Finding in texts: `find`, `index`, `count`, `startswith` and their kin.

use crate::{Args, Error, Result, Value, slice};

use super::super::params;
use super::{must_be_str, text_argument};

pub(super) fn call(text: &str, name: &str, args: &Args) -> Result<Option<Value>> {
    Ok(Some(match name {
        "find" => search(text, name, args, find)?.map_or(Value::Int(-1), Value::from),
        "rfind" => search(text, name, args, rfind)?.map_or(Value::Int(-1), Value::from),
        "index" => search(text, name, args, find)?
            .map(Value::from)
            .ok_or_else(not_found)?,
        "rindex" => search(text, name, args, rfind)?
            .map(Value::from)
            .ok_or_else(not_found)?,
        "count" => search(text, name, args, |_, part, wanted| {
            Some(count(part, wanted))
        })?
        .unwrap_or(0)
        .into(),
        "startswith" => affix(text, name, args, |text, affix| text.starts_with(affix))?,
        "endswith" => affix(text, name, args, |text, affix| text.ends_with(affix))?,
        _ => return Ok(None),
    }))
}

fn not_found() -> Error {
    Error::value_error("substring not found")
}

/// The number of characters before `offset`.
fn chars_before(text: &str, offset: usize) -> usize {
    text[..offset].chars().count()
}

fn find(before: usize, part: &str, wanted: &str) -> Option<usize> {
    part.find(wanted)
        .map(|offset| before + chars_before(part, offset))
}

fn rfind(before: usize, part: &str, wanted: &str) -> Option<usize> {
    part.rfind(wanted)
        .map(|offset| before + chars_before(part, offset))
}

fn count(part: &str, wanted: &str) -> usize {
    if wanted.is_empty() {
        part.chars().count() + 1
    } else {
        part.matches(wanted).count()
    }
}

fn arguments<'a>(name: &str, args: &'a Args) -> Result<&'a [Value]> {
    if !args.keyword.is_empty() {
        return Err(Error::type_error(format!(
            "str.{name}() takes no keyword arguments"
        )));
    }
    match args.positional.len() {
        0 => Err(Error::type_error(format!(
            "{name}() takes at least 1 argument (0 given)"
        ))),
        1..=3 => Ok(&args.positional),
        count => Err(Error::type_error(format!(
            "{name}() takes at most 3 arguments ({count} given)"
        ))),
    }
}

/// The part of the text between two optional positions, and how many characters are before it. `None` if the start is
/// beyond the end: nothing is found there, not even nothing.
fn text_range<'a>(
    text: &'a str,
    start: Option<&Value>,
    end: Option<&Value>,
) -> Result<Option<(usize, &'a str)>> {
    if matches!(
        (start, end),
        (None | Some(Value::None), None | Some(Value::None))
    ) {
        return Ok(Some((0, text)));
    }
    let range = params::range(start, end, text.chars().count())?;
    Ok(range.map(|(start, end)| {
        (
            start,
            &text[slice::offset(text, start)..slice::offset(text, end)],
        )
    }))
}

fn search(
    text: &str,
    name: &str,
    args: &Args,
    find: fn(usize, &str, &str) -> Option<usize>,
) -> Result<Option<usize>> {
    let values = arguments(name, args)?;
    let range = text_range(text, values.get(1), values.get(2))?;
    let wanted = text_argument(&values[0], must_be_str)?;
    Ok(range.and_then(|(before, part)| find(before, part, wanted)))
}

fn affix(text: &str, name: &str, args: &Args, test: fn(&str, &str) -> bool) -> Result<Value> {
    let values = arguments(name, args)?;
    let range = text_range(text, values.get(1), values.get(2))?;
    let test = |affix: &str| range.is_some_and(|(_, part)| test(part, affix));
    if let Value::Tuple(items) = &values[0] {
        for item in items.iter() {
            let item = text_argument(item, |kind| {
                format!("tuple for {name} must only contain str, not {kind}")
            })?;
            if test(item) {
                return Ok(true.into());
            }
        }
        return Ok(false.into());
    }
    let item = text_argument(&values[0], |kind| {
        format!("{name} first arg must be str or a tuple of str, not {kind}")
    })?;
    Ok(test(item).into())
}
