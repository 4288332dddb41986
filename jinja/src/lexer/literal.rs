//! Numbers and strings, as Python reads them.

use num_bigint::BigInt;
use values::Value;

use crate::{Error, ErrorKind};

/// Python's limit for decimal literals (`sys.get_int_max_str_digits`).
const MAX_DIGITS: usize = 4300;

/// The length of digits with single underscores between them.
fn digits(bytes: &[u8]) -> usize {
    let mut at = 0;
    loop {
        let run = bytes[at..]
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count();
        if run == 0 {
            return at.saturating_sub(1);
        }
        at += run;
        if bytes.get(at) != Some(&b'_') {
            return at;
        }
        at += 1;
    }
}

/// The length of the float that `text`, which starts with a digit, starts with.
pub(super) fn float_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let whole = digits(bytes);
    let mut at = whole;
    if bytes.get(at) == Some(&b'.') {
        let fraction = digits(&bytes[at + 1..]);
        if fraction > 0 {
            at += 1 + fraction;
        }
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let exponent = bytes.get(at + 1 + sign..).map_or(0, digits);
        if exponent > 0 {
            return Some(at + 1 + sign + exponent);
        }
    }
    (at > whole).then_some(at)
}

/// The value of a float literal.
pub(super) fn float(text: &str) -> Value {
    Value::Float(text.replace('_', "").parse().unwrap_or(f64::INFINITY))
}

/// The length of the integer that `text`, which starts with a digit, starts with.
pub(super) fn integer_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    // Digits of which each may have an underscore before it.
    let run = |from: usize, is_digit: fn(u8) -> bool| {
        let mut at = from;
        loop {
            let next = at + usize::from(bytes.get(at) == Some(&b'_'));
            match bytes.get(next) {
                Some(b) if is_digit(*b) => at = next + 1,
                _ => return at,
            }
        }
    };
    let prefixed = |is_digit: fn(u8) -> bool| Some(run(2, is_digit)).filter(|end| *end > 2);
    if bytes[0] != b'0' {
        return run(1, |b| b.is_ascii_digit());
    }
    let prefixed = match bytes.get(1) {
        Some(b'b' | b'B') => prefixed(|b| matches!(b, b'0' | b'1')),
        Some(b'o' | b'O') => prefixed(|b| (b'0'..=b'7').contains(&b)),
        Some(b'x' | b'X') => prefixed(|b| b.is_ascii_hexdigit()),
        _ => None,
    };
    prefixed.unwrap_or_else(|| run(1, |b| b == b'0'))
}

/// The value of an integer literal.
pub(super) fn integer(text: &str) -> Result<Value, Error> {
    let clean = text.replace('_', "");
    let (digits, radix) = match clean.as_bytes().get(1) {
        Some(b'b' | b'B') => (&clean[2..], 2),
        Some(b'o' | b'O') => (&clean[2..], 8),
        Some(b'x' | b'X') => (&clean[2..], 16),
        _ => (&clean[..], 10),
    };
    if radix == 10 && digits.len() > MAX_DIGITS {
        return Err(Error::value_error(format!(
            "Exceeds the limit ({MAX_DIGITS} digits) for integer string conversion: value has {} digits; \
             use sys.set_int_max_str_digits() to increase the limit",
            digits.len()
        )));
    }
    if let Ok(small) = i64::from_str_radix(digits, radix) {
        return Ok(Value::Int(small));
    }
    BigInt::parse_bytes(digits.as_bytes(), radix)
        .map(Value::big)
        .ok_or_else(|| {
            Error::value_error(format!("invalid literal for int() with base 0: '{clean}'"))
        })
}

/// The length of the string literal that `text`, which starts with a quote, starts with; with its quotes.
pub(super) fn string_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 1;
    loop {
        match bytes.get(at)? {
            b'\\' => at += 2,
            b if *b == bytes[0] => return Some(at + 1),
            _ => at += 1,
        }
    }
}

/// Resolves escapes as Python's codec `unicode-escape` does after `backslashreplace`.
pub(super) fn unescape(text: &str) -> Result<String, Error> {
    let fail = |message: &str| Err(Error::new(ErrorKind::Syntax, message));
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(c) = rest.chars().next() else {
            return fail("\\ at end of string");
        };
        rest = &rest[c.len_utf8()..];
        match c {
            '\n' => {}
            '\\' | '\'' | '"' => out.push(c),
            'a' => out.push('\x07'),
            'b' => out.push('\x08'),
            'f' => out.push('\x0c'),
            'n' => out.push('\n'),
            'r' => out.push('\r'),
            't' => out.push('\t'),
            'v' => out.push('\x0b'),
            '0'..='7' => {
                let more = rest
                    .bytes()
                    .take(2)
                    .take_while(|b| (b'0'..=b'7').contains(b))
                    .count();
                let code = format!("{c}{}", &rest[..more]);
                rest = &rest[more..];
                out.extend(u32::from_str_radix(&code, 8).ok().and_then(char::from_u32));
            }
            'x' | 'u' | 'U' => {
                let (length, message) = match c {
                    'x' => (2, "truncated \\xXX escape"),
                    'u' => (4, "truncated \\uXXXX escape"),
                    _ => (8, "truncated \\UXXXXXXXX escape"),
                };
                let hex = rest
                    .bytes()
                    .take(length)
                    .take_while(u8::is_ascii_hexdigit)
                    .count();
                if hex < length {
                    return fail(message);
                }
                let code = u32::from_str_radix(&rest[..length], 16).unwrap_or(u32::MAX);
                rest = &rest[length..];
                match char::from_u32(code) {
                    Some(c) => out.push(c),
                    None if code > 0x10_ffff => return fail("illegal Unicode character"),
                    None => return Err(Error::unsupported("a lone surrogate in a string")),
                }
            }
            'N' => {
                let named = rest
                    .strip_prefix('{')
                    .is_some_and(|name| name.find('}').is_some_and(|at| at > 0));
                if !named {
                    return fail("malformed \\N character escape");
                }
                return Err(Error::unsupported(
                    "\\N{...} in a string: write the character itself",
                ));
            }
            // Was turned into an escape of its own, whose backslash is now escaped.
            _ if !c.is_ascii() => {
                let code = u32::from(c);
                let written = match code {
                    0..=0xff => format!("\\x{code:02x}"),
                    0x100..=0xffff => format!("\\u{code:04x}"),
                    _ => format!("\\U{code:08x}"),
                };
                out.push_str(&written);
            }
            _ => {
                out.push('\\');
                out.push(c);
            }
        }
    }
    out.push_str(rest);
    Ok(out)
}
