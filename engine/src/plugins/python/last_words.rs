//! What a Python process has said last: the end of what it printed, and where its code was.

use crate::diagnostics::Place;

/// What helps against impatience.
pub(super) const MORE_TIME: &str = "correct what it waits for; if it needs more time, set PYTHON_TIMEOUT (in seconds), or the \
                         variable TUTOR_PYTHON_TIMEOUT";

/// How much of what was printed last is shown.
const LAST_LINES: usize = 12;

/// What stands in the frames of a trace that are Python's or ours.
const FRAMES_OF_OTHERS: [&str; 4] = [
    "File \"<frozen ",
    "File \"<tutor-sdk>",
    "File \"<string>",
    "/importlib/__init__.py\", line",
];

pub(super) fn last_lines(last_words: &str) -> Vec<String> {
    let is_worth_it = |line: &&str| {
        !line.trim().is_empty() && !FRAMES_OF_OTHERS.iter().any(|frame| line.contains(frame))
    };
    let lines: Vec<_> = last_words.lines().filter(is_worth_it).collect();
    let begin = lines.len().saturating_sub(LAST_LINES);
    lines[begin..]
        .iter()
        .map(|line| (*line).to_owned())
        .collect()
}

/// The places of a trace (`File "…", line 1 in f`), from the innermost on, but for those that are in no file.
pub(super) fn frames_in(last_words: &str) -> impl Iterator<Item = Place> {
    last_words.lines().filter_map(|line| {
        let (file, rest) = line
            .trim()
            .strip_prefix("File \"")?
            .split_once("\", line ")?;
        let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
        (!file.starts_with('<')).then(|| Place {
            origin: file.to_owned(),
            line: digits.parse().ok(),
            ..Place::default()
        })
    })
}
