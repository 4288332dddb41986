//! Case mappings of whole strings, as `CPython` makes them (final sigma included).

use super::{is_assigned, is_case_ignorable, is_cased, is_lower, is_upper, table};

/// Appends `to` unless it is a mapping that came after Unicode 14.
fn push(from: char, to: impl Iterator<Item = char> + Clone, out: &mut String) {
    if from.is_ascii() || (is_assigned(from) && to.clone().all(is_assigned)) {
        out.extend(to);
    } else {
        out.push(from);
    }
}

fn push_upper(c: char, out: &mut String) {
    push(c, c.to_uppercase(), out);
}

/// `at` is the byte offset of `c` in `text`: what is around a sigma decides on its form.
fn push_lower(text: &str, at: usize, c: char, out: &mut String) {
    if c == 'Σ' {
        let before = text[..at]
            .chars()
            .rev()
            .find(|c| !is_case_ignorable(*c))
            .is_some_and(is_cased);
        let after = text[at + c.len_utf8()..]
            .chars()
            .find(|c| !is_case_ignorable(*c))
            .is_some_and(is_cased);
        out.push(if before && !after { 'ς' } else { 'σ' });
    } else {
        push(c, c.to_lowercase(), out);
    }
}

fn lookup(table: &[(u32, &'static str)], c: char) -> Option<&'static str> {
    let index = table
        .binary_search_by_key(&(c as u32), |(code, _)| *code)
        .ok()?;
    Some(table[index].1)
}

fn push_title(c: char, out: &mut String) {
    match lookup(&table::TITLES, c) {
        Some(mapped) => out.push_str(mapped),
        None => push_upper(c, out),
    }
}

/// `str.upper`
pub(crate) fn upper(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_uppercase();
    }
    let mut out = String::with_capacity(text.len());
    text.chars().for_each(|c| push_upper(c, &mut out));
    out
}

/// `str.lower`
pub(crate) fn lower(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    text.char_indices()
        .for_each(|(at, c)| push_lower(text, at, c, &mut out));
    out
}

/// `str.casefold`
pub(crate) fn casefold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match lookup(&table::FOLDS, c) {
            Some(mapped) => out.push_str(mapped),
            None => push(c, c.to_lowercase(), &mut out),
        }
    }
    out
}

/// `str.capitalize`
pub(crate) fn capitalize(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        if at == 0 {
            push_title(c, &mut out);
        } else {
            push_lower(text, at, c, &mut out);
        }
    }
    out
}

/// `str.title`
pub(crate) fn title(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_word = false;
    for (at, c) in text.char_indices() {
        if in_word {
            push_lower(text, at, c, &mut out);
        } else {
            push_title(c, &mut out);
        }
        in_word = is_cased(c);
    }
    out
}

/// `str.swapcase`
pub(crate) fn swapcase(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        if is_upper(c) {
            push_lower(text, at, c, &mut out);
        } else if is_lower(c) {
            push_upper(c, &mut out);
        } else {
            out.push(c);
        }
    }
    out
}
