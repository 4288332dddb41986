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
    whole: Hasher,
    kinds: Vec<(Kind, Hasher)>,
}

/// A hasher that gets much at a time: that is several times faster than a little at a time.
struct Hasher {
    hasher: blake3::Hasher,
    waiting: Vec<u8>,
}

/// So many bytes are handed on together.
const ENOUGH: usize = 1 << 16;

impl Hasher {
    fn new(hasher: blake3::Hasher) -> Self {
        Self {
            hasher,
            waiting: Vec::new(),
        }
    }

    fn add(&mut self, text: &str) {
        self.waiting
            .extend_from_slice(&(text.len() as u64).to_le_bytes());
        self.waiting.extend_from_slice(text.as_bytes());
        if self.waiting.len() >= ENOUGH {
            self.hasher.update(&self.waiting);
            self.waiting.clear();
        }
    }

    fn hex(mut self) -> String {
        self.hasher.update(&self.waiting);
        self.hasher.finalize().to_hex().to_string()
    }
}

impl Manifest for Hashes {
    fn part(&mut self, kind: Kind, name: &str, value: &str) {
        let of_kind = self.kinds.iter_mut().find(|(other, _)| *other == kind);
        let of_kind = of_kind.map(|(_, hasher)| hasher);
        for hasher in [Some(&mut self.whole), of_kind].into_iter().flatten() {
            for text in [kind.key(), name, value] {
                hasher.add(text);
            }
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
            whole: Hasher::new(blake3::Hasher::new_derive_key(
                "tutor image fingerprint, whole",
            )),
            kinds: Kind::ALL
                .into_iter()
                .map(|kind| (kind, Hasher::new(blake3::Hasher::new_keyed(&key))))
                .collect(),
        };
        walk(inputs, &mut hashes);
        let kinds = hashes.kinds.into_iter();
        Self {
            whole: hashes.whole.hex(),
            kinds: kinds
                .map(|(kind, hasher)| (kind, hasher.hex()[..3].to_owned()))
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
