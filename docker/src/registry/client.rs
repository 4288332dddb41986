//! Requests to a registry: the right scheme, who asks, redirects.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::header::{
    ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, LOCATION, USER_AGENT, WWW_AUTHENTICATE,
};
use hyper::{Method, Request, StatusCode, Uri};
use serde::Deserialize;
use std::net::IpAddr;
use std::time::Duration;

use super::challenge::Challenge;
use crate::credentials::{Credentials, Login};
use crate::dial;
use crate::error::{Error, one_line};
use crate::http::{self, escape};
use crate::reference::{DEFAULT_REGISTRY, Reference};
use crate::tls;

/// Where Docker Hub's registry is.
const HUB: &str = "registry-1.docker.io";

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// The longest answer that is read.
const LONGEST: usize = 16 << 20;

/// How often a registry may send us elsewhere.
const REDIRECTS: usize = 5;

/// Reading, or only looking whether there is something to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    Get,
    Head,
}

/// An answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) digest: Option<String>,
    pub(super) body: Bytes,
    headers: HeaderMap,
}

impl Answer {
    /// What the registry says about its refusal.
    pub(super) fn complaint(&self) -> String {
        #[derive(Deserialize)]
        struct Errors {
            errors: Vec<Complaint>,
        }
        #[derive(Deserialize)]
        struct Complaint {
            #[serde(default)]
            message: String,
        }
        let errors: Option<Errors> = serde_json::from_slice(&self.body).ok();
        let first = errors.and_then(|errors| errors.errors.into_iter().next());
        one_line(&first.map(|complaint| complaint.message).unwrap_or_default())
    }
}

/// Asks one registry about one repository.
pub(super) struct Client {
    registry: String,
    host: String,
    scheme: &'static str,
    login: Option<Login>,
    /// The header that says who asks, once it is known what the registry wants.
    authorization: tokio::sync::Mutex<Option<String>>,
}

impl Client {
    pub(super) async fn new(
        reference: &Reference,
        credentials: &Credentials,
    ) -> Result<Self, Error> {
        let registry = reference.registry.clone();
        let host = if registry == DEFAULT_REGISTRY {
            HUB
        } else {
            &registry
        };
        let mut client = Self {
            login: credentials.login(&registry)?,
            host: host.to_owned(),
            scheme: "https",
            authorization: tokio::sync::Mutex::new(None),
            registry,
        };
        // As engines do: a registry of this machine may go without TLS.
        if is_loopback(&client.host) {
            let (name, port) = split(&client.host, 443);
            let config = tls::of_registry(&client.host)?;
            if dial::secure(name, port, config).await.is_err() {
                client.scheme = "http";
            }
        }
        Ok(client)
    }

    /// The error for a registry that does not let us in.
    pub(super) fn unauthorized(&self) -> Error {
        let registry = self.registry.clone();
        match &self.login {
            None => Error::CredentialsNeeded { registry },
            Some(login) => Error::CredentialsRefused {
                registry,
                user: if login.is_token() {
                    "a token"
                } else {
                    &login.user
                }
                .to_owned(),
            },
        }
    }

    /// Asks for `path`, as who we are if the registry wants to know.
    pub(super) async fn ask(&self, verb: Verb, path: &str, accept: &str) -> Result<Answer, Error> {
        let url = format!("{}://{}{path}", self.scheme, self.host);
        let known = self.authorization.lock().await.clone();
        let answer = self.follow(verb, &url, accept, known.as_deref()).await?;
        if answer.status != StatusCode::UNAUTHORIZED {
            return Ok(answer);
        }
        let challenges = answer.headers.get_all(WWW_AUTHENTICATE);
        let challenge = challenges
            .iter()
            .filter_map(|header| Challenge::parse(header.to_str().ok()?))
            .next();
        let authorization = match (challenge, &self.login) {
            (Some(Challenge::Bearer { realm, fields }), _) => {
                format!("Bearer {}", self.token(&realm, &fields).await?)
            }
            (Some(Challenge::Basic), Some(login)) => basic(login),
            _ => return Ok(answer),
        };
        *self.authorization.lock().await = Some(authorization.clone());
        self.follow(verb, &url, accept, Some(&authorization)).await
    }

