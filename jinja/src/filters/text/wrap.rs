//! Wrapping of one paragraph into lines, as `textwrap` does it.
//!
//! White space is neither expanded nor replaced here, only dropped at line ends.

use super::chars::{is_decimal, is_space, is_word};

/// What becomes of a word that fits on no line.
#[derive(Clone, Copy, Debug)]
pub(in crate::filters) enum LongWord {
    /// It gets a line of its own.
    Kept,
    /// It is cut where the line is full.
    Cut,
    /// It is cut after its last hyphen that fits, if there is one.
    CutAtHyphen,
}

/// The lines of `text`, of up to `width` characters; words may be split after their hyphens if `hyphens`.
/// What to do with a word that fits on no line is asked when there is one, and may be an error.
pub(in crate::filters) fn wrap<E>(
    text: &str,
    width: usize,
    hyphens: bool,
    long_word: impl Fn() -> Result<LongWord, E>,
) -> Result<Vec<String>, E> {
    let text: Vec<char> = text.chars().collect();
    let chunks = if hyphens {
        split_compounds(&text)
    } else {
        split_words(&text)
    };
    fill(&text, chunks, width, long_word)
}

/// A piece of the text that is kept together: the half-open range of its characters.
type Chunk = (usize, usize);

/// ASCII white space, the only one at which lines are broken.
fn breaks(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\x0b' | '\x0c' | '\r' | ' ')
}

/// The end of the longest run from `start` of characters that are, or are not, breaking white space.
fn run(text: &[char], start: usize, space: bool) -> usize {
    text[start..]
        .iter()
        .position(|c| breaks(*c) != space)
        .map_or(text.len(), |len| start + len)
}

/// Words and the space between them.
fn split_words(text: &[char]) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let end = run(text, at, breaks(text[at]));
        chunks.push((at, end));
        at = end;
    }
    chunks
}

/// Like [`split_words`], with words split after hyphens within compounds and around dashes between words.
fn split_compounds(text: &[char]) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    for (start, end) in split_words(text) {
        if breaks(text[start]) {
            chunks.push((start, end));
            continue;
        }
        let mut at = start;
        while at < end {
            let next = dash(text, at)
                .or_else(|| (at + 1..end).find_map(|to| compound(text, to)))
                .unwrap_or(end);
            chunks.push((at, next));
            at = next;
        }
    }
    chunks
}

/// If a dash of two or more hyphens between words starts here: its end.
fn dash(text: &[char], at: usize) -> Option<usize> {
    let before = *text.get(at.checked_sub(1)?)?;
    if text.get(at) != Some(&'-') || !(is_word(before) || "!\"'&.,?".contains(before)) {
        return None;
    }
    let end = text[at..]
        .iter()
        .position(|c| *c != '-')
        .map(|len| at + len)?;
    (end - at >= 2 && is_word(text[end])).then_some(end)
}

/// If a word may be split at `at`, counted before a hyphen: where the next piece starts.
fn compound(text: &[char], at: usize) -> Option<usize> {
    let letter = |index: Option<usize>| {
        index
            .and_then(|index| text.get(index))
            .is_some_and(|c| is_word(*c) && !is_decimal(*c))
    };
    let hyphen = |index: Option<usize>| index.and_then(|index| text.get(index)) == Some(&'-');
    let back = |count| at.checked_sub(count);
    if !hyphen(Some(at)) {
        return None;
    }
    let after_letters =
        letter(back(1)) && (letter(back(2)) || (hyphen(back(2)) && letter(back(3))));
    let before_letters = letter(Some(at + 1))
        && (letter(Some(at + 2)) || (hyphen(Some(at + 2)) && letter(Some(at + 3))));
    if after_letters && before_letters {
        Some(at + 1)
    } else {
        dash(text, at).map(|_| at)
    }
}

/// Puts chunks into lines.
fn fill<E>(
    text: &[char],
    mut chunks: Vec<Chunk>,
    width: usize,
    long_word: impl Fn() -> Result<LongWord, E>,
) -> Result<Vec<String>, E> {
    let blank = |(start, end): Chunk| text[start..end].iter().all(|c| is_space(*c));
    let mut lines = Vec::new();
    chunks.reverse();
    while let Some(&first) = chunks.last() {
        if !lines.is_empty() && blank(first) {
            chunks.pop();
        }
        let mut line: Vec<Chunk> = Vec::new();
        let mut used = 0;
        while let Some(&(start, end)) = chunks.last()
            && used + (end - start) <= width
        {
            line.push((start, end));
            used += end - start;
            chunks.pop();
        }
        if let Some(&(start, end)) = chunks.last()
            && end - start > width
        {
            // A line always takes one character at least.
            let room = if width == 0 { 1 } else { width - used };
            let cut = match long_word()? {
                LongWord::Kept => None,
                LongWord::Cut => Some(room),
                LongWord::CutAtHyphen => Some(hyphen_cut(&text[start..end], room).unwrap_or(room)),
            };
            if let Some(cut) = cut {
                // An empty piece matters too: it is what is dropped below, in place of white space before it.
                line.push((start, start + cut));
                chunks.pop();
                if start + cut < end {
                    chunks.push((start + cut, end));
                }
            } else if line.is_empty() {
                line.push((start, end));
                chunks.pop();
            }
        }
        if line.last().is_some_and(|last| blank(*last)) {
            line.pop();
        }
        if !line.is_empty() {
            lines.push(
                line.iter()
                    .flat_map(|(start, end)| &text[*start..*end])
                    .collect(),
            );
        }
    }
    Ok(lines)
}

/// Where a long word is cut after a hyphen among its first `room` characters; hyphens at its start do not count.
fn hyphen_cut(word: &[char], room: usize) -> Option<usize> {
    if word.len() <= room {
        return None;
    }
    let hyphen = word[..room].iter().rposition(|c| *c == '-')?;
    word[..hyphen]
        .iter()
        .any(|c| *c != '-')
        .then_some(hyphen + 1)
}
