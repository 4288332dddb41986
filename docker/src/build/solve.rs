//! A build by the engine's own BuildKit, as `docker buildx` does it with the engine's builder:
//! a session for BuildKit's questions, a request to solve, and a stream of news about it.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use bollard_buildkit_proto::moby::buildkit::v1::control_client::ControlClient;
use bollard_buildkit_proto::moby::buildkit::v1::{
    CacheOptions, CacheOptionsEntry, SolveRequest, SolveResponse, StatusRequest,
};
use tonic::Status;
use tonic::transport::Channel;

use super::auth::Accounts;
use super::executor::registry_cache;
use super::failure::{Failed, line_of};
use super::progress::Tracker;
use super::session::{Session, control, random_id};
use super::sync::{Folders, Source};
use crate::credentials::Credentials;
use crate::engine::Engine;
use crate::error::Error;
use crate::event::Event;
use crate::http::Failure;
use crate::reference::Reference;
use crate::spec::{BuildSpec, Built, NamedContext};

/// How long the last news may take after the result.
const LAST_NEWS: Duration = Duration::from_secs(3);

/// Under which keys the result has the image's id, by age of the engine.
const IDS: [&str; 2] = ["containerimage.digest", "containerimage.config.digest"];

pub(crate) async fn solve(
    engine: &Engine,
    spec: &BuildSpec,
    event: &mut dyn FnMut(Event),
) -> Result<Built, Error> {
    let endpoint = engine.endpoint();
    let folders = folders(spec);
    let problem = Arc::clone(&folders.problem);
    let accounts = Accounts(Credentials::load(engine.environment())?);
    let session =
        Session::open(endpoint, folders, accounts)
            .await
            .map_err(|failure| match failure {
                Failure::Other(error) => error,
                Failure::Status(status, message) => Error::failed(
                    "open a session with BuildKit",
                    format!("{status}: {message}"),
                ),
            })?;
    let client = control(endpoint).await?;
    let request = request(spec, session.id.clone());
    let mut tracker = Tracker::default();
    let result = follow(client, request, &mut tracker, event).await;
    let response = result.map_err(|status| {
        // Our side knows best what went wrong on our side.
        let ours = problem
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        ours.unwrap_or_else(|| {
            let failed = Failed {
                message: status.message(),
                dockerfile: &super::dockerfile(spec),
                line: line_of(status.details()),
                engine: &engine.version().engine,
            };
            failed.sort(&tracker)
        })
    })?;
    let ids = response.exporter_response;
    let id = IDS.iter().find_map(|key| ids.get(*key)).cloned();
    let (cached, ran) = tracker.summary();
    Ok(Built {
        id: id.ok_or_else(|| Error::failed("learn the image's id", "the engine did not say it"))?,
        cached,
        ran,
    })
}

/// Waits for the result, and meanwhile for news.
async fn follow(
    client: ControlClient<Channel>,
    request: SolveRequest,
    tracker: &mut Tracker,
    event: &mut dyn FnMut(Event),
) -> Result<SolveResponse, Status> {
    let reference = StatusRequest {
        r#ref: request.r#ref.clone(),
    };
    let mut asking = client.clone();
    let mut listening = client;
    let mut solving = pin!(asking.solve(request));
    let mut news = pin!(async {
        let mut stream = listening.status(reference).await?.into_inner();
        while let Some(update) = stream.message().await? {
            tracker.take(update.into(), event);
        }
        Ok::<_, Status>(())
    });
    let mut has_news = true;
    loop {
        tokio::select! {
            result = &mut solving => {
                if has_news {
                    // What the failing step printed may still be on its way.
                    let _ = tokio::time::timeout(LAST_NEWS, &mut news).await;
                }
                return result.map(tonic::Response::into_inner);
            }
            _ = &mut news, if has_news => has_news = false,
        }
    }
}

fn folders(spec: &BuildSpec) -> Folders {
    let mut folders = Folders::default();
    let context = Source::Folder(spec.context.clone(), spec.files.clone());
    folders.sources.insert("context".to_owned(), context);
    let dockerfile = Source::File(file_name(spec), super::dockerfile(spec));
    folders.sources.insert("dockerfile".to_owned(), dockerfile);
    for (name, context) in &spec.contexts {
        if let NamedContext::Folder { path, files } = context {
            let source = Source::Folder(path.clone(), files.clone());
            folders.sources.insert(local_name(name), source);
        }
    }
    folders
}

