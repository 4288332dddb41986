//! Tags, and which tag a scalar without quotes has by its look: the rules of YAML 1.1 as `PyYAML` has them.
//!
//! Reading and writing share these rules: a text is written without quotes only if it would be read as text.

use std::borrow::Cow;

/// What the tags of YAML itself start with.
pub(crate) const PREFIX: &str = "tag:yaml.org,2002:";

/// The type of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Tag<'a> {
    Null,
    Bool,
    Int,
    Float,
    Binary,
    Timestamp,
    Omap,
    Pairs,
    Set,
    Str,
    Seq,
    Map,
    /// `<<`
    Merge,
    /// `=`
    Value,
    /// `!`: the type is to be found out.
    Unspecific,
    /// A tag of YAML itself that we know no more about, without [`PREFIX`].
    OtherStandard(Cow<'a, str>),
    Other(Cow<'a, str>),
}

impl<'a> Tag<'a> {
    pub(crate) fn new(text: Cow<'a, str>) -> Self {
        if text == "!" {
            return Self::Unspecific;
        }
        match text {
            Cow::Borrowed(text) => match text.strip_prefix(PREFIX) {
                Some(rest) => Self::standard(Cow::Borrowed(rest)),
                None => Self::Other(Cow::Borrowed(text)),
            },
            Cow::Owned(text) => match text.strip_prefix(PREFIX) {
                Some(rest) => Self::standard(Cow::Owned(rest.to_owned())),
                None => Self::Other(Cow::Owned(text)),
            },
        }
    }

    /// The tag that is [`PREFIX`] and `suffix`.
    pub(crate) fn standard(suffix: Cow<'a, str>) -> Self {
        match suffix.as_ref() {
            "null" => Self::Null,
            "bool" => Self::Bool,
            "int" => Self::Int,
            "float" => Self::Float,
            "binary" => Self::Binary,
            "timestamp" => Self::Timestamp,
            "omap" => Self::Omap,
            "pairs" => Self::Pairs,
            "set" => Self::Set,
            "str" => Self::Str,
            "seq" => Self::Seq,
            "map" => Self::Map,
            "merge" => Self::Merge,
            "value" => Self::Value,
            _ => Self::OtherStandard(suffix),
        }
    }

    /// The tag written short: `!!int`. For tags that have no short form, and for messages, the whole text.
    pub(crate) fn short(&self) -> Cow<'_, str> {
        Cow::Borrowed(match self {
            Self::Null => "!!null",
            Self::Bool => "!!bool",
            Self::Int => "!!int",
            Self::Float => "!!float",
            Self::Binary => "!!binary",
            Self::Timestamp => "!!timestamp",
            Self::Omap => "!!omap",
            Self::Pairs => "!!pairs",
            Self::Set => "!!set",
            Self::Str => "!!str",
            Self::Seq => "!!seq",
            Self::Map => "!!map",
            Self::Merge => "!!merge",
            Self::Value => "!!value",
            Self::Unspecific => "!",
            Self::OtherStandard(suffix) => return Cow::Owned(format!("!!{suffix}")),
            Self::Other(text) => text,
        })
    }

    /// The whole text of the tag.
    pub(crate) fn full(&self) -> String {
        let short = self.short();
        match short.strip_prefix("!!") {
            Some(suffix) if !matches!(self, Self::Other(_)) => format!("{PREFIX}{suffix}"),
            _ => short.into_owned(),
        }
    }
}

/// The tag of a plain scalar. Also of one that ends with a line break, which Python's `$` overlooks.
pub(crate) fn implicit(text: &str) -> Tag<'static> {
    let Some(first) = text.bytes().next() else {
        return Tag::Null;
    };
    let text = text.strip_suffix('\n').unwrap_or(text);
    match first {
        b'+' | b'-' | b'.' | b'0'..=b'9' => number(text, first),
        b'~' if text == "~" => Tag::Null,
        b'n' | b'N' if matches!(text, "null" | "Null" | "NULL") => Tag::Null,
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O'
            if to_bool(text).is_some() =>
        {
            Tag::Bool
        }
        b'<' if text == "<<" => Tag::Merge,
        b'=' if text == "=" => Tag::Value,
        _ => Tag::Str,
    }
}

