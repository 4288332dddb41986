//! Character classes as Python's `str` methods and its `re` module see them.

use values::{Args, Value, methods};

/// `\s`, and `str.isspace`: Unicode white space and the four ASCII separators.
pub(in crate::filters) fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// `\w`
pub(in crate::filters) fn is_word(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphanumeric() || c == '_' } else { asks(c, "isalnum") }
}

/// `\d`
pub(in crate::filters) fn is_decimal(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_digit() } else { asks(c, "isdecimal") }
}

/// The value of a decimal digit in any script, as `int` and `float` read it.
///
/// Unicode puts the digits of a script next to each other, zero first, so the distance to the first tells it.
pub(in crate::filters) fn decimal_value(c: char) -> Option<u32> {
    if c.is_ascii() {
        return c.to_digit(10);
    }
    if !is_decimal(c) {
        return None;
    }
    // The mathematical digits are five runs of ten that start at U+1D7CE.
    if ('\u{1d7ce}'..='\u{1d7ff}').contains(&c) {
        return Some((c as u32 - 0x1d7ce) % 10);
    }
    let below = (1..10).take_while(|back| {
        char::from_u32(c as u32 - back).is_some_and(is_decimal)
    });
    Some(below.count() as u32 % 10)
}

/// `len(text)`
pub(in crate::filters) fn length(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().count() }
}

/// Asks the data model about one character, so that its tables are the only ones.
fn asks(c: char, method: &str) -> bool {
    let text = Value::str(c.to_string());
    matches!(methods::call(&text, method, &Args::default()), Ok(Value::Bool(true)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_other_scripts_have_their_value() {
        let digits = "٣७𝟠𝟗";
        let values: Vec<_> = digits.chars().map(decimal_value).collect();
        assert_eq!(values, [Some(3), Some(7), Some(8), Some(9)]);
        assert_eq!(decimal_value('²'), None);
    }

    #[test]
    fn letters_of_all_scripts_are_words_and_marks_are_not() {
        assert!("aé漢_9½".chars().all(is_word));
        assert!(!"-\u{301}\u{a0}".chars().any(is_word));
    }
}
