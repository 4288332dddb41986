//! `.dockerignore`: which files of a folder a build does not get to see.
//!
//! The rules are those of moby's `patternmatcher` and of BuildKit's walk: the last pattern that matches wins, `!` takes
//! back, a folder that matches takes what is below it along.

use fancy_regex::Regex;

/// What is wrong with a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BadPattern {
    /// The line, from 1.
    pub line: usize,
    /// The pattern.
    pub pattern: String,
}

/// The patterns of one file.
#[derive(Clone, Debug, Default)]
pub(super) struct Ignore {
    patterns: Vec<Pattern>,
}

/// What a folder matches, for what is in it.
pub(super) type Above = Vec<bool>;

#[derive(Clone, Debug)]
struct Pattern {
    /// Whether it takes back (`!`).
    is_exception: bool,
    text: String,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    Exact,
    /// What is before a final `**`.
    Prefix(String),
    /// What is behind a `**` at the beginning.
    Suffix(String),
    Regex(Box<Regex>),
}

impl Ignore {
    /// Reads the patterns of a file.
    ///
    /// # Errors
    /// The first pattern that is none.
    pub(super) fn parse(text: &str) -> Result<Self, BadPattern> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut patterns = Vec::new();
        for (index, line) in text.lines().enumerate() {
            if line.starts_with('#') || line.trim().is_empty() {
                continue;
            }
            let bad = || BadPattern {
                line: index + 1,
                pattern: line.trim().to_owned(),
            };
            let (is_exception, text) = match line.trim().strip_prefix('!') {
                Some(rest) => (true, rest.trim()),
                None => (false, line.trim()),
            };
            if text.is_empty() {
                return Err(bad());
            }
            let text = clean(text);
            let text = match text.strip_prefix('/') {
                Some(rest) if !rest.is_empty() => rest.to_owned(),
                _ => text,
            };
            let kind = kind(&text).ok_or_else(bad)?;
            patterns.push(Pattern {
                is_exception,
                text,
                kind,
            });
        }
        Ok(Self { patterns })
    }

    /// Whether nothing is left out.
    pub(super) fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// Whether `path` is left out, and what it matches itself, for what is below it. `above` is what the folder matches
    /// that it is in.
    pub(super) fn look(&self, path: &str, above: Option<&Above>) -> (bool, Above) {
        let mut is_out = false;
        let mut matched = vec![false; self.patterns.len()];
        for (index, pattern) in self.patterns.iter().enumerate() {
            let mut matches = above.is_some_and(|above| above[index]);
            if !matches {
                // What cannot change the answer is not looked at.
                if pattern.is_exception != is_out {
                    continue;
                }
                matches = pattern.matches(path);
            }
            matched[index] = matches;
            if matches {
                is_out = !pattern.is_exception;
            }
        }
        (is_out, matched)
    }

    /// Whether something below `folder`, which is left out, may be taken back.
    pub(super) fn may_take_back(&self, folder: &str) -> bool {
        let folder = format!("{folder}/");
        let mut exceptions = self.patterns.iter().filter(|pattern| pattern.is_exception);
        exceptions.any(|pattern| {
            let literal = pattern.text.split(['*', '?', '[', '\\']).next();
            let literal = literal.unwrap_or_default();
            // What follows a wildcard may be anywhere below.
            let is_literal = literal.len() == pattern.text.len();
            format!("{}/", pattern.text).starts_with(&folder)
                || (!is_literal && folder.starts_with(literal))
        })
    }
}

impl Pattern {
    fn matches(&self, path: &str) -> bool {
        match &self.kind {
            Kind::Exact => path == self.text,
            Kind::Prefix(prefix) => path.starts_with(prefix.as_str()),
            Kind::Suffix(suffix) => {
                path.ends_with(suffix.as_str()) || suffix.strip_prefix('/') == Some(path)
            }
            // One that takes too long counts as no match in no case: rather too much is looked at.
            Kind::Regex(regex) => regex.is_match(path).unwrap_or(false),
        }
    }
}

/// Go's `filepath.Clean`, for paths with `/`.
pub(super) fn clean(path: &str) -> String {
    let is_rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            ".." if is_rooted => {}
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (is_rooted, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => String::from("."),
        (false, false) => joined,
    }
}

/// How a pattern is matched; `None` if it is none.
fn kind(pattern: &str) -> Option<Kind> {
    #[derive(PartialEq)]
    enum Found {
        Exact,
        Prefix,
        Suffix,
        Regex,
    }
    if !is_well_formed(pattern) {
        return None;
    }
    let mut regex = String::from("^");
    let mut found = Found::Exact;
    let mut chars = pattern.chars().peekable();
    let mut is_first = true;
    while let Some(char) = chars.next() {
        match char {
            '*' if chars.peek() == Some(&'*') => {
                chars.next();
                if chars.peek() == Some(&'/') {
                    chars.next();
                }
                if chars.peek().is_some() {
                    regex.push_str("(.*/)?");
                    found = Found::Regex;
                } else if found == Found::Exact {
                    found = Found::Prefix;
                } else {
                    regex.push_str(".*");
                    found = Found::Regex;
                }
                if is_first {
                    found = Found::Suffix;
                }
            }
            '*' => {
                regex.push_str("[^/]*");
                found = Found::Regex;
            }
            '?' => {
                regex.push_str("[^/]");
                found = Found::Regex;
            }
            '\\' => {
                regex.push('\\');
                if let Some(next) = chars.next() {
                    regex.push(next);
                    found = Found::Regex;
                }
            }
            '[' | ']' => {
                regex.push(char);
                found = Found::Regex;
            }
            '.' | '+' | '(' | ')' | '|' | '{' | '}' | '$' => {
                regex.push('\\');
                regex.push(char);
            }
            char => regex.push(char),
        }
        is_first = false;
    }
    Some(match found {
        Found::Exact => Kind::Exact,
        Found::Prefix => Kind::Prefix(pattern.trim_end_matches("**").to_owned()),
        Found::Suffix => Kind::Suffix(pattern.strip_prefix("**")?.to_owned()),
        Found::Regex => Kind::Regex(Box::new(Regex::new(&format!("(?s){regex}$")).ok()?)),
    })
}

