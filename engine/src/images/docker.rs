//! What this room needs of Docker, so that it can be tested without one.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::diagnostics::Failure;
pub(super) use docker::web::Web;

/// An image that the engine has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Image {
    /// Its id.
    pub id: String,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// What registries call it: `NAME@sha256:…`.
    pub digests: Vec<String>,
    /// Whether it has instructions for images that are built on it (ONBUILD).
    pub has_on_build: bool,
}

/// A build, ready to be done.
#[derive(Clone, Debug)]
pub struct Order<'a> {
    /// The build.
    pub build: &'a super::request::Build,
    /// The folder of the context.
    pub context: PathBuf,
    /// The Dockerfile.
    pub dockerfile: PathBuf,
    /// The paths of the context that take part.
    pub files: Vec<String>,
    /// Other contexts that are folders: the folder, and the paths in it that take part.
    pub folders: BTreeMap<String, (PathBuf, Vec<String>)>,
    /// The label with the fingerprint.
    pub fingerprint: Option<String>,
}

/// Docker: an engine, and registries.
pub trait Docker: Sync {
    /// The engine's platform, `linux/amd64`.
    fn platform(&self) -> String;
    /// The images of these names, in order.
    ///
    /// # Errors
    /// If the engine does not answer, or a name is none.
    fn inspect(&self, names: &[&str]) -> Vec<Result<Option<Image>, Failure>>;
    /// What the layers of an image of the engine were made by, the oldest first.
    ///
    /// # Errors
    /// If the engine does not answer, or does not have it.
    fn history(&self, name: &str) -> Result<Vec<String>, Failure>;
    /// What a registry has under a name; `None` if it has nothing.
    ///
    /// # Errors
    /// If it does not answer.
    fn digest(&self, name: &str) -> Result<Option<String>, Failure>;
    /// The labels of what a registry has under a name; `None` if it has nothing.
    ///
    /// # Errors
    /// If it does not answer.
    fn remote_labels(&self, name: &str) -> Result<Option<BTreeMap<String, String>>, Failure>;
    /// Whether what a registry has under a name has instructions for images that are built on it (ONBUILD); `None` if it
    /// has nothing for the engine's platform.
    ///
    /// # Errors
    /// If it does not answer.
    fn remote_on_build(&self, name: &str) -> Result<Option<bool>, Failure>;
    /// Asks for the file at `url`, which was called `etag` when it was asked for last.
    ///
    /// # Errors
    /// If it cannot be had.
    fn web(&self, url: &str, etag: Option<&str>) -> Result<Web, Failure>;
    /// The name in full, with registry and tag.
    ///
    /// # Errors
    /// If it is none.
    fn canonical(&self, name: &str) -> Result<String, Failure>;
    /// Builds an image; answers its id, nothing if it went elsewhere.
    ///
    /// # Errors
    /// If it does not come about.
    fn build(&self, order: &Order<'_>, events: &mut dyn FnMut(Step)) -> Result<String, Failure>;
    /// Pulls an image.
    ///
    /// # Errors
    /// If that fails.
    fn pull(&self, name: &str, events: &mut dyn FnMut(Step)) -> Result<(), Failure>;
    /// Pushes an image.
    ///
    /// # Errors
    /// If that fails.
    fn push(&self, name: &str, events: &mut dyn FnMut(Step)) -> Result<(), Failure>;
}

/// Something that happens while an image is built, pulled or pushed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A step begins: its number and what it is.
    Started(usize, String),
    /// It was found in the cache.
    Cached(usize),
    /// It was carried out.
    Finished(usize),
    /// It failed.
    Failed(usize, String),
    /// A line that it printed.
    Log(usize, String),
    /// How far something is that is moved: what, what is done with it, bytes until now, bytes in all.
    Moved(String, String, u64, Option<u64>),
    /// Something to be seen.
    Warning(String),
}
