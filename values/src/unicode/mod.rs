//! What Python knows of characters: classes, digits and case mappings of Unicode 14.
//!
//! Case mappings are Rust's, restricted to what existed in Unicode 14; everything else comes from a table
//! that `tools/unicode.py` reads off `CPython`. Knows nothing of values.

mod case;
mod table;

pub(crate) use case::{capitalize, casefold, lower, swapcase, title, upper};

fn class(c: char) -> u16 {
    let key = (c as u32) << 11 | 0x7ff;
    let run = table::CLASSES.partition_point(|run| *run <= key);
    table::SETS[(table::CLASSES[run.saturating_sub(1)] & 0x7ff) as usize]
}

macro_rules! tests {
    ($($(#[$doc:meta])* $name:ident => $flag:ident;)*) => {
        $($(#[$doc])* pub(crate) fn $name(c: char) -> bool { class(c) & table::$flag != 0 })*
    };
}
tests! {
    /// `str.isalpha` of one character.
    is_alpha => ALPHA;
    /// `str.isdecimal` of one character.
    is_decimal => DECIMAL;
    /// `str.isdigit` of one character.
    is_digit => DIGIT;
    /// `str.isnumeric` of one character.
    is_numeric => NUMERIC;
    /// `str.islower` of one character.
    is_lower => LOWER;
    /// `str.isupper` of one character.
    is_upper => UPPER;
    /// Whether the character is a titlecase letter.
    is_title => TITLE;
    /// Whether an identifier may start with it.
    is_id_start => ID_START;
    /// Whether an identifier may go on with it.
    is_id_continue => ID_CONTINUE;
    is_assigned => ASSIGNED;
    is_cased => CASED;
    is_case_ignorable => CASE_IGNORABLE;
}

/// `str.isprintable` of one character.
pub(crate) fn is_printable(c: char) -> bool {
    if c.is_ascii() {
        !c.is_ascii_control()
    } else {
        class(c) & table::PRINTABLE != 0
    }
}

/// `str.isspace` of one character: what `str.split` and `str.strip` take for white space.
pub(crate) fn is_space(c: char) -> bool {
    matches!(c, '\t'..='\r' | '\x1c'..='\x20')
        || (!c.is_ascii()
            && matches!(
                c,
                '\u{85}' | '\u{a0}' | '\u{1680}' | '\u{2000}'
                    ..='\u{200a}' | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
            ))
}

/// Whether `str.splitlines` breaks a line here.
pub(crate) fn is_line_break(c: char) -> bool {
    matches!(c, '\n'..='\r' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// The value of a decimal digit of any script.
pub(crate) fn decimal(c: char) -> Option<u32> {
    if c.is_ascii() {
        return c.to_digit(10);
    }
    let code = c as u32;
    let next = table::ZEROS.partition_point(|zero| *zero <= code);
    let zero = *table::ZEROS.get(next.checked_sub(1)?)?;
    (code - zero < 10).then_some(code - zero)
}
