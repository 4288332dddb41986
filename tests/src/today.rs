//! Today's real plugins, of API v1, in Python environments with and without the Tutor that they are for.
//!
//! Knows how the environments are made and what is in them, not what is compared.

use std::env;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::driver::{Answer, Drivers, Request};
use crate::pinned::{self, Install, Recipe};

/// The version of Tutor that the plugins are compared with.
pub const VERSION: &str = "22.0.3";

/// Set this to a folder with virtual environments `today` and `today-plugins` to use these instead of making our own.
pub const VENVS_VARIABLE: &str = "TUTOR_TODAY_VENVS";

/// The six packages, by the names of their plugins.
pub const PLUGINS: [&str; 6] = ["discovery", "forum", "indigo", "mfe", "minio", "notes"];

/// Every package of the comparison with 22.0.3 is pinned there; the plugins need nothing else.
const CONSTRAINTS: (&str, &str) = ("--constraint", "oracle/constraints.txt");

/// The six, which ask for a Tutor that is not to be there in one of the environments.
const SIX: Install<'static> = Install {
    args: &["--no-deps"],
    file: ("--requirement", "today/plugins.txt"),
};

/// The plugins and their Tutor.
const WITH_TUTOR: Recipe<'static> = Recipe {
    folder: "today-22.0.3/today",
    purpose: "Comparing plugins with real Tutor 22.0.3",
    installs: &[
        Install {
            args: &["tutor==22.0.3", "importlib-resources"],
            file: CONSTRAINTS,
        },
        SIX,
    ],
};

/// The plugins without any Tutor: what they import of it has to be ours.
const WITHOUT_TUTOR: Recipe<'static> = Recipe {
    folder: "today-22.0.3/today-plugins",
    purpose: "Rendering the plugins of today",
    installs: &[
        Install {
            args: &["click", "importlib-resources"],
            file: CONSTRAINTS,
        },
        SIX,
    ],
};

/// The environments with the plugins of today.
#[derive(Debug)]
pub struct Today {
    templates: PathBuf,
    python: PathBuf,
    tutor_python: PathBuf,
    tutor: Drivers,
}

impl Today {
    /// The environments, set up if they are not there yet.
    pub fn get() -> Result<&'static Self, String> {
        static TODAY: OnceLock<Result<Today, String>> = OnceLock::new();
        TODAY
            .get_or_init(Self::set_up)
            .as_ref()
            .map_err(Clone::clone)
    }

    fn set_up() -> Result<Self, String> {
        let with_tutor = venv("today", &WITH_TUTOR)?;
        let tutor_python = with_tutor.join("bin/python");
        Ok(Self {
            templates: pinned::templates_of(&with_tutor)?,
            python: venv("today-plugins", &WITHOUT_TUTOR)?.join("bin/python"),
            tutor: Drivers::new(tutor_python.clone()),
            tutor_python,
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
        self.tutor.run(request)
    }
}

fn venv(name: &str, recipe: &Recipe<'_>) -> Result<PathBuf, String> {
    match env::var_os(VENVS_VARIABLE) {
        Some(given) => Ok(PathBuf::from(given).join(name)),
        None => pinned::environment(recipe),
    }
}
