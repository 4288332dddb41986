//! Why a build failed: from BuildKit's message, the step that it was at, and its log.

use std::path::Path;

use bollard_buildkit_proto::google::rpc;
use prost::Message as _;
use serde::Deserialize;

use super::lines::line_of_step;
use super::progress::{Step, Tracker, is_instruction};
use crate::classify::{self, dockerfile_line, is_about_dockerfile, trimmed};
use crate::error::{Error, FailedStep, one_line};
use crate::reference::{DEFAULT_REGISTRY, Reference};

/// What of a failed build is known besides its steps.
pub(crate) struct Failed<'a> {
    /// BuildKit's message.
    pub(crate) message: &'a str,
    /// The Dockerfile.
    pub(crate) dockerfile: &'a Path,
    /// The line that BuildKit says it was at.
    pub(crate) line: Option<u32>,
    /// The engine's version.
    pub(crate) engine: &'a str,
}

impl Failed<'_> {
    /// Sorts it.
    pub(crate) fn sort(&self, tracker: &Tracker) -> Error {
        let message = one_line(trimmed(self.message));
        let step = tracker.failed();
        let instruction = step.filter(|step| is_instruction(&step.name));
        // The message of a command that failed has the command in it, whatever that says.
        let is_command = ["executor failed running", "did not complete successfully"]
            .iter()
            .any(|text| message.contains(text));
        if !is_command
            && let Some(full @ Error::DiskFull { .. }) = classify::known(&message, "", "")
        {
            return full;
        }
        if let Some(step) = instruction.filter(|_| is_command) {
            return self.at(step);
        }
        if let Some(what) = missing_target(&message) {
            return Error::NotFound { what, message };
        }
        if message.contains("frontend.contexts") {
            return Error::TooOld {
                version: self.engine.to_owned(),
                lacks: "named contexts (Docker 23 or later has them)".to_owned(),
            };
        }
        if let Some(step) = instruction {
            return self.at(step);
        }
        if let Some(image) = step.and_then(|step| image_of(&step.name)) {
            let registry = Reference::parse(image)
                .map_or_else(|_| DEFAULT_REGISTRY.to_owned(), |parsed| parsed.registry);
            if let Some(known) = classify::known(&message, &registry, &format!("image {image}")) {
                return known;
            }
        }
        if is_about_dockerfile(&message) {
            return Error::Dockerfile {
                path: self.dockerfile.to_path_buf(),
                line: dockerfile_line(&message).or(self.line),
                message,
            };
        }
        match step {
            Some(step) => self.at(step),
            None => Error::failed("build the image", message),
        }
    }

    fn at(&self, step: &Step) -> Error {
        let line = self.line.or_else(|| {
            let text = std::fs::read_to_string(self.dockerfile).ok()?;
            line_of_step(&text, &step.name)
        });
        Error::Step(Box::new(FailedStep {
            name: step.name.clone(),
            message: one_line(trimmed(&step.error)),
            log: step.log.iter().cloned().collect(),
            dockerfile: self.dockerfile.to_path_buf(),
            line,
        }))
    }
}

/// The target that no stage of the Dockerfile is.
fn missing_target(message: &str) -> Option<String> {
    let between = |begin: &str, end: &str| {
        let rest = &message[message.find(begin)? + begin.len()..];
        Some(rest[..rest.find(end)?].trim_matches('"').to_owned())
    };
    let stage = between("failed to reach build target ", " in Dockerfile")
        .or_else(|| between("target stage ", " could not be found"))?;
    Some(format!("stage {stage} in the Dockerfile"))
}

/// The image that a step is about: a base, or the syntax of the Dockerfile.
fn image_of(step: &str) -> Option<&str> {
    let known = [
        "[internal] load metadata for ",
        "resolve image config for docker-image://",
        "resolve image config for ",
        "docker-image://",
    ];
    let image = known.iter().find_map(|prefix| step.strip_prefix(prefix));
    image.or_else(|| {
        let (_, rest) = step.strip_prefix('[')?.split_once("] FROM ")?;
        rest.split(' ').next()
    })
}

/// The line that the details of a gRPC status tell.
pub(crate) fn line_of(details: &[u8]) -> Option<u32> {
    #[derive(Deserialize)]
    struct Source {
        #[serde(default)]
        ranges: Vec<super::progress::Range>,
    }
    let status = rpc::Status::decode(details).ok()?;
    let sources = status
        .details
        .iter()
        .filter(|detail| detail.type_url.contains("errdefs.Source"));
    sources
        .filter_map(|detail| serde_json::from_slice::<Source>(&detail.value).ok())
        .find_map(|source| source.ranges.first().map(|range| range.start.line))
        .filter(|line| *line > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_image_of_a_step_is_found() {
        for (step, image) in [
            (
                "[internal] load metadata for docker.io/library/x:1",
                Some("docker.io/library/x:1"),
            ),
            (
                "resolve image config for docker.io/docker/dockerfile:1",
                Some("docker.io/docker/dockerfile:1"),
            ),
            (
                "[base 1/2] FROM r:5000/x@sha256:12",
                Some("r:5000/x@sha256:12"),
            ),
            ("[2/2] RUN x", None),
        ] {
            assert_eq!(image_of(step), image, "{step}");
        }
    }

    #[test]
    fn a_missing_target_is_named() {
        for message in [
            "failed to reach build target nope in Dockerfile",
            "target stage \"nope\" could not be found",
        ] {
            let found = missing_target(message);
            assert_eq!(found.as_deref(), Some("stage nope in the Dockerfile"));
        }
    }
}
