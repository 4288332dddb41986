//! A build by the command `docker buildx build`, for what only that has.

use std::io::{BufRead as _, BufReader, Read};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

use super::executor::Reason;
use super::failure::Failed;
use super::plain::Plain;
use super::progress::{Tracker, Update};
use super::session::random_id;
use crate::engine::Engine;
use crate::error::{Error, one_line};
use crate::event::{Cancel, Event};
use crate::spec::{BuildSpec, Built};

/// How often it is looked whether the build is to be cancelled.
const BEAT: Duration = Duration::from_millis(50);

/// How long a cancelled command may take to say goodbye to the engine.
const GOODBYE: Duration = Duration::from_secs(10);

/// How many lines that are no news are kept, should the command fail.
const KEPT_LINES: usize = 60;

/// The first version that has `--progress=rawjson`.
const FIRST_WITH_JSON: (u32, u32) = (0, 13);

pub(crate) fn build(
    engine: &Engine,
    spec: &BuildSpec,
    reasons: &[Reason],
    event: &mut dyn FnMut(Event),
    cancel: &Cancel,
) -> Result<Built, Error> {
    let needed_for = reasons.first().map(ToString::to_string).unwrap_or_default();
    let has_json = version(engine, &needed_for)? >= FIRST_WITH_JSON;
    let id_file = std::env::temp_dir().join(format!("docker-build-{}", random_id()));
    let mut command = docker(engine);
    command.args(["buildx", "build"]).arg(format!(
        "--progress={}",
        if has_json { "rawjson" } else { "plain" }
    ));
    if spec.output.is_none() {
        command.arg("--iidfile").arg(&id_file);
    }
    arguments(spec, &mut command);
    let result = run(command, has_json, event, cancel);
    let id = std::fs::read_to_string(&id_file);
    // It is not there if nothing was built.
    let _ = std::fs::remove_file(&id_file);
    let ran = result?;
    if !ran.is_fine {
        let text = ran.other.join("\n");
        let message = ran.other.iter().rev().find(|line| line.contains("ERROR: "));
        let failed = Failed {
            message: message.map_or(text.as_str(), String::as_str),
            dockerfile: &super::dockerfile(spec),
            line: excerpt_line(&ran.other),
            engine: &engine.version().engine,
        };
        return Err(failed.sort(&ran.tracker));
    }
    let (cached, carried_out) = ran.tracker.summary();
    Ok(Built {
        id: id.map(|id| id.trim().to_owned()).unwrap_or_default(),
        cached,
        ran: carried_out,
    })
}

fn docker(engine: &Engine) -> Command {
    let mut command = Command::new("docker");
    engine.environment().apply(&mut command);
    command.stdin(Stdio::null());
    // What we know of the engine goes for the command, too: it does not look at other sockets.
    if matches!(
        engine.endpoint().origin(),
        crate::endpoint::Origin::WellKnown
    ) {
        command.env("DOCKER_HOST", engine.endpoint().to_string());
    }
    command
}

/// The version of buildx: `github.com/docker/buildx 0.13.1+ds1 …`.
fn version(engine: &Engine, needed_for: &str) -> Result<(u32, u32), Error> {
    let missing = |reason: String| Error::NoBuildx {
        needed_for: needed_for.to_owned(),
        reason,
    };
    let output = docker(engine)
        .args(["buildx", "version"])
        .output()
        .map_err(|error| missing(format!("`docker` does not start: {error}")))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(missing(one_line(said.lines().next().unwrap_or_default())));
    }
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let number = said.split_whitespace().nth(1).unwrap_or_default();
    let mut parts = number
        .trim_start_matches('v')
        .split(['.', '+', '-', '~'])
        .map(|part| part.parse().unwrap_or(0));
    Ok((parts.next().unwrap_or(0), parts.next().unwrap_or(0)))
}

fn arguments(spec: &BuildSpec, command: &mut Command) {
    let mut pair = |option: &str, value: &str| {
        command.arg(option).arg(value);
    };
    for tag in &spec.tags {
        pair("--tag", tag);
    }
    for (name, value) in &spec.args {
        pair("--build-arg", &format!("{name}={value}"));
    }
    for (name, value) in &spec.labels {
        pair("--label", &format!("{name}={value}"));
    }
    for host in &spec.add_hosts {
        pair("--add-host", host);
    }
    for from in &spec.cache_from {
        pair("--cache-from", from);
    }
    for to in &spec.cache_to {
        pair("--cache-to", to);
    }
    for (name, context) in &spec.contexts {
        pair("--build-context", &format!("{name}={}", context.value()));
    }
    for (option, value) in [
        ("--target", &spec.target),
        ("--platform", &spec.platform),
        ("--builder", &spec.builder),
        ("--output", &spec.output),
    ] {
        if let Some(value) = value {
            pair(option, value);
        }
    }
    // Another builder keeps its result to itself unless it is told where it goes.
    if spec.builder.is_some() && spec.output.is_none() {
        command.arg("--load");
    }
    if spec.no_cache {
        command.arg("--no-cache");
    }
    command.arg("--file").arg(super::dockerfile(spec));
    command.args(&spec.docker_args);
    command.arg("--").arg(&spec.context);
}

