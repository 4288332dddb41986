//! Resolving HTML character references, by the rules of HTML 5 for valid and invalid ones.

use std::collections::HashMap;
use std::sync::OnceLock;

/// One reference a line: its name without `&`, a space, its code points in hexadecimal.
/// Written by `tests/generate_entities.py`. Names that HTML accepts without `;` occur twice.
const TABLE: &str = include_str!("entities.txt");

/// The longest name that is looked for, `;` not counted.
const LONGEST: usize = 32;

fn table() -> &'static HashMap<&'static str, String> {
    static NAMES: OnceLock<HashMap<&'static str, String>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let text = |points: &str| {
            let codes = points
                .split(' ')
                .filter_map(|hex| u32::from_str_radix(hex, 16).ok());
            codes.filter_map(char::from_u32).collect::<String>()
        };
        TABLE
            .lines()
            .filter_map(|line| line.split_once(' '))
            .map(|(name, points)| (name, text(points)))
            .collect()
    })
}

/// `html.unescape`
pub(in crate::filters) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let body = &rest[at + 1..];
        let used = reference(body, &mut out);
        if used == 0 {
            out.push('&');
        }
        rest = &body[used..];
    }
    out.push_str(rest);
    out
}

/// Resolves the reference at the start of `body`, which follows a `&`: how many bytes of it that took.
fn reference(body: &str, out: &mut String) -> usize {
    if let Some(number) = body.strip_prefix('#') {
        let (radix, digits, start) = match number.strip_prefix(['x', 'X']) {
            Some(hex) if hex.starts_with(|c: char| c.is_ascii_hexdigit()) => (16, hex, 2),
            _ => (10, number, 1),
        };
        let len = digits
            .find(|c: char| !c.is_digit(radix))
            .unwrap_or(digits.len());
        if len == 0 {
            return 0;
        }
        // A number that does not fit is as much out of range as any other too large one.
        out.push_str(&numeric(
            u32::from_str_radix(&digits[..len], radix).unwrap_or(u32::MAX),
        ));
        return start + len + usize::from(digits[len..].starts_with(';'));
    }
    let ends = |c: char| matches!(c, '\t' | '\n' | '\x0c' | ' ' | '<' | '&' | '#' | ';');
    let name_len: usize = body
        .chars()
        .take(LONGEST)
        .take_while(|c| !ends(*c))
        .map(char::len_utf8)
        .sum();
    if name_len == 0 {
        return 0;
    }
    let candidate = &body[..name_len + usize::from(body[name_len..].starts_with(';'))];
    let names = table();
    if let Some(text) = names.get(candidate) {
        out.push_str(text);
        return candidate.len();
    }
    // What no entity is called may still start with the name of one that needs no `;`.
    for (len, _) in candidate.char_indices().rev() {
        if candidate[..len].chars().nth(1).is_none() {
            break;
        }
        if let Some(text) = names.get(&candidate[..len]) {
            out.push_str(text);
            out.push_str(&candidate[len..]);
            return candidate.len();
        }
    }
    out.push('&');
    out.push_str(candidate);
    candidate.len()
}

/// The text of a numeric reference.
fn numeric(code: u32) -> String {
    // What browsers read as Windows-1252: 0x80 to 0x9f.
    const WINDOWS: [u32; 32] = [
        0x20ac, 0x81, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039,
        0x152, 0x8d, 0x17d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
        0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0x9d, 0x17e, 0x178,
    ];
    let code = match code {
        0 => 0xfffd,
        0x80..=0x9f => WINDOWS[(code - 0x80) as usize],
        0x1..=0x8 | 0xb | 0xe..=0x1f | 0x7f | 0xfdd0..=0xfdef => return String::new(),
        _ if code <= 0x10_ffff && code & 0xfffe == 0xfffe => return String::new(),
        _ => code,
    };
    char::from_u32(code).unwrap_or('\u{fffd}').to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_resolved_as_browsers_do() {
        assert_eq!(
            unescape("&amp;&lt;&notit;&#x80;&#0;&#1114112;&#x1;&unknown; & &;"),
            "&<¬it;€\u{fffd}\u{fffd}&unknown; & &;"
        );
    }
}
