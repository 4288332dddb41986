//! Docker itself: what this room needs of it, asked of the crate that talks to it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

use docker::{
    BuildSpec, Cancel, Credentials, Environment, Error, Event, Files, NamedContext, Reference,
};

use super::docker::{Docker, Image, Order, Step, Web};
use super::label::LABEL;
use crate::diagnostics::{Diagnostic, Failure, Place};
use crate::system::System;

/// An engine, and the registries that its user has credentials for.
#[derive(Debug)]
pub struct DockerEngine {
    engine: docker::Engine,
    environment: Environment,
    cancel: Cancel,
    /// What the working folder is.
    here: PathBuf,
}

/// A connection that is being made, while others do something else.
#[derive(Debug)]
pub struct Connecting(JoinHandle<Result<DockerEngine, Failure>>);

impl Connecting {
    /// Waits for it.
    ///
    /// # Errors
    /// As for [`DockerEngine::connect`].
    pub fn wait(self) -> Result<DockerEngine, Failure> {
        match self.0.join() {
            Ok(engine) => engine,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
}

/// Stops builds, pulls and pushes, from any thread.
#[derive(Clone, Debug)]
pub struct Stop(Cancel);

impl Stop {
    /// Stops them.
    pub fn stop(&self) {
        self.0.cancel();
    }
}

impl DockerEngine {
    /// The engine that Docker's own client would use.
    ///
    /// # Errors
    /// If there is none, or it is of no use.
    pub fn connect(system: &dyn System) -> Result<Self, Failure> {
        let variables = Environment::VARIABLES
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), system.variable(name)?)));
        let environment = Environment::new(variables, system.home());
        let engine = docker::Engine::connect(&environment).map_err(|error| failure(&error))?;
        Ok(Self {
            engine,
            environment,
            cancel: Cancel::new(),
            here: system.resolve(Path::new(".")),
        })
    }

    /// Begins to connect, and to ask the engine what it is: engines take their time for that.
    pub fn connecting(system: Arc<dyn System>) -> Connecting {
        Connecting(std::thread::spawn(move || {
            let engine = Self::connect(&*system)?;
            engine.platform();
            Ok(engine)
        }))
    }

    /// What stops what it does.
    pub fn stop(&self) -> Stop {
        Stop(self.cancel.clone())
    }

    fn credentials(&self) -> Result<Credentials, Failure> {
        Credentials::load(&self.environment).map_err(|error| failure(&error))
    }

    /// What a registry has under a name, for the engine's platform.
    fn remote_image(&self, name: &str) -> Result<Option<docker::registry::RemoteImage>, Failure> {
        docker::registry::labels(name, &self.platform(), &self.credentials()?)
            .map_err(|error| failure(&error))
    }

    fn spec(&self, order: &Order<'_>) -> BuildSpec {
        let build = order.build;
        let pairs = |map: &BTreeMap<String, String>| {
            let pairs = map.iter();
            pairs
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect::<Vec<_>>()
        };
        let mut labels = pairs(&build.labels);
        labels.extend(
            order
                .fingerprint
                .iter()
                .map(|label| (LABEL.to_owned(), label.clone())),
        );
        let context = |(name, place): (&String, &String)| {
            let context = match order.folders.get(name) {
                Some((path, files)) => NamedContext::Folder {
                    path: path.clone(),
                    files: Files::listed(files),
                },
                None => match place.strip_prefix("docker-image://") {
                    Some(image) => NamedContext::Image(image.to_owned()),
                    // One that is not used need not be there.
                    None if !place.contains(':') => NamedContext::Folder {
                        path: self.here.join(place),
                        files: Files::listed(Vec::<String>::new()),
                    },
                    None => NamedContext::Other(place.clone()),
                },
            };
            (name.clone(), context)
        };
        let mut docker_args = build.others.clone();
        if build.pull {
            docker_args.push(String::from("--pull"));
        }
        BuildSpec {
            context: if order.context.as_os_str().is_empty() {
                PathBuf::from(&build.context)
            } else {
                order.context.clone()
            },
            dockerfile: order.dockerfile.clone(),
            files: Files::listed(&order.files),
            args: pairs(&build.arguments),
            labels,
            tags: build.tags.clone(),
            target: build.target.clone(),
            platform: build.platform.clone(),
            add_hosts: build.add_hosts.clone(),
            no_cache: build.no_cache,
            cache_from: build.cache_from.clone(),
            cache_to: build.cache_to.clone(),
            contexts: build.contexts.iter().map(context).collect(),
            output: build.output.clone(),
            docker_args,
            builder: build.builder.clone(),
        }
    }
}

