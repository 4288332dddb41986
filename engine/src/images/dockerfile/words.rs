//! Words of instructions: quotes, escapes and variables.

use std::collections::BTreeMap;

/// What variables are, as far as that is known.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    /// `None`: it is known not to be set.
    pub(super) known: BTreeMap<String, Option<String>>,
    /// Whether there are others, which nobody knows (those of a base image).
    pub(super) has_more: bool,
}

/// A variable that is not known, or something that is not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unknown(pub(super) String);

impl Scope {
    fn get(&self, name: &str) -> Result<Option<&str>, Unknown> {
        match self.known.get(name) {
            Some(value) => Ok(value.as_deref()),
            // What a build sets if nobody does.
            None if self.has_more || name == "PATH" => Err(Unknown(name.to_owned())),
            None => Ok(None),
        }
    }

    /// `word` with its variables replaced, without quotes.
    pub(super) fn expand(&self, word: &str, escape: char) -> Result<String, Unknown> {
        let mut reader = Reader {
            scope: self,
            chars: word.chars().collect(),
            at: 0,
            escape,
        };
        reader.until(None)
    }
}

struct Reader<'a> {
    scope: &'a Scope,
    chars: Vec<char>,
    at: usize,
    escape: char,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let char = self.chars.get(self.at).copied();
        self.at += 1;
        char
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    /// The text up to the character `end`, which is taken; or to the end of it all.
    fn until(&mut self, end: Option<char>) -> Result<String, Unknown> {
        let mut text = String::new();
        loop {
            match self.next() {
                None if end.is_some() => return Err(Unknown(String::from("${"))),
                None => return Ok(text),
                char if char == end => return Ok(text),
                Some('\'') => loop {
                    match self.next() {
                        Some('\'') | None => break,
                        Some(char) => text.push(char),
                    }
                },
                Some('"') => self.quoted(&mut text)?,
                Some('$') => text.push_str(&self.variable()?),
                Some(char) if char == self.escape => text.extend(self.next()),
                Some(char) => text.push(char),
            }
        }
    }

    fn quoted(&mut self, text: &mut String) -> Result<(), Unknown> {
        loop {
            match self.next() {
                None | Some('"') => return Ok(()),
                Some('$') => text.push_str(&self.variable()?),
                Some(char) if char == self.escape => match self.next() {
                    Some(next) if next == '"' || next == '$' || next == self.escape => {
                        text.push(next);
                    }
                    Some(next) => text.extend([char, next]),
                    None => text.push(char),
                },
                Some(char) => text.push(char),
            }
        }
    }

    /// What follows a `$`.
    fn variable(&mut self) -> Result<String, Unknown> {
        if self.peek() != Some('{') {
            let name = self.name();
            if name.is_empty() {
                return Ok(String::from("$"));
            }
            return Ok(self.scope.get(&name)?.unwrap_or_default().to_owned());
        }
        self.next();
        let name = self.name();
        let not_understood = || Unknown(name.clone());
        match self.next() {
            Some('}') => Ok(self.scope.get(&name)?.unwrap_or_default().to_owned()),
            Some(char @ (':' | '-' | '+' | '?')) => {
                let counts_empty = char == ':';
                let operator = if counts_empty {
                    self.next()
                } else {
                    Some(char)
                };
                let other = self.until(Some('}'));
                let value = self.scope.get(&name)?;
                let value = value.filter(|value| !counts_empty || !value.is_empty());
                match (operator, value) {
                    (Some('-' | '?'), Some(value)) => Ok(value.to_owned()),
                    (Some('-'), None) | (Some('+'), Some(_)) => other,
                    (Some('+'), None) => Ok(String::new()),
                    _ => Err(not_understood()),
                }
            }
            _ => Err(not_understood()),
        }
    }

    fn name(&mut self) -> String {
        let mut name = String::new();
        while let Some(char) = self.peek() {
            let is_part = char.is_ascii_alphanumeric() || char == '_';
            // Positional parameters have one digit.
            if !is_part || (name.len() == 1 && name.starts_with(|c: char| c.is_ascii_digit())) {
                break;
            }
            name.push(char);
            self.at += 1;
        }
        name
    }
}

/// The words of `text`, as they stand there: blanks inside of quotes, and behind an escape, are part of a word.
pub(super) fn split(text: &str, escape: char) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        match (quote, char) {
            (None, char) if char.is_whitespace() => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                continue;
            }
            (None, '\'' | '"') => quote = Some(char),
            (Some(open), char) if open == char => quote = None,
            (open, char) if char == escape && open != Some('\'') => {
                word.push(char);
                word.extend(chars.next());
                continue;
            }
            _ => {}
        }
        word.push(char);
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_replaced_as_in_a_shell() {
        let mut scope = Scope::default();
        scope.known.insert("A".into(), Some("x".into()));
        scope.known.insert("E".into(), Some(String::new()));
        scope.known.insert("U".into(), None);
        let table = [
            ("$A/${A}b", "x/xb"),
            ("a'$A'\"$A\"", "a$Ax"),
            ("\\$A", "$A"),
            ("\"a\\\"b\\n\"", "a\"b\\n"),
            ("${U:-d}${E:-d}${E-d}${A:-d}", "ddx"),
            ("${A:+y}${U:+y}${E+z}", "yz"),
            ("${U:-$A}", "x"),
            ("$U$", "$"),
            ("${A:?no}", "x"),
        ];
        for (word, expanded) in table {
            assert_eq!(scope.expand(word, '\\').unwrap(), expanded, "{word}");
        }
        for word in ["${A#x}", "${A/x/y}", "$PATH", "${U:?no}", "${A"] {
            assert!(scope.expand(word, '\\').is_err(), "{word}");
        }
        scope.has_more = true;
        assert!(scope.expand("$OTHER", '\\').is_err());
    }

    #[test]
    fn words_are_split_at_blanks() {
        assert_eq!(
            split("a  'b c'\td\\ e \"f\\\" g\"", '\\'),
            ["a", "'b c'", "d\\ e", "\"f\\\" g\""]
        );
    }
}
