//! What COPY and ADD take: paths of a context, Git references, URLs.

use std::collections::BTreeSet;

use crate::images::ignore::clean;

/// Which paths of a context are looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paths {
    is_all: bool,
    patterns: BTreeSet<String>,
}

/// Something that is fetched from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Remote {
    /// A Git reference.
    Git {
        /// The repository's address.
        url: String,
        /// A branch, a tag, a commit; `None` for what `HEAD` is.
        reference: Option<String>,
    },
    /// A file.
    Http {
        /// Its address.
        url: String,
    },
}

impl Paths {
    /// Everything.
    pub fn all() -> Self {
        Self {
            is_all: true,
            ..Self::default()
        }
    }

    /// Whether nothing is looked at.
    pub fn is_empty(&self) -> bool {
        !self.is_all && self.patterns.is_empty()
    }

    /// Adds a path, or a pattern of paths, as COPY has it.
    pub(super) fn add(&mut self, source: &str) {
        let source = clean(&format!("/{source}"));
        match source.trim_start_matches('/') {
            "" => self.is_all = true,
            path => drop(self.patterns.insert(path.to_owned())),
        }
    }

    /// Adds what others are.
    pub(super) fn extend(&mut self, others: &Self) {
        self.is_all |= others.is_all;
        self.patterns.extend(others.patterns.iter().cloned());
    }

    /// Adds everything.
    pub(super) fn add_all(&mut self) {
        self.is_all = true;
    }

    /// Whether a path is looked at: it matches, or it is below one that does.
    pub fn has(&self, path: &str) -> bool {
        self.is_all || self.patterns.iter().any(|pattern| begins(pattern, path))
    }

    /// Whether one of the patterns leads over `path`, or to it.
    pub fn leads_over(&self, path: &str) -> bool {
        let count = path.split('/').count();
        self.patterns.iter().any(|pattern| {
            let parts: Vec<_> = pattern.split('/').take(count).collect();
            parts.len() == count && begins(&parts.join("/"), path)
        })
    }
}

/// Whether the first parts of `path` match those of `pattern`.
fn begins(pattern: &str, path: &str) -> bool {
    let mut parts = path.split('/');
    pattern.split('/').all(|pattern| {
        parts
            .next()
            .is_some_and(|part| part == pattern || matches(pattern.as_bytes(), part.as_bytes()))
    })
}

/// Go's `filepath.Match`, of one part of a path.
fn matches(pattern: &[u8], text: &[u8]) -> bool {
    match pattern {
        [] => text.is_empty(),
        [b'*', rest @ ..] => (0..=text.len()).any(|from| matches(rest, &text[from..])),
        [b'?', rest @ ..] => {
            let length = text.first().map_or(0, |first| match first {
                0..0xc0 => 1,
                0xc0..0xe0 => 2,
                0xe0..0xf0 => 3,
                _ => 4,
            });
            length > 0 && text.get(length..).is_some_and(|text| matches(rest, text))
        }
        [b'[', rest @ ..] => {
            let (Some(first), Some(end)) = (text.first(), class_end(rest)) else {
                return false;
            };
            is_in_class(&rest[..end], *first) && matches(&rest[end + 1..], &text[1..])
        }
        [b'\\', literal, rest @ ..] | [literal, rest @ ..] => {
            text.first() == Some(literal) && matches(rest, &text[1..])
        }
    }
}

