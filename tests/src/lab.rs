//! Engines and registries for tests, started when a test first asks and
//! stopped when nobody has used them for a minute.
//!
//! `tests/lab/lab` does the work; it says what there is. Here are the locks that
//! make one lab of all test processes of a target folder, and what a test asks.

use std::collections::BTreeMap;
use std::env;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};

use crate::paths;

/// Set this to `required` where a lab that does not start is a failure, as CI does.
pub const LAB_VARIABLE: &str = "TUTOR_LAB";

/// An image with busybox in it, which every engine of the lab has.
pub const BASE: &str = "tutor-lab/base:1";

/// The account at [`Lab::closed_registry`].
pub const USER: &str = "lab";

/// Its password.
pub const PASSWORD: &str = "lab-secret";

/// What there is.
#[derive(Debug)]
pub struct Lab {
    facts: BTreeMap<String, String>,
    /// Held as long as this process lives.
    _in_use: File,
}

/// An engine of the lab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabEngine {
    /// `host` (the machine's own), `private` (a recent one that we started).
    pub name: &'static str,
    /// Its address, for `DOCKER_HOST`.
    pub host: String,
    /// The folder of the client's configuration, for `DOCKER_CONFIG`; it has the plugin buildx.
    pub client: PathBuf,
    /// What `PATH` has to be for the command `docker` to be found.
    pub path: String,
}

impl Lab {
    /// The lab of this process; or nothing, said on standard error, where there can be none.
    /// Where one is required it is an error that there is none.
    pub fn get(test: &str) -> Option<&'static Self> {
        static LAB: OnceLock<Result<Lab, String>> = OnceLock::new();
        match LAB.get_or_init(Self::start) {
            Ok(lab) => Some(lab),
            Err(reason) => {
                Self::skip(test, reason);
                None
            }
        }
    }

    /// Says on standard error that a test is skipped, and why; where a lab is required that is a failure.
    pub fn skip(test: &str, reason: &str) {
        assert!(
            env::var(LAB_VARIABLE).as_deref() != Ok("required"),
            "{test} needs an engine, and {LAB_VARIABLE}=required says that there is one: {reason}"
        );
        // Around the harness, which hides what passing tests print.
        let mut stderr = std::io::stderr();
        let _ = writeln!(stderr, "SKIPPED {test}: no lab ({reason})");
    }

    fn start() -> Result<Self, String> {
        let folder = paths::target_dir()?.join("lab");
        let describe = |e: std::io::Error| format!("{}: {e}", folder.display());
        fs::create_dir_all(&folder).map_err(describe)?;
        let starting = File::create(folder.join("starting")).map_err(describe)?;
        starting.lock().map_err(describe)?;
        let in_use = File::create(folder.join("in-use")).map_err(describe)?;
        in_use.lock_shared().map_err(describe)?;
        let log = folder.join("up.log");
        let out = File::create(&log).map_err(describe)?;
        let status = Command::new("bash")
            .arg(paths::crate_dir().join("lab/lab"))
            .arg("up")
            .arg(&folder)
            .env_remove("DOCKER_HOST")
            .env_remove("DOCKER_CONTEXT")
            .stdin(Stdio::null())
            .stdout(out.try_clone().map_err(describe)?)
            .stderr(out)
            .status()
            .map_err(|e| format!("bash does not start: {e}"))?;
        if !status.success() {
            let said = fs::read_to_string(&log).unwrap_or_default();
            let last = said.trim().lines().next_back().unwrap_or("no reason given");
            return Err(format!("{last}; more in {}", log.display()));
        }
        let facts = fs::read_to_string(folder.join("facts")).map_err(describe)?;
        let facts = facts
            .lines()
            .filter_map(|line| line.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Ok(Self {
            facts,
            _in_use: in_use,
        })
    }

    fn fact(&self, name: &str) -> &str {
        self.facts.get(name).map_or("", String::as_str)
    }

    /// The engines that there are: the machine's own first.
    pub fn engines(&self) -> Vec<LabEngine> {
        let root = self.fact("client").trim_end_matches("/client");
        let path = env::var("PATH").unwrap_or_default();
        let known = ["host", "private"].into_iter();
        known
            .filter(|name| self.facts.contains_key(*name))
            .map(|name| LabEngine {
                name,
                host: self.fact(name).to_owned(),
                client: PathBuf::from(self.fact("client")),
                path: format!("{path}:{root}/root/usr/bin"),
            })
            .collect()
    }

    /// The most recent engine that there is.
    pub fn newest(&self) -> LabEngine {
        let engines = self.engines();
        engines
            .into_iter()
            .next_back()
            .expect("a lab has an engine")
    }

    /// A registry (`HOST:PORT`) that lets everybody in.
    pub fn open_registry(&self) -> &str {
        self.fact("open")
    }

    /// A registry that lets [`USER`] in.
    pub fn closed_registry(&self) -> &str {
        self.fact("closed")
    }
}

