//! What BuildKit reports, made into events; and what a build came to.

use std::collections::{BTreeMap, VecDeque};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bollard_buildkit_proto::moby::buildkit::v1::StatusResponse;
use serde::{Deserialize, Deserializer};

use crate::event::Event;

/// How many lines of a step are kept, should it fail.
const KEPT_LINES: usize = 50;

/// A piece of news, as `--progress=rawjson` prints it; the engine's own BuildKit sends the same.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Update {
    pub(crate) vertexes: Vec<Vertex>,
    pub(crate) statuses: Vec<Moved>,
    pub(crate) logs: Vec<Log>,
    pub(crate) warnings: Vec<Warning>,
}

/// A step.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Vertex {
    pub(crate) digest: String,
    pub(crate) name: String,
    pub(crate) cached: bool,
    pub(crate) error: String,
    #[serde(deserialize_with = "is_present")]
    pub(crate) started: bool,
    #[serde(deserialize_with = "is_present")]
    pub(crate) completed: bool,
}

/// How far a part of a step is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Moved {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) current: i64,
    pub(crate) total: i64,
}

/// What a step printed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Log {
    pub(crate) vertex: String,
    #[serde(deserialize_with = "base64")]
    pub(crate) data: Vec<u8>,
}

/// What a person should see.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Warning {
    #[serde(deserialize_with = "base64")]
    pub(crate) short: Vec<u8>,
    pub(crate) range: Vec<Range>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Range {
    pub(crate) start: Position,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Position {
    pub(crate) line: u32,
}

fn is_present<'de, D: Deserializer<'de>>(input: D) -> Result<bool, D::Error> {
    Ok(Option::<serde::de::IgnoredAny>::deserialize(input)?.is_some())
}

fn base64<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<u8>, D::Error> {
    let text = Option::<String>::deserialize(input)?.unwrap_or_default();
    STANDARD.decode(text).map_err(serde::de::Error::custom)
}

impl From<StatusResponse> for Update {
    fn from(response: StatusResponse) -> Self {
        let vertexes = response.vertexes.into_iter().map(|vertex| Vertex {
            digest: vertex.digest,
            name: vertex.name,
            cached: vertex.cached,
            error: vertex.error,
            started: vertex.started.is_some(),
            completed: vertex.completed.is_some(),
        });
        let statuses = response.statuses.into_iter().map(|status| Moved {
            id: status.id,
            name: status.name,
            current: status.current,
            total: status.total,
        });
        let logs = response.logs.into_iter().map(|log| Log {
            vertex: log.vertex,
            data: log.msg,
        });
        let warnings = response.warnings.into_iter().map(|warning| {
            let starts = warning.ranges.iter().filter_map(|range| range.start);
            let range = starts.map(|start| Range {
                start: Position {
                    line: start.line.max(0) as u32,
                },
            });
            Warning {
                short: warning.short,
                range: range.collect(),
            }
        });
        Self {
            vertexes: vertexes.collect(),
            statuses: statuses.collect(),
            logs: logs.collect(),
            warnings: warnings.collect(),
        }
    }
}

/// A step, as far as it is known.
#[derive(Debug, Default)]
pub(crate) struct Step {
    pub(crate) name: String,
    pub(crate) error: String,
    pub(crate) log: VecDeque<String>,
    is_cached: bool,
    is_done: bool,
    /// The begin of a line that has not ended yet.
    open: Vec<u8>,
}

/// Follows a build.
#[derive(Debug, Default)]
pub(crate) struct Tracker {
    steps: Vec<Step>,
    numbers: BTreeMap<String, usize>,
}

impl Tracker {
    /// Takes news in, and tells what is new about them.
    pub(crate) fn take(&mut self, update: Update, event: &mut dyn FnMut(Event)) {
        for vertex in update.vertexes {
            self.vertex(vertex, event);
        }
        for moved in update.statuses {
            event(Event::Progress {
                what: moved.id,
                status: moved.name,
                current: moved.current.max(0) as u64,
                total: u64::try_from(moved.total).ok().filter(|total| *total > 0),
            });
        }
        for log in update.logs {
            if let Some(&number) = self.numbers.get(&log.vertex) {
                self.log(number, &log.data, event);
            }
        }
        for warning in update.warnings {
            let text = String::from_utf8_lossy(&warning.short).into_owned();
            let line = warning.range.first().map(|range| range.start.line);
            event(Event::Warning { text, line });
        }
    }

    fn vertex(&mut self, vertex: Vertex, event: &mut dyn FnMut(Event)) {
        // Steps are announced before they begin, and some never do.
        if !vertex.started && !vertex.cached && vertex.error.is_empty() {
            return;
        }
        let number = match self.numbers.get(&vertex.digest) {
            Some(number) => *number,
            None => {
                let step = self.steps.len();
                self.numbers.insert(vertex.digest, step);
                self.steps.push(Step {
                    name: vertex.name.clone(),
                    ..Step::default()
                });
                event(Event::Started {
                    step,
                    name: vertex.name,
                });
                step
            }
        };
        if !vertex.completed || self.steps[number].is_done {
            return;
        }
        self.end_line(number, event);
        let step = &mut self.steps[number];
        step.is_done = true;
        step.is_cached = vertex.cached;
        step.error.clone_from(&vertex.error);
        event(if !vertex.error.is_empty() {
            Event::Failed {
                step: number,
                error: vertex.error,
            }
        } else if vertex.cached {
            Event::Cached { step: number }
        } else {
            Event::Finished { step: number }
        });
    }

    fn log(&mut self, number: usize, data: &[u8], event: &mut dyn FnMut(Event)) {
        for part in data.split_inclusive(|byte| *byte == b'\n') {
            self.steps[number].open.extend_from_slice(part);
            if part.ends_with(b"\n") {
                self.end_line(number, event);
            }
        }
    }

    fn end_line(&mut self, number: usize, event: &mut dyn FnMut(Event)) {
        let step = &mut self.steps[number];
        if step.open.is_empty() {
            return;
        }
        let text = String::from_utf8_lossy(&step.open);
        let line = text.trim_end_matches(['\n', '\r']).to_owned();
        step.open.clear();
        if step.log.len() == KEPT_LINES {
            step.log.pop_front();
        }
        step.log.push_back(line.clone());
        event(Event::Log { step: number, line });
    }

    /// The step that failed by itself, not because another one did.
    pub(crate) fn failed(&self) -> Option<&Step> {
        let failed = || self.steps.iter().filter(|step| !step.error.is_empty());
        failed()
            .find(|step| !step.error.contains("context canceled"))
            .or_else(|| failed().next())
    }

    /// The instructions that were in the cache, and those that were carried out.
    pub(crate) fn summary(&self) -> (Vec<String>, Vec<String>) {
        let done = self.steps.iter().filter(|step| is_instruction(&step.name));
        let (cached, ran): (Vec<&Step>, Vec<&Step>) = done.partition(|step| step.is_cached);
        let names = |steps: Vec<&Step>| steps.iter().map(|step| step.name.clone()).collect();
        (names(cached), names(ran))
    }
}

/// Whether a step is one of the Dockerfile that makes files: `[stage 2/5] RUN make`. Bases are
/// not: whether BuildKit calls them cached says nothing.
pub(crate) fn is_instruction(name: &str) -> bool {
    let Some((position, rest)) = name.strip_prefix('[').and_then(|n| n.split_once("] ")) else {
        return false;
    };
    let number = position.rsplit(' ').next().unwrap_or_default();
    let is_counted = number
        .split_once('/')
        .is_some_and(|(a, b)| a.parse::<u32>().is_ok() && b.parse::<u32>().is_ok());
    is_counted && !rest.starts_with("FROM ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(updates: &[&str]) -> (Vec<Event>, Tracker) {
        let mut tracker = Tracker::default();
        let mut events = Vec::new();
        for update in updates {
            tracker.take(serde_json::from_str(update).unwrap(), &mut |e| {
                events.push(e)
            });
        }
        (events, tracker)
    }

    #[test]
    fn steps_begin_print_and_end() {
        let (events, tracker) = events(&[
            r#"{"vertexes":[{"digest":"a","name":"[1/2] FROM x"},{"digest":"b","name":"[2/2] RUN y"}]}"#,
            r#"{"vertexes":[{"digest":"b","name":"[2/2] RUN y","started":"2024-01-01T00:00:00Z"}]}"#,
            r#"{"logs":[{"vertex":"b","stream":1,"data":"b25lCnR3"}]}"#,
            r#"{"logs":[{"vertex":"b","stream":1,"data":"bwo="}]}"#,
            r#"{"vertexes":[{"digest":"b","name":"[2/2] RUN y","started":"x","completed":"y"}]}"#,
        ]);
        let log = |line: &str| Event::Log {
            step: 0,
            line: line.to_owned(),
        };
        assert_eq!(
            events,
            [
                Event::Started {
                    step: 0,
                    name: "[2/2] RUN y".to_owned()
                },
                log("one"),
                log("two"),
                Event::Finished { step: 0 },
            ]
        );
        assert_eq!(tracker.summary().1, ["[2/2] RUN y"]);
    }

    #[test]
    fn the_step_that_failed_first_is_not_one_that_was_stopped() {
        let (_, tracker) = events(&[
            r#"{"vertexes":[{"digest":"a","name":"[a 1/1] RUN x","started":"","completed":"","error":"context canceled"},
                {"digest":"b","name":"[b 1/1] RUN y","started":"","completed":"","error":"exit code: 1"}]}"#,
        ]);
        assert_eq!(tracker.failed().unwrap().name, "[b 1/1] RUN y");
    }

    #[test]
    fn instructions_are_told_from_what_buildkit_does_besides() {
        for (name, expected) in [
            ("[2/5] RUN make", true),
            ("[my-stage 12/15] COPY a b", true),
            ("[stage-1 1/2] WORKDIR /x", true),
            ("[1/5] FROM docker.io/library/x", false),
            ("[internal] load build context", false),
            ("[auth] library/x:pull token", false),
            ("exporting to image", false),
            ("https://example.com/x", false),
        ] {
            assert_eq!(is_instruction(name), expected, "{name}");
        }
    }
}
