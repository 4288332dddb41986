//! Builds as `docker buildx bake` reads them.

use serde_json::{Map, Value as Json, json};

use super::decide::Decision;
use super::label::LABEL;
use super::plan::Planned;

/// The builds that are to be done, with why, as a bake file.
pub fn file(planned: &[Planned]) -> Json {
    let mut targets = Map::new();
    let mut names = Vec::new();
    for one in planned {
        let Decision::Build { .. } = one.decision else {
            continue;
        };
        let mut name = one
            .looked
            .build
            .name
            .replace(|c: char| !c.is_ascii_alphanumeric() && c != '-', "_");
        while targets.contains_key(&name) {
            name.push_str("_2");
        }
        targets.insert(name.clone(), target(one));
        names.push(name);
    }
    json!({ "group": { "default": { "targets": names } }, "target": targets })
}

fn target(planned: &Planned) -> Json {
    let build = &planned.looked.build;
    let mut target = Map::new();
    let mut put = |key: &str, value: Json| {
        let is_empty = match &value {
            Json::Null | Json::Bool(false) => true,
            Json::Array(items) => items.is_empty(),
            Json::Object(items) => items.is_empty(),
            _ => false,
        };
        if !is_empty {
            target.insert(key.to_owned(), value);
        }
    };
    put("description", json!(planned.decision.to_string()));
    put("context", json!(build.context));
    put("dockerfile", json!(build.dockerfile));
    put("args", json!(build.arguments));
    put("tags", json!(build.tags));
    put("target", json!(build.target));
    let platforms = build.platform.iter().flat_map(|all| all.split(','));
    put("platforms", json!(platforms.collect::<Vec<_>>()));
    put("contexts", json!(build.contexts));
    put("cache-from", json!(build.cache_from));
    put("cache-to", json!(build.cache_to));
    put("output", json!(build.output.iter().collect::<Vec<_>>()));
    put("no-cache", json!(build.no_cache));
    put("pull", json!(build.pull));
    let hosts = build
        .add_hosts
        .iter()
        .filter_map(|host| host.split_once([':', '=']));
    let hosts: Map<_, _> = hosts
        .map(|(name, address)| (name.to_owned(), json!(address)))
        .collect();
    put("extra-hosts", json!(hosts));
    let mut labels = build.labels.clone();
    if let Some(fingerprint) = &planned.judged.fingerprint {
        labels.insert(LABEL.to_owned(), fingerprint.label());
    }
    put("labels", json!(labels));
    Json::Object(target)
}
