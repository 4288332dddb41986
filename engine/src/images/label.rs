//! The fingerprint of an image, as a label on it.
//!
//! The first half is one hash of all parts together: who wants to check a guess of one of them has to know all others.
//! The second half tells which kinds of parts have changed, where nobody remembers them: twelve bits each, too few to
//! confirm a guess of what they are made from, and keyed by the image's name.

use super::parts::{Inputs, Kind, Manifest, walk};

/// The label's name.
pub(super) const LABEL: &str = "tutor.fingerprint";

/// The fingerprint of a build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    whole: String,
    kinds: Vec<(Kind, String)>,
}

struct Hashes {
    whole: blake3::Hasher,
    kinds: Vec<(Kind, blake3::Hasher)>,
}

impl Manifest for Hashes {
    fn part(&mut self, kind: Kind, name: &str, value: &str) {
        let add = |hasher: &mut blake3::Hasher| {
            for text in [kind.key(), name, value] {
                hasher.update(&(text.len() as u64).to_le_bytes());
                hasher.update(text.as_bytes());
            }
        };
        add(&mut self.whole);
        if let Some((_, hasher)) = self.kinds.iter_mut().find(|(other, _)| *other == kind) {
            add(hasher);
        }
    }
}

/// What the label begins with: another way to come to it is another number.
const VERSION: &str = "1";

impl Fingerprint {
    /// The fingerprint of what a build looks at.
    pub fn of(inputs: &Inputs) -> Self {
        let key = blake3::derive_key(
            "tutor image fingerprint, parts",
            inputs.build.tags.join(" ").as_bytes(),
        );
        let mut hashes = Hashes {
            whole: blake3::Hasher::new_derive_key("tutor image fingerprint, whole"),
            kinds: Kind::ALL
                .into_iter()
                .map(|kind| (kind, blake3::Hasher::new_keyed(&key)))
                .collect(),
        };
        walk(inputs, &mut hashes);
        let short = |hasher: &blake3::Hasher| hasher.finalize().to_hex()[..3].to_owned();
        Self {
            whole: hashes.whole.finalize().to_hex().to_string(),
            kinds: hashes
                .kinds
                .iter()
                .map(|(kind, hasher)| (*kind, short(hasher)))
                .collect(),
        }
    }

    /// The label's value.
    pub fn label(&self) -> String {
        let kinds = self.kinds.iter();
        let kinds: Vec<_> = kinds
            .map(|(kind, hash)| format!("{}={hash}", kind.key()))
            .collect();
        format!("{VERSION} {} {}", self.whole, kinds.join(" "))
    }

    /// What a label says; `None` if it is none of ours.
    pub fn read(label: &str) -> Option<Self> {
        let mut words = label.split(' ');
        let (version, whole) = (words.next()?, words.next()?);
        if version != VERSION || whole.len() != 64 {
            return None;
        }
        let kind = |word: &str| {
            let (key, hash) = word.split_once('=')?;
            let kind = Kind::ALL.into_iter().find(|kind| kind.key() == key)?;
            Some((kind, hash.to_owned()))
        };
        Some(Self {
            whole: whole.to_owned(),
            kinds: words.map(kind).collect::<Option<_>>()?,
        })
    }

    /// The hash of all parts together.
    pub fn whole(&self) -> &str {
        &self.whole
    }

    /// Whether it is the same.
    pub fn is(&self, other: &Self) -> bool {
        self.whole == other.whole
    }

    /// The kinds of parts that are not the same.
    pub fn differing(&self, other: &Self) -> Vec<Kind> {
        let differs = |(kind, hash): &&(Kind, String)| {
            let mut known = other.kinds.iter();
            !known.any(|(other, known)| other == kind && known == hash)
        };
        self.kinds
            .iter()
            .filter(differs)
            .map(|(kind, _)| *kind)
            .collect()
    }
}
