//! Builds: by the engine's own BuildKit, or by the command `docker buildx build`.

mod auth;
mod buildx;
pub(crate) mod executor;
mod failure;
pub(crate) mod files;
mod lines;
mod plain;
mod progress;
mod session;
mod solve;
mod sync;

use std::path::{Path, PathBuf};

use crate::engine::{Engine, Kind};
use crate::error::Error;
use crate::event::{Cancel, Event};
use crate::reference::Reference;
use crate::runtime;
use crate::spec::{BuildSpec, Built, NamedContext};
use executor::Executor;

pub(crate) fn build(
    engine: &Engine,
    spec: &BuildSpec,
    event: &mut dyn FnMut(Event),
    cancel: &Cancel,
) -> Result<Built, Error> {
    check(spec)?;
    match executor::choose(spec) {
        Executor::Engine if engine.version().kind == Kind::Podman => Err(Error::TooOld {
            version: format!("Podman {}", engine.version().engine),
            lacks: "BuildKit; build with `podman build`, or use Docker".to_owned(),
        }),
        Executor::Engine => runtime::wait_unless(cancel, solve::solve(engine, spec, event)),
        Executor::Buildx(reasons) => buildx::build(engine, spec, &reasons, event, cancel),
    }
}

/// What can be told before anybody is asked.
fn check(spec: &BuildSpec) -> Result<(), Error> {
    for tag in &spec.tags {
        let reference = Reference::parse(tag)?;
        if reference.digest.is_some() {
            return Err(Error::InvalidReference {
                text: tag.clone(),
                reason: "an image that is yet to be built cannot be named by its digest".to_owned(),
            });
        }
    }
    folder(&spec.context)?;
    for (_, context) in &spec.contexts {
        if let NamedContext::Folder { path, .. } = context {
            folder(path)?;
        }
    }
    let path = dockerfile(spec);
    if path.is_file() {
        Ok(())
    } else {
        Err(Error::NoDockerfile { path })
    }
}

fn folder(path: &Path) -> Result<(), Error> {
    match std::fs::read_dir(path) {
        Ok(_) => Ok(()),
        Err(error) => Err(files::unreadable(path, &error)),
    }
}

/// Where the Dockerfile is.
fn dockerfile(spec: &BuildSpec) -> PathBuf {
    spec.context.join(&spec.dockerfile)
}