/// What a run of the command came to.
struct Ran {
    is_fine: bool,
    tracker: Tracker,
    /// What it printed that was no news.
    other: Vec<String>,
}

fn run(
    mut command: Command,
    has_json: bool,
    event: &mut dyn FnMut(Event),
    cancel: &Cancel,
) -> Result<Ran, Error> {
    // A group of its own: Ctrl-C on the terminal is the caller's to handle.
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
        .map_err(|error| Error::failed("start docker", error))?;
    let (lines, news) = mpsc::channel();
    if let Some(output) = child.stderr.take() {
        listen(output, lines.clone());
    }
    if let Some(output) = child.stdout.take() {
        listen(output, lines.clone());
    }
    drop(lines);
    let mut reader = Reader::new(has_json);
    loop {
        if cancel.is_cancelled() {
            stop(&mut child);
            return Err(Error::Cancelled);
        }
        match news.recv_timeout(BEAT) {
            Ok(line) => reader.take(&line, event),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    let status = child
        .wait()
        .map_err(|error| Error::failed("wait for docker", error))?;
    Ok(Ran {
        is_fine: status.success(),
        tracker: reader.tracker,
        other: reader.other,
    })
}

fn listen(output: impl Read + Send + 'static, lines: mpsc::Sender<String>) {
    std::thread::spawn(move || {
        for line in BufReader::new(output).split(b'\n') {
            let Ok(line) = line else { break };
            let text = String::from_utf8_lossy(&line).into_owned();
            if lines.send(text).is_err() {
                break;
            }
        }
    });
}

/// Asks the command to stop, which stops the build in the engine; insists if it does not.
fn stop(child: &mut Child) {
    let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    let signal = |signal| {
        if let Some(group) = group {
            // It may be gone already.
            let _ = kill_process_group(group, signal);
        }
    };
    signal(Signal::INT);
    let begin = Instant::now();
    while begin.elapsed() < GOODBYE {
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        std::thread::sleep(BEAT);
    }
    signal(Signal::KILL);
    let _ = child.wait();
}

struct Reader {
    plain: Option<Plain>,
    tracker: Tracker,
    other: Vec<String>,
    /// The begin of an object whose end has not come yet: some versions print one over many lines.
    open: String,
}

impl Reader {
    fn new(has_json: bool) -> Self {
        Self {
            plain: (!has_json).then(Plain::default),
            tracker: Tracker::default(),
            other: Vec::new(),
            open: String::new(),
        }
    }

    fn take(&mut self, line: &str, event: &mut dyn FnMut(Event)) {
        let update = match &mut self.plain {
            Some(plain) => plain.read(line),
            None => match self.object(line) {
                Object::Whole(update) => Some(update),
                Object::Open => return,
                Object::None => None,
            },
        };
        match update {
            Some(update) => self.tracker.take(update, event),
            None => {
                if self.other.len() == KEPT_LINES {
                    self.other.remove(0);
                }
                self.other.push(line.to_owned());
            }
        }
    }

    fn object(&mut self, line: &str) -> Object {
        if self.open.is_empty() && !line.starts_with('{') {
            return Object::None;
        }
        self.open.push_str(line);
        // Only a brace in the first column can be the last one.
        if !line.starts_with(['{', '}']) {
            return Object::Open;
        }
        match serde_json::from_str(&self.open) {
            Ok(update) => {
                self.open.clear();
                Object::Whole(update)
            }
            Err(error) if error.is_eof() => Object::Open,
            Err(_) => {
                self.open.clear();
                Object::None
            }
        }
    }
}

/// What a line of JSON is.
enum Object {
    Whole(Update),
    Open,
    None,
}

/// The line of the Dockerfile in the excerpt that the command prints: `   3 | >>> RUN false`.
fn excerpt_line(lines: &[String]) -> Option<u32> {
    let marked = lines.iter().find(|line| line.contains("| >>> "))?;
    marked.split('|').next()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_read_over_one_line_or_many_between_other_lines() {
        let text = "{\"logs\":[]}\n{\n \"vertexes\": [\n  {\n   \"digest\": \"a\",\n   \"name\": \"[1/1] RUN x\",\n\
            \"started\": \"\", \"completed\": \"\"\n  }\n ]\n}\nERROR: {odd}\n{ odd\n";
        let mut reader = Reader::new(true);
        for line in text.lines() {
            reader.take(line, &mut |_| ());
        }
        assert_eq!(reader.tracker.summary().1, ["[1/1] RUN x"]);
        assert_eq!(reader.other, ["ERROR: {odd}", "{ odd"]);
    }

    #[test]
    fn the_marked_line_of_an_excerpt_is_found() {
        let lines: Vec<String> = ["Dockerfile:3", "   2 |     FROM x", "   3 | >>> RUN false"]
            .map(str::to_owned)
            .to_vec();
        assert_eq!(excerpt_line(&lines), Some(3));
    }
}