impl LabEngine {
    /// The variables that point Docker's client at it.
    pub fn variables(&self) -> Vec<(String, String)> {
        [
            ("DOCKER_HOST", self.host.clone()),
            ("DOCKER_CONFIG", self.client.display().to_string()),
            ("PATH", self.path.clone()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec()
    }

    /// The command `docker`, talking to it.
    pub fn docker(&self, args: &[&str]) -> Command {
        let mut command = Command::new("docker");
        command
            .envs(self.variables())
            .args(args)
            .stdin(Stdio::null());
        command
    }

    /// A command that sees the network as the engine does.
    pub fn in_network(&self, program: &str) -> Command {
        if !self.is_private() {
            return Command::new(program);
        }
        let pid = self.client.with_file_name("run").join("dockerd.pid");
        let pid = fs::read_to_string(pid).unwrap_or_default();
        let mut command = Command::new("nsenter");
        command
            .arg(format!("--net=/proc/{}/ns/net", pid.trim()))
            .arg(program);
        command
    }

    /// Whether it is the recent one that we started, with a network of its own.
    pub fn is_private(&self) -> bool {
        self.name == "private"
    }

    /// Runs `docker`, which must work, and returns what it prints.
    pub fn run(&self, args: &[&str]) -> String {
        let output = self.docker(args).output().expect("docker starts");
        assert!(
            output.status.success(),
            "docker {}: {}",
            args.join(" "),
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }
}

/// A name that no other test, and no other process, uses for an image.
pub fn unique(name: &str) -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    format!("tutor-lab/{name}-{}-{number}", std::process::id())
}

/// Takes images away when it goes.
#[derive(Debug)]
pub struct Images {
    engine: LabEngine,
    names: Vec<String>,
    ids: Mutex<Vec<String>>,
}

impl Images {
    /// Of an engine.
    pub fn of(engine: &LabEngine) -> Self {
        Self {
            engine: engine.clone(),
            names: Vec::new(),
            ids: Mutex::default(),
        }
    }

    /// An image that may lose its name before the test ends.
    pub fn built(&self, id: &str) {
        if let Ok(mut ids) = self.ids.lock() {
            ids.push(id.to_owned());
        }
    }

    /// A name for an image, which is taken away later.
    pub fn name(&mut self, name: &str) -> String {
        let name = format!("{}:1", unique(name));
        self.names.push(name.clone());
        name
    }

    /// This one is taken away, too.
    pub fn also(&mut self, name: &str) {
        self.names.push(name.to_owned());
    }
}

impl Drop for Images {
    fn drop(&mut self) {
        let remove = |args: &[&str], images: &[String]| {
            if images.is_empty() {
                return;
            }
            // Some were never made, or are somebody else's, too.
            let _ = self
                .engine
                .docker(args)
                .args(images)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status();
        };
        remove(&["image", "rm", "--force"], &self.names);
        if let Ok(ids) = self.ids.lock() {
            // Not by force: an image that has a name is another test's.
            remove(&["image", "rm"], &ids);
        }
    }
}
