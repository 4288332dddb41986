//! Methods of `bytes`: the useful ones.

use crate::{Args, Error, Result, Value, iter};

use super::{codec, params};

/// `None`: there is no such method here.
pub(super) fn call(bytes: &[u8], name: &str, args: &Args) -> Result<Option<Value>> {
    let none = || params::none("bytes", name, args);
    let one = || params::one("bytes", name, args);
    let all = |test: fn(&u8) -> bool| {
        none()?;
        Ok(Some(Value::from(
            !bytes.is_empty() && bytes.iter().all(test),
        )))
    };
    Ok(Some(match name {
        "decode" => codec::decode(bytes, args)?,
        "hex" => {
            if !args.is_empty() {
                return Err(Error::unsupported(
                    "bytes.hex() with a separator: not supported",
                ));
            }
            hex(bytes).into()
        }
        "upper" => {
            none()?;
            value(bytes.to_ascii_uppercase())
        }
        "lower" => {
            none()?;
            value(bytes.to_ascii_lowercase())
        }
        "isalpha" => return all(u8::is_ascii_alphabetic),
        "isalnum" => return all(u8::is_ascii_alphanumeric),
        "isdigit" => return all(u8::is_ascii_digit),
        "isspace" => return all(is_space),
        "isascii" => {
            none()?;
            bytes.is_ascii().into()
        }
        "find" => position(bytes, name, args, false)?.map_or(Value::Int(-1), Value::from),
        "rfind" => position(bytes, name, args, true)?.map_or(Value::Int(-1), Value::from),
        "index" => position(bytes, name, args, false)?
            .map(Value::from)
            .ok_or_else(not_found)?,
        "rindex" => position(bytes, name, args, true)?
            .map(Value::from)
            .ok_or_else(not_found)?,
        "count" => {
            let (part, _, wanted) = search(bytes, name, args)?;
            part.map_or(0, |part| count(part, &wanted)).into()
        }
        "startswith" => affix(bytes, name, args, <[u8]>::starts_with)?,
        "endswith" => affix(bytes, name, args, <[u8]>::ends_with)?,
        "strip" | "lstrip" | "rstrip" => strip(
            bytes,
            name,
            params::positional("bytes", name, args, 0, 1)?.first(),
        )?,
        "replace" => replace(bytes, params::positional("bytes", name, args, 2, 3)?)?,
        "join" => join(bytes, one()?)?,
        "split" => split(bytes, args)?,
        "removeprefix" | "removesuffix" => {
            let affix = bytes_argument(one()?)?;
            let rest = if name == "removeprefix" {
                bytes.strip_prefix(affix)
            } else {
                bytes.strip_suffix(affix)
            };
            value(rest.unwrap_or(bytes).to_vec())
        }
        "splitlines" => {
            let [keep] = params::named(name, args, ["keepends"], 0)?;
            split_lines(bytes, params::switch(keep.as_ref())?)
        }
        _ => return Ok(None),
    }))
}

fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        put!(out, "{byte:02x}");
    }
    out
}

fn value(bytes: Vec<u8>) -> Value {
    Value::Bytes(bytes.into())
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "iterators pass references"
)]
fn is_space(byte: &u8) -> bool {
    matches!(byte, b'\t'..=b'\r' | b' ')
}

fn not_found() -> Error {
    Error::value_error("subsection not found")
}

fn bytes_argument(value: &Value) -> Result<&[u8]> {
    match value {
        Value::Bytes(bytes) => Ok(bytes),
        _ => Err(Error::type_error(format!(
            "a bytes-like object is required, not '{}'",
            value.full_type_name()
        ))),
    }
}

/// The part that is searched, where it starts, and what is searched for.
#[allow(clippy::type_complexity, reason = "used here only")]
fn search<'a>(
    bytes: &'a [u8],
    name: &str,
    args: &Args,
) -> Result<(Option<&'a [u8]>, usize, Vec<u8>)> {
    let values = match args.positional.len() {
        1..=3 if args.keyword.is_empty() => &args.positional,
        0 => {
            return Err(Error::type_error(format!(
                "{name}() takes at least 1 argument (0 given)"
            )));
        }
        given => {
            return Err(Error::type_error(format!(
                "{name}() takes at most 3 arguments ({given} given)"
            )));
        }
    };
    let range = params::range(values.get(1), values.get(2), bytes.len())?;
    let wanted = match &values[0] {
        Value::Bytes(wanted) => wanted.to_vec(),
        other => match crate::ops::index(other) {
            Some(byte) => vec![
                u8::try_from(byte)
                    .map_err(|_| Error::value_error("byte must be in range(0, 256)"))?,
            ],
            None => {
                return Err(Error::type_error(format!(
                    "argument should be integer or bytes-like object, not '{}'",
                    other.full_type_name()
                )));
            }
        },
    };
    Ok((
        range.map(|(start, end)| &bytes[start..end]),
        range.map_or(0, |(start, _)| start),
        wanted,
    ))
}

fn find(part: &[u8], wanted: &[u8], last: bool) -> Option<usize> {
    if wanted.is_empty() {
        return Some(if last { part.len() } else { 0 });
    }
    let mut windows = part.windows(wanted.len());
    if last {
        windows.rposition(|window| window == wanted)
    } else {
        windows.position(|window| window == wanted)
    }
}

