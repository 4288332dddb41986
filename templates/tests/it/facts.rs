//! The lists in `tests/data`, and the texts of the templates.

/// The lines of a list, comments left out.
pub(crate) fn lines(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Every template that is text, with its path.
pub(crate) fn texts() -> impl Iterator<Item = (&'static str, &'static str)> {
    templates::files()
        .iter()
        .filter_map(|(path, content)| Some((*path, std::str::from_utf8(content).ok()?)))
}
