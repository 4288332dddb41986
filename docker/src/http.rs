//! HTTP/1.1 over a connection: one request, its answer, or a change of protocol.

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body, Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::header::{CONNECTION, HOST, HeaderName, HeaderValue, UPGRADE};
use hyper::upgrade::Upgraded;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::dial::{self, Duplex};
use crate::endpoint::Endpoint;
use crate::error::Error;

/// Sends a request over `stream` and waits for the head of its answer. The request's URI is
/// cut down to its path, as servers want it.
pub(crate) async fn send<B>(
    stream: Box<dyn Duplex>,
    mut request: Request<B>,
    host: &str,
) -> Result<Response<Incoming>, hyper::Error>
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection.with_upgrades());
    let path = request
        .uri()
        .path_and_query()
        .map_or("/", |path| path.as_str());
    if let Ok(uri) = path.parse() {
        *request.uri_mut() = uri;
    }
    if let Ok(host) = HeaderValue::from_str(host) {
        request.headers_mut().insert(HOST, host);
    }
    sender.send_request(request).await
}

/// What an engine says when something fails.
#[derive(Deserialize)]
struct Message {
    message: String,
}

/// A request to an engine that answers with a stream of JSON objects; each goes to `each`.
pub(crate) async fn objects<T: DeserializeOwned>(
    endpoint: &Endpoint,
    path: &str,
    headers: &[(HeaderName, HeaderValue)],
    each: &mut dyn FnMut(T) -> Result<(), Error>,
) -> Result<(), Failure> {
    let response = post(endpoint, path, headers).await?;
    let status = response.status();
    let mut body = response.into_body();
    if !status.is_success() {
        return Err(Failure::Status(status, message(body).await));
    }
    let mut buffer: Vec<u8> = Vec::new();
    loop {
        let frame = match body.frame().await {
            Some(Ok(frame)) => frame,
            Some(Err(error)) => {
                return Err(Error::failed("listen to the engine", error).into());
            }
            None => break,
        };
        buffer.extend_from_slice(frame.data_ref().map_or(&[], |data| data.as_ref()));
        while let Some(at) = buffer.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = buffer.drain(..=at).collect();
            take(&line, each)?;
        }
    }
    Ok(take(&buffer, each)?)
}

fn take<T: DeserializeOwned>(
    line: &[u8],
    each: &mut dyn FnMut(T) -> Result<(), Error>,
) -> Result<(), Error> {
    if line.trim_ascii().is_empty() {
        return Ok(());
    }
    let object = serde_json::from_slice(line)
        .map_err(|error| Error::failed("understand the engine", error))?;
    each(object)
}

/// An answer of an engine that is no success.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It said so.
    Status(StatusCode, String),
    /// Something else went wrong.
    Other(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

/// Asks an engine to go on in another protocol, and returns the connection.
pub(crate) async fn upgrade(
    endpoint: &Endpoint,
    path: &str,
    protocol: &'static str,
    headers: &[(HeaderName, HeaderValue)],
) -> Result<Upgraded, Failure> {
    let mut all = vec![
        (CONNECTION, HeaderValue::from_static("Upgrade")),
        (UPGRADE, HeaderValue::from_static(protocol)),
    ];
    all.extend_from_slice(headers);
    let response = post(endpoint, path, &all).await?;
    let status = response.status();
    if status != StatusCode::SWITCHING_PROTOCOLS {
        return Err(Failure::Status(status, message(response.into_body()).await));
    }
    hyper::upgrade::on(response)
        .await
        .map_err(|error| Error::failed("keep the connection to the engine", error).into())
}

async fn post(
    endpoint: &Endpoint,
    path: &str,
    headers: &[(HeaderName, HeaderValue)],
) -> Result<Response<Incoming>, Error> {
    let stream = dial::engine(endpoint).await?;
    let mut request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .body(Full::new(Bytes::new()))
        .map_err(|error| Error::failed(&format!("ask the engine for {path}"), error))?;
    for (name, value) in headers {
        request.headers_mut().append(name.clone(), value.clone());
    }
    send(stream, request, "docker")
        .await
        .map_err(|error| Error::failed("talk to the engine", error))
}

async fn message(body: Incoming) -> String {
    let bytes = match body.collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) => return error.to_string(),
    };
    match serde_json::from_slice::<Message>(&bytes) {
        Ok(said) => said.message,
        Err(_) => String::from_utf8_lossy(&bytes).trim().to_owned(),
    }
}

/// `text` as a value in a query.
pub(crate) fn escape(text: &str) -> String {
    use std::fmt::Write as _;
    let mut escaped = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}
