//! What is to be built, and what came of it.

use std::path::PathBuf;

use crate::build::files::Files;

/// A build.
#[derive(Debug, Clone, Default)]
pub struct BuildSpec {
    /// The folder whose files the Dockerfile can copy.
    pub context: PathBuf,
    /// The Dockerfile; relative to the context, or absolute and anywhere.
    pub dockerfile: PathBuf,
    /// Which files of the context take part. `docker buildx` decides for itself, by the
    /// `.dockerignore` file.
    pub files: Files,
    /// Build arguments.
    pub args: Vec<(String, String)>,
    /// Labels of the image.
    pub labels: Vec<(String, String)>,
    /// The image's names.
    pub tags: Vec<String>,
    /// The stage to build, if not the last.
    pub target: Option<String>,
    /// The platform to build for, if not the engine's.
    pub platform: Option<String>,
    /// Hosts that steps see: `NAME:ADDRESS`, or `NAME=ADDRESS`.
    pub add_hosts: Vec<String>,
    /// Whether every step is carried out.
    pub no_cache: bool,
    /// Where more cached steps may be, as `docker buildx build --cache-from` takes it.
    pub cache_from: Vec<String>,
    /// Where cached steps are put, as `docker buildx build --cache-to` takes it.
    pub cache_to: Vec<String>,
    /// Further contexts, by name: stages and images of that name are replaced.
    pub contexts: Vec<(String, NamedContext)>,
    /// Where the result goes, as `docker buildx build --output` takes it, if not to the engine.
    pub output: Option<String>,
    /// Further arguments of `docker buildx build`.
    pub docker_args: Vec<String>,
    /// The builder, if not the engine's own.
    pub builder: Option<String>,
}

/// What stands for a name in a Dockerfile.
#[derive(Debug, Clone)]
pub enum NamedContext {
    /// A folder of this machine.
    Folder {
        /// The folder.
        path: PathBuf,
        /// Which of its files take part.
        files: Files,
    },
    /// An image.
    Image(String),
    /// Anything else that BuildKit understands: a URL, a Git reference, a target.
    Other(String),
}

impl NamedContext {
    /// As `docker buildx build --build-context NAME=…` takes it.
    pub fn value(&self) -> String {
        match self {
            Self::Folder { path, .. } => path.display().to_string(),
            Self::Image(image) => format!("docker-image://{image}"),
            Self::Other(text) => text.clone(),
        }
    }
}

/// What came of a build.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Built {
    /// The image's id in the engine; empty if the result went elsewhere (`output`).
    pub id: String,
    /// The instructions that were found in the cache, as BuildKit names them.
    pub cached: Vec<String>,
    /// The instructions that were carried out.
    pub ran: Vec<String>,
}
