//! `lipsum(…)`: random text of the host's randomness.

use values::{Args, Value};

use super::python::{flag, index, markup};
use super::signature::bind;
use crate::{Error, Result, State};

/// The beginning of the text that typesetters have always used.
const WORDS: &str = "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore \
    et dolore magna aliqua enim ad minim veniam quis nostrud exercitation ullamco laboris nisi aliquip ex ea commodo \
    consequat duis aute irure in reprehenderit voluptate velit esse cillum eu fugiat nulla pariatur excepteur sint \
    occaecat cupidatat non proident sunt culpa qui officia deserunt mollit anim id est laborum";

/// The most words of one call.
const MAX_WORDS: i64 = 1 << 20;

/// `lipsum(n=5, html=True, min=20, max=100)`
pub(super) fn lipsum(state: &mut State<'_>, args: &Args) -> Result<Value> {
    let [paragraphs, html, min, max] = bind(
        "generate_lorem_ipsum",
        &[],
        ["n", "html", "min", "max"],
        0,
        args,
    )?;
    let number = |value: Option<&Value>, default: i64| value.map_or(Ok(default), index);
    let paragraphs = number(paragraphs.as_ref(), 5)?;
    let (min, max) = (number(min.as_ref(), 20)?, number(max.as_ref(), 100)?);
    if max.saturating_mul(paragraphs) > MAX_WORDS {
        return Err(values::Error::too_large("the random text").into());
    }
    let html = html.is_none() || flag(html.as_ref())?;
    let mut texts = Vec::new();
    for _ in 0..paragraphs.max(0) {
        if min >= max {
            let width = max.saturating_sub(min);
            return Err(Error::value_error(format!(
                "empty range for randrange() ({min}, {max}, {width})"
            )));
        }
        let words = min.saturating_add_unsigned(below(state, max.abs_diff(min))?);
        texts.push(paragraph(state, words)?);
    }
    Ok(if html {
        let texts: Vec<_> = texts.iter().map(|text| format!("<p>{text}</p>")).collect();
        markup(texts.join("\n"))
    } else {
        texts.join("\n\n").into()
    })
}

fn below(state: &State<'_>, bound: u64) -> Result<u64> {
    state.host().random_below(bound)
}

/// Sentences, with a comma now and then.
fn paragraph(state: &State<'_>, words: i64) -> Result<String> {
    let known: Vec<_> = WORDS.split_whitespace().collect();
    let mut text = String::new();
    let mut last = usize::MAX;
    let (mut until_comma, mut until_stop) = (0, 0);
    for index in 0..words {
        if until_stop == 0 {
            until_stop = 10 + below(state, 10)?;
            until_comma = 3 + below(state, 5)?;
        }
        let mut pick = below(state, known.len() as u64)? as usize;
        if pick == last {
            pick = (pick + 1) % known.len();
        }
        last = pick;
        let word = known.get(pick).copied().unwrap_or_default();
        let starts = text.is_empty() || text.ends_with('.');
        text.push_str(if text.is_empty() { "" } else { " " });
        match word.chars().next() {
            Some(first) if starts => {
                text.push(first.to_ascii_uppercase());
                text.push_str(&word[first.len_utf8()..]);
            }
            _ => text.push_str(word),
        }
        until_stop -= 1;
        until_comma = until_comma.saturating_sub(1);
        if until_stop == 0 || index + 1 == words {
            text.push('.');
        } else if until_comma == 0 && until_stop > 2 {
            text.push(',');
            until_comma = 3 + below(state, 5)?;
        }
    }
    // A text without words still ends with a stop.
    Ok(if text.is_empty() {
        ".".to_owned()
    } else {
        text
    })
}
