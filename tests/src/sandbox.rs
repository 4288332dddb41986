//! A folder that is the whole world of one run: project root, plugins, home,
//! host folders, and template root where a case brings templates.
//!
//! Both programs run in a world at the same absolute path, one after the
//! other, so that paths in their output need no masking.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::case::{Case, Flag, Run};
use crate::oracle::{Answer, Oracle, Request};
use crate::plugins_gen;

/// A command that runs longer is killed: an endless loop is a failure, not a hang.
const PATIENCE: Duration = Duration::from_mins(3);

/// What real Tutor reads of its template root whatever is rendered.
const BARE: [&str; 2] = ["config", "jobs"];

/// A fixed set of the core's secrets, so that a save need not draw them.
const SECRETS: &str = include_str!("../oracle/secrets.yml");

/// The short values among [`SECRETS`]: none may show in a message.
pub fn secrets() -> impl Iterator<Item = &'static str> {
    SECRETS
        .lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(_, value)| value)
        .filter(|value| !value.starts_with('\''))
}

/// A world on disk.
#[derive(Debug)]
pub struct Sandbox {
    world: PathBuf,
    templates: Option<PathBuf>,
}

impl Sandbox {
    /// Lays out `case` in the new folder `world`. `core` is the template root
    /// that both use unless the case brings templates.
    pub fn create(case: &Case, world: PathBuf, core: &Path) -> Result<Self, String> {
        let mut sandbox = Self {
            world,
            templates: Some(core.to_path_buf()),
        };
        sandbox
            .lay_out(case, core)
            .map_err(|e| format!("{}: {e}", sandbox.world.display()))?;
        Ok(sandbox)
    }

    fn lay_out(&mut self, case: &Case, core: &Path) -> io::Result<()> {
        for folder in ["root", "plugins", "home", "host"] {
            fs::create_dir_all(self.world.join(folder))?;
        }
        let brings_templates = case.files.iter().any(|(p, _)| p.starts_with("templates/"));
        if case.expect.has(Flag::BuiltInTemplates) {
            self.templates = None;
        } else if brings_templates || case.expect.has(Flag::BareTemplates) {
            let own = self.world.join("templates");
            if case.expect.has(Flag::BareTemplates) {
                for folder in BARE {
                    copy_tree(&core.join(folder), &own.join(folder))?;
                }
            } else {
                copy_tree(core, &own)?;
            }
            self.templates = Some(own);
        }
        for (path, bytes) in &case.files {
            self.put(path, bytes)?;
        }
        Ok(())
    }

    /// The world's folder.
    pub fn world(&self) -> &Path {
        &self.world
    }

    /// The project root.
    pub fn root(&self) -> PathBuf {
        self.world.join("root")
    }

    fn put(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let target = self.world.join(path);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(target, self.filled(bytes))
    }

    /// `bytes` with the placeholders filled in.
    fn filled(&self, bytes: &[u8]) -> Vec<u8> {
        match std::str::from_utf8(bytes) {
            Ok(text) => self
                .with_world(text)
                .replace("@secrets@\n", SECRETS)
                .into_bytes(),
            Err(_) => bytes.to_vec(),
        }
    }

    fn with_world(&self, text: &str) -> String {
        text.replace("@world@", &self.world.to_string_lossy())
    }

    /// The whole environment of a command.
    pub fn env(&self, case: &Case, run: &Run) -> Vec<(String, String)> {
        let at = |name: &str| self.world.join(name).to_string_lossy().into_owned();
        let mut env: Vec<(String, String)> = vec![
            ("HOME".into(), at("home")),
            ("LANG".into(), "C.UTF-8".into()),
            ("PATH".into(), "/usr/bin:/bin".into()),
            ("TUTOR_IGNORE_ENTRYPOINT_PLUGINS".into(), "1".into()),
            ("TUTOR_PLUGINS_ROOT".into(), at("plugins")),
            ("TUTOR_ROOT".into(), at("root")),
        ];
        // Real Tutor does not know it; ours loads `*.py` plugins with it, wherever there is no python3 on this PATH.
        if let Ok(oracle) = Oracle::get() {
            let python = oracle.python().to_string_lossy().into_owned();
            env.push(("TUTOR_PYTHON".into(), python));
        }
        if let Some(templates) = &self.templates {
            let value = templates.to_string_lossy().into_owned();
            env.push(("TUTOR_TEMPLATES_ROOT".into(), value));
        }
        let own = run.env.iter().map(|(k, v)| (k, Some(v)));
        for (key, value) in case.env.iter().map(|(k, v)| (k, v.as_ref())).chain(own) {
            env.retain(|(known, _)| known != key);
            if let Some(value) = value {
                env.push((key.clone(), self.with_world(value)));
            }
        }
        env
    }

