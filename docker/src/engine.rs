//! An engine: asking it for images, and giving them names.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use bollard::errors::Error as BollardError;
use bollard::models::SystemVersion;
use bollard::query_parameters::{RemoveImageOptionsBuilder, TagImageOptionsBuilder};
use bollard::{API_DEFAULT_VERSION, BollardRequest, Docker};

use crate::build;
use crate::build::executor::{self, Executor};
use crate::credentials::Credentials;
use crate::dial;
use crate::endpoint::Endpoint;
use crate::environment::Environment;
use crate::error::Error;
use crate::event::{Cancel, Event};
use crate::http;
use crate::reference::Reference;
use crate::runtime;
use crate::spec::{BuildSpec, Built};
use crate::transfer;

/// The first API that has BuildKit's sessions (Docker 18.09).
const OLDEST_API: (usize, usize) = (1, 39);

/// How long an answer may take, in seconds.
const PATIENCE: u64 = 120;

/// An image, as the engine knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageInfo {
    /// Its id: `sha256:…`.
    pub id: String,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// What registries call it: `NAME@sha256:…`, once it was pulled or pushed.
    pub repo_digests: Vec<String>,
    /// Its size in bytes.
    pub size: u64,
    /// Instructions for images that are built on it.
    pub on_build: Vec<String>,
}

/// What kind of engine it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Docker, with BuildKit in it.
    Docker,
    /// Podman, which speaks Docker's API and builds by itself.
    Podman,
}

/// An engine's version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Of the engine: `26.1.5`.
    pub engine: String,
    /// Of its API: `1.45`.
    pub api: String,
    /// `linux/amd64`.
    pub platform: String,
    /// What kind of engine it is.
    pub kind: Kind,
}

/// A connection to an engine. It can be shared between threads.
#[derive(Debug)]
pub struct Engine {
    environment: Environment,
    endpoint: Endpoint,
    docker: Docker,
    version: OnceLock<Version>,
}

impl Engine {
    /// Finds the engine that Docker's client would talk to, and sees whether somebody is there.
    pub fn connect(environment: &Environment) -> Result<Self, Error> {
        let endpoint = Endpoint::find(environment)?;
        let docker = client(&endpoint)?;
        runtime::wait(async { dial::engine(&endpoint).await.map(drop) })?;
        Ok(Self {
            environment: environment.clone(),
            endpoint,
            docker,
            version: OnceLock::new(),
        })
    }

    /// Its version; one that is too old for us is an error.
    pub fn version(&self) -> Result<&Version, Error> {
        if let Some(version) = self.version.get() {
            return Ok(version);
        }
        let version = runtime::wait(async {
            let said = self.docker.version().await;
            describe(said.map_err(|error| silent(&self.endpoint, &error))?)
        })?;
        Ok(self.version.get_or_init(|| version))
    }

