//! Questions to texts: `isalpha` and its kin.

use crate::{Args, Result, Value, unicode};

use super::super::params;

pub(super) fn call(text: &str, name: &str, args: &Args) -> Result<Option<Value>> {
    let all = |test: fn(char) -> bool| !text.is_empty() && text.chars().all(test);
    let answer = match name {
        "isalpha" => all(unicode::is_alpha),
        "isalnum" => {
            all(|c| unicode::is_alpha(c) || unicode::is_numeric(c) || unicode::is_digit(c))
        }
        "isdecimal" => all(unicode::is_decimal),
        "isdigit" => all(unicode::is_digit),
        "isnumeric" => all(unicode::is_numeric),
        "isspace" => all(unicode::is_space),
        "isascii" => text.is_ascii(),
        "isprintable" => text.chars().all(unicode::is_printable),
        "islower" => one_case(text, unicode::is_lower, unicode::is_upper),
        "isupper" => one_case(text, unicode::is_upper, unicode::is_lower),
        "istitle" => is_title(text),
        "isidentifier" => {
            let mut chars = text.chars();
            chars.next().is_some_and(unicode::is_id_start) && chars.all(unicode::is_id_continue)
        }
        _ => return Ok(None),
    };
    params::none("str", name, args)?;
    Ok(Some(answer.into()))
}

/// At least one letter of the one case, and none of the other.
fn one_case(text: &str, wanted: fn(char) -> bool, other: fn(char) -> bool) -> bool {
    let mut found = false;
    for c in text.chars() {
        if other(c) || unicode::is_title(c) {
            return false;
        }
        found |= wanted(c);
    }
    found
}

/// Capitals start words, and only they do.
fn is_title(text: &str) -> bool {
    let (mut in_word, mut found) = (false, false);
    for c in text.chars() {
        let capital = unicode::is_upper(c) || unicode::is_title(c);
        if capital && in_word {
            return false;
        }
        let small = unicode::is_lower(c);
        if small && !in_word {
            return false;
        }
        in_word = capital || small;
        found |= in_word;
    }
    found
}