impl Docker for DockerEngine {
    fn platform(&self) -> String {
        // An engine that does not say is told of by whatever it is asked next.
        let version = self.engine.version().ok();
        version
            .map(|version| version.platform.clone())
            .unwrap_or_default()
    }

    fn inspect(&self, names: &[&str]) -> Vec<Result<Option<Image>, Failure>> {
        let found = self.engine.inspect_all(names).into_iter();
        let image = |info: docker::ImageInfo| Image {
            id: info.id,
            labels: info.labels,
            digests: info.repo_digests,
            has_on_build: !info.on_build.is_empty(),
        };
        found
            .map(|found| {
                found
                    .map(|info| info.map(image))
                    .map_err(|error| failure(&error))
            })
            .collect()
    }

    fn history(&self, name: &str) -> Result<Vec<String>, Failure> {
        self.engine.history(name).map_err(|error| failure(&error))
    }

    fn digest(&self, name: &str) -> Result<Option<String>, Failure> {
        docker::registry::digest(name, &self.credentials()?).map_err(|error| failure(&error))
    }

    fn remote_labels(&self, name: &str) -> Result<Option<BTreeMap<String, String>>, Failure> {
        Ok(self.remote_image(name)?.map(|image| image.labels))
    }

    fn remote_on_build(&self, name: &str) -> Result<Option<bool>, Failure> {
        Ok(self
            .remote_image(name)?
            .map(|image| !image.on_build.is_empty()))
    }

    fn web(&self, url: &str, etag: Option<&str>) -> Result<Web, Failure> {
        docker::web::look(url, etag).map_err(|error| failure(&error))
    }

    fn canonical(&self, name: &str) -> Result<String, Failure> {
        let reference = Reference::parse(name).map_err(|error| failure(&error))?;
        Ok(reference.familiar())
    }

    fn build(&self, order: &Order<'_>, events: &mut dyn FnMut(Step)) -> Result<String, Failure> {
        let spec = self.spec(order);
        let mut tell = |event| {
            step(event).into_iter().for_each(&mut *events);
        };
        let built = self.engine.build(&spec, &mut tell, &self.cancel);
        built.map(|built| built.id).map_err(|error| failure(&error))
    }

    fn pull(&self, name: &str, events: &mut dyn FnMut(Step)) -> Result<(), Failure> {
        let mut tell = |event| {
            step(event).into_iter().for_each(&mut *events);
        };
        let done = self.engine.pull(name, &mut tell, &self.cancel);
        done.map_err(|error| failure(&error))
    }

    fn push(&self, name: &str, events: &mut dyn FnMut(Step)) -> Result<(), Failure> {
        let mut tell = |event| {
            step(event).into_iter().for_each(&mut *events);
        };
        let done = self.engine.push(name, &mut tell, &self.cancel);
        done.map(|_| ()).map_err(|error| failure(&error))
    }
}

/// What the event means here.
fn step(event: Event) -> Option<Step> {
    Some(match event {
        Event::Started { step, name } => Step::Started(step, name),
        Event::Cached { step } => Step::Cached(step),
        Event::Finished { step } => Step::Finished(step),
        Event::Failed { step, error } => Step::Failed(step, error),
        Event::Log { step, line } => Step::Log(step, line),
        Event::Progress {
            what,
            status,
            current,
            total,
        } => Step::Moved(what, status, current, total),
        Event::Warning { text, .. } => Step::Warning(text),
        _ => return None,
    })
}

/// What went wrong, with what to do.
fn failure(error: &Error) -> Failure {
    let mut diagnostic = Diagnostic::error("docker", error.to_string());
    diagnostic.hint = error.hint();
    let at = |path: &Path, line: Option<u32>| Place {
        origin: path.display().to_string(),
        line: line.map(|line| line as usize),
        ..Place::default()
    };
    match error {
        Error::Step(step) => {
            diagnostic.place = Some(at(&step.dockerfile, step.line));
            diagnostic.notes.clone_from(&step.log);
        }
        Error::Dockerfile { path, line, .. } => diagnostic.place = Some(at(path, *line)),
        _ => {}
    }
    diagnostic.into()
}