    /// Where it is.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    pub(crate) fn environment(&self) -> &Environment {
        &self.environment
    }

    /// The image of a name or id, if the engine has it.
    pub fn inspect(&self, reference: &str) -> Result<Option<ImageInfo>, Error> {
        check(reference)?;
        runtime::wait(inspect(&self.docker, reference))
    }

    /// What the layers of an image were made by, the oldest first.
    pub fn history(&self, reference: &str) -> Result<Vec<String>, Error> {
        check(reference)?;
        let what = format!("image {reference}");
        let layers = runtime::wait(async {
            let layers = self.docker.image_history(reference).await;
            layers.map_err(|error| refused(error, &what))
        })?;
        let made = layers.into_iter().rev().map(|layer| layer.created_by);
        Ok(made.collect())
    }

    /// The images of several names, asked for at once, in their order.
    pub fn inspect_all(&self, references: &[&str]) -> Vec<Result<Option<ImageInfo>, Error>> {
        let wait = runtime::wait(async {
            let mut asked = Vec::new();
            for reference in references {
                let docker = self.docker.clone();
                let reference = (*reference).to_owned();
                asked.push(tokio::spawn(async move {
                    check(&reference)?;
                    inspect(&docker, &reference).await
                }));
            }
            let mut answers = Vec::new();
            for answer in asked {
                let joined = answer.await;
                answers.push(joined.unwrap_or_else(|e| Err(Error::failed("ask the engine", e))));
            }
            Ok(answers)
        });
        match wait {
            Ok(answers) => answers,
            Err(error) => references.iter().map(|_| Err(error.clone())).collect(),
        }
    }

    /// Gives the image `from` the further name `to`.
    pub fn tag(&self, from: &str, to: &str) -> Result<(), Error> {
        check(from)?;
        let to = Reference::parse(to)?;
        let options = TagImageOptionsBuilder::default()
            .repo(&to.familiar_name())
            .tag(to.tag_or_latest().unwrap_or_default())
            .build();
        let what = format!("image {from}");
        runtime::wait(async {
            let done = self.docker.tag_image(from, Some(options)).await;
            done.map_err(|error| refused(error, &what))
        })
    }

    /// Takes a name away, and the image if that was its last one. Says whether there was one.
    pub fn remove(&self, reference: &str) -> Result<bool, Error> {
        check(reference)?;
        let options = RemoveImageOptionsBuilder::default().build();
        let done = runtime::wait(async {
            let done = self.docker.remove_image(reference, Some(options), None);
            done.await.map_err(|error| refused(error, reference))
        });
        match done {
            Ok(_) => Ok(true),
            Err(Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Who would carry out a build, and why not the engine itself.
    pub fn executor(&self, spec: &BuildSpec) -> Executor {
        executor::choose(spec)
    }

    /// Builds an image. What happens is told to `event`, on this thread.
    pub fn build(
        &self,
        spec: &BuildSpec,
        event: &mut dyn FnMut(Event),
        cancel: &Cancel,
    ) -> Result<Built, Error> {
        build::build(self, spec, event, cancel)
    }

    /// Pulls an image.
    pub fn pull(
        &self,
        reference: &str,
        event: &mut dyn FnMut(Event),
        cancel: &Cancel,
    ) -> Result<(), Error> {
        let reference = Reference::parse(reference)?;
        let login = Credentials::load(&self.environment)?.login(&reference.registry)?;
        let work = transfer::pull(&self.endpoint, &reference, login, event);
        runtime::wait_unless(cancel, work)
    }

    /// Pushes an image. Comes back with its digest, if the registry said it.
    pub fn push(
        &self,
        reference: &str,
        event: &mut dyn FnMut(Event),
        cancel: &Cancel,
    ) -> Result<Option<String>, Error> {
        let reference = Reference::parse(reference)?;
        let login = Credentials::load(&self.environment)?.login(&reference.registry)?;
        let work = transfer::push(&self.endpoint, &reference, login, event);
        runtime::wait_unless(cancel, work)
    }
}

/// bollard's client over our own connections: so that there is one place that knows how to
/// reach an engine. Its requests name no version of the API, and neither do ours: that is the
/// engine's own, while any fixed one is too new for some engines and too old for others.
fn client(endpoint: &Endpoint) -> Result<Docker, Error> {
    let to = endpoint.clone();
    let transport = move |request: BollardRequest| {
        let endpoint = to.clone();
        async move {
            let stream = dial::engine(&endpoint)
                .await
                .map_err(|error| std::io::Error::other(error.to_string()))?;
            Ok(http::send(stream, request, "docker").await?)
        }
    };
    Docker::connect_with_custom_transport(
        transport,
        Some("http://docker"),
        PATIENCE,
        API_DEFAULT_VERSION,
    )
    .map_err(|error| Error::failed("set up a client", error))
}

async fn inspect(docker: &Docker, reference: &str) -> Result<Option<ImageInfo>, Error> {
    let image = match docker.inspect_image(reference).await {
        Ok(image) => image,
        Err(BollardError::DockerResponseServerError {
            status_code: 404, ..
        }) => return Ok(None),
        Err(error) => return Err(refused(error, &format!("image {reference}"))),
    };
    let config = image.config.unwrap_or_default();
    Ok(Some(ImageInfo {
        on_build: config.on_build.unwrap_or_default(),
        id: image.id.unwrap_or_default(),
        labels: config.labels.unwrap_or_default().into_iter().collect(),
        repo_digests: image.repo_digests.unwrap_or_default(),
        size: image.size.unwrap_or_default().max(0) as u64,
    }))
}

/// Names and ids are fine.
fn check(reference: &str) -> Result<(), Error> {
    let hex = reference.strip_prefix("sha256:").unwrap_or(reference);
    let is_id = hex.len() >= 12 && hex.len() <= 64 && hex.chars().all(|c| c.is_ascii_hexdigit());
    if is_id {
        return Ok(());
    }
    Reference::parse(reference).map(|_| ())
}

fn describe(said: SystemVersion) -> Result<Version, Error> {
    let engine = said.version.unwrap_or_default();
    let api = said.api_version.unwrap_or_default();
    let mut numbers = api
        .split('.')
        .map(|part| part.parse::<usize>().unwrap_or(0));
    let found = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    let components = said.components.unwrap_or_default();
    let is_podman = components.iter().any(|c| c.name.contains("Podman"));
    if found < OLDEST_API {
        return Err(Error::TooOld {
            version: engine,
            lacks: "BuildKit (Docker 18.09 or later has it)".to_owned(),
        });
    }
    Ok(Version {
        engine,
        api,
        platform: format!(
            "{}/{}",
            said.os.unwrap_or_default(),
            said.arch.unwrap_or_default()
        ),
        kind: if is_podman {
            Kind::Podman
        } else {
            Kind::Docker
        },
    })
}

fn silent(endpoint: &Endpoint, error: &BollardError) -> Error {
    Error::NotRunning {
        endpoint: endpoint.to_string(),
        reason: error.to_string(),
    }
}

fn refused(error: BollardError, what: &str) -> Error {
    match error {
        BollardError::DockerResponseServerError {
            status_code: 404,
            message,
        } => Error::NotFound {
            what: what.to_owned(),
            message,
        },
        BollardError::DockerResponseServerError { message, .. } => {
            Error::failed(&format!("do that with {what}"), message)
        }
        other => Error::failed(&format!("ask the engine for {what}"), other),
    }
}
