//! Real Tutor 22.0.3: its pinned environment under `target/`, and processes
//! that run its commands.
//!
//! The environment is made on first use, by whoever comes first; others wait
//! at a file lock. A marker file says that it is complete; an interrupted
//! set-up is begun again.

use std::env;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};

use serde_json::{Value, json};

use crate::paths;

/// The version of Tutor that we compare with.
pub const VERSION: &str = "22.0.3";

/// Set this to the folder of a virtual environment that has Tutor 22.0.3 to
/// use that one instead of making our own.
pub const VENV_VARIABLE: &str = "TUTOR_ORACLE_VENV";

/// An installed Tutor.
#[derive(Debug)]
pub struct Oracle {
    venv: PathBuf,
    templates: PathBuf,
    idle: Mutex<Vec<Driver>>,
}

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

impl Oracle {
    /// The oracle of this process, set up if it is not there yet.
    pub fn get() -> Result<&'static Self, String> {
        static ORACLE: OnceLock<Result<Oracle, String>> = OnceLock::new();
        ORACLE
            .get_or_init(Self::set_up)
            .as_ref()
            .map_err(Clone::clone)
    }

    fn set_up() -> Result<Self, String> {
        let venv = match env::var_os(VENV_VARIABLE) {
            Some(given) => PathBuf::from(given),
            None => install()?,
        };
        let templates = templates_of(&venv)?;
        Ok(Self {
            venv,
            templates,
            idle: Mutex::new(Vec::new()),
        })
    }

    /// The template root that comes with it.
    pub fn templates(&self) -> &Path {
        &self.templates
    }

    /// The Python of its environment.
    pub fn python(&self) -> PathBuf {
        self.venv.join("bin/python")
    }

    /// Runs a command in a fork of a process that has Tutor loaded.
    pub fn run(&self, request: &Request) -> Result<Answer, String> {
        let idle = self.drivers().pop();
        let mut driver = match idle {
            Some(driver) => driver,
            None => Driver::start(&self.python())?,
        };
        let answer = driver.run(request)?;
        self.drivers().push(driver);
        Ok(answer)
    }

    fn drivers(&self) -> std::sync::MutexGuard<'_, Vec<Driver>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs a command as a user would, in a process of its own. Slower; it
    /// ignores `templates`, which real Tutor has no option for.
    pub fn run_plainly(&self, request: &Request) -> Result<Answer, String> {
        let output = Command::new(self.venv.join("bin/tutor"))
            .args(&request.args)
            .env_clear()
            .envs(request.env.iter().map(|(k, v)| (k, v)))
            .current_dir(&request.cwd)
            .stdin(Stdio::null())
            .output()
            .map_err(|e| format!("real Tutor does not start: {e}"))?;
        Ok(Answer {
            status: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
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
        let message = json!({
            "args": request.args,
            "env": env,
            "cwd": request.cwd.to_string_lossy(),
            "templates": request.templates.as_ref().map(|t| t.to_string_lossy().into_owned()),
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

fn install() -> Result<PathBuf, String> {
    let folder = paths::target_dir()?.join(format!("oracle-{VERSION}"));
    let describe = |e: std::io::Error| format!("{}: {e}", folder.display());
    fs::create_dir_all(&folder).map_err(describe)?;
    let lock = File::create(folder.join("lock")).map_err(describe)?;
    lock.lock().map_err(describe)?;
    let constraints = paths::crate_dir().join("oracle/constraints.txt");
    let wanted = fs::read_to_string(&constraints).map_err(describe)?;
    let marker = folder.join("complete");
    let venv = folder.join("venv");
    if fs::read_to_string(&marker).is_ok_and(|found| found == wanted) {
        return Ok(venv);
    }
    if venv.exists() {
        fs::remove_dir_all(&venv).map_err(describe)?;
    }
    let make = Command::new("python3")
        .args(["-m", "venv"])
        .arg(&venv)
        .output()
        .map_err(|e| {
            format!(
                "The conformance tests compare with real Tutor {VERSION} and need Python 3 \
                 with its venv module: `python3` does not start ({e})"
            )
        })?;
    succeeded(
        "python3 -m venv (Debian and Ubuntu: apt install python3-venv)",
        &make,
    )?;
    let pip = Command::new(venv.join("bin/python"))
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ])
        .arg("--constraint")
        .arg(&constraints)
        .arg(format!("tutor=={VERSION}"))
        .output()
        .map_err(|e| format!("pip does not start: {e}"))?;
    succeeded("pip install tutor", &pip)?;
    fs::write(&marker, wanted).map_err(describe)?;
    Ok(venv)
}

fn succeeded(what: &str, output: &std::process::Output) -> Result<(), String> {
    if output.status.success() {
        return Ok(());
    }
    Err(format!(
        "setting up real Tutor {VERSION} for comparison: {what} failed:\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    ))
}

fn templates_of(venv: &Path) -> Result<PathBuf, String> {
    let lib = venv.join("lib");
    let entries = fs::read_dir(&lib).map_err(|e| format!("{}: {e}", lib.display()))?;
    for entry in entries.flatten() {
        let templates = entry.path().join("site-packages/tutor/templates");
        if templates.is_dir() {
            return Ok(templates);
        }
    }
    Err(format!("no Tutor in {}", venv.display()))
}
