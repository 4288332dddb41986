//! Finding web and mail addresses in text and making links of them.

use super::chars::{is_decimal, is_space, is_word, length};

/// How links look.
pub(in crate::filters) struct Options<'a, E> {
    /// Makes what is shown of an address.
    pub shorten: &'a dyn Fn(&str) -> Result<String, E>,
    /// Attributes of web links, each with a space before it.
    pub attributes: String,
    /// Prefixes that make a word a link, besides those known here.
    pub extra_schemes: Vec<String>,
}

/// The text, which is HTML already, with links.
pub(in crate::filters) fn link<E>(text: &str, options: &Options<'_, E>) -> Result<String, E> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let space = rest.find(|c| !is_space(c)).unwrap_or(rest.len());
        out.push_str(&rest[..space]);
        rest = &rest[space..];
        let end = rest.find(is_space).unwrap_or(rest.len());
        if end > 0 {
            let (head, middle, tail) = trim(&rest[..end]);
            out.push_str(head);
            out.push_str(&word(&middle, options)?);
            out.push_str(&tail);
        }
        rest = &rest[end..];
    }
    Ok(out)
}

/// Whether `text` can be the start of an address: `git:`, `ftp://`.
pub(in crate::filters) fn is_scheme(text: &str) -> bool {
    let Some((name, slashes)) = text.split_once(':') else {
        return false;
    };
    length(name) >= 2
        && name
            .chars()
            .all(|c| is_word(c) || matches!(c, '.' | '+' | '-'))
        && matches!(slashes, "" | "/" | "//")
}

/// Splits a word into opening punctuation, what may be an address, and closing punctuation.
fn trim(word: &str) -> (&str, String, String) {
    let mut middle = word;
    while let Some(rest) = ["(", "<", "&lt;"]
        .iter()
        .find_map(|opening| middle.strip_prefix(opening))
    {
        middle = rest;
    }
    let head = &word[..word.len() - middle.len()];
    let full = middle;
    while let Some(rest) = [")", ">", ".", ",", "&gt;"]
        .iter()
        .find_map(|closing| middle.strip_suffix(closing))
    {
        middle = rest;
    }
    let mut tail = full[middle.len()..].to_owned();
    let mut middle = middle.to_owned();
    // Closing brackets whose opening ones are inside belong to the address.
    for (opening, closing) in [("(", ")"), ("<", ">"), ("&lt;", "&gt;")] {
        let opened = middle.matches(opening).count();
        if opened <= middle.matches(closing).count() {
            continue;
        }
        for _ in 0..opened.min(tail.matches(closing).count()) {
            if let Some(at) = tail.find(closing) {
                middle.extend(tail.drain(..at + closing.len()));
            }
        }
    }
    (head, middle, tail)
}

/// One word without its punctuation, as a link if it is an address.
fn word<E>(text: &str, options: &Options<'_, E>) -> Result<String, E> {
    let attributes = &options.attributes;
    if is_web_address(text) {
        let absolute = text.starts_with("https://") || text.starts_with("http://");
        let scheme = if absolute { "" } else { "https://" };
        let shown = (options.shorten)(text)?;
        return Ok(format!(
            "<a href=\"{scheme}{text}\"{attributes}>{shown}</a>"
        ));
    }
    if let Some(address) = text.strip_prefix("mailto:")
        && is_mail_address(address)
    {
        return Ok(format!("<a href=\"{text}\">{address}</a>"));
    }
    if text.contains('@')
        && !text.starts_with("www.")
        && !text.starts_with('@')
        && !text.contains(':')
        && is_mail_address(text)
    {
        return Ok(format!("<a href=\"mailto:{text}\">{text}</a>"));
    }
    let mut text = text.to_owned();
    for scheme in &options.extra_schemes {
        // What an earlier scheme made a link of starts with `<`, as no scheme does.
        if text != *scheme && text.starts_with(scheme.as_str()) {
            text = format!("<a href=\"{text}\"{attributes}>{text}</a>");
        }
    }
    Ok(text)
}

/// Whether `text` is `something@host.domain`.
fn is_mail_address(text: &str) -> bool {
    // The last `@` decides: none of the characters behind it may be one.
    let Some((user, host)) = text.rsplit_once('@') else {
        return false;
    };
    let Some((name, domain)) = host.rsplit_once('.') else {
        return false;
    };
    !user.is_empty()
        && name.starts_with(is_word)
        && name.chars().all(|c| is_word(c) || matches!(c, '.' | '-'))
        && !domain.is_empty()
        && domain.chars().all(is_word)
}