    async fn follow(
        &self,
        verb: Verb,
        url: &str,
        accept: &str,
        authorization: Option<&str>,
    ) -> Result<Answer, Error> {
        let mut url = url.to_owned();
        let mut authorization = authorization;
        for _ in 0..REDIRECTS {
            let method = if verb == Verb::Head {
                Method::HEAD
            } else {
                Method::GET
            };
            let mut request = Request::builder().method(method).header(ACCEPT, accept);
            if let Some(authorization) = authorization {
                request = request.header(AUTHORIZATION, authorization);
            }
            let answer = self.send(&url, request, Bytes::new()).await?;
            let location = answer.headers.get(LOCATION).and_then(|l| l.to_str().ok());
            match location.filter(|_| answer.status.is_redirection()) {
                None => return Ok(answer),
                Some(location) if location.starts_with('/') => {
                    url = format!("{}://{}{location}", self.scheme, self.host);
                }
                // Who we are is for the registry only.
                Some(location) => {
                    location.clone_into(&mut url);
                    authorization = None;
                }
            }
        }
        Err(self.unreachable("it sends us in circles"))
    }

    async fn token(&self, realm: &str, fields: &[(String, String)]) -> Result<String, Error> {
        #[derive(Deserialize)]
        struct Token {
            #[serde(default)]
            token: String,
            #[serde(default)]
            access_token: String,
        }
        let mut query: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{name}={}", escape(value)))
            .collect();
        let answer = match &self.login {
            Some(login) if login.is_token() => {
                query.push("grant_type=refresh_token".to_owned());
                query.push("client_id=docker".to_owned());
                query.push(format!("refresh_token={}", escape(&login.secret)));
                let request = Request::builder()
                    .method(Method::POST)
                    .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
                self.send(realm, request, Bytes::from(query.join("&")))
                    .await?
            }
            login => {
                let mut request = Request::builder().method(Method::GET);
                if let Some(login) = login {
                    request = request.header(AUTHORIZATION, basic(login));
                }
                let sign = if realm.contains('?') { '&' } else { '?' };
                let url = format!("{realm}{sign}{}", query.join("&"));
                self.send(&url, request, Bytes::new()).await?
            }
        };
        match answer.status {
            status if status.is_success() => {}
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::BAD_REQUEST => {
                return Err(self.unauthorized());
            }
            status => return Err(self.unreachable(format!("{realm} answers {status}"))),
        }
        let token: Token = serde_json::from_slice(&answer.body)
            .map_err(|_| self.unreachable(format!("{realm} sends no token")))?;
        Ok(if token.token.is_empty() {
            token.access_token
        } else {
            token.token
        })
    }

    async fn send(
        &self,
        url: &str,
        request: hyper::http::request::Builder,
        body: Bytes,
    ) -> Result<Answer, Error> {
        let work = self.exchange(url, request, body);
        tokio::time::timeout(PATIENCE, work)
            .await
            .unwrap_or_else(|_| Err(self.unreachable("it takes too long")))
    }

    async fn exchange(
        &self,
        url: &str,
        request: hyper::http::request::Builder,
        body: Bytes,
    ) -> Result<Answer, Error> {
        let uri: Uri = url
            .parse()
            .map_err(|_| self.unreachable(format!("it names {url:?}, which is no address")))?;
        let authority = uri.authority().map(ToString::to_string).unwrap_or_default();
        let is_secure = uri.scheme_str() == Some("https");
        let (name, port) = split(&authority, if is_secure { 443 } else { 80 });
        let stream = if is_secure {
            dial::secure(name, port, tls::of_registry(&authority)?).await
        } else {
            let stream = dial::tcp(name, port).await;
            stream.map(|stream| Box::new(stream) as Box<dyn dial::Duplex>)
        };
        let stream = stream.map_err(|error| self.unreachable(error))?;
        let request = request
            .uri(uri)
            .header(USER_AGENT, "docker")
            .body(Full::new(body))
            .map_err(|error| self.unreachable(error))?;
        let response = http::send(stream, request, &authority)
            .await
            .map_err(|error| self.unreachable(error))?;
        let (head, body) = response.into_parts();
        let body = Limited::new(body, LONGEST)
            .collect()
            .await
            .map_err(|error| self.unreachable(error))?;
        let digest = head.headers.get("docker-content-digest");
        Ok(Answer {
            status: head.status,
            digest: digest.and_then(|d| d.to_str().ok()).map(str::to_owned),
            body: body.to_bytes(),
            headers: head.headers,
        })
    }

    fn unreachable(&self, reason: impl std::fmt::Display) -> Error {
        Error::Unreachable {
            registry: self.registry.clone(),
            reason: one_line(&reason.to_string()),
        }
    }
}

fn basic(login: &Login) -> String {
    let text = format!("{}:{}", login.user, login.secret);
    format!("Basic {}", STANDARD.encode(text))
}

fn split(authority: &str, default: u16) -> (&str, u16) {
    match authority.rsplit_once(':') {
        Some((name, port)) if !authority.ends_with(']') => (name, port.parse().unwrap_or(default)),
        _ => (authority, default),
    }
}

fn is_loopback(host: &str) -> bool {
    let (name, _) = split(host, 0);
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
