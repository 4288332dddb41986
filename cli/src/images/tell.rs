//! What happens to images, as lines; and on a terminal, one more that moves.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};

use engine::images::{Build, Decision, Happening, Step};
use serde_json::{Value as Json, json};

use crate::args::Format;
use crate::output;

/// How long the line that moves may be.
const WIDTH: usize = 100;

/// Tells what happens.
pub(super) struct Teller {
    format: Format,
    /// Whether there is a terminal to keep a line on that moves.
    moves: bool,
    is_written: bool,
    /// What steps are called, by image and number.
    names: BTreeMap<(String, usize), String>,
}

impl Teller {
    pub(super) fn new(format: Format) -> Self {
        Self {
            format,
            moves: format == Format::Text && std::io::stderr().is_terminal(),
            is_written: false,
            names: BTreeMap::new(),
        }
    }

    /// Tells what happened to an image.
    pub(super) fn tell(&mut self, build: &Build, happening: Happening) {
        if self.format == Format::Json {
            return Self::object(build, happening);
        }
        let name = &build.name;
        match happening {
            Happening::Decided(decision @ Decision::Unchanged) => {
                self.line(format_args!("{name}: {decision}"));
            }
            Happening::Decided(decision) => {
                self.line(format_args!("{name}: {decision}"));
                let tag = build.tags.first().map_or("", String::as_str);
                let what = if decision == Decision::Pull {
                    "Pulling"
                } else {
                    "Building"
                };
                self.clear();
                output::info(format_args!("{what} image {tag}"));
            }
            Happening::Step(step) => self.step(name, step),
            Happening::Done => {}
            Happening::Failed(failure) => {
                self.line(format_args!("{name}: failed ({})", failure.message));
            }
            Happening::LeftOut(other) => {
                self.line(format_args!("{name}: left out, since {other} failed"));
            }
        }
    }

    /// Tells of a step.
    pub(super) fn step(&mut self, image: &str, step: Step) {
        let name = |names: &BTreeMap<_, String>, number| {
            let name = names.get(&(image.to_owned(), number));
            name.cloned().unwrap_or_default()
        };
        match step {
            Step::Started(number, name) => {
                self.moving(&format!("{image} {name}"));
                self.names.insert((image.to_owned(), number), name);
            }
            Step::Cached(number) => {
                let name = name(&self.names, number);
                self.line(format_args!("{image} {name}: cached"));
            }
            Step::Finished(number) => {
                let name = name(&self.names, number);
                self.line(format_args!("{image} {name}: done"));
            }
            Step::Failed(number, error) => {
                let name = name(&self.names, number);
                self.line(format_args!("{image} {name}: {error}"));
            }
            Step::Log(_, line) if self.moves => self.moving(&format!("{image} | {line}")),
            Step::Log(_, line) => self.line(format_args!("{image} | {line}")),
            Step::Moved(what, status, current, total) => {
                let mega = |bytes: u64| format!("{:.1} MB", bytes as f64 / 1e6);
                let total = total
                    .map(|total| format!(" of {}", mega(total)))
                    .unwrap_or_default();
                self.moving(&format!("{image} {what} {status} {}{total}", mega(current)));
            }
            Step::Warning(text) => {
                self.clear();
                output::alert(format_args!("{image}: {text}"));
            }
        }
    }

    fn line(&mut self, text: std::fmt::Arguments<'_>) {
        self.clear();
        output::line(text);
    }

    /// Puts a text where the last one was.
    fn moving(&mut self, text: &str) {
        if self.moves {
            let text: String = text
                .chars()
                .filter(|c| !c.is_control())
                .take(WIDTH)
                .collect();
            let _ = write!(std::io::stderr(), "\r\x1b[K{text}");
            let _ = std::io::stderr().flush();
            self.is_written = true;
        }
    }

    fn clear(&mut self) {
        if self.is_written {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
            self.is_written = false;
        }
    }

    /// One object a line, for programs.
    fn object(build: &Build, happening: Happening) {
        let mut object = match happening {
            Happening::Decided(Decision::Unchanged) => json!({ "event": "unchanged" }),
            Happening::Decided(Decision::Pull) => json!({ "event": "pull" }),
            Happening::Decided(Decision::Build { again, reasons }) => {
                json!({ "event": if again { "rebuild" } else { "build" }, "reasons": reasons })
            }
            Happening::Done => json!({ "event": "done" }),
            Happening::Failed(failure) => json!({ "event": "failed", "message": failure.message }),
            Happening::LeftOut(other) => json!({ "event": "left-out", "because": other }),
            Happening::Step(step) => match step {
                Step::Started(step, name) => json!({ "event": "step", "step": step, "name": name }),
                Step::Cached(step) => json!({ "event": "cached", "step": step }),
                Step::Finished(step) => json!({ "event": "finished", "step": step }),
                Step::Failed(step, message) => {
                    json!({ "event": "step-failed", "step": step, "message": message })
                }
                Step::Log(step, line) => json!({ "event": "log", "step": step, "line": line }),
                Step::Moved(what, status, bytes, total) => {
                    json!({ "event": "progress", "what": what, "status": status, "bytes": bytes, "total": total })
                }
                Step::Warning(message) => json!({ "event": "warning", "message": message }),
            },
        };
        if let Json::Object(object) = &mut object {
            object.insert(String::from("image"), json!(build.name));
            object.insert(String::from("tag"), json!(build.tags.first()));
        }
        output::line(object);
    }
}

impl Drop for Teller {
    fn drop(&mut self) {
        self.clear();
    }
}
