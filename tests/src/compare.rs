//! Where two snapshots part, told so that a person sees it at once.

use std::fmt::Write as _;

use crate::snapshot::{Entry, Snapshot};

/// The mode that we want `config.yml` to have.
const PRIVATE: u32 = 0o600;

/// Differences in content and mode between what real Tutor wrote and what we did.
///
/// `mask` is applied to each text before comparing; `skip` says which paths not to look at.
pub fn trees(
    real: &Snapshot,
    ours: &Snapshot,
    mask: &dyn Fn(Side, &[u8]) -> Vec<u8>,
    skip: &dyn Fn(&str) -> bool,
) -> Vec<String> {
    let mut problems = Vec::new();
    let mut paths: Vec<&String> = real.keys().chain(ours.keys()).collect();
    paths.sort();
    paths.dedup();
    for path in paths {
        if skip(path) {
            continue;
        }
        match (real.get(path), ours.get(path)) {
            (Some(_), None) => problems.push(format!("{path}: we wrote none")),
            (None, Some(_)) => problems.push(format!("{path}: only we wrote it")),
            (Some(real), Some(ours)) => {
                let (a, b) = (mask(Side::Real, &real.bytes), mask(Side::Ours, &ours.bytes));
                if a != b {
                    problems.push(format!("{path}: {}", first_difference(&a, &b)));
                }
                if path != "config.yml" && real.mode != ours.mode {
                    problems.push(format!(
                        "{path}: mode {:o}, wanted {:o}",
                        ours.mode, real.mode
                    ));
                }
            }
            (None, None) => {}
        }
    }
    problems
}

/// Whose text it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Real Tutor's.
    Real,
    /// Ours.
    Ours,
}

/// What changed between two snapshots of one folder, times and identities included.
pub fn changes(before: &Snapshot, after: &Snapshot) -> Vec<String> {
    let mut problems = Vec::new();
    for (path, old) in before {
        match after.get(path) {
            None => problems.push(format!("{path} went")),
            Some(new) => problems.extend(change(path, old, new)),
        }
    }
    for path in after.keys() {
        if !before.contains_key(path) {
            problems.push(format!("{path} came"));
        }
    }
    problems
}

fn change(path: &str, old: &Entry, new: &Entry) -> Option<String> {
    let what = if old.bytes != new.bytes {
        "content"
    } else if old.mode != new.mode {
        "mode"
    } else if old.inode != new.inode {
        "inode"
    } else if old.modified != new.modified {
        "modification time"
    } else {
        return None;
    };
    Some(format!("{path} changed ({what})"))
}

/// `config.yml` is private whenever we wrote it.
pub fn config_is_private(before: &Snapshot, after: &Snapshot) -> Option<String> {
    let new = after.get("config.yml")?;
    let same = before
        .get("config.yml")
        .is_some_and(|old| old.bytes == new.bytes);
    (!same && new.mode & 0o777 != PRIVATE)
        .then(|| format!("config.yml has mode {:o}, wanted 600", new.mode & 0o777))
}

/// The first lines that differ, with the line before them.
pub fn first_difference(real: &[u8], ours: &[u8]) -> String {
    let (real, ours) = (
        String::from_utf8_lossy(real).into_owned(),
        String::from_utf8_lossy(ours).into_owned(),
    );
    let (a, b): (Vec<&str>, Vec<&str>) = (
        real.split_inclusive('\n').collect(),
        ours.split_inclusive('\n').collect(),
    );
    let same = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let mut told = format!("line {}", same + 1);
    if let Some(before) = same.checked_sub(1).and_then(|i| a.get(i)) {
        let _ = write!(told, "\n      both: {}", shown(before));
    }
    for (who, lines) in [("real", &a), ("ours", &b)] {
        for line in lines.iter().skip(same).take(2) {
            let _ = write!(told, "\n      {who}: {}", shown(line));
        }
        if lines.len() <= same {
            let _ = write!(told, "\n      {who}: (ends)");
        }
    }
    told
}

fn shown(line: &str) -> String {
    let mut text: String = line.escape_debug().take(200).collect();
    if line.chars().count() > 200 {
        text.push('…');
    }
    text
}
