//! Escaping of HTML, and stripping of it.

use super::chars::is_space;
use super::entities;

/// Replaces what has a meaning in HTML text and attributes, as `markupsafe` spells it.
pub(in crate::filters) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '>' => out.push_str("&gt;"),
            '<' => out.push_str("&lt;"),
            '\'' => out.push_str("&#39;"),
            '"' => out.push_str("&#34;"),
            _ => out.push(c),
        }
    }
    out
}

/// Removes tags and comments, collapses white space, then resolves character references.
pub(in crate::filters) fn strip_tags(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        let tag = &rest[start..];
        // A comment's end is looked for behind its start: `<!-->` does not close itself.
        let end = match tag.strip_prefix("<!--") {
            Some(comment) => comment.find("-->").map(|at| at + "<!--".len() + "-->".len()),
            None => tag.find('>').map(|at| at + 1),
        };
        let Some(end) = end else { break };
        kept.push_str(&rest[..start]);
        rest = &tag[end..];
    }
    kept.push_str(rest);
    let words: Vec<_> = kept.split(is_space).filter(|word| !word.is_empty()).collect();
    entities::unescape(&words.join(" "))
}