fn to_bool(text: &str) -> Option<bool> {
    Some(match text {
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => true,
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => false,
        _ => return None,
    })
}

fn number(text: &str, first: u8) -> Tag<'static> {
    if is_int(text) {
        Tag::Int
    } else if is_float(text) {
        Tag::Float
    } else if first.is_ascii_digit() && is_timestamp(text) {
        Tag::Timestamp
    } else {
        Tag::Str
    }
}

/// Splits what consists of `part` off the start.
fn split(text: &str, part: impl Fn(u8) -> bool) -> (&str, &str) {
    let len = text.bytes().take_while(|byte| part(*byte)).count();
    text.split_at_checked(len).unwrap_or((text, ""))
}

fn digit(byte: u8) -> bool {
    byte.is_ascii_digit()
}

fn digit_or_underscore(byte: u8) -> bool {
    byte.is_ascii_digit() || byte == b'_'
}

fn all(text: &str, part: impl Fn(u8) -> bool) -> bool {
    !text.is_empty() && text.bytes().all(part)
}

/// `:30`, repeated, each below 60: the rest after it, `None` if there is none.
fn strip_sixties(mut text: &str) -> Option<&str> {
    let mut found = None;
    while let Some(rest) = text.strip_prefix(':') {
        let (digits, rest) = split(rest, digit);
        if !matches!(digits.as_bytes(), [_] | [b'0'..=b'5', _]) {
            return None;
        }
        text = rest;
        found = Some(rest);
    }
    found
}

fn is_int(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    if let Some(bits) = text.strip_prefix("0b") {
        return all(bits, |byte| matches!(byte, b'0' | b'1' | b'_'));
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return all(digits, |byte| byte.is_ascii_hexdigit() || byte == b'_');
    }
    if let Some(octal) = text.strip_prefix('0') {
        return octal.bytes().all(|byte| matches!(byte, b'0'..=b'7' | b'_'));
    }
    let (digits, rest) = split(text, digit_or_underscore);
    digits.as_bytes().first().is_some_and(u8::is_ascii_digit)
        && (rest.is_empty() || strip_sixties(rest) == Some(""))
}

fn is_exponent(text: &str) -> bool {
    text.strip_prefix(['e', 'E'])
        .and_then(|rest| rest.strip_prefix(['+', '-']))
        .is_some_and(|digits| all(digits, digit))
}

fn is_float(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if let Some(rest) = unsigned.strip_prefix('.') {
        if matches!(rest, "inf" | "Inf" | "INF") {
            return true;
        }
        let (fraction, exponent) = split(rest, digit_or_underscore);
        return unsigned.len() == text.len()
            && (matches!(rest, "nan" | "NaN" | "NAN")
                || (fraction.as_bytes().first().is_some_and(u8::is_ascii_digit)
                    && (exponent.is_empty() || is_exponent(exponent))));
    }
    let (digits, rest) = split(unsigned, digit_or_underscore);
    if !digits.as_bytes().first().is_some_and(u8::is_ascii_digit) {
        return false;
    }
    if let Some(rest) = rest.strip_prefix('.') {
        let (_, exponent) = split(rest, digit_or_underscore);
        return exponent.is_empty() || is_exponent(exponent);
    }
    strip_sixties(rest)
        .and_then(|rest| rest.strip_prefix('.'))
        .is_some_and(|fraction| fraction.bytes().all(digit_or_underscore))
}

fn is_timestamp(text: &str) -> bool {
    match crate::timestamp::Parts::parse(text) {
        Some(parts) => parts.time.is_some() || text.len() == "2001-01-01".len(),
        None => false,
    }
}