/// Whether `text` is a web address: with a scheme or `www.`, or a host in one of the oldest domains.
fn is_web_address(text: &str) -> bool {
    let text: Vec<char> = text.chars().map(fold).collect();
    let label = |c: char| is_word(c) || matches!(c, '%' | '-');
    let start = Positions::start(&text);
    let schemed = start.literal("http://").or(start.literal("https://"));

    let prefixed = schemed.or(start.literal("www."));
    let sub = prefixed.or(prefixed.labels(1, usize::MAX, label));
    let named =
        sub.repeat(2, 63, |c| c.is_ascii_lowercase()).or(sub
            .literal("xn--")
            .repeat(2, 59, |c| is_word(c) || c == '%'));

    let dotted = start.labels(2, 63, label);
    let classic = ["com", "net", "int", "edu", "gov", "org", "info", "mil"]
        .iter()
        .fold(Positions::none(&text), |found, domain| {
            found.or(dotted.literal(domain))
        });

    let ipv4 = (0..3).fold(schemed.repeat(1, 3, is_decimal), |found, _| {
        found.literal(".").repeat(1, 3, is_decimal)
    });

    let hex = |c: char| is_decimal(c) || ('a'..='f').contains(&c);
    let mut group = (0..2).fold(schemed.literal("["), |found, _| {
        found.repeat(0, 4, hex).literal(":")
    });
    let mut ipv6 = Positions::none(&text);
    for _ in 0..6 {
        let piece = group.repeat(0, 4, hex);
        group = piece.or(piece.literal(":"));
        ipv6 = ipv6.or(group.literal("]"));
    }

    let host = named.or(classic).or(ipv4).or(ipv6);
    let port = host.or(host.literal(":").repeat(1, 5, is_decimal));
    port.reaches_end() || port.then_any(['/', '?', '#'])
}

/// The letter that a case-insensitive ASCII pattern takes `c` for.
fn fold(c: char) -> char {
    match c {
        '\u{130}' | '\u{131}' => 'i',
        '\u{17f}' => 's',
        '\u{212a}' => 'k',
        _ => c.to_ascii_lowercase(),
    }
}

/// Where a pattern may have got to in a text: matching without backtracking.
struct Positions<'a> {
    text: &'a [char],
    /// One entry for every place between characters.
    at: Vec<bool>,
}

impl<'a> Positions<'a> {
    fn none(text: &'a [char]) -> Self {
        Self {
            text,
            at: vec![false; text.len() + 1],
        }
    }
    fn start(text: &'a [char]) -> Self {
        let mut start = Self::none(text);
        start.at[0] = true;
        start
    }
    /// Either of two patterns.
    fn or(&self, other: impl std::borrow::Borrow<Self>) -> Self {
        let other = other.borrow();
        Self {
            text: self.text,
            at: self
                .at
                .iter()
                .zip(&other.at)
                .map(|(a, b)| *a || *b)
                .collect(),
        }
    }
    /// A literal text behind this.
    fn literal(&self, literal: &str) -> Self {
        let mut next = Self::none(self.text);
        for start in (0..self.at.len()).filter(|index| self.at[*index]) {
            let len = literal.len();
            if self.text[start..]
                .iter()
                .take(len)
                .copied()
                .eq(literal.chars())
            {
                next.at[start + len] = true;
            }
        }
        next
    }
    /// Between `min` and `max` characters of a class behind this.
    fn repeat(&self, min: usize, max: usize, class: impl Fn(char) -> bool) -> Self {
        let mut next = Self::none(self.text);
        // Up to `max` is small wherever it is a limit at all, so the walk is short.
        for start in (0..self.at.len()).filter(|index| self.at[*index]) {
            for end in start..=start.saturating_add(max).min(self.text.len()) {
                if end > start && !class(self.text[end - 1]) {
                    break;
                }
                if end - start >= min {
                    next.at[end] = true;
                }
            }
        }
        next
    }
    /// One or more labels behind this: `min` to `max` characters of a class, then a dot.
    fn labels(&self, min: usize, max: usize, class: impl Fn(char) -> bool) -> Self {
        let mut next = Self::none(self.text);
        // One walk along the text: `since` lists where the label that is being read may have started.
        let mut since: Vec<usize> = Vec::new();
        for index in 0..self.text.len() {
            if self.at[index] || next.at[index] {
                since.push(index);
            }
            let c = self.text[index];
            if c == '.' {
                let fits = |start: &usize| (min..=max).contains(&(index - start));
                next.at[index + 1] = since.iter().any(fits);
                since.clear();
            } else if !class(c) {
                since.clear();
            }
        }
        next
    }
    /// Whether the whole text is matched.
    fn reaches_end(&self) -> bool {
        self.at.last() == Some(&true)
    }
    /// Whether one of these characters follows; what comes behind it does not matter.
    fn then_any(&self, next: [char; 3]) -> bool {
        self.text
            .iter()
            .zip(&self.at)
            .any(|(c, at)| *at && next.contains(c))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_web_address_and_what_is_not() {
        for text in [
            "http://a.bc",
            "https://localhost",
            "www.example.com:80/x",
            "foo.org",
            "http://127.0.0.1:8080",
            "http://[::1]/",
            "HTTP://X.COM",
            "www.a-b.xn--p1ai",
        ] {
            assert!(is_web_address(text), "{text}");
        }
        for text in [
            "foo.dev",
            "http://",
            "www.",
            "127.0.0.1",
            "http://a.bc:123456",
            "ftp://a.com",
            "http://x.1",
            "a.com.",
        ] {
            assert!(!is_web_address(text), "{text}");
        }
    }
}