/// Whether Go's `filepath.Match` takes it: brackets are closed and not empty, nothing ends in a backslash.
fn is_well_formed(pattern: &str) -> bool {
    let mut chars = pattern.chars();
    while let Some(char) = chars.next() {
        match char {
            '\\' if chars.next().is_none() => return false,
            '[' => {
                let mut count = 0;
                let mut is_first = true;
                loop {
                    match chars.next() {
                        Some('^') if is_first => {}
                        Some(']') if count > 0 => break,
                        Some('\\') if chars.next().is_none() => return false,
                        None => return false,
                        Some(_) => count += 1,
                    }
                    is_first = false;
                }
            }
            _ => {}
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether `path` is left out, with all folders above it looked at first.
    fn is_out(text: &str, path: &str) -> bool {
        let ignore = Ignore::parse(text).unwrap();
        let mut above = None;
        let mut out = false;
        for (end, _) in path.match_indices('/').chain([(path.len(), "")]) {
            let (is_out, matched) = ignore.look(&path[..end], above.as_ref());
            above = Some(matched);
            out = is_out;
        }
        out
    }

    #[test]
    fn patterns_match_as_docker_matches_them() {
        // Pattern, paths that are left out, paths that are not.
        let table: &[(&str, &[&str], &[&str])] = &[
            ("foo", &["foo", "foo/a", "foo/a/b"], &["a/foo", "food"]),
            ("/foo", &["foo", "foo/a"], &["a/foo"]),
            ("./foo/", &["foo", "foo/a"], &["a/foo"]),
            ("a/../foo", &["foo"], &["a"]),
            ("*", &["foo", "foo/a", ".git"], &[]),
            ("*.md", &["a.md"], &["d/a.md", "amd", "a.mdx"]),
            ("**/*.md", &["a.md", "d/a.md", "d/e/a.md"], &["a.mdx"]),
            ("**/foo", &["foo", "a/foo", "a/b/foo", "a/foo/b"], &["afoo"]),
            ("**", &["a", "a/b"], &[]),
            ("foo/**", &["foo/a", "foo/a/b"], &["foo", "food"]),
            ("a/**/b", &["a/b", "a/x/b", "a/x/y/b"], &["a/x", "b"]),
            (
                "*/temp*",
                &["a/temp", "a/temp1", "a/temp/x"],
                &["temp", "a/b/temp"],
            ),
            ("temp?", &["tempa"], &["temp", "tempab", "temp/"]),
            ("[a-c].txt", &["a.txt", "c.txt"], &["d.txt"]),
            ("[^a-c].txt", &["d.txt"], &["a.txt"]),
            ("a\\*b", &["a*b"], &["axb"]),
            ("a+b(c)", &["a+b(c)"], &["aab"]),
            ("*\n!keep", &["foo"], &["keep", "keep/a"]),
            ("foo\n!foo/a", &["foo", "foo/b"], &["foo/a", "foo/a/c"]),
            (
                "foo\n!foo/a\nfoo/a/b",
                &["foo/a/b", "foo/c"],
                &["foo/a", "foo/a/x"],
            ),
            (
                "*.md\n!README*.md\nREADME-secret.md",
                &["a.md", "README-secret.md"],
                &["README-x.md"],
            ),
            ("# foo\n\n  bar  ", &["bar"], &["foo", "# foo"]),
            (" # foo", &["# foo"], &["foo"]),
            ("!foo", &[], &["foo"]),
            (
                "**/node_modules\n!x/node_modules/keep",
                &["node_modules", "x/node_modules"],
                &["x/node_modules/keep"],
            ),
        ];
        for (text, out, inside) in table {
            for path in *out {
                assert!(is_out(text, path), "{text:?} leaves out {path}");
            }
            for path in *inside {
                assert!(!is_out(text, path), "{text:?} keeps {path}");
            }
        }
    }

    #[test]
    fn patterns_that_are_none_are_told_with_their_line() {
        for (text, line) in [("a\n[b", 2), ("!", 1), ("x\n\na[]\n", 3), ("a\\", 1)] {
            assert_eq!(Ignore::parse(text).unwrap_err().line, line, "{text:?}");
        }
    }

    #[test]
    fn a_folder_is_left_out_as_a_whole_only_if_nothing_in_it_comes_back() {
        let ignore = Ignore::parse("*\n!a/b\n!c*/d\n!**/x").unwrap();
        assert!(ignore.may_take_back("a"));
        assert!(ignore.may_take_back("z"));
        let ignore = Ignore::parse("*\n!a/b\n!c*/d").unwrap();
        assert!(ignore.may_take_back("a"));
        assert!(ignore.may_take_back("cc"));
        assert!(!ignore.may_take_back("z"));
        assert!(!ignore.may_take_back("b"));
    }
}
