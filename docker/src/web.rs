//! Files on the web: whether one is what it was.

use http_body_util::{BodyExt as _, Empty};
use hyper::body::Bytes;
use hyper::header::{ETAG, HeaderMap, IF_NONE_MATCH, LAST_MODIFIED, LOCATION, USER_AGENT};
use hyper::{Method, Request, StatusCode, Uri};
use sha2::{Digest as _, Sha256};

use crate::dial;
use crate::endpoint::hex;
use crate::error::{Error, one_line};
use crate::http;
use crate::runtime;
use crate::tls;

/// How often a server may send us elsewhere.
const REDIRECTS: usize = 10;

/// What a server says of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Web {
    /// It is what it was.
    Same,
    /// It may be another one.
    File {
        /// What the server calls this version of it.
        etag: Option<String>,
        /// The hash of its content, and when it was changed last if the server says so: BuildKit looks at both.
        content: String,
    },
}

/// Asks for the file at `url`, which was called `etag` when it was asked for last.
pub fn look(url: &str, etag: Option<&str>) -> Result<Web, Error> {
    runtime::wait(follow(url, etag))
}

async fn follow(url: &str, etag: Option<&str>) -> Result<Web, Error> {
    let mut url = url.to_owned();
    for _ in 0..REDIRECTS {
        let uri: Uri = url
            .parse()
            .map_err(|_| unreachable(&url, "it is no address"))?;
        let host = uri.authority().map(ToString::to_string).unwrap_or_default();
        let response = ask(&uri, &host, etag)
            .await
            .map_err(|reason| unreachable(&host, reason))?;
        let (head, mut body) = response.into_parts();
        match head.status {
            StatusCode::NOT_MODIFIED => return Ok(Web::Same),
            status if status.is_redirection() => {
                let location = text(&head.headers, LOCATION);
                let location = location.ok_or_else(|| unreachable(&host, "it sends us nowhere"))?;
                url = absolute(&uri, &host, &location);
            }
            status if status.is_success() => {
                let mut hasher = Sha256::new();
                while let Some(frame) = body.frame().await {
                    let frame = frame.map_err(|error| unreachable(&host, error))?;
                    if let Some(data) = frame.data_ref() {
                        hasher.update(data);
                    }
                }
                let mut content = format!("sha256:{}", hex(&hasher.finalize()));
                if let Some(modified) = text(&head.headers, LAST_MODIFIED) {
                    content.push_str(" of ");
                    content.push_str(&modified);
                }
                let etag = text(&head.headers, ETAG);
                return Ok(Web::File { etag, content });
            }
            status => return Err(unreachable(&host, format!("it answers {status}"))),
        }
    }
    Err(unreachable(&url, "it sends us in circles"))
}

async fn ask(
    uri: &Uri,
    host: &str,
    etag: Option<&str>,
) -> Result<hyper::Response<hyper::body::Incoming>, String> {
    let is_secure = uri.scheme_str() == Some("https");
    let port = uri.port_u16().unwrap_or(if is_secure { 443 } else { 80 });
    let name = uri.host().unwrap_or_default();
    let stream = if is_secure {
        let config = tls::of_registry(host).map_err(|error| error.to_string())?;
        dial::secure(name, port, config).await
    } else {
        let stream = dial::tcp(name, port).await;
        stream.map(|stream| Box::new(stream) as Box<dyn dial::Duplex>)
    };
    let stream = stream.map_err(|error| error.to_string())?;
    let mut request = Request::builder()
        .method(Method::GET)
        .uri(uri.clone())
        .header(USER_AGENT, "tutor");
    if let Some(etag) = etag {
        request = request.header(IF_NONE_MATCH, etag);
    }
    let request = request
        .body(Empty::<Bytes>::new())
        .map_err(|error| error.to_string())?;
    let response = http::send(stream, request, host).await;
    response.map_err(|error| error.to_string())
}

fn text(headers: &HeaderMap, name: hyper::header::HeaderName) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?;
    Some(value.to_owned())
}

/// Where `location` leads from `uri`.
fn absolute(uri: &Uri, host: &str, location: &str) -> String {
    let scheme = uri.scheme_str().unwrap_or("http");
    if location.contains("://") {
        location.to_owned()
    } else if location.starts_with('/') {
        format!("{scheme}://{host}{location}")
    } else {
        let folder = uri.path().rsplit_once('/').map_or("", |(folder, _)| folder);
        format!("{scheme}://{host}{folder}/{location}")
    }
}

fn unreachable(host: &str, reason: impl std::fmt::Display) -> Error {
    Error::Unreachable {
        registry: host.to_owned(),
        reason: one_line(&reason.to_string()),
    }
}
