//! `repr` of `str` and `bytes`.

use std::fmt::Write;

use crate::unicode;

/// `repr(str)`
pub fn str_repr(value: &str) -> String {
    let mut out = String::with_capacity(value.len() + 2);
    write_repr(value, &mut out);
    out
}

/// Single quotes, unless there are only single quotes inside.
fn quote_for(bytes: &[u8]) -> char {
    if bytes.contains(&b'\'') && !bytes.contains(&b'"') {
        '"'
    } else {
        '\''
    }
}

pub(super) fn write_repr(text: &str, out: &mut String) {
    let quote = quote_for(text.as_bytes());
    out.push(quote);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => out.push_str("\\\\"),
            _ if c == quote => out.extend(['\\', c]),
            _ if unicode::is_printable(c) => out.push(c),
            _ => write_escape(c, out),
        }
    }
    out.push(quote);
}

/// Writing into a `String` does not fail.
fn write_escape(c: char, out: &mut String) {
    let code = c as u32;
    let _ = match code {
        0..=0xff => write!(out, "\\x{code:02x}"),
        0x100..=0xffff => write!(out, "\\u{code:04x}"),
        _ => write!(out, "\\U{code:08x}"),
    };
}

/// Appends a text with everything escaped that is not ASCII: `ascii(value)` of the `repr`.
pub(crate) fn write_ascii(repr: &str, out: &mut String) {
    for c in repr.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            write_escape(c, out);
        }
    }
}

/// `repr(bytes)`
pub(crate) fn bytes_repr(bytes: &[u8]) -> String {
    let quote = quote_for(bytes);
    let mut out = String::with_capacity(bytes.len() + 3);
    out.push('b');
    out.push(quote);
    for &byte in bytes {
        match byte {
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            b'\\' => out.push_str("\\\\"),
            _ if char::from(byte) == quote => out.extend(['\\', quote]),
            b' '..=b'~' => out.push(byte.into()),
            _ => {
                // Writing into a `String` does not fail.
                let _ = write!(out, "\\x{byte:02x}");
            }
        }
    }
    out.push(quote);
    out
}
