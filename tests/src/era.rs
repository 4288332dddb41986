//! The time of Tutor 13: its real plugins of API v0, in Python environments with and without the Tutor of then.
//!
//! Knows how the environments are made and what is in them, not what is compared.

use std::env;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::driver::{Answer, Drivers, Request};
use crate::paths;
use crate::pinned::{self, Install, Recipe};

/// The version of Tutor that the plugins are compared with.
pub const VERSION: &str = "13.3.1";

/// Set this to a folder with virtual environments `thirteen`, `era` and `plain` to use these instead of making our own.
pub const VENVS_VARIABLE: &str = "TUTOR_ERA_VENVS";

/// The ten packages, by the names of their plugins, with their API.
pub const PLUGINS: [(&str, Api); 10] = [
    ("android", Api::V0),
    ("discovery", Api::V0),
    ("ecommerce", Api::V0),
    ("forum", Api::V0),
    ("mfe", Api::V1),
    ("minio", Api::V0),
    ("notes", Api::V0),
    ("richie", Api::V0),
    ("webui", Api::V1),
    ("xqueue", Api::V0),
];

/// Which API a plugin is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Api {
    /// An object with attributes.
    V0,
    /// A module that adds to filters.
    V1,
}

const CONSTRAINTS: (&str, &str) = ("--constraint", "era/constraints.txt");

/// What builds packages that come as sources.
const TOOLS: Install<'static> = Install {
    args: &["setuptools", "wheel"],
    file: CONSTRAINTS,
};

/// The ten, which ask for a Tutor that is not to be there in one of the environments.
const TEN: Install<'static> = Install {
    args: &["--no-deps", "--no-build-isolation"],
    file: ("--requirement", "era/plugins.txt"),
};

/// The plugins and their Tutor.
const THIRTEEN: Recipe<'static> = Recipe {
    folder: "era-13.3.1/thirteen",
    purpose: "Comparing with real Tutor 13.3.1",
    installs: &[
        TOOLS,
        Install {
            args: &[
                "--no-build-isolation",
                "tutor==13.3.1",
                "click-repl",
                "requests",
            ],
            file: CONSTRAINTS,
        },
        TEN,
    ],
};

/// The plugins without any Tutor: what they import of it has to be ours.
const WITHOUT_TUTOR: Recipe<'static> = Recipe {
    folder: "era-13.3.1/era",
    purpose: "Rendering the plugins of the Tutor 13 era",
    installs: &[
        TOOLS,
        Install {
            args: &[
                "appdirs",
                "click",
                "click-repl",
                "importlib-resources",
                "PyYAML",
                "requests",
            ],
            file: CONSTRAINTS,
        },
        TEN,
    ],
};

/// No plugins at all.
const PLAIN: Recipe<'static> = Recipe {
    folder: "era-13.3.1/plain",
    purpose: "Testing Python plugins",
    installs: &[Install {
        args: &["click", "PyYAML"],
        file: CONSTRAINTS,
    }],
};

/// The environments with the plugins of that time.
#[derive(Debug)]
pub struct Era {
    templates: PathBuf,
    python: PathBuf,
    tutor_python: PathBuf,
    thirteen: Drivers,
}

impl Era {
    /// The environments, set up if they are not there yet.
    pub fn get() -> Result<&'static Self, String> {
        static ERA: OnceLock<Result<Era, String>> = OnceLock::new();
        ERA.get_or_init(Self::set_up).as_ref().map_err(Clone::clone)
    }

    fn set_up() -> Result<Self, String> {
        let thirteen = venv("thirteen", &THIRTEEN)?;
        Ok(Self {
            templates: pinned::templates_of(&thirteen)?,
            python: venv("era", &WITHOUT_TUTOR)?.join("bin/python"),
            tutor_python: thirteen.join("bin/python"),
            thirteen: Drivers::new(thirteen.join("bin/python")),
        })
    }

    /// The template root of that Tutor.
    pub fn templates(&self) -> &Path {
        &self.templates
    }

    /// The Python of the environment that has the plugins, and no Tutor.
    pub fn python(&self) -> &Path {
        &self.python
    }

    /// The Python of the environment that has that Tutor, and the same plugins. Its program is beside it.
    pub fn tutor_python(&self) -> &Path {
        &self.tutor_python
    }

    /// Runs a command of that Tutor, which has the same plugins.
    pub fn run(&self, request: &Request) -> Result<Answer, String> {
        self.thirteen.run(request)
    }

    /// What makes it take patches in the order of plugins' names, as we do, rather than those of API v1 last.
    pub fn patches_by_name() -> PathBuf {
        paths::crate_dir().join("era/patches_by_name.py")
    }
}

/// An environment in which Python has what plugins need, and no plugin is installed.
#[derive(Debug)]
pub struct Plain {
    /// The Python that the environment was made with.
    pub base: PathBuf,
    /// Its version, as folders are named after it: `3.11`.
    pub version: String,
    /// The folder of its packages.
    pub site: PathBuf,
}

impl Plain {
    /// The environment, set up if it is not there yet.
    pub fn get() -> Result<&'static Self, String> {
        static PLAIN: OnceLock<Result<Plain, String>> = OnceLock::new();
        PLAIN
            .get_or_init(Self::set_up)
            .as_ref()
            .map_err(Clone::clone)
    }

    fn set_up() -> Result<Self, String> {
        let venv = venv("plain", &PLAIN)?;
        let site = pinned::site_packages(&venv)?;
        let folder = site.parent().and_then(Path::file_name);
        let version = folder
            .and_then(|name| name.to_str()?.strip_prefix("python"))
            .ok_or_else(|| format!("which Python is {}?", site.display()))?;
        let python = venv.join("bin/python");
        let base = python
            .canonicalize()
            .map_err(|e| format!("{}: {e}", python.display()))?;
        Ok(Self {
            base,
            version: version.to_owned(),
            site,
        })
    }
}

fn venv(name: &str, recipe: &Recipe<'_>) -> Result<PathBuf, String> {
    match env::var_os(VENVS_VARIABLE) {
        Some(given) => Ok(PathBuf::from(given).join(name)),
        None => pinned::environment(recipe),
    }
}
