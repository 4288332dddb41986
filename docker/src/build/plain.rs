//! What `docker buildx build --progress=plain` prints, read back: for versions of buildx that
//! have no `rawjson`.
//!
//! `#4 [2/3] RUN make`, `#4 CACHED`, `#4 0.312 a line of the log`, `#4 DONE 0.4s`, `#4 ERROR: why`.

use super::progress::{Log, Update, Vertex};

/// Reads lines one by one.
#[derive(Debug, Default)]
pub(crate) struct Plain {
    /// The names of steps by their numbers.
    names: std::collections::BTreeMap<u32, String>,
}

impl Plain {
    /// What a line says, if it is one about a step.
    pub(crate) fn read(&mut self, line: &str) -> Option<Update> {
        let (number, rest) = line.strip_prefix('#')?.split_once(' ')?;
        let number: u32 = number.parse().ok()?;
        let digest = number.to_string();
        let Some(name) = self.names.get(&number) else {
            self.names.insert(number, rest.to_owned());
            return Some(started(digest, rest));
        };
        let done = |cached: bool, error: &str| {
            Some(Update {
                vertexes: vec![Vertex {
                    digest: digest.clone(),
                    name: name.clone(),
                    cached,
                    error: error.to_owned(),
                    started: true,
                    completed: true,
                }],
                ..Update::default()
            })
        };
        if rest == "CACHED" {
            return done(true, "");
        }
        if rest.starts_with("DONE ") {
            return done(false, "");
        }
        if let Some(error) = rest.strip_prefix("ERROR: ") {
            return done(false, error);
        }
        if rest == "CANCELED" {
            return done(false, "context canceled");
        }
        if rest == *name {
            return None;
        }
        // Lines of the log begin with seconds.
        let (seconds, text) = rest.split_once(' ').unwrap_or((rest, ""));
        seconds.parse::<f64>().ok()?;
        Some(Update {
            logs: vec![Log {
                vertex: digest,
                data: format!("{text}\n").into_bytes(),
            }],
            ..Update::default()
        })
    }
}

fn started(digest: String, name: &str) -> Update {
    Update {
        vertexes: vec![Vertex {
            digest,
            name: name.to_owned(),
            started: true,
            ..Vertex::default()
        }],
        ..Update::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::progress::Tracker;
    use crate::event::Event;

    #[test]
    fn steps_logs_and_errors_are_read_back() {
        let text = "#0 building with \"default\" instance using docker driver\n\n\
            #1 [internal] load build definition from Dockerfile\n#1 transferring dockerfile: 90B done\n#1 DONE 0.0s\n\n\
            #4 [1/3] RUN a\n#4 CACHED\n\n#5 [2/3] RUN b\n#5 0.123 hello world\n#5 0.456\n#5 ERROR: process \"b\" did not complete\n";
        let (mut plain, mut tracker, mut events) =
            (Plain::default(), Tracker::default(), Vec::new());
        for update in text.lines().filter_map(|line| plain.read(line)) {
            tracker.take(update, &mut |event| events.push(event));
        }
        assert!(events.contains(&Event::Cached { step: 2 }), "{events:?}");
        let hello = Event::Log {
            step: 3,
            line: "hello world".to_owned(),
        };
        assert!(events.contains(&hello), "{events:?}");
        assert_eq!(tracker.failed().unwrap().name, "[2/3] RUN b");
        assert_eq!(tracker.summary().0, ["[1/3] RUN a"]);
    }
}