/// The name under which a named folder is asked for: never one of the two of every build.
fn local_name(name: &str) -> String {
    format!("named:{name}")
}

fn file_name(spec: &BuildSpec) -> String {
    let name = spec.dockerfile.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

fn request(spec: &BuildSpec, session: String) -> SolveRequest {
    let imports: Vec<CacheOptionsEntry> = spec
        .cache_from
        .iter()
        .filter_map(|from| registry_cache(from))
        .map(|image| CacheOptionsEntry {
            r#type: "registry".to_owned(),
            attrs: HashMap::from([("ref".to_owned(), image.to_owned())]),
        })
        .collect();
    let mut exporter = HashMap::new();
    if !spec.tags.is_empty() {
        let names: Vec<String> = spec.tags.iter().map(|tag| full_name(tag)).collect();
        exporter.insert("name".to_owned(), names.join(","));
    }
    SolveRequest {
        r#ref: random_id(),
        session,
        frontend: "dockerfile.v0".to_owned(),
        frontend_attrs: attributes(spec, &imports),
        exporter_deprecated: "moby".to_owned(),
        exporter_attrs_deprecated: exporter,
        cache: Some(CacheOptions {
            imports,
            ..CacheOptions::default()
        }),
        ..SolveRequest::default()
    }
}

fn full_name(tag: &str) -> String {
    Reference::parse(tag).map_or_else(|_| tag.to_owned(), |parsed| parsed.to_string())
}

fn attributes(spec: &BuildSpec, imports: &[CacheOptionsEntry]) -> HashMap<String, String> {
    let mut attributes = HashMap::from([("filename".to_owned(), file_name(spec))]);
    let mut set = |name: String, value: String| {
        attributes.insert(name, value);
    };
    for (name, value) in &spec.args {
        set(format!("build-arg:{name}"), value.clone());
    }
    for (name, value) in &spec.labels {
        set(format!("label:{name}"), value.clone());
    }
    if let Some(target) = &spec.target {
        set("target".to_owned(), target.clone());
    }
    if let Some(platform) = &spec.platform {
        set("platform".to_owned(), platform.clone());
    }
    if spec.no_cache {
        set("no-cache".to_owned(), String::new());
    }
    if !spec.add_hosts.is_empty() {
        let hosts: Vec<String> = spec.add_hosts.iter().map(|host| host_entry(host)).collect();
        set("add-hosts".to_owned(), hosts.join(","));
    }
    if !imports.is_empty() {
        let list: Vec<serde_json::Value> = imports
            .iter()
            .map(|entry| serde_json::json!({"Type": entry.r#type, "Attrs": entry.attrs}))
            .collect();
        set(
            "cache-imports".to_owned(),
            serde_json::Value::from(list).to_string(),
        );
    }
    if !spec.contexts.is_empty() {
        // A frontend that does not know them must say so, or the engine gets one that does.
        let needed = "moby.buildkit.frontend.contexts+forward";
        set("frontend.caps".to_owned(), needed.to_owned());
    }
    for (name, context) in &spec.contexts {
        let value = match context {
            NamedContext::Folder { .. } => format!("local:{}", local_name(name)),
            other => other.value(),
        };
        set(format!("context:{name}"), value);
    }
    attributes
}

/// `NAME:ADDRESS` as BuildKit takes it: `NAME=ADDRESS`.
fn host_entry(host: &str) -> String {
    let name_ends = host.find(['=', ':']).unwrap_or(host.len());
    let (name, address) = host.split_at(name_ends);
    let address = address.get(1..).unwrap_or_default();
    let address = address.trim_start_matches('[').trim_end_matches(']');
    format!("{name}={address}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_taken_in_both_ways_of_writing() {
        for (host, entry) in [
            ("a:1.2.3.4", "a=1.2.3.4"),
            ("a=1.2.3.4", "a=1.2.3.4"),
            ("a:::1", "a=::1"),
            ("a:[::1]", "a=::1"),
        ] {
            assert_eq!(host_entry(host), entry);
        }
    }
}
