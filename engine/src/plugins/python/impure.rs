//! Calls that come to something else each time, or do something besides: what made them so.
//!
//! Such a call is made once in a save, and again whenever what uses it is made again.

use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::host::{Answer, Problem, Volatile};
use super::subject::{describe, owner_of};
use crate::inputs::Db;

/// Something that a call did, or looked at, that is different next time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Cause {
    /// `time`, `process`, `network`, `write`, …
    kind: String,
    /// The plugin's file, and the line in it.
    place: Option<(String, Option<usize>)>,
}

impl Cause {
    /// Whether it is what another process or the system says: that is mostly about the machine, and slow to ask for.
    pub(super) fn is_of_the_system(&self) -> bool {
        matches!(&*self.kind, "process" | "system")
    }

    /// For people.
    pub(super) fn describe(&self) -> String {
        match &self.place {
            Some((file, Some(line))) => format!("{} at {file}:{line}", self.kind),
            Some((file, None)) => format!("{} in {file}", self.kind),
            None => self.kind.clone(),
        }
    }
}

/// What makes a call impure. The working folder does not: where that is, can be compared. What is written below the
/// `overlay` does not either: that is written with all other files.
pub(super) fn causes(answer: &Answer, overlay: Option<&Json>) -> Vec<Cause> {
    let below = overlay.and_then(|overlay| overlay.get("of")?.as_str());
    let is_outside =
        |path: &&String| !below.is_some_and(|below| Path::new(path).starts_with(below));
    let volatile = answer.reads.volatile.iter();
    let cause = |one: &Volatile| Cause {
        kind: one.kind.clone(),
        place: one.file.clone().map(|file| (file, one.line)),
    };
    let mut causes: Vec<_> = volatile
        .filter(|one| one.kind != "cwd")
        .map(cause)
        .collect();
    let effects = &answer.effects;
    let paths = effects.wrote.iter().chain(&effects.removed);
    causes.extend(paths.filter(is_outside).map(|path| Cause {
        kind: format!("write of {path}"),
        place: None,
    }));
    causes.sort();
    causes.dedup();
    causes
}

/// Tells whoever measures of such a call, be it `made` or not.
pub(super) fn note(db: &dyn Db, target: &Json, causes: &[Cause], made: bool) {
    if let Some(profile) = db.profile() {
        let owner = owner_of(db, target, &Problem::default());
        let causes = causes.iter().map(Cause::describe);
        profile.note_impure(&describe(db, target), &owner, causes, made);
    }
}
