//! Versions of Python, and the names that have them.

use std::fmt;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::inputs::Db;
use crate::system::FileKind;

/// A version of Python, as far as folders are named after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Version {
    /// 3.
    pub major: u16,
    /// Such as 11.
    pub minor: u16,
    /// Whether it is a build without the global lock, whose folders have a `t` behind the number.
    pub free_threaded: bool,
}

impl Version {
    /// The version that `text` begins with: `3.11`, `3.11.7`, `3.13t`, `3.11.7.final.0`.
    pub fn parse(text: &str) -> Option<Self> {
        let (major, rest) = text.split_once('.')?;
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (minor, rest) = rest.split_at(digits);
        Some(Self {
            major: major.parse().ok()?,
            minor: minor.parse().ok()?,
            free_threaded: rest.starts_with('t'),
        })
    }

    /// The name of its folder in `lib`.
    pub(super) fn folder(self) -> String {
        format!("python{self}")
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let suffix = if self.free_threaded { "t" } else { "" };
        write!(f, "{}.{}{suffix}", self.major, self.minor)
    }
}

/// What the name of a program says.
pub(super) enum Name {
    /// `python3.11`
    Versioned(Version),
    /// `python`, `python3`
    Plain,
    /// Anything else, such as a manager of versions.
    Other,
}

impl Name {
    pub(super) fn of(path: &Path) -> Self {
        let name = path.file_name().and_then(|name| name.to_str());
        match name.and_then(|name| name.strip_prefix("python")) {
            Some("" | "3") => Self::Plain,
            Some(rest)
                if rest
                    .chars()
                    .all(|c| c.is_ascii_digit() || ".tmd".contains(c)) =>
            {
                Version::parse(rest).map_or(Self::Other, Self::Versioned)
            }
            Some(_) | None => Self::Other,
        }
    }
}

/// The versions of Python that have a folder in `lib`.
pub(super) fn versions_in(db: &dyn Db, lib: &Path) -> Vec<Version> {
    let entries = db
        .folder(lib)
        .listing(db)
        .iter()
        .flat_map(|list| list.iter());
    entries
        .filter(|entry| entry.kind == Some(FileKind::Folder))
        .filter_map(|entry| Version::parse(entry.name.strip_prefix("python")?))
        .collect()
}
