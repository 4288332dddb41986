//! Which part of a folder BuildKit is about to use: it says so in "follow paths", and need not be
//! sent the rest.

use std::collections::VecDeque;
use std::path::{Component, Path, PathBuf};

/// How many links are followed before everything is sent instead.
const LINKS: usize = 200;

/// A part of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// All of it.
    Whole,
    /// These paths with what is in them, and the folders that lead to them.
    Paths(Vec<PathBuf>),
}

impl Part {
    /// What these follow paths mean in `folder`: themselves, and where links on the way lead to.
    /// What is not understood means all of it.
    pub(crate) fn of(folder: &Path, follow: &[String]) -> Self {
        if follow.is_empty() {
            return Self::Whole;
        }
        let mut open: VecDeque<PathBuf> = follow.iter().map(PathBuf::from).collect();
        let mut paths = Vec::new();
        let mut links = 0;
        while let Some(path) = open.pop_front() {
            let Some(path) = clean(&path) else {
                return Self::Whole;
            };
            let (reached, goes_on) = reach(folder, &path);
            paths.push(reached);
            if let Some(next) = goes_on {
                links += 1;
                if links > LINKS {
                    return Self::Whole;
                }
                open.push_back(next);
            }
        }
        paths.sort();
        paths.dedup();
        Self::Paths(paths)
    }

    /// Whether `path` is in it, or leads to something that is.
    pub(crate) fn touches(&self, path: &Path) -> bool {
        match self {
            Self::Whole => true,
            Self::Paths(paths) => paths
                .iter()
                .any(|one| path.starts_with(one) || one.starts_with(path)),
        }
    }
}

/// A path without what does not matter; nothing if it is the whole folder, leaves it, or is a pattern.
fn clean(path: &Path) -> Option<PathBuf> {
    let text = path.to_str()?;
    if text.contains(['*', '?', '[', '\\']) {
        return None;
    }
    let mut cleaned = PathBuf::new();
    for part in path.components() {
        match part {
            Component::Normal(name) => cleaned.push(name),
            Component::CurDir | Component::RootDir => {}
            Component::ParentDir => {
                if !cleaned.pop() {
                    return None;
                }
            }
            Component::Prefix(_) => return None,
        }
    }
    (!cleaned.as_os_str().is_empty()).then_some(cleaned)
}

/// How far a path goes without a link, and where the link at its end leads to.
fn reach(folder: &Path, path: &Path) -> (PathBuf, Option<PathBuf>) {
    let mut reached = PathBuf::new();
    let mut parts = path.components();
    while let Some(part) = parts.next() {
        reached.push(part);
        if let Ok(target) = std::fs::read_link(folder.join(&reached)) {
            // An absolute target is one within the folder, as it is for BuildKit.
            let base = if target.is_absolute() {
                PathBuf::new()
            } else {
                reached.parent().map(Path::to_path_buf).unwrap_or_default()
            };
            let target = target.strip_prefix("/").unwrap_or(&target).to_path_buf();
            return (reached, Some(base.join(target).join(parts.as_path())));
        }
    }
    (reached, None)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn links_are_followed_and_patterns_mean_everything() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::create_dir_all(root.join("real/deep")).unwrap();
        symlink("real", root.join("link")).unwrap();
        symlink("/real/deep", root.join("absolute")).unwrap();
        symlink("circle", root.join("circle")).unwrap();
        let of = |paths: &[&str]| {
            let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
            Part::of(root, &paths)
        };
        let listed = |paths: &[&str]| Part::Paths(paths.iter().map(PathBuf::from).collect());
        assert_eq!(
            of(&["/real/./deep", "none"]),
            listed(&["none", "real/deep"])
        );
        assert_eq!(of(&["link/deep"]), listed(&["link", "real/deep"]));
        assert_eq!(of(&["absolute/x"]), listed(&["absolute", "real/deep/x"]));
        for whole in [".", "/", "a/*", "../x", "circle"] {
            assert_eq!(of(&[whole, "real"]), Part::Whole, "{whole}");
        }
        assert_eq!(of(&[]), Part::Whole);
    }

    #[test]
    fn what_leads_to_a_part_is_touched() {
        let part = Part::Paths(vec![PathBuf::from("a/b")]);
        for (path, expected) in [
            ("a", true),
            ("a/b", true),
            ("a/b/c", true),
            ("a/bc", false),
            ("b", false),
        ] {
            assert_eq!(part.touches(Path::new(path)), expected, "{path}");
        }
    }
}
