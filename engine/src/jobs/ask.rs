//! What whoever runs tasks asks: in, what is known of a project; out, words to run.

use std::path::Path;

use serde_json::{Value as Json, json};

use super::compose;
use crate::system::System;

/// Answers `what`, with its arguments; `None` if it is not about jobs. `setting` knows the texts among the settings that
/// the asker has.
pub fn answer(
    system: &dyn System,
    what: &str,
    with: &Json,
    setting: impl Fn(&str) -> Option<String>,
) -> Option<Result<Json, String>> {
    let text = |key: &str| with.get(key).and_then(Json::as_str).unwrap_or_default();
    let texts = |key: &str| -> Vec<&str> {
        let list = with.get(key).and_then(Json::as_array);
        list.into_iter()
            .flatten()
            .filter_map(Json::as_str)
            .collect()
    };
    let is_there = |file: &str| matches!(system.kind(Path::new(file)), Ok(Some(_)));
    Some(match what {
        "compose_project" => project(text("mode"), Path::new(text("root")), setting),
        "compose_call" => Ok(json!(compose::call(
            text("name"),
            &texts("files"),
            &texts("command"),
            is_there
        ))),
        "compose_task" => Ok(json!(compose::task(
            &texts("files"),
            text("service"),
            text("script"),
            with.get("terminal") == Some(&Json::Bool(true)),
            is_there
        ))),
        _ => return None,
    })
}

/// A project: its name, its files, those of its jobs.
fn project(
    mode: &str,
    root: &Path,
    setting: impl Fn(&str) -> Option<String>,
) -> Result<Json, String> {
    let project =
        compose::project(mode, root).ok_or_else(|| format!("'{mode}' has no compose project"))?;
    let name = setting(project.name)
        .ok_or_else(|| format!("the setting {} is missing, or is no text", project.name))?;
    Ok(json!([name, project.files, project.job_files]))
}
