//! Making plain text of HTML.

use super::chars::is_space;
use super::entities;

/// Removes tags and comments, collapses white space, then resolves character references.
pub(in crate::filters) fn strip_tags(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        let tag = &rest[start..];
        // A comment's end is looked for behind its start: `<!-->` does not close itself.
        let end = match tag.strip_prefix("<!--") {
            Some(comment) => comment
                .find("-->")
                .map(|at| at + "<!--".len() + "-->".len()),
            None => tag.find('>').map(|at| at + 1),
        };
        let Some(end) = end else { break };
        kept.push_str(&rest[..start]);
        rest = &tag[end..];
    }
    kept.push_str(rest);
    let words: Vec<_> = kept
        .split(is_space)
        .filter(|word| !word.is_empty())
        .collect();
    entities::unescape(&words.join(" "))
}
