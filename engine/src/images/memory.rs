//! What is remembered of images between commands, for the user only: what they were built from, and what remote sources
//! were when they were last asked for.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::context::Keep;
use super::explain::Listing;
use crate::cache;
use crate::system::System;

/// What is remembered of an image.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Remembered {
    /// The hash of all that it was built from; nothing, if nobody can tell.
    pub whole: String,
    /// Its id.
    pub id: String,
}

/// What remote sources, and images in registries, were.
pub(super) type Resolved = BTreeMap<String, String>;

/// The memory of a project.
pub struct Memory<'a> {
    system: &'a dyn System,
    keep: Option<&'a Keep>,
}

const REMOTES: &str = "remotes";

impl<'a> Memory<'a> {
    /// The memory of a project; with `keep` none, there is none.
    pub fn new(system: &'a dyn System, keep: Option<&'a Keep>) -> Self {
        Self { system, keep }
    }

    fn name(kind: &str, tag: &str) -> String {
        format!("{kind}-{}", &blake3::hash(tag.as_bytes()).to_hex()[..16])
    }

    fn read<T: serde::de::DeserializeOwned>(&self, name: &str) -> Option<T> {
        let keep = self.keep?;
        cache::read(self.system, &keep.folder, &keep.context, name)
    }

    fn write(&self, name: &str, record: &impl Serialize) {
        if let Some(keep) = self.keep {
            cache::write(self.system, &keep.folder, &keep.context, name, record);
        }
    }

    /// What is remembered of the image with this tag.
    pub fn image(&self, tag: &str) -> Option<Remembered> {
        self.read(&Self::name("image", tag))
    }

    /// What the image with this tag was built from, and the hash of all of that.
    pub fn listing(&self, tag: &str) -> Option<(String, Listing)> {
        self.read(&Self::name("listing", tag))
    }

    /// Remembers an image, and what it was built from, with the hash that its label has.
    pub fn remember(&self, tag: &str, image: &Remembered, whole: &str, listing: &Listing) {
        self.write(&Self::name("image", tag), image);
        self.write(&Self::name("listing", tag), &(whole, listing));
    }

    /// What remote sources were.
    pub fn resolved(&self) -> Resolved {
        self.read(REMOTES).unwrap_or_default()
    }

    /// Remembers what remote sources are.
    pub fn remember_resolved(&self, resolved: &Resolved) {
        self.write(REMOTES, resolved);
    }
}
