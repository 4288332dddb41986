//! Real Tutor 22.0.3: its pinned environment under `target/`, and processes
//! that run its commands.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::driver::Drivers;
pub use crate::driver::{Answer, Request};
use crate::pinned::{self, Install, Recipe};

/// The version of Tutor that we compare with.
pub const VERSION: &str = "22.0.3";

/// Set this to the folder of a virtual environment that has Tutor 22.0.3 to
/// use that one instead of making our own.
pub const VENV_VARIABLE: &str = "TUTOR_ORACLE_VENV";

const RECIPE: Recipe<'static> = Recipe {
    folder: "oracle-22.0.3",
    purpose: "Comparing with real Tutor 22.0.3",
    installs: &[Install {
        args: &["tutor==22.0.3"],
        file: ("--constraint", "oracle/constraints.txt"),
    }],
};

/// An installed Tutor.
#[derive(Debug)]
pub struct Oracle {
    venv: PathBuf,
    templates: PathBuf,
    drivers: Drivers,
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
            None => pinned::environment(&RECIPE)?,
        };
        let templates = pinned::templates_of(&venv)?;
        Ok(Self {
            drivers: Drivers::new(venv.join("bin/python")),
            venv,
            templates,
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
        self.drivers.run(request)
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
