//! Taking texts apart: `split`, `partition`, `splitlines` and their kin.

use crate::{Args, Error, Result, Value, unicode};

use super::super::params;
use super::{must_be_str, text_argument};

pub(super) fn call(text: &str, name: &str, args: &Args) -> Result<Option<Value>> {
    Ok(Some(match name {
        "split" | "rsplit" => {
            let [separator, limit] = params::named(name, args, ["sep", "maxsplit"], 0)?;
            let limit = limit.as_ref().map_or(Ok(-1), params::count)?;
            let limit = usize::try_from(limit).unwrap_or(usize::MAX);
            let parts = match &separator {
                None | Some(Value::None) if name == "split" => split_space(text, limit),
                None | Some(Value::None) => rsplit_space(text, limit),
                Some(separator) => {
                    let separator = text_argument(separator, |kind| {
                        format!("must be str or None, not {kind}")
                    })?;
                    if separator.is_empty() {
                        return Err(Error::value_error("empty separator"));
                    }
                    split_at(text, separator, limit, name == "rsplit")
                }
            };
            values(parts)
        }
        "splitlines" => {
            let [keep] = params::named(name, args, ["keepends"], 0)?;
            values(lines(text, params::switch(keep.as_ref())?))
        }
        "partition" => partition(text, params::one("str", name, args)?, false)?,
        "rpartition" => partition(text, params::one("str", name, args)?, true)?,
        _ => return Ok(None),
    }))
}

fn values(parts: Vec<&str>) -> Value {
    Value::list(parts.into_iter().map(Value::from).collect::<Vec<_>>())
}

fn split_at<'a>(text: &'a str, separator: &str, limit: usize, from_right: bool) -> Vec<&'a str> {
    let pieces = limit.saturating_add(1);
    if from_right {
        let mut parts: Vec<_> = text.rsplitn(pieces, separator).collect();
        parts.reverse();
        parts
    } else {
        text.splitn(pieces, separator).collect()
    }
}

/// Words; what is left after `limit` of them keeps its white space at the end, but not at the start.
fn split_space(text: &str, limit: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text.trim_start_matches(unicode::is_space);
    while !rest.is_empty() {
        if let Some(end) = rest.find(unicode::is_space).filter(|_| parts.len() < limit) {
            parts.push(&rest[..end]);
            rest = rest[end..].trim_start_matches(unicode::is_space);
        } else {
            parts.push(rest);
            break;
        }
    }
    parts
}

fn rsplit_space(text: &str, limit: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text.trim_end_matches(unicode::is_space);
    while !rest.is_empty() {
        if let Some((at, space)) = rest
            .char_indices()
            .rfind(|(_, c)| unicode::is_space(*c))
            .filter(|_| parts.len() < limit)
        {
            parts.push(&rest[at + space.len_utf8()..]);
            rest = rest[..at].trim_end_matches(unicode::is_space);
        } else {
            parts.push(rest);
            break;
        }
    }
    parts.reverse();
    parts
}

fn lines(text: &str, keep: bool) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (end, next) = match rest
            .char_indices()
            .find(|(_, c)| unicode::is_line_break(*c))
        {
            Some((at, _)) if rest[at..].starts_with("\r\n") => (at, at + 2),
            Some((at, c)) => (at, at + c.len_utf8()),
            None => (rest.len(), rest.len()),
        };
        parts.push(&rest[..if keep { next } else { end }]);
        rest = &rest[next..];
    }
    parts
}

fn partition(text: &str, separator: &Value, from_right: bool) -> Result<Value> {
    let separator = text_argument(separator, must_be_str)?;
    if separator.is_empty() {
        return Err(Error::value_error("empty separator"));
    }
    let found = if from_right {
        text.rsplit_once(separator)
    } else {
        text.split_once(separator)
    };
    let parts = match found {
        Some((before, after)) => [before, separator, after],
        None if from_right => ["", "", text],
        None => [text, "", ""],
    };
    Ok(Value::tuple(parts.map(Value::from)))
}