fn class_end(class: &[u8]) -> Option<usize> {
    let mut at = usize::from(class.first() == Some(&b'^')) + 1;
    while at < class.len() {
        match class[at] {
            b']' => return Some(at),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    None
}

fn is_in_class(class: &[u8], byte: u8) -> bool {
    let (is_negated, mut class) = match class {
        [b'^', rest @ ..] => (true, rest),
        class => (false, class),
    };
    let mut is_in = false;
    while let Some((&first, rest)) = class.split_first() {
        let (low, rest) = match (first, rest) {
            (b'\\', [escaped, rest @ ..]) => (*escaped, rest),
            _ => (first, rest),
        };
        let (high, rest) = match rest {
            [b'-', b'\\', high, rest @ ..] | [b'-', high, rest @ ..] => (*high, rest),
            _ => (low, rest),
        };
        is_in |= (low..=high).contains(&byte);
        class = rest;
    }
    is_in != is_negated
}

/// What a source of ADD is fetched from, if it is no path.
pub(in crate::images) fn remote(source: &str) -> Option<Remote> {
    let (address, fragment) = match source.split_once('#') {
        Some((address, fragment)) => (address, Some(fragment)),
        None => (source, None),
    };
    let is_http = ["http://", "https://"]
        .iter()
        .any(|scheme| source.starts_with(scheme));
    let path = address.split('?').next().unwrap_or_default();
    let is_git = ["git://", "ssh://", "github.com/"]
        .iter()
        .any(|start| source.starts_with(start))
        || (is_http && path.strip_suffix(".git").is_some())
        || is_scp_like(address);
    if is_git {
        let reference = fragment.and_then(|fragment| fragment.split(':').next());
        let url = match address.strip_prefix("github.com/") {
            Some(rest) => format!("https://github.com/{rest}"),
            None => address.to_owned(),
        };
        return Some(Remote::Git {
            url,
            reference: reference.filter(|name| !name.is_empty()).map(str::to_owned),
        });
    }
    is_http.then(|| Remote::Http {
        url: source.to_owned(),
    })
}

/// `user@host:path`
fn is_scp_like(address: &str) -> bool {
    let Some((user, rest)) = address.split_once('@') else {
        return false;
    };
    let is_word = |text: &str| {
        !text.is_empty()
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    is_word(user) && rest.split_once(':').is_some_and(|(host, _)| is_word(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_that_copy_would_take() {
        let table: &[(&str, &[&str], &[&str])] = &[
            (".", &["a", "a/b"], &[]),
            ("/", &["a"], &[]),
            ("./a/", &["a", "a/b"], &["b", "ab"]),
            ("../a", &["a"], &["b"]),
            (
                "a/*.py",
                &["a/x.py", "a/d.py/x"],
                &["a/x.txt", "a/b/x.py", "x.py"],
            ),
            ("[ab]?", &["ax", "bé", "ax/y"], &["a", "cx", "axx"]),
            ("[^a-c]", &["d"], &["b"]),
            ("\\*", &["*"], &["a"]),
        ];
        for (source, inside, outside) in table {
            let mut paths = Paths::default();
            paths.add(source);
            for path in *inside {
                assert!(paths.has(path), "{source} has {path}");
            }
            for path in *outside {
                assert!(!paths.has(path), "{source} has no {path}");
            }
        }
        let mut paths = Paths::default();
        paths.add("a/*/c");
        assert!(paths.leads_over("a") && paths.leads_over("a/b") && paths.leads_over("a/b/c"));
        assert!(!paths.leads_over("a/b/c/d") && !paths.leads_over("b"));
    }

    #[test]
    fn remote_sources_are_told_from_paths() {
        let git = |url: &str, reference: Option<&str>| {
            Some(Remote::Git {
                url: url.into(),
                reference: reference.map(Into::into),
            })
        };
        assert_eq!(
            remote("https://x.org/a.git#v1:sub"),
            git("https://x.org/a.git", Some("v1"))
        );
        assert_eq!(
            remote("https://x.org/a.git"),
            git("https://x.org/a.git", None)
        );
        assert_eq!(
            remote("git@x.org:a/b.git#m"),
            git("git@x.org:a/b.git", Some("m"))
        );
        assert_eq!(
            remote("github.com/a/b"),
            git("https://github.com/a/b", None)
        );
        assert_eq!(
            remote("git://localhost:9/a#:d"),
            git("git://localhost:9/a", None)
        );
        let url = String::from("https://x.org/a.tar.gz");
        assert_eq!(remote(&url), Some(Remote::Http { url }));
        assert_eq!(remote("a/b.git"), None);
        assert_eq!(remote("a@b"), None);
    }
}
