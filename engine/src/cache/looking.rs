//! Looks at what records tell of, and says whether it is as it was.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::inputs::{Found, InputRecord, Records, hash_of_value};
use crate::system::System;

/// From so many files on, two threads look at them: by then that is most of what a command without changes does.
pub(super) const SIDE_BY_SIDE: usize = 200;

pub(super) fn side_by_side<A, B: Send>(
    large: bool,
    first: impl FnOnce() -> A,
    second: impl FnOnce() -> B + Send,
) -> (A, B) {
    if !large {
        return (first(), second());
    }
    std::thread::scope(|scope| {
        let second = scope.spawn(second);
        let first = first();
        match second.join() {
            Ok(second) => (first, second),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// What looking came to.
#[derive(Clone, Copy)]
pub(super) struct Looked {
    /// Whether all is as it was.
    pub(super) same: bool,
    /// Whether the records now tell more than before.
    pub(super) refreshed: bool,
}

impl Looked {
    pub(super) const THE_SAME: Self = Self {
        same: true,
        refreshed: false,
    };

    pub(super) fn and(self, other: Self) -> Self {
        Self {
            same: self.same && other.same,
            refreshed: self.refreshed || other.refreshed,
        }
    }
}

/// Looks at all inputs, and notes in the records what they tell now. Records of those that have changed are unsettled.
pub(super) fn at_inputs(
    system: &dyn System,
    inputs: &mut Records,
    same_boot: bool,
    now: Duration,
) -> Looked {
    let looked = at_paths(system, &mut inputs.paths, same_boot, now);
    looked.and(elsewhere(system, &inputs.locations, &inputs.variables))
}

pub(super) fn at_paths(
    system: &dyn System,
    records: &mut [InputRecord],
    same_boot: bool,
    now: Duration,
) -> Looked {
    let mut looked = Looked::THE_SAME;
    for record in records {
        let stamp = system.stamp(&record.path).ok().flatten();
        let by_stamp = same_boot && record.settled && stamp == record.stamp;
        if by_stamp && !matches!(record.found, Found::Listing(_, false)) {
            continue;
        }
        let again = match record.found {
            Found::Listing(..) => Some(at_folder(system, &record.path)),
            Found::Nothing if stamp.is_none() => continue,
            _ => at_file(system, &record.path),
        };
        match again {
            Some(again) if again.found == record.found => {
                record.stamp = again.stamp;
                record.settled = again.stamp.is_none_or(|stamp| stamp.settled(now));
                looked.refreshed |= record.settled && !by_stamp;
            }
            _ => {
                record.settled = false;
                record.stamp = None;
                looked.same = false;
            }
        }
    }
    looked
}

/// Looks at where paths lead to, and at variables.
pub(super) fn elsewhere(
    system: &dyn System,
    locations: &[(PathBuf, Option<PathBuf>)],
    variables: &[(String, Option<[u8; 32]>)],
) -> Looked {
    let is_there = |(path, target): &(PathBuf, Option<PathBuf>)| {
        crate::inputs::locate(system, path) == *target
    };
    let is_set = |(name, hash): &(String, Option<[u8; 32]>)| {
        hash_of_value(crate::inputs::read_variable(system, name).as_deref()) == *hash
    };
    Looked {
        same: locations.iter().all(is_there) && variables.iter().all(is_set),
        refreshed: false,
    }
}

pub(super) fn at_file(system: &dyn System, path: &Path) -> Option<InputRecord> {
    let (content, look) = crate::inputs::read_file(system, path);
    Some(InputRecord {
        path: path.to_owned(),
        found: Found::of_content(&content)?,
        stamp: look.stamp,
        settled: look.settled(),
        in_settings: false,
    })
}

fn at_folder(system: &dyn System, path: &Path) -> InputRecord {
    let (listing, look) = crate::inputs::read_folder(system, path);
    InputRecord {
        path: path.to_owned(),
        found: Found::of_listing(&listing),
        stamp: look.stamp,
        settled: look.settled(),
        in_settings: false,
    }
}
