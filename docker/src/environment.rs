//! What of the surroundings matters to a Docker client, as its caller hands it in.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Variables and the home folder of whoever uses Docker.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    variables: BTreeMap<String, String>,
    home: Option<PathBuf>,
}

impl Environment {
    /// All variables that are looked at; others need not be handed in.
    pub const VARIABLES: &'static [&'static str] = &[
        "DOCKER_HOST",
        "DOCKER_CONTEXT",
        "DOCKER_CONFIG",
        "DOCKER_TLS",
        "DOCKER_TLS_VERIFY",
        "DOCKER_CERT_PATH",
        "BUILDX_BUILDER",
        "XDG_RUNTIME_DIR",
        "PATH",
    ];

    /// An environment of these variables; those that do not matter are left out.
    pub fn new<K, V>(variables: impl IntoIterator<Item = (K, V)>, home: Option<PathBuf>) -> Self
    where
        K: Into<String>,
        V: Into<String>,
    {
        let variables = variables
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()))
            .filter(|(name, _)| Self::VARIABLES.contains(&name.as_str()))
            .collect();
        Self { variables, home }
    }

    /// A variable, unless it is empty: Docker takes an empty one for a missing one.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let value = self.variables.get(name)?;
        (!value.is_empty()).then_some(value.as_str())
    }

    /// The folder of the client's configuration, if there can be one.
    pub(crate) fn config_folder(&self) -> Option<PathBuf> {
        match self.get("DOCKER_CONFIG") {
            Some(folder) => Some(PathBuf::from(folder)),
            None => self.home.as_deref().map(|home| home.join(".docker")),
        }
    }

    /// A program that `PATH` leads to.
    pub(crate) fn program(&self, name: &str) -> Option<PathBuf> {
        use std::os::unix::fs::PermissionsExt as _;
        let path = self.get("PATH")?;
        std::env::split_paths(path)
            .map(|folder| folder.join(name))
            .find(|file| {
                file.metadata()
                    .is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
            })
    }

    /// The home folder.
    pub(crate) fn home(&self) -> Option<&Path> {
        self.home.as_deref()
    }

    /// Gives a child process this environment's view of Docker, and leaves the rest as it is.
    pub(crate) fn apply(&self, command: &mut std::process::Command) {
        for name in Self::VARIABLES {
            match self.variables.get(*name) {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        match &self.home {
            Some(home) => command.env("HOME", home),
            None => command.env_remove("HOME"),
        };
    }
}
