//! Processes that have a Tutor imported and run its commands in forks of themselves.
//!
//! Knows nothing of which Tutor it is, nor of how it was installed.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use crate::paths;

/// What to run.
#[derive(Debug, Clone)]
pub struct Request {
    /// Arguments after the program's name.
    pub args: Vec<String>,
    /// The whole environment.
    pub env: Vec<(String, String)>,
    /// The working folder.
    pub cwd: PathBuf,
    /// A template root instead of the installed one.
    pub templates: Option<PathBuf>,
    /// A Python script that changes how Tutor works, before it does.
    pub prelude: Option<PathBuf>,
}

/// How a command ended.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Exit status; negative for a signal.
    pub status: i32,
    /// Standard output, as text.
    pub stdout: String,
    /// Standard error, as text.
    pub stderr: String,
}

/// The processes of one Tutor: as many as commands were run at once.
#[derive(Debug)]
pub struct Drivers {
    python: PathBuf,
    idle: Mutex<Vec<Driver>>,
}

impl Drivers {
    /// None yet; they will run on `python`.
    pub fn new(python: PathBuf) -> Self {
        Self {
            python,
            idle: Mutex::new(Vec::new()),
        }
    }

    /// Runs a command in a fork of a process that has Tutor loaded.
    pub fn run(&self, request: &Request) -> Result<Answer, String> {
        let idle = self.idle().pop();
        let mut driver = match idle {
            Some(driver) => driver,
            None => Driver::start(&self.python)?,
        };
        let answer = driver.run(request)?;
        self.idle().push(driver);
        Ok(answer)
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Driver>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug)]
struct Driver {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Driver {
    fn start(python: &Path) -> Result<Self, String> {
        let script = paths::crate_dir().join("oracle/driver.py");
        let mut child = Command::new(python)
            .arg(script)
            .env_clear()
            .env("LANG", "C.UTF-8")
            .env("PATH", "/usr/bin:/bin")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|e| format!("the driver does not start: {e}"))?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("the driver has no pipes".into());
        };
        Ok(Self {
            child,
            input,
            output: BufReader::new(output),
        })
    }

    fn run(&mut self, request: &Request) -> Result<Answer, String> {
        let env: serde_json::Map<String, Value> = request
            .env
            .iter()
            .map(|(k, v)| (k.clone(), Value::from(v.clone())))
            .collect();
        let text = |path: &Option<PathBuf>| {
            path.as_ref()
                .map(|path| path.to_string_lossy().into_owned())
        };
        let message = json!({
            "args": request.args,
            "env": env,
            "cwd": request.cwd.to_string_lossy(),
            "templates": text(&request.templates),
            "prelude": text(&request.prelude),
        });
        writeln!(self.input, "{message}").map_err(|e| format!("the driver is gone: {e}"))?;
        let mut line = String::new();
        self.output
            .read_line(&mut line)
            .map_err(|e| format!("the driver is gone: {e}"))?;
        let answer: Value = serde_json::from_str(&line)
            .map_err(|e| format!("the driver answered {line:?}: {e}"))?;
        let text = |key: &str| answer[key].as_str().unwrap_or_default().to_owned();
        Ok(Answer {
            status: answer["status"]
                .as_i64()
                .and_then(|n| i32::try_from(n).ok())
                .ok_or_else(|| format!("the driver answered {line:?}"))?,
            stdout: text("stdout"),
            stderr: text("stderr"),
        })
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
