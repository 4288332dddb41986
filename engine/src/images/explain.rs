//! Why an image is built again, in words.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::parts::{Inputs, Kind, Manifest, walk};

/// What a build has looked at: kept on this machine, for its user only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    parts: BTreeMap<(Kind, String), String>,
}

impl Manifest for Listing {
    fn part(&mut self, kind: Kind, name: &str, value: &str) {
        self.parts.insert((kind, name.to_owned()), value.to_owned());
    }
}

/// How many names are told of one kind.
const SHOWN: usize = 3;

/// What a part was, and what it is.
type Change<'a> = (&'a str, Option<&'a str>, Option<&'a str>);

impl Listing {
    /// What a build looks at.
    pub fn of(inputs: &Inputs) -> Self {
        let mut listing = Self::default();
        walk(inputs, &mut listing);
        listing
    }

    /// What is not as it was, in a few words each. `lines` are those of the instructions now.
    pub fn changes(&self, now: &Self, lines: &[usize]) -> Vec<String> {
        let mut all: BTreeMap<Kind, Vec<Change<'_>>> = BTreeMap::new();
        let keys = self.parts.keys().chain(now.parts.keys());
        let keys: std::collections::BTreeSet<_> = keys.collect();
        for key in keys {
            let (before, after) = (self.parts.get(key), now.parts.get(key));
            if before != after {
                let change = (
                    &*key.1,
                    before.map(String::as_str),
                    after.map(String::as_str),
                );
                all.entry(key.0).or_default().push(change);
            }
        }
        let told = all
            .iter()
            .flat_map(|(kind, changes)| told(*kind, changes, lines));
        told.collect()
    }
}

