//! Registries, asked without an engine: what a tag is now, and what labels it has.
//!
//! The protocol is the registry API, version 2, with Docker's and OCI's kinds of manifests.

mod challenge;
mod client;

use std::collections::BTreeMap;

use hyper::StatusCode;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::credentials::Credentials;
use crate::endpoint::hex;
use crate::error::Error;
use crate::reference::Reference;
use crate::runtime;
use client::{Answer, Client, Verb};

/// The kinds of manifests that we understand, as an `Accept` header.
const MANIFESTS: &str = "application/vnd.oci.image.index.v1+json, \
    application/vnd.docker.distribution.manifest.list.v2+json, \
    application/vnd.oci.image.manifest.v1+json, \
    application/vnd.docker.distribution.manifest.v2+json";

/// An image in a registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteImage {
    /// The digest of what the tag points to.
    pub digest: String,
    /// The digest of the image's configuration: its id in an engine that pulls it.
    pub id: String,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// What builds on top of it do first (ONBUILD).
    pub on_build: Vec<String>,
}

/// The digest of what a tag points to, if the registry has it.
pub fn digest(reference: &str, credentials: &Credentials) -> Result<Option<String>, Error> {
    let reference = Reference::parse(reference)?;
    runtime::wait(async {
        let client = Client::new(&reference, credentials).await?;
        let path = manifest_path(&reference, version(&reference));
        let Some(answer) = found(
            &client,
            &reference,
            client.ask(Verb::Head, &path, MANIFESTS).await?,
        )?
        else {
            return Ok(None);
        };
        if let Some(digest) = answer.digest {
            return Ok(Some(digest));
        }
        // An old registry does not say it: then it is the hash of what it has.
        let answer = client.ask(Verb::Get, &path, MANIFESTS).await?;
        Ok(found(&client, &reference, answer)?.map(|answer| hash(&answer.body)))
    })
}

/// What a tag points to, with its labels, if the registry has it. Of an image for several
/// platforms it is the one for `platform` (`linux/amd64`).
pub fn labels(
    reference: &str,
    platform: &str,
    credentials: &Credentials,
) -> Result<Option<RemoteImage>, Error> {
    let reference = Reference::parse(reference)?;
    runtime::wait(async {
        let client = Client::new(&reference, credentials).await?;
        let path = manifest_path(&reference, version(&reference));
        let answer = client.ask(Verb::Get, &path, MANIFESTS).await?;
        let Some(answer) = found(&client, &reference, answer)? else {
            return Ok(None);
        };
        let digest = answer.digest.unwrap_or_else(|| hash(&answer.body));
        let mut manifest: Manifest = read(&reference, &answer.body)?;
        if let Some(list) = manifest.manifests.take() {
            let Some(one) = list.into_iter().find(|one| one.platform.is(platform)) else {
                return Ok(None);
            };
            let path = manifest_path(&reference, &one.digest);
            let answer = client.ask(Verb::Get, &path, MANIFESTS).await?;
            let Some(answer) = found(&client, &reference, answer)? else {
                return Ok(None);
            };
            manifest = read(&reference, &answer.body)?;
        }
        let Some(config) = manifest.config else {
            return Ok(None);
        };
        let path = format!("/v2/{}/blobs/{}", reference.repository, config.digest);
        let answer = client.ask(Verb::Get, &path, "*/*").await?;
        let Some(answer) = found(&client, &reference, answer)? else {
            return Ok(None);
        };
        if hash(&answer.body) != config.digest {
            return Err(Error::Unreachable {
                registry: reference.registry.clone(),
                reason: "what it sent is not what it promised".to_owned(),
            });
        }
        let image: Image = read(&reference, &answer.body)?;
        let settings = image.config.unwrap_or_default();
        Ok(Some(RemoteImage {
            digest,
            id: config.digest,
            labels: settings.labels.unwrap_or_default(),
            on_build: settings.on_build.unwrap_or_default(),
        }))
    })
}

#[derive(Deserialize)]
struct Manifest {
    config: Option<Descriptor>,
    manifests: Option<Vec<Descriptor>>,
}

#[derive(Deserialize)]
struct Descriptor {
    digest: String,
    #[serde(default)]
    platform: Platform,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Platform {
    os: String,
    architecture: String,
    variant: String,
}

impl Platform {
    fn is(&self, wanted: &str) -> bool {
        let mut parts = wanted.split('/');
        parts.next() == Some(self.os.as_str())
            && parts.next() == Some(self.architecture.as_str())
            && parts.next().is_none_or(|variant| variant == self.variant)
    }
}

#[derive(Deserialize)]
struct Image {
    config: Option<ImageConfig>,
}

#[derive(Deserialize, Default)]
struct ImageConfig {
    #[serde(rename = "Labels")]
    labels: Option<BTreeMap<String, String>>,
    #[serde(rename = "OnBuild")]
    on_build: Option<Vec<String>>,
}

fn version(reference: &Reference) -> &str {
    let digest = reference.digest.as_deref();
    digest.or(reference.tag_or_latest()).unwrap_or_default()
}

fn manifest_path(reference: &Reference, version: &str) -> String {
    format!("/v2/{}/manifests/{version}", reference.repository)
}

fn hash(bytes: &[u8]) -> String {
    format!("sha256:{}", hex(&Sha256::digest(bytes)))
}

fn read<T: for<'a> Deserialize<'a>>(reference: &Reference, body: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(body).map_err(|error| Error::Unreachable {
        registry: reference.registry.clone(),
        reason: format!("its answer is not understood: {error}"),
    })
}

/// Sorts an answer: there, not there, or a refusal.
fn found(client: &Client, reference: &Reference, answer: Answer) -> Result<Option<Answer>, Error> {
    let registry = reference.registry.clone();
    let message = || format!("{} {}", answer.status, answer.complaint());
    match answer.status {
        status if status.is_success() => Ok(Some(answer)),
        StatusCode::NOT_FOUND => Ok(None),
        StatusCode::UNAUTHORIZED => Err(client.unauthorized()),
        status if status.is_client_error() => Err(Error::Refused {
            registry,
            message: message(),
        }),
        _ => Err(Error::Unreachable {
            registry,
            reason: message(),
        }),
    }
}