fn position(bytes: &[u8], name: &str, args: &Args, last: bool) -> Result<Option<usize>> {
    let (part, start, wanted) = search(bytes, name, args)?;
    Ok(part
        .and_then(|part| find(part, &wanted, last))
        .map(|index| start + index))
}

fn count(part: &[u8], wanted: &[u8]) -> usize {
    if wanted.is_empty() {
        part.len() + 1
    } else {
        pieces(part, wanted, usize::MAX).len() - 1
    }
}

/// The parts between the places where `separator` is.
fn pieces<'a>(bytes: &'a [u8], separator: &[u8], limit: usize) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    let mut rest = bytes;
    while parts.len() < limit {
        let Some(at) = find(rest, separator, false) else {
            break;
        };
        parts.push(&rest[..at]);
        rest = &rest[at + separator.len()..];
    }
    parts.push(rest);
    parts
}

fn affix(bytes: &[u8], name: &str, args: &Args, test: fn(&[u8], &[u8]) -> bool) -> Result<Value> {
    let values = params::positional("bytes", name, args, 1, 3)?;
    let range = params::range(values.get(1), values.get(2), bytes.len())?;
    let test = |affix: &[u8]| range.is_some_and(|(start, end)| test(&bytes[start..end], affix));
    match &values[0] {
        Value::Bytes(affix) => Ok(test(affix).into()),
        Value::Tuple(items) => {
            for item in items.iter() {
                if test(bytes_argument(item)?) {
                    return Ok(true.into());
                }
            }
            Ok(false.into())
        }
        other => Err(Error::type_error(format!(
            "{name} first arg must be bytes or a tuple of bytes, not {}",
            other.full_type_name()
        ))),
    }
}

fn strip(bytes: &[u8], name: &str, chars: Option<&Value>) -> Result<Value> {
    let chars = match chars {
        None | Some(Value::None) => None,
        Some(chars) => Some(bytes_argument(chars)?),
    };
    let strips = |byte: &u8| chars.map_or_else(|| is_space(byte), |chars| chars.contains(byte));
    let mut rest = bytes;
    while let ([first, tail @ ..], true) = (rest, name != "rstrip") {
        if !strips(first) {
            break;
        }
        rest = tail;
    }
    while let ([head @ .., last], true) = (rest, name != "lstrip") {
        if !strips(last) {
            break;
        }
        rest = head;
    }
    Ok(value(rest.to_vec()))
}

fn replace(bytes: &[u8], values: &[Value]) -> Result<Value> {
    let (old, new) = (bytes_argument(&values[0])?, bytes_argument(&values[1])?);
    let limit = values.get(2).map_or(Ok(-1), params::count)?;
    if old.is_empty() {
        return Err(Error::unsupported(
            "bytes.replace() of nothing: not supported",
        ));
    }
    let parts = pieces(bytes, old, usize::try_from(limit).unwrap_or(usize::MAX));
    crate::limits::product(parts.len(), new.len(), crate::limits::TEXT, "the bytes")?;
    Ok(value(parts.join(new)))
}

fn join(separator: &[u8], items: &Value) -> Result<Value> {
    let mut parts = Vec::new();
    for (index, item) in iter::iterate(items)?.enumerate() {
        match item? {
            Value::Bytes(part) => parts.push(part),
            other => {
                return Err(Error::type_error(format!(
                    "sequence item {index}: expected a bytes-like object, {} found",
                    other.full_type_name()
                )));
            }
        }
    }
    Ok(value(parts.join(separator)))
}

fn split(bytes: &[u8], args: &Args) -> Result<Value> {
    let [separator, limit] = params::named("split", args, ["sep", "maxsplit"], 0)?;
    let limit =
        usize::try_from(limit.as_ref().map_or(Ok(-1), params::count)?).unwrap_or(usize::MAX);
    let parts: Vec<&[u8]> = match &separator {
        None | Some(Value::None) if limit == usize::MAX => bytes
            .split(is_space)
            .filter(|part| !part.is_empty())
            .collect(),
        None | Some(Value::None) => {
            return Err(Error::unsupported(
                "bytes.split() by white space with a limit: not supported",
            ));
        }
        Some(separator) => {
            let separator = bytes_argument(separator)?;
            if separator.is_empty() {
                return Err(Error::value_error("empty separator"));
            }
            pieces(bytes, separator, limit)
        }
    };
    Ok(values(parts))
}

fn values(parts: Vec<&[u8]>) -> Value {
    Value::list(
        parts
            .into_iter()
            .map(|part| value(part.to_vec()))
            .collect::<Vec<_>>(),
    )
}

fn split_lines(bytes: &[u8], keep: bool) -> Value {
    let mut parts = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let end = rest
            .iter()
            .position(|byte| matches!(byte, b'\n' | b'\r'))
            .unwrap_or(rest.len());
        let next = if rest[end..].starts_with(b"\r\n") {
            end + 2
        } else {
            (end + 1).min(rest.len())
        };
        parts.push(&rest[..if keep { next } else { end }]);
        rest = &rest[next..];
    }
    values(parts)
}
