//! `str.encode` and `bytes.decode`: UTF-8, ASCII and Latin-1.

use crate::{Args, Error, Result, Value};

use super::params;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Codec {
    Utf8,
    Ascii,
    Latin1,
}

impl Codec {
    fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Ascii => "ascii",
            Self::Latin1 => "latin-1",
        }
    }

    fn limit(self) -> u32 {
        match self {
            Self::Utf8 => 0x11_0000,
            Self::Ascii => 128,
            Self::Latin1 => 256,
        }
    }
}

/// The codec and the error handler that the arguments name.
fn arguments(name: &str, args: &Args) -> Result<(Codec, String)> {
    let given = params::named(name, args, ["encoding", "errors"], 0)?;
    let text = |value: &Option<Value>, what: &str, default: &str| match value {
        None => Ok(default.to_owned()),
        Some(value) => value.as_str().map(str::to_owned).ok_or_else(|| {
            Error::type_error(format!(
                "{name}() argument '{what}' must be str, not {}",
                value.full_type_name()
            ))
        }),
    };
    let encoding = text(&given[0], "encoding", "utf-8")?;
    let errors = text(&given[1], "errors", "strict")?;
    let codec = match encoding
        .to_ascii_lowercase()
        .replace(['_', ' '], "-")
        .as_str()
    {
        "utf-8" | "utf8" | "u8" | "utf" | "cp65001" => Codec::Utf8,
        "ascii" | "us-ascii" | "646" => Codec::Ascii,
        "latin-1" | "latin1" | "iso-8859-1" | "iso8859-1" | "8859" | "cp819" | "latin" | "l1" => {
            Codec::Latin1
        }
        _ => {
            return Err(Error::unsupported(format!(
                "encoding {encoding}: not supported"
            )));
        }
    };
    Ok((codec, errors))
}

fn unknown_handler(errors: &str) -> Error {
    Error::unsupported(format!("error handler {errors}: not supported"))
}

/// `text.encode(…)`
pub(super) fn encode(text: &str, args: &Args) -> Result<Value> {
    let (codec, errors) = arguments("encode", args)?;
    let limit = codec.limit();
    if codec == Codec::Utf8 || text.is_ascii() {
        return Ok(Value::Bytes(text.as_bytes().into()));
    }
    let mut out = Vec::with_capacity(text.len());
    for (position, c) in text.chars().enumerate() {
        let code = c as u32;
        if code < limit {
            out.push(code as u8);
            continue;
        }
        match errors.as_str() {
            "strict" => {
                let bad = text
                    .chars()
                    .skip(position)
                    .take_while(|c| *c as u32 >= limit)
                    .count();
                return Err(cannot_encode(codec, c, position, bad));
            }
            "ignore" => {}
            "replace" => out.push(b'?'),
            "xmlcharrefreplace" => out.extend(format!("&#{code};").bytes()),
            "backslashreplace" => out.extend(escape(c).bytes()),
            _ => return Err(unknown_handler(&errors)),
        }
    }
    Ok(Value::Bytes(out.into()))
}

fn escape(c: char) -> String {
    let code = c as u32;
    match code {
        0..=0xff => format!("\\x{code:02x}"),
        0x100..=0xffff => format!("\\u{code:04x}"),
        _ => format!("\\U{code:08x}"),
    }
}

fn cannot_encode(codec: Codec, c: char, position: usize, count: usize) -> Error {
    let what = if count == 1 {
        format!("character '{}' in position {position}", escape(c))
    } else {
        format!("characters in position {position}-{}", position + count - 1)
    };
    Error::value_error(format!(
        "'{}' codec can't encode {what}: ordinal not in range({})",
        codec.name(),
        codec.limit()
    ))
}

fn cannot_decode(codec: Codec, bytes: &[u8], start: usize, count: usize, reason: &str) -> Error {
    let what = if count == 1 {
        format!("byte 0x{:02x} in position {start}", bytes[start])
    } else {
        format!("bytes in position {start}-{}", start + count - 1)
    };
    Error::value_error(format!(
        "'{}' codec can't decode {what}: {reason}",
        codec.name()
    ))
}

/// `bytes.decode(…)`
pub(super) fn decode(bytes: &[u8], args: &Args) -> Result<Value> {
    let (codec, errors) = arguments("decode", args)?;
    if codec == Codec::Latin1 {
        return Ok(bytes
            .iter()
            .map(|byte| char::from(*byte))
            .collect::<String>()
            .into());
    }
    let mut out = String::with_capacity(bytes.len());
    let mut done = 0;
    while done < bytes.len() {
        let rest = &bytes[done..];
        let (valid, bad, reason) = if codec == Codec::Utf8 {
            invalid_utf8(rest)
        } else {
            let valid = rest.iter().take_while(|byte| byte.is_ascii()).count();
            (
                valid,
                usize::from(valid < rest.len()),
                "ordinal not in range(128)",
            )
        };
        out.push_str(std::str::from_utf8(&rest[..valid]).unwrap_or_default());
        if bad == 0 {
            break;
        }
        match errors.as_str() {
            "strict" => return Err(cannot_decode(codec, bytes, done + valid, bad, reason)),
            "ignore" => {}
            "replace" => out.push('\u{fffd}'),
            "backslashreplace" => rest[valid..valid + bad]
                .iter()
                .for_each(|byte| put!(out, "\\x{byte:02x}")),
            _ => return Err(unknown_handler(&errors)),
        }
        done += valid + bad;
    }
    Ok(out.into())
}

/// How many bytes are valid, how many after that are not, and why.
fn invalid_utf8(bytes: &[u8]) -> (usize, usize, &'static str) {
    let Err(error) = std::str::from_utf8(bytes) else {
        return (bytes.len(), 0, "");
    };
    let valid = error.valid_up_to();
    let Some(bad) = error.error_len() else {
        return (valid, bytes.len() - valid, "unexpected end of data");
    };
    let starts = matches!(bytes[valid], 0xc2..=0xf4);
    (
        valid,
        bad,
        if starts {
            "invalid continuation byte"
        } else {
            "invalid start byte"
        },
    )
}
