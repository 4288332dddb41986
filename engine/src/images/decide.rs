//! Whether an image has to be built, and why.

use std::collections::BTreeMap;
use std::fmt;

use super::docker::Image;
use super::explain::Listing;
use super::label::{Fingerprint, LABEL};
use super::look::Looked;
use super::memory::Memory;
use super::parts::Inputs;
use super::resolve::Answers;

/// What is to be done about an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Nothing: BuildKit would find every step in its cache.
    Unchanged,
    /// It is pulled: a registry has it, built from the very same.
    Pull,
    /// It is built.
    Build {
        /// Whether there is one that it takes the place of.
        again: bool,
        /// Why.
        reasons: Vec<String>,
    },
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unchanged => f.write_str("unchanged"),
            Self::Pull => f.write_str("pull (the registry has it, built from the very same)"),
            Self::Build { again, reasons } => {
                let what = if *again { "rebuild" } else { "build" };
                write!(f, "{what} ({})", reasons.join("; "))
            }
        }
    }
}

/// An image that was looked at, with all that its build depends on.
#[derive(Clone, Debug)]
pub struct Judged {
    /// What it is made from.
    pub inputs: Inputs,
    /// Its fingerprint; `None`: something is not known, so that nothing may be skipped because of this build.
    pub fingerprint: Option<Fingerprint>,
    /// Why it has to be built whatever was there before.
    pub unknown: Vec<String>,
}

/// Puts together what a build is made from.
pub(super) fn judge(looked: &Looked, answers: &Answers) -> Judged {
    let mut unknown: Vec<_> = looked
        .unknown
        .iter()
        .map(|reason| format!("it cannot be told whether anything has changed: {reason}"))
        .collect();
    let mut inputs = Inputs {
        build: looked.build.clone(),
        uses: looked.uses.clone(),
        context: looked.context.clone(),
        folders: looked
            .folders
            .iter()
            .map(|(name, (_, tree))| (name.clone(), tree.clone()))
            .collect(),
        ..Inputs::default()
    };
    let nothing = || Err(String::from("it was not looked up"));
    for name in &looked.images {
        match answers.bases.get(name).cloned().unwrap_or_else(nothing) {
            Ok(value) => drop(inputs.bases.insert(name.clone(), value)),
            Err(why) => unknown.push(format!("base image {name} cannot be looked up: {why}")),
        }
    }
    for remote in &looked.remotes {
        let name = remote.describe();
        match answers.remotes.get(remote).cloned().unwrap_or_else(nothing) {
            // Two addresses may be told alike.
            Ok(value) => inputs.remotes.entry(name).or_default().push_str(&value),
            Err(why) => unknown.push(format!("{name} cannot be looked up: {why}")),
        }
    }
    let fingerprint = unknown.is_empty().then(|| Fingerprint::of(&inputs));
    Judged {
        inputs,
        fingerprint,
        unknown,
    }
}

/// What the engine has under the tags of an image.
#[derive(Clone, Debug, Default)]
pub(super) struct Present {
    /// By tag, those that it has.
    pub images: BTreeMap<String, Image>,
}

/// Decides about an image. `forced` is why the user wants it built in any case.
pub(super) fn decide(
    looked: &Looked,
    judged: &Judged,
    present: &Present,
    memory: &Memory<'_>,
    forced: &[&str],
) -> Decision {
    let tags = &looked.build.tags;
    let first = tags.first().and_then(|tag| present.images.get(tag));
    let build = |reasons: Vec<String>| Decision::Build {
        again: first.is_some(),
        reasons,
    };
    let mut reasons: Vec<String> = forced.iter().map(|reason| (*reason).to_owned()).collect();
    if let Some(output) = &looked.build.output {
        reasons.push(format!(
            "its result goes elsewhere, and is not looked at there: {output}"
        ));
    }
    reasons.extend(judged.unknown.iter().cloned());
    let Some(fingerprint) = judged.fingerprint.as_ref().filter(|_| reasons.is_empty()) else {
        return build(reasons);
    };
    let Some(image) = first else {
        return build(vec![String::from("tag is missing")]);
    };
    if let Some(tag) = tags.iter().find(|tag| {
        present
            .images
            .get(*tag)
            .is_none_or(|other| other.id != image.id)
    }) {
        return build(vec![format!(
            "tag {tag} is missing, or another image has it"
        )]);
    }
    let label = image
        .labels
        .get(LABEL)
        .and_then(|label| Fingerprint::read(label));
    let Some(label) = label else {
        let known = tags.first().and_then(|tag| memory.image(tag));
        return build(vec![String::from(match known {
            Some(known) if known.id == image.id => {
                "its files or base images changed while it was built"
            }
            _ => "the image under this tag was not built by this program",
        })]);
    };
    if label.is(fingerprint) {
        Decision::Unchanged
    } else {
        build(changes(looked, judged, fingerprint, &label, memory))
    }
}

/// What changed: in detail where this machine remembers what the image was built from.
fn changes(
    looked: &Looked,
    judged: &Judged,
    fingerprint: &Fingerprint,
    label: &Fingerprint,
    memory: &Memory<'_>,
) -> Vec<String> {
    let tag = looked.build.tags.first();
    let known = tag.and_then(|tag| memory.listing(tag));
    if let Some((_, listing)) = known.filter(|(whole, _)| whole == label.whole()) {
        let changes = listing.changes(&Listing::of(&judged.inputs), &looked.lines());
        if !changes.is_empty() {
            return changes;
        }
    }
    let kinds = fingerprint.differing(label);
    if kinds.is_empty() {
        return vec![String::from("what it is built from changed")];
    }
    kinds
        .iter()
        .map(|kind| format!("{} changed", kind.name()))
        .collect()
}
