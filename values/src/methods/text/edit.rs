//! Changed texts: padding, stripping, replacing.

use crate::{Args, Error, Result, Value, limits, unicode};

use super::super::params;
use super::text_argument;

pub(super) fn call(text: &str, name: &str, args: &Args) -> Result<Option<Value>> {
    let edited = match name {
        "strip" | "lstrip" | "rstrip" => strip(
            text,
            name,
            params::positional("str", name, args, 0, 1)?.first(),
        )?
        .to_owned(),
        "replace" => replace(text, args)?,
        "removeprefix" | "removesuffix" => {
            let affix = params::one("str", name, args)?;
            let affix = text_argument(affix, |kind| {
                format!("{name}() argument must be str, not {kind}")
            })?;
            let rest = if name == "removeprefix" {
                text.strip_prefix(affix)
            } else {
                text.strip_suffix(affix)
            };
            rest.unwrap_or(text).to_owned()
        }
        "center" | "ljust" | "rjust" => justify(text, name, args)?,
        "zfill" => zfill(text, params::count(params::one("str", name, args)?)?)?,
        "expandtabs" => {
            let [size] = params::named(name, args, ["tabsize"], 0)?;
            let size = match &size {
                None => 8,
                Some(Value::BigInt(_)) => {
                    return Err(Error::overflow("Python int too large to convert to C int"));
                }
                Some(size) => params::count(size)?,
            };
            expandtabs(text, usize::try_from(size).unwrap_or(0))?
        }
        _ => return Ok(None),
    };
    Ok(Some(edited.into()))
}

fn strip<'a>(text: &'a str, name: &str, chars: Option<&Value>) -> Result<&'a str> {
    let chars = match chars {
        None | Some(Value::None) => None,
        Some(chars) => Some(text_argument(chars, |_| {
            format!("{name} arg must be None or str")
        })?),
    };
    let strips = |c: char| chars.map_or_else(|| unicode::is_space(c), |chars| chars.contains(c));
    Ok(match name {
        "lstrip" => text.trim_start_matches(strips),
        "rstrip" => text.trim_end_matches(strips),
        _ => text.trim_matches(strips),
    })
}

fn replace(text: &str, args: &Args) -> Result<String> {
    let values = params::positional("str", "replace", args, 2, 3)?;
    let argument = |index: usize| {
        text_argument(&values[index], |kind| {
            format!("replace() argument {} must be str, not {kind}", index + 1)
        })
    };
    let (old, new) = (argument(0)?, argument(1)?);
    let limit = values.get(2).map_or(Ok(-1), params::count)?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if new.len() > old.len() {
        let places = if old.is_empty() {
            text.len() + 1
        } else {
            text.len() / old.len()
        };
        // Only a text that might become too large is looked at twice.
        if places.min(limit).saturating_mul(new.len()) > limits::TEXT {
            let found = text.matches(old).count().min(limit);
            limits::product(new.len(), found, limits::TEXT, "the text")?;
        }
    }
    Ok(text.replacen(old, new, limit))
}

/// Adds `left` and `right` times `fill`.
fn pad(text: &str, left: usize, right: usize, fill: char) -> Result<String> {
    limits::product(
        left.saturating_add(right),
        fill.len_utf8(),
        limits::TEXT,
        "the text",
    )?;
    let mut out = String::with_capacity(text.len() + (left + right) * fill.len_utf8());
    out.extend(std::iter::repeat_n(fill, left));
    out.push_str(text);
    out.extend(std::iter::repeat_n(fill, right));
    Ok(out)
}

fn justify(text: &str, name: &str, args: &Args) -> Result<String> {
    let values = params::positional("str", name, args, 1, 2)?;
    let width = usize::try_from(params::count(&values[0])?).unwrap_or(0);
    let fill = match values.get(1) {
        None => ' ',
        Some(value) => {
            let fill = text_argument(value, |kind| {
                format!("The fill character must be a unicode character, not {kind}")
            })?;
            let mut chars = fill.chars();
            match (chars.next(), chars.next()) {
                (Some(fill), None) => fill,
                _ => {
                    return Err(Error::type_error(
                        "The fill character must be exactly one character long",
                    ));
                }
            }
        }
    };
    let padding = width.saturating_sub(text.chars().count());
    match name {
        "ljust" => pad(text, 0, padding, fill),
        "rjust" => pad(text, padding, 0, fill),
        _ => {
            // Where it is odd, the side depends on whether the width is odd, too.
            let left = padding / 2 + (padding & width & 1);
            pad(text, left, padding - left, fill)
        }
    }
}

fn zfill(text: &str, width: isize) -> Result<String> {
    let padding = usize::try_from(width)
        .unwrap_or(0)
        .saturating_sub(text.chars().count());
    let signed = usize::from(text.starts_with(['+', '-']));
    let (sign, digits) = text.split_at(signed);
    Ok([sign, &pad(digits, padding, 0, '0')?].concat())
}

fn expandtabs(text: &str, size: usize) -> Result<String> {
    let mut out = String::with_capacity(text.len());
    let mut column = 0;
    for c in text.chars() {
        match c {
            '\t' if size == 0 => {}
            '\t' => {
                let spaces = size - column % size;
                limits::product(out.len() + spaces, 1, limits::TEXT, "the text")?;
                out.extend(std::iter::repeat_n(' ', spaces));
                column += spaces;
            }
            _ => {
                out.push(c);
                column = if matches!(c, '\n' | '\r') {
                    0
                } else {
                    column + 1
                };
            }
        }
    }
    Ok(out)
}
