//! In which ways a text can be written.

use crate::cursor::is_blank_or_end;

/// What matters for the choice of quotes.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent answers about one text"
)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Analysis {
    /// How many characters there are.
    pub(super) len: usize,
    pub(super) multiline: bool,
    pub(super) allows_plain: bool,
    pub(super) allows_single_quoted: bool,
    pub(super) allows_literal: bool,
}

/// What ends a line when a text is written; a carriage return is escaped instead.
pub(super) fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether `c` has to be escaped. `PyYAML` leaves the last code point out of its range.
fn is_special(c: char) -> bool {
    !matches!(c, '\n' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{fffd}' | '\u{10000}'..='\u{10fffe}')
        || c == '\u{feff}'
}

/// Analyzes a text that is written outside brackets, which is where all texts are.
pub(super) fn analyze(text: &str) -> Analysis {
    let Some(first) = text.chars().next() else {
        return Analysis {
            len: 0,
            multiline: false,
            allows_plain: true,
            allows_single_quoted: true,
            allows_literal: false,
        };
    };
    let mut indicators = text.starts_with("---") || text.starts_with("...");
    let mut special = false;
    let mut multiline = false;
    let mut space_after_break = false;
    let mut break_after_space = false;
    let mut previous = None;
    let mut len = 0;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        len += 1;
        let spaced_after = || chars.clone().next().is_none_or(is_blank_or_end);
        indicators |= match (previous, c) {
            (
                None,
                '#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%'
                | '@' | '`',
            ) => true,
            (None, '?' | ':' | '-') | (Some(_), ':') => spaced_after(),
            (Some(previous), '#') => is_blank_or_end(previous),
            _ => false,
        };
        special |= is_special(c);
        if is_break(c) {
            multiline = true;
            break_after_space |= previous == Some(' ');
        } else if c == ' ' {
            space_after_break |= previous.is_some_and(is_break);
        }
        previous = Some(c);
    }
    let last = previous.unwrap_or(first);
    let spaced_edges = [first, last].into_iter().any(|c| c == ' ' || is_break(c));
    let escapes = break_after_space || special;
    Analysis {
        len,
        multiline,
        allows_plain: !(spaced_edges || space_after_break || escapes || multiline || indicators),
        allows_single_quoted: !(space_after_break || escapes),
        allows_literal: !(last == ' ' || escapes),
    }
}
