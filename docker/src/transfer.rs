//! Pulls and pushes. bollard leaves out which layer a line of a push is about, and encodes
//! credentials in a way that engines do not always read; so these two requests are made here.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use hyper::StatusCode;
use hyper::header::{HeaderName, HeaderValue};
use serde::Deserialize;

use crate::classify;
use crate::credentials::Login;
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::event::Event;
use crate::http::{self, Failure, escape};
use crate::reference::Reference;

/// The oldest API that we speak has these two requests as they are today.
const API: &str = "/v1.39";

/// A line of an engine's report.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Line {
    id: String,
    status: String,
    #[serde(rename = "progressDetail")]
    progress: Progress,
    error: String,
    aux: Option<Aux>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Progress {
    current: Option<i64>,
    total: Option<i64>,
}

/// What an engine says at the end of a push.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Aux {
    #[serde(rename = "Digest")]
    digest: String,
}

pub(crate) async fn pull(
    endpoint: &Endpoint,
    reference: &Reference,
    login: Option<Login>,
    event: &mut dyn FnMut(Event),
) -> Result<(), Error> {
    let name = escape(&reference.name());
    let version = match (&reference.digest, reference.tag_or_latest()) {
        (Some(digest), _) => digest,
        (None, tag) => tag.unwrap_or_default(),
    };
    let path = format!(
        "{API}/images/create?fromImage={name}&tag={}",
        escape(version)
    );
    run(endpoint, &path, reference, login, event).await?;
    Ok(())
}

pub(crate) async fn push(
    endpoint: &Endpoint,
    reference: &Reference,
    login: Option<Login>,
    event: &mut dyn FnMut(Event),
) -> Result<Option<String>, Error> {
    let tag = reference.tag_or_latest().unwrap_or_default();
    let path = format!("{API}/images/{}/push?tag={}", reference.name(), escape(tag));
    run(endpoint, &path, reference, login, event).await
}

async fn run(
    endpoint: &Endpoint,
    path: &str,
    reference: &Reference,
    login: Option<Login>,
    event: &mut dyn FnMut(Event),
) -> Result<Option<String>, Error> {
    let user = login.as_ref().map(|login| login.user.clone());
    let headers = [(HeaderName::from_static("x-registry-auth"), header(login))];
    let mut digest = None;
    let mut problem = None;
    let done = http::objects(endpoint, path, &headers, &mut |line: Line| {
        if !line.error.is_empty() {
            problem = Some(line.error);
        } else if let Some(aux) = line.aux {
            digest = Some(aux.digest).filter(|digest| !digest.is_empty());
        } else if !line.id.is_empty() {
            event(Event::Progress {
                what: line.id,
                status: line.status,
                current: line.progress.current.unwrap_or(0).max(0) as u64,
                total: line.progress.total.and_then(|total| total.try_into().ok()),
            });
        }
        Ok(())
    })
    .await;
    let message = match (done, problem) {
        (Ok(()), None) => return Ok(digest),
        (_, Some(message)) => message,
        (Err(Failure::Other(error)), None) => return Err(error),
        (Err(Failure::Status(StatusCode::NOT_FOUND, message)), None) => {
            return Err(classify_missing(reference, message));
        }
        (Err(Failure::Status(_, message)), None) => message,
    };
    Err(sort(&message, reference, user.as_deref()))
}

/// An engine that has no such image to push, or a registry that has none to pull.
fn classify_missing(reference: &Reference, message: String) -> Error {
    Error::NotFound {
        what: format!("image {}", reference.familiar()),
        message,
    }
}

fn sort(message: &str, reference: &Reference, user: Option<&str>) -> Error {
    let what = format!("image {}", reference.familiar());
    match (classify::known(message, &reference.registry, &what), user) {
        (Some(Error::CredentialsNeeded { registry }), Some(user)) => Error::CredentialsRefused {
            registry,
            user: if user.is_empty() { "a token" } else { user }.to_owned(),
        },
        (Some(known), _) => known,
        (None, _) if message.contains("does not exist") => {
            classify_missing(reference, message.to_owned())
        }
        (None, _) => Error::failed(&format!("move {what}"), message),
    }
}

/// What engines expect even if there is nothing to say.
fn header(login: Option<Login>) -> HeaderValue {
    let object = match login {
        None => serde_json::json!({}),
        Some(login) if login.is_token() => serde_json::json!({"identitytoken": login.secret}),
        Some(login) => serde_json::json!({"username": login.user, "password": login.secret}),
    };
    let text = URL_SAFE.encode(object.to_string());
    let mut value = HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("e30="));
    value.set_sensitive(true);
    value
}