fn told(kind: Kind, changes: &[Change<'_>], lines: &[usize]) -> Vec<String> {
    let each = |tell: fn(&Change<'_>) -> String| changes.iter().map(tell).collect();
    match kind {
        Kind::Dockerfile => {
            let first = changes
                .first()
                .and_then(|(number, _, _)| number.parse::<usize>().ok());
            let line = first.and_then(|number| lines.get(number));
            vec![line.map_or_else(
                || String::from("Dockerfile: instructions at its end are gone"),
                |line| format!("Dockerfile: line {line}"),
            )]
        }
        Kind::Context => vec![format!("context: {}", listed(changes.iter().map(named)))],
        Kind::Folder => {
            let mut folders: BTreeMap<&str, Vec<String>> = BTreeMap::new();
            for change in changes {
                let (folder, path) = change.0.split_once('\t').unwrap_or((change.0, ""));
                folders
                    .entry(folder)
                    .or_default()
                    .push(named(&(path, change.1, change.2)));
            }
            let folders = folders.into_iter();
            folders
                .map(|(name, paths)| format!("folder {name}: {}", listed(paths.into_iter())))
                .collect()
        }
        Kind::Argument => each(|(name, before, after)| {
            let name = name.split('\t').next().unwrap_or_default();
            if is_secret(name) {
                return format!("build argument {name} changed");
            }
            let value = |value: Option<&str>| match value.and_then(|value| value.strip_prefix('='))
            {
                Some(value) => value.to_owned(),
                None => String::from("(not set)"),
            };
            format!(
                "build argument {name}: {} -> {}",
                value(*before),
                value(*after)
            )
        }),
        Kind::Base => each(|(name, before, after)| match (before, after) {
            (Some(_), Some(_)) => format!("base image {name} moved"),
            (None, _) => format!("base image {name} is new"),
            (_, None) => format!("base image {name} is not used any more"),
        }),
        Kind::Remote => each(|(name, before, after)| match (before, after) {
            (Some(_), Some(_)) => format!("{name} moved"),
            (None, _) => format!("{name} is new"),
            (_, None) => format!("{name} is not used any more"),
        }),
        Kind::Setting => each(|(name, before, after)| {
            let value = |value: Option<&str>| match value {
                Some(value) if !value.is_empty() => value.to_owned(),
                _ => String::from("(not set)"),
            };
            if *name == "others" {
                return String::from("other build options changed");
            }
            format!("{name}: {} -> {}", value(*before), value(*after))
        }),
    }
}

/// A file, and what happened to it.
fn named((path, before, after): &Change<'_>) -> String {
    match (before, after) {
        (None, _) => format!("{path} (new)"),
        (_, None) => format!("{path} (gone)"),
        (Some(before), Some(after)) => {
            // All but the mode.
            let rest = |text: &str| {
                let mut words: Vec<_> = text.split(' ').collect();
                (words[0] != "link" && words.len() > 1).then(|| words.remove(1));
                words.join(" ")
            };
            if rest(before) == rest(after) {
                format!("{path} (mode)")
            } else {
                (*path).to_owned()
            }
        }
    }
}

fn listed(names: impl ExactSizeIterator<Item = String>) -> String {
    let count = names.len();
    let mut shown: Vec<_> = names.take(SHOWN).collect();
    if count > SHOWN {
        shown.push(format!("{} more", count - SHOWN));
    }
    shown.join(", ")
}

/// Whether the name says that the value is nobody's business.
fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    ["SECRET", "TOKEN", "PASSW", "KEY", "CREDENTIAL", "AUTH"]
        .iter()
        .any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::super::label::Fingerprint;
    use super::*;

    fn inputs(change: impl FnOnce(&mut Inputs)) -> Inputs {
        let mut inputs = Inputs::default();
        inputs.build.tags = vec![String::from("i:1")];
        inputs.uses.text = vec![(1, String::from("FROM a")), (7, String::from("RUN x"))];
        inputs
            .uses
            .arguments
            .insert(("FOO".into(), 0), Some("a".into()));
        inputs
            .uses
            .arguments
            .insert(("NPM_TOKEN".into(), 0), Some("hunter2".into()));
        inputs.bases.insert("X:1".into(), "sha256:1".into());
        inputs
            .remotes
            .insert("Git ref main of u".into(), "1234".into());
        change(&mut inputs);
        inputs
    }

    /// What is told, and the change.
    type Row = (&'static str, fn(&mut Inputs));

    #[test]
    fn what_changed_is_told() {
        let before = inputs(|_| {});
        let table: [Row; 7] = [
            ("build argument FOO: a -> b", |i| {
                i.uses.arguments.insert(("FOO".into(), 0), Some("b".into()));
            }),
            ("build argument NPM_TOKEN changed", |i| {
                i.uses
                    .arguments
                    .insert(("NPM_TOKEN".into(), 0), Some("hunter3".into()));
            }),
            ("base image X:1 moved", |i| {
                i.bases.insert("X:1".into(), "sha256:2".into());
            }),
            ("Git ref main of u moved", |i| {
                i.remotes.insert("Git ref main of u".into(), "5".into());
            }),
            ("Dockerfile: line 7", |i| i.uses.text[1].1.push('y')),
            ("target: (not set) -> t", |i| {
                i.build.target = Some("t".into());
            }),
            ("tags: i:1 -> i:2", |i| i.build.tags = vec!["i:2".into()]),
        ];
        for (words, change) in table {
            let after = inputs(change);
            let lines: Vec<_> = after.uses.text.iter().map(|(line, _)| *line).collect();
            let told = Listing::of(&before).changes(&Listing::of(&after), &lines);
            assert_eq!(told, [words]);
            assert!(
                !Fingerprint::of(&before).is(&Fingerprint::of(&after)),
                "{words}"
            );
        }
    }

    #[test]
    fn labels_say_which_kind_of_part_changed_and_nothing_else() {
        let before = Fingerprint::of(&inputs(|_| {}));
        let label = before.label();
        assert_eq!(Fingerprint::read(&label).as_ref(), Some(&before));
        assert!(!label.contains("hunter2"));
        let after = Fingerprint::of(&inputs(|i| {
            i.uses.arguments.insert(("FOO".into(), 0), Some("b".into()));
        }));
        assert_eq!(after.differing(&before), [Kind::Argument]);
        assert_eq!(Fingerprint::read("2 x"), None);
        assert_eq!(Fingerprint::read("anything else"), None);
    }

    #[test]
    fn where_a_line_moves_to_does_not_count() {
        let before = inputs(|_| {});
        let after = inputs(|i| i.uses.text[1].0 = 99);
        assert!(Fingerprint::of(&before).is(&Fingerprint::of(&after)));
    }
}
