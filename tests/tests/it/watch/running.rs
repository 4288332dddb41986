//! A watch under way: its lines, one by one, and its end.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tests::snapshot::{self, Snapshot};

use crate::house::{House, assert_same, assert_same_bytes};

/// How long anything may take that a line announces: long, for slow machines.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// How long it has to be quiet to count as quiet: longer than anything that a watch puts off.
pub(super) const QUIET: Duration = Duration::from_secs(1);

/// How long it has to be quiet for what is under way to be over: a watch looks at everything once more meanwhile.
const SETTLED: Duration = Duration::from_millis(700);

/// A root with a plugin that has templates, and a small template root of its own instead of the built-in one.
pub(super) const WORLD: &str = "\
-- config.yml --
@secrets@
PLUGINS: [p]
-- plugins/p.yml --
name: p
version: 1.0.0
templates: @world@/host/tpl
config:
  defaults:
    GREETING: hello
patches:
  spot: patched
-- host/tpl/p/apps/a.txt --
a {{ P_GREETING }}
-- templates/apps/core.txt --
core {{ LMS_HOST }} {{ patch('spot') }}
-- expect --
bare templates
";

/// The file that the template of the plugin in [`WORLD`] becomes.
pub(super) const A: &str = "root/env/plugins/p/apps/a.txt";
/// The template of that plugin.
pub(super) const A_TEMPLATE: &str = "host/tpl/p/apps/a.txt";
/// The file that the template of the root in [`WORLD`] becomes.
pub(super) const CORE: &str = "root/env/apps/core.txt";
/// The template of that root.
pub(super) const CORE_TEMPLATE: &str = "templates/apps/core.txt";
/// The plugin.
pub(super) const PLUGIN: &str = "plugins/p.yml";
/// The configuration.
pub(super) const CONFIG: &str = "root/config.yml";

/// What a watch said: an object of one line.
#[derive(Debug, Clone)]
pub(super) struct Line {
    object: Value,
    world: String,
}

impl Line {
    /// Which kind of line it is.
    pub(super) fn event(&self) -> &str {
        self.object["event"].as_str().unwrap_or("none")
    }

    /// A field.
    pub(super) fn get(&self, key: &str) -> &Value {
        &self.object[key]
    }

    /// A field that holds paths, as paths in the house.
    pub(super) fn paths(&self, key: &str) -> Vec<&str> {
        let Some(paths) = self.object[key].as_array() else {
            panic!("no list {key}: {self:?}");
        };
        let paths = paths.iter().filter_map(Value::as_str);
        paths
            .map(|path| path.strip_prefix(&self.world).unwrap_or(path))
            .collect()
    }

    /// What triggered it.
    pub(super) fn trigger(&self) -> Vec<&str> {
        self.paths("trigger")
    }

    /// The files of `env/` that were written.
    pub(super) fn written(&self) -> Vec<&str> {
        self.paths("written")
    }

    /// The files of `env/` that were removed.
    pub(super) fn removed(&self) -> Vec<&str> {
        self.paths("removed")
    }

    /// Everything that it says, to look for words in it.
    pub(super) fn text(&self) -> String {
        self.object.to_string()
    }
}

/// A watch under way. It is killed if a test fails.
pub(super) struct Watch<'h> {
    house: &'h House,
    child: Child,
    lines: Receiver<String>,
    messages: PathBuf,
    /// What was said so far.
    pub(super) said: Vec<Line>,
}

impl<'h> Watch<'h> {
    /// Starts a watch in `house` and waits until it is watching.
    pub(super) fn start(house: &'h House) -> Self {
        Self::start_with(house, &[])
    }

    /// The same, with more arguments.
    pub(super) fn start_with(house: &'h House, args: &[&str]) -> Self {
        Self::start_wrapped(house, &[], args)
    }

    /// The same, started by the program `wrapper`.
    pub(super) fn start_wrapped(house: &'h House, wrapper: &[&str], args: &[&str]) -> Self {
        let all = [&["config", "save", "--watch", "--format", "json"], args].concat();
        let mut watch = Self::spawn(house, house.wrapped(wrapper, &all));
        watch.next_is("saved");
        watch.until_line("watching");
        watch
    }

    /// Starts `command`, which is a watch that tells in JSON.
    pub(super) fn spawn(house: &'h House, mut command: Command) -> Self {
        let named = tempfile::Builder::new()
            .prefix("messages-")
            .tempfile_in(house.folder())
            .unwrap();
        let (file, messages) = named.keep().unwrap();
        let mut child = command.stdout(Stdio::piped()).stderr(file).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        Self {
            house,
            child,
            lines,
            messages,
            said: Vec::new(),
        }
    }

    /// The process's number.
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// The next line, of whatever kind.
    pub(super) fn next(&mut self) -> Line {
        match self.line_within(PATIENCE) {
            Some(line) => line,
            None => self.fail("nothing more is said"),
        }
    }

    /// The next line, which is of this kind.
    pub(super) fn next_is(&mut self, event: &str) -> Line {
        let line = self.next();
        if line.event() != event {
            self.fail(&format!("expected a line {event}"));
        }
        line
    }

    /// Skips lines until one of this kind.
    pub(super) fn until_line(&mut self, event: &str) -> Line {
        loop {
            let line = self.next();
            if line.event() == event {
                return line;
            }
        }
    }

    /// Reads lines, at least one, until `holds`; answers how many. That it holds is looked at after a line only.
    pub(super) fn until(&mut self, what: &str, holds: impl Fn() -> bool) -> usize {
        let started = self.said.len();
        loop {
            if self.line_within(PATIENCE).is_none() {
                self.fail(&format!("it is never said that {what}"));
            }
            if holds() {
                return self.said.len() - started;
            }
        }
    }

