//! Regular expressions of Python's, for the beginnings of names.

use std::cell::RefCell;
use std::collections::HashMap;

use fancy_regex::Regex;

thread_local! {
    /// The few that plugins use, each compiled once a thread; `None` for what is none.
    static COMPILED: RefCell<HashMap<String, Option<Regex>>> = RefCell::default();
}

/// Whether `name` begins with what the regular expression `pattern` stands for (`re.match`). What is no regular
/// expression stands for nothing.
pub(super) fn begins(pattern: &str, name: &str) -> bool {
    COMPILED.with_borrow_mut(|compiled| {
        let regex = compiled
            .entry(pattern.to_owned())
            .or_insert_with(|| compile(pattern).ok());
        let found = regex.as_ref().map(|regex| regex.is_match(name));
        found.is_some_and(Result::unwrap_or_default)
    })
}

fn compile(pattern: &str) -> Result<Regex, fancy_regex::Error> {
    // Flags of the whole, which Python has at the beginning only, hold within the group just as well.
    Regex::new(&format!("^(?:{pattern})"))
}

/// Why `pattern` is none.
pub fn problem_with_pattern(pattern: &str) -> Option<String> {
    compile(pattern).err().map(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::{begins, problem_with_pattern};

    #[test]
    fn what_is_no_pattern_is_told() {
        assert_eq!(problem_with_pattern("(?i)a|b"), None);
        assert!(problem_with_pattern("(").is_some());
    }

    #[test]
    fn patterns_are_matched_at_the_beginning() {
        assert!(begins("forum", "forum-x") && !begins("orum", "forum"));
        assert!(begins("a|b", "bc") && !begins("(?!x)y", "xy"));
        assert!(begins("(?!x)y", "yx") && !begins("(", "("));
    }
}
