//! When to act: at once if an editor has saved a file, a little later if more is to come.
//!
//! This knows paths and times only. A file that is being written is waited for until it is closed; one that is gone,
//! until it is clear that it will not be back in a moment (that is how editors replace files); a new name, until it
//! is clear that it is no passing one. Many files at once are a checkout or a copy: these are over when it is quiet.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::signal::Touch;

/// How long a file may stay open after it was written to before it is read nevertheless.
const OPEN: Duration = Duration::from_millis(100);
/// The same for `config.yml`, which is written back: whoever is at it may take their time.
const OPEN_GUARDED: Duration = Duration::from_secs(3);
/// How long a file may be away.
const AWAY: Duration = Duration::from_millis(30);
/// How long a new name or new attributes are looked at before they count.
const NEW: Duration = Duration::from_millis(10);
/// How long a saved file is held back for others that come with it.
const TOGETHER: Duration = Duration::from_micros(250);
/// So many files at once are no longer an editor's doing.
const MANY: usize = 6;
/// Then it has to be quiet for so long.
const QUIET: Duration = Duration::from_millis(15);
/// Nothing is put off for longer than this by others that keep coming.
const PATIENCE: Duration = Duration::from_secs(1);

/// What the paths are to the watch.
pub(super) trait Interest {
    /// Whether the path is read, as a file or a folder.
    fn is_known(&self, path: &Path) -> bool;
    /// Whether a half-written state of the path would do harm.
    fn is_guarded(&self, path: &Path) -> bool;
}

/// Paths that something happened to, with the time at which each may be looked at.
#[derive(Debug, Default)]
pub(super) struct Gather {
    due: BTreeMap<PathBuf, Duration>,
    open: BTreeMap<PathBuf, Duration>,
    first: Duration,
    last: Duration,
}

impl Gather {
    /// Notes that `path` was touched at `now`.
    pub(super) fn note(
        &mut self,
        path: PathBuf,
        touch: Touch,
        now: Duration,
        interest: &dyn Interest,
    ) {
        if self.is_empty() {
            self.first = now;
        }
        self.last = now;
        let known = interest.is_known(&path);
        match touch {
            Touch::Done => {
                self.open.remove(&path);
                self.due
                    .insert(path, now + if known { TOGETHER } else { NEW });
            }
            Touch::Open => {
                let patience = if interest.is_guarded(&path) {
                    OPEN_GUARDED
                } else {
                    OPEN
                };
                self.due.remove(&path);
                self.open.insert(path, now + patience);
            }
            Touch::Gone if known => {
                self.open.remove(&path);
                self.due.insert(path, now + AWAY);
            }
            // A passing file has passed.
            Touch::Gone => {
                self.open.remove(&path);
                self.due.remove(&path);
            }
            Touch::Attributes => {
                if !self.open.contains_key(&path) {
                    self.due.entry(path).or_insert(now + NEW);
                }
            }
        }
    }

    /// Whether there is nothing to do.
    pub(super) fn is_empty(&self) -> bool {
        self.due.is_empty() && self.open.is_empty()
    }

    /// When to look next; `None` if there is nothing to look at.
    pub(super) fn deadline(&self) -> Option<Duration> {
        let all = self.due.values().chain(self.open.values()).copied().max()?;
        if self.due.len() + self.open.len() >= MANY {
            let quiet = all.max(self.last + QUIET);
            return Some(quiet.min(self.first + PATIENCE).max(self.guarded()));
        }
        Some(all.min(self.first + PATIENCE).max(self.guarded()))
    }

    /// What is guarded and open has to be waited for in any case.
    fn guarded(&self) -> Duration {
        let patient = self.open.values().copied().max().unwrap_or_default();
        if patient > self.last + OPEN {
            patient
        } else {
            Duration::ZERO
        }
    }

    /// All paths so far.
    pub(super) fn paths(&self) -> impl Iterator<Item = &PathBuf> {
        self.due.keys().chain(self.open.keys())
    }

    /// All paths, to be looked at now.
    pub(super) fn take(&mut self) -> Vec<PathBuf> {
        let paths = std::mem::take(&mut self.due)
            .into_keys()
            .chain(std::mem::take(&mut self.open).into_keys());
        paths.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Known;
    impl Interest for Known {
        fn is_known(&self, path: &Path) -> bool {
            !path.to_string_lossy().contains("new")
        }
        fn is_guarded(&self, path: &Path) -> bool {
            path.ends_with("config.yml")
        }
    }

    const MS: Duration = Duration::from_millis(1);

    /// Notes touches at given milliseconds, and answers when it is time, in milliseconds.
    fn time(touches: &[(&str, Touch, u32)]) -> Option<u128> {
        let mut gather = Gather::default();
        for (path, touch, at) in touches {
            gather.note(PathBuf::from(path), *touch, *at * MS, &Known);
        }
        gather.deadline().map(|deadline| deadline.as_millis())
    }

    #[test]
    fn a_file_that_was_closed_is_read_at_once() {
        assert_eq!(time(&[("a", Touch::Done, 5)]), Some(5));
        let saved = [
            ("a", Touch::Open, 1),
            ("a", Touch::Open, 2),
            ("a", Touch::Done, 3),
        ];
        assert_eq!(time(&saved), Some(3));
    }

    #[test]
    fn a_file_that_is_being_written_is_waited_for_and_the_configuration_longer() {
        assert_eq!(time(&[("a", Touch::Open, 0)]), Some(100));
        assert_eq!(time(&[("config.yml", Touch::Open, 0)]), Some(3000));
    }

    #[test]
    fn a_file_that_is_replaced_is_read_when_it_is_back() {
        assert_eq!(time(&[("a", Touch::Gone, 0)]), Some(30));
        let replaced = [
            ("a", Touch::Gone, 0),
            ("a", Touch::Open, 1),
            ("a", Touch::Done, 2),
        ];
        assert_eq!(time(&replaced), Some(2));
    }

    #[test]
    fn passing_files_are_nothing() {
        let passing = [
            ("new~", Touch::Open, 0),
            ("new~", Touch::Done, 0),
            ("new~", Touch::Gone, 1),
        ];
        assert_eq!(time(&passing), None);
    }

    #[test]
    fn many_files_are_waited_for_until_it_is_quiet_but_not_for_ever() {
        let names: Vec<String> = (0..500).map(|number| format!("f{number}")).collect();
        let touches: Vec<_> = names
            .iter()
            .enumerate()
            .map(|(index, name)| (name.as_str(), Touch::Done, index as u32 / 10))
            .collect();
        assert_eq!(time(&touches), Some(49 + 15));
        let slow: Vec<_> = names
            .iter()
            .enumerate()
            .map(|(index, name)| (name.as_str(), Touch::Done, index as u32 * 10))
            .collect();
        assert_eq!(time(&slow), Some(1000));
    }
}