    /// Reads lines until the file at `path` has this text, but for white space at its end.
    pub(super) fn until_text(&mut self, path: &str, text: &str) -> usize {
        self.until_texts(&[(path, Some(text))])
    }

    /// Reads lines until there is no file at `path`.
    pub(super) fn until_gone(&mut self, path: &str) -> usize {
        self.until_texts(&[(path, None)])
    }

    /// Reads lines until all of these files have these texts, or are gone.
    pub(super) fn until_texts(&mut self, files: &[(&str, Option<&str>)]) -> usize {
        let house = self.house;
        let holds = |(path, text): &(&str, Option<&str>)| {
            read(house, path).as_deref().map(str::trim_end) == *text
        };
        self.until(&format!("{files:?}"), || files.iter().all(holds))
    }

    /// Nothing more is said, but for one line on what was done already.
    pub(super) fn settles(&mut self) {
        if self.until_quiet() > 1 {
            self.fail("it should say less");
        }
    }

    /// Nothing is said for a while.
    pub(super) fn is_quiet(&mut self) {
        self.is_quiet_for(QUIET);
    }

    /// Nothing is said for as long as that.
    pub(super) fn is_quiet_for(&mut self, time: Duration) {
        if self.line_within(time).is_some() {
            self.fail("it should be quiet");
        }
    }

    /// Reads lines until what is under way is over. Answers how many there were.
    pub(super) fn until_quiet(&mut self) -> usize {
        let started = (Instant::now(), self.said.len());
        while self.line_within(SETTLED).is_some() {
            if started.0.elapsed() > PATIENCE {
                self.fail("it never gets quiet");
            }
        }
        self.said.len() - started.1
    }

    /// The next line, if it comes in time.
    pub(super) fn line_within(&mut self, time: Duration) -> Option<Line> {
        match self.lines.recv_timeout(time) {
            Ok(text) => {
                let Ok(object) = serde_json::from_str(&text) else {
                    self.fail(&format!("no JSON: {text}"));
                };
                let world = format!("{}/", self.house.path("").display());
                let world = world.replace("//", "/");
                let line = Line { object, world };
                self.said.push(line.clone());
                Some(line)
            }
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => self.fail("it has ended"),
        }
    }

    /// Sends a signal (`INT`, `STOP`).
    pub(super) fn signal(&self, name: &str) {
        let script = format!("kill -{name} {}", self.id());
        let status = Command::new("sh").args(["-c", &script]).status().unwrap();
        assert!(status.success(), "{script}");
    }

    /// Waits until it has ended, and answers with its exit status.
    pub(super) fn ended(&mut self) -> Option<i32> {
        let started = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            if started.elapsed() > PATIENCE {
                self.fail("it does not end");
            }
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// Ctrl-C ends it with status 0.
    pub(super) fn stop(&mut self) {
        self.signal("INT");
        if self.ended() != Some(0) {
            self.fail("it ends with another status than 0");
        }
        let told = fs::read_to_string(&self.messages).unwrap();
        assert!(!told.contains("panicked"), "{told}");
    }

    /// Ctrl-C ends it; then a clean save has nothing to do, and would have written the same in an empty root.
    pub(super) fn ends_well(mut self) {
        self.stop();
        is_as_saved_cleanly(self.house);
    }

    /// Fails the test with everything that was said.
    fn fail(&self, why: &str) -> ! {
        let mut told = String::new();
        for line in &self.said {
            told.push_str(&format!("  {:.600}\n", line.object.to_string()));
        }
        let messages = fs::read_to_string(&self.messages).unwrap_or_default();
        panic!("{why}; it said:\n{told}{messages}");
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// The text of a file; `None` where there is none.
pub(super) fn read(house: &House, path: &str) -> Option<String> {
    fs::read_to_string(house.path(path)).ok()
}

/// A clean save of what is there now changes nothing, not even a time; and one into an empty root writes the same.
pub(super) fn is_as_saved_cleanly(house: &House) {
    let before = house.root();
    house.save(&["--no-cache"]);
    assert_same(&before, &house.root());
    let aside = house.path("aside");
    let _ = fs::remove_dir_all(&aside);
    fs::create_dir(&aside).unwrap();
    for name in ["env", ".tutor"] {
        let from = house.path("root").join(name);
        if from.exists() {
            fs::rename(from, aside.join(name)).unwrap();
        }
    }
    house.save(&["--no-cache"]);
    assert_same_bytes(&house.root(), &before);
}

/// Everything in `env/`.
pub(super) fn env(house: &House) -> Snapshot {
    snapshot::take(&house.path("root/env")).unwrap()
}

/// Writes a file in the folder of another: made before it if need be.
pub(super) fn put(house: &House, path: &str, text: &str) {
    let path = house.path(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// The text of a file with `from` replaced by `to`, which must be in it.
pub(super) fn replaced(house: &House, path: &str, from: &str, to: &str) -> String {
    let text = house.read(path);
    assert!(text.contains(from), "{path} has no {from:?}");
    text.replace(from, to)
}

/// Replaces `from` by `to` in a file, as an editor does that writes another file and renames it.
pub(super) fn edit(house: &House, path: &str, from: &str, to: &str) {
    let text = replaced(house, path, from, to);
    replace(&house.path(path), &text);
}

/// Writes a file beside `path` and renames it over.
pub(super) fn replace(path: &Path, text: &str) {
    let beside = path.with_extension("beside.tmp");
    fs::write(&beside, text).unwrap();
    File::open(&beside).unwrap().sync_all().unwrap();
    fs::rename(&beside, path).unwrap();
}
