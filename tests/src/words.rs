//! Splits a command line of a case file into words, as a shell does with
//! quotes and backslashes, but without any expansion.

/// The words of `line`, or what is wrong with its quotes.
///
/// Single quotes keep everything; in double quotes a backslash protects `"`
/// and `\`, and `\n`, `\t` stand for a line break and a tab.
pub fn split(line: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            ' ' | '\t' => words.extend(word.take()),
            '\'' => quoted(&mut chars, word.get_or_insert_default(), '\'')?,
            '"' => quoted(&mut chars, word.get_or_insert_default(), '"')?,
            '\\' => {
                let next = chars.next().ok_or("a backslash ends the line")?;
                word.get_or_insert_default().push(next);
            }
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    Ok(words)
}

fn quoted(
    chars: &mut impl Iterator<Item = char>,
    word: &mut String,
    quote: char,
) -> Result<(), String> {
    while let Some(c) = chars.next() {
        match c {
            _ if c == quote => return Ok(()),
            '\\' if quote == '"' => match chars.next() {
                Some('n') => word.push('\n'),
                Some('t') => word.push('\t'),
                Some(next @ ('"' | '\\')) => word.push(next),
                Some(next) => word.extend(['\\', next]),
                None => break,
            },
            other => word.push(other),
        }
    }
    Err(format!("a {quote} is not closed"))
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn quotes_and_backslashes_protect_spaces() {
        let words = split(r#"config save -s 'A=b c' -s "B=\"x\" \n" d\ e ''"#).unwrap();
        assert_eq!(
            words,
            [
                "config",
                "save",
                "-s",
                "A=b c",
                "-s",
                "B=\"x\" \n",
                "d e",
                ""
            ]
        );
    }

    #[test]
    fn an_open_quote_is_an_error() {
        assert!(split("a 'b").is_err());
    }
}