    /// The command as a request to either program.
    pub fn request(&self, case: &Case, run: &Run) -> Request {
        Request {
            args: run.args.iter().map(|a| self.with_world(a)).collect(),
            env: self.env(case, run),
            cwd: self.world.clone(),
            templates: self.templates.clone(),
            prelude: None,
        }
    }

    /// Runs our binary.
    pub fn run_ours(&self, binary: &Path, request: &Request) -> Result<Answer, String> {
        let mut command = Command::new(binary);
        command
            .args(&request.args)
            .env_clear()
            .envs(request.env.iter().map(|(k, v)| (k, v)))
            .current_dir(&request.cwd);
        finish(command, &self.world.with_extension("output"))
    }

    /// Does what a line `! …` of a case says.
    pub fn change(&self, words: &[String]) -> Result<(), String> {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let at = |path: &str| self.world.join(path);
        let done = match words.as_slice() {
            ["put", from, to] => fs::read(at(from)).and_then(|bytes| self.put(to, &bytes)),
            ["append", text, to] => fs::read(at(to)).and_then(|mut bytes| {
                bytes.extend(text.bytes());
                bytes.push(b'\n');
                fs::write(at(to), bytes)
            }),
            ["write", text, to] => self.put(to, text.as_bytes()),
            ["rm", path] if at(path).is_dir() => fs::remove_dir_all(at(path)),
            ["rm", path] => fs::remove_file(at(path)),
            ["mkdir", path] => fs::create_dir_all(at(path)),
            ["link", target, path] => std::os::unix::fs::symlink(self.with_world(target), at(path)),
            ["generate", count] => self.generate(count),
            other => return Err(format!("unknown change {other:?}")),
        };
        done.map_err(|e| format!("! {}: {e}", words.join(" ")))
    }

    /// Generates plugins and enables them in `config.yml`.
    fn generate(&self, count: &str) -> io::Result<()> {
        let count = count.parse().map_err(io::Error::other)?;
        let names = plugins_gen::generate_plugins(&self.world.join("plugins"), count)?;
        let path = self.root().join("config.yml");
        let mut config = fs::read_to_string(&path).unwrap_or_default();
        config.push_str("PLUGINS:\n");
        for name in names {
            config.push_str("- ");
            config.push_str(&name);
            config.push('\n');
        }
        fs::write(path, config)
    }
}

/// Runs `command` to its end, or to the end of our patience.
pub fn finish(mut command: Command, scratch: &Path) -> Result<Answer, String> {
    let describe = |e: io::Error| format!("our tutor: {e}");
    let (out, err) = (scratch.with_extension("out"), scratch.with_extension("err"));
    let mut child = command
        .stdin(Stdio::null())
        .stdout(File::create(&out).map_err(describe)?)
        .stderr(File::create(&err).map_err(describe)?)
        .spawn()
        .map_err(describe)?;
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().map_err(describe)? {
            break status;
        }
        if started.elapsed() > PATIENCE {
            child.kill().map_err(describe)?;
            let _ = child.wait();
            return Err(format!("our tutor did not end within {PATIENCE:?}"));
        }
        thread::sleep(Duration::from_micros(500));
    };
    let text = |path: &Path| {
        fs::read(path)
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .map_err(describe)
    };
    let signal = std::os::unix::process::ExitStatusExt::signal(&status).unwrap_or(0);
    Ok(Answer {
        status: status.code().unwrap_or(-signal),
        stdout: text(&out)?,
        stderr: text(&err)?,
    })
}

/// Copies a folder with what is below it.
pub fn copy_tree(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_tree(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
