//! Character classes as Python's `str` methods and its `re` module see them.

use values::{Args, Value, methods};

/// `\s`, and `str.isspace`: Unicode white space and the four ASCII separators.
pub(in crate::filters) fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// `\w`
pub(in crate::filters) fn is_word(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphanumeric() || c == '_'
    } else {
        asks(c, "isalnum")
    }
}

/// `\d`
pub(in crate::filters) fn is_decimal(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_digit()
    } else {
        asks(c, "isdecimal")
    }
}

/// `len(text)`
pub(in crate::filters) fn length(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        text.chars().count()
    }
}

/// Asks the data model about one character, so that its tables are the only ones.
fn asks(c: char, method: &str) -> bool {
    let text = Value::str(c.to_string());
    matches!(
        methods::call(&text, method, &Args::default()),
        Ok(Value::Bool(true))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_all_scripts_are_words_and_marks_are_not() {
        assert!("aé漢_9½".chars().all(is_word));
        assert!(!"-\u{301}\u{a0}".chars().any(is_word));
    }
}
