//! Stamps: what the system knows of a file without reading it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::FileKind;

/// How long after a change the next one may get the same time: a tick of the kernel's clock is at most 10 ms.
const TICK: Duration = Duration::from_millis(20);

/// The same for file systems that keep whole seconds, or two of them.
const COARSE_TICK: Duration = Duration::from_secs(3);

/// What tells whether a file or folder has changed: as long as its stamp is the same and [settled](Stamp::settled),
/// so is what is in it.
///
/// The time of the last change of the inode is part of it: no user can set that one back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Stamp {
    /// What it is.
    pub kind: FileKind,
    /// The file system that it is on.
    pub device: u64,
    /// Its number there.
    pub inode: u64,
    /// Its length in bytes.
    pub size: u64,
    /// When its content was changed, in nanoseconds since the epoch.
    pub modified: i64,
    /// When its content or its attributes were changed, in nanoseconds since the epoch.
    pub changed: i64,
}

impl Stamp {
    /// Whether any change after `looked` (the time at which this stamp was taken, or before) would have given
    /// another stamp.
    ///
    /// A change within the same tick of the clock as the one before keeps the stamp (Git calls such files racily
    /// clean), and so may one on a file system whose clock is ahead of ours.
    pub fn settled(&self, looked: Duration) -> bool {
        let changed = Duration::from_nanos(u64::try_from(self.changed).unwrap_or_default());
        let whole_seconds = changed.subsec_nanos() == 0 && self.modified % 1_000_000_000 == 0;
        let tick = if whole_seconds { COARSE_TICK } else { TICK };
        changed + tick < looked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed_at(nanoseconds: i64) -> Stamp {
        Stamp {
            kind: FileKind::File,
            device: 1,
            inode: 2,
            size: 3,
            modified: nanoseconds,
            changed: nanoseconds,
        }
    }

    #[test]
    fn a_stamp_is_settled_once_the_clock_has_moved_on() {
        let second = 1_000_000_000;
        let stamp = changed_at(100 * second + 1);
        assert!(!stamp.settled(Duration::from_nanos(100 * 1_000_000_000 + 2)));
        assert!(!stamp.settled(Duration::from_millis(100_010)));
        assert!(stamp.settled(Duration::from_millis(100_030)));
    }

    #[test]
    fn stamps_in_whole_seconds_settle_later_and_those_of_the_future_never() {
        let stamp = changed_at(100 * 1_000_000_000);
        assert!(!stamp.settled(Duration::from_secs(102)));
        assert!(stamp.settled(Duration::from_millis(103_001)));
        assert!(!changed_at(200 * 1_000_000_000 + 1).settled(Duration::from_secs(150)));
    }
}
