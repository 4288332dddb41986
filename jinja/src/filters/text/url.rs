//! Percent-encoding.

use std::fmt::Write;

/// Percent-encodes all but letters, digits and `_.-~`. In a path `/` stays too; in a query a space is `+`.
pub(in crate::filters) fn quote(bytes: &[u8], for_query: bool) -> String {
    let mut out = String::with_capacity(bytes.len());
    for &byte in bytes {
        match byte {
            b'_' | b'.' | b'-' | b'~' => out.push(byte.into()),
            b'/' if !for_query => out.push('/'),
            b' ' if for_query => out.push('+'),
            _ if byte.is_ascii_alphanumeric() => out.push(byte.into()),
            // Writing to a string does not fail.
            _ => _ = write!(out, "%{byte:02X}"),
        }
    }
    out
}
