//! Methods of `markupsafe.Markup`: those of `str`, with escaped arguments and `Markup` results.

use std::sync::Arc;

use crate::{Args, Error, Result, Value, escape, format};

use super::{params, text};

pub(super) fn call(
    markup: &Arc<str>,
    receiver: &Value,
    name: &str,
    args: &Args,
) -> Result<Option<Value>> {
    let wrap = |text: String| Ok(Some(Value::Markup(text.into())));
    match name {
        "join" => {
            return wrap(text::join_escaped(
                markup,
                params::one("Markup", name, args)?,
            )?);
        }
        "format" => return wrap(format::markup_format(markup, args)?),
        "format_map" => {
            return wrap(format::markup_format_map(
                markup,
                params::one("Markup", name, args)?,
            )?);
        }
        "escape" => return escape::escape(params::one("Markup", name, args)?).map(Some),
        "unescape" => {
            params::none("Markup", name, args)?;
            return Ok(Some(unescape(markup)?.into()));
        }
        "striptags" => {
            params::none("Markup", name, args)?;
            return Ok(Some(striptags(markup)?.into()));
        }
        "__html__" => {
            params::none("Markup", name, args)?;
            return Ok(Some(receiver.clone()));
        }
        _ => {}
    }
    let escaped;
    let args = match name {
        // What is put in is escaped, what is looked for is not.
        "replace" | "ljust" | "rjust" | "center" => {
            let mut copy = args.clone();
            if let Some(argument) = copy.positional.get_mut(1) {
                *argument = escape::escape(argument)?;
            }
            escaped = copy;
            &escaped
        }
        _ => args,
    };
    let done = text::call(markup, receiver, name, args)?;
    Ok(match name {
        "encode" | "maketrans" | "__str__" => done,
        _ => done.map(as_markup),
    })
}

fn as_markup(value: Value) -> Value {
    match value {
        Value::Str(text) => Value::Markup(text),
        Value::List(list) => {
            Value::list(list.to_vec().into_iter().map(as_markup).collect::<Vec<_>>())
        }
        Value::Tuple(items) => Value::Tuple(items.iter().cloned().map(as_markup).collect()),
        other => other,
    }
}

/// `Markup(text).striptags()`
///
/// # Errors
/// See [`unescape`].
pub(crate) fn striptags(text: &str) -> Result<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        let tag = &rest[start..];
        let end = if let Some(comment) = tag.strip_prefix("<!--") {
            comment.find("-->").map(|end| end + 7)
        } else {
            tag.find('>').map(|end| end + 1)
        };
        let Some(end) = end else {
            break;
        };
        out.push_str(&rest[..start]);
        rest = &tag[end..];
    }
    out.push_str(rest);
    let words: Vec<&str> = out
        .split(crate::unicode::is_space)
        .filter(|word| !word.is_empty())
        .collect();
    unescape(&words.join(" "))
}

/// `html.unescape(text)` for numbers and the commonest names.
///
/// # Errors
/// [`crate::ErrorKind::Unsupported`] for what may be one of HTML's other two thousand names.
pub(crate) fn unescape(text: &str) -> Result<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let reference = &rest[at + 1..];
        if let Some(number) = reference.strip_prefix('#') {
            let used = numeric(number, &mut out);
            if used == 0 {
                out.push_str("&#");
            }
            rest = &number[used..];
        } else {
            let used = named(reference, &mut out)?;
            rest = &reference[used..];
        }
    }
    out.push_str(rest);
    Ok(out)
}

/// Reads a numeric reference; the answer is its length, 0 if it is none.
fn numeric(text: &str, out: &mut String) -> usize {
    let (radix, digits) = match text.strip_prefix(['x', 'X']) {
        Some(digits) => (16, digits),
        None => (10, text),
    };
    let length = digits
        .bytes()
        .take_while(|byte| char::from(*byte).is_digit(radix))
        .count();
    if length == 0 {
        return 0;
    }
    let code = u32::from_str_radix(&digits[..length], radix).unwrap_or(u32::MAX);
    match code {
        0 => out.push('\u{fffd}'),
        0x0d => out.push('\r'),
        0x80..=0x9f => out.push(windows_1252(code)),
        0x1..=0x8 | 0xb | 0xe..=0x1f | 0x7f | 0xfdd0..=0xfdef => {}
        _ if code & 0xfffe == 0xfffe && code <= 0x10_ffff => {}
        _ => out.push(char::from_u32(code).unwrap_or('\u{fffd}')),
    }
    let used = text.len() - digits.len() + length;
    used + usize::from(digits[length..].starts_with(';'))
}

/// HTML reads these numbers as Windows does.
fn windows_1252(code: u32) -> char {
    const CHARS: [char; 32] = [
        '\u{20ac}', '\u{81}', '\u{201a}', '\u{192}', '\u{201e}', '\u{2026}', '\u{2020}',
        '\u{2021}', '\u{2c6}', '\u{2030}', '\u{160}', '\u{2039}', '\u{152}', '\u{8d}', '\u{17d}',
        '\u{8f}', '\u{90}', '\u{2018}', '\u{2019}', '\u{201c}', '\u{201d}', '\u{2022}', '\u{2013}',
        '\u{2014}', '\u{2dc}', '\u{2122}', '\u{161}', '\u{203a}', '\u{153}', '\u{9d}', '\u{17e}',
        '\u{178}',
    ];
    CHARS[(code as usize - 0x80) % CHARS.len()]
}

/// Reads a named reference; the answer is its length.
fn named(text: &str, out: &mut String) -> Result<usize> {
    const NAMES: [(&str, char); 18] = [
        ("amp;", '&'),
        ("lt;", '<'),
        ("gt;", '>'),
        ("quot;", '"'),
        ("apos;", '\''),
        ("nbsp;", '\u{a0}'),
        ("copy;", '©'),
        ("reg;", '®'),
        ("trade;", '™'),
        ("hellip;", '…'),
        ("mdash;", '—'),
        ("ndash;", '–'),
        ("laquo;", '«'),
        ("raquo;", '»'),
        ("lsquo;", '‘'),
        ("rsquo;", '’'),
        ("ldquo;", '“'),
        ("rdquo;", '”'),
    ];
    if let Some((name, c)) = NAMES.iter().find(|(name, _)| text.starts_with(name)) {
        out.push(*c);
        return Ok(name.len());
    }
    if text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        let name: String = text
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        return Err(Error::unsupported(format!(
            "the HTML entity &{name}: not supported"
        )));
    }
    out.push('&');
    Ok(0)
}
