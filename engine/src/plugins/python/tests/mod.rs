//! Python environments made by hand, in memory and on the disk.

mod environments;
mod machine;
mod plugins;
mod probe;
mod pyenv;
mod real;
mod speed;

use std::path::Path;
use std::sync::Arc;

use super::*;
use crate::inputs::{Changes, Database, Known};
use crate::system::{MemorySystem, System};

/// A graph over `system`.
fn graph(system: Arc<dyn System>) -> Database {
    Database::new(system, vec![], Known::default(), None, None)
}

/// A machine in memory.
struct World {
    system: Arc<MemorySystem>,
}

impl World {
    fn new() -> Self {
        Self {
            system: Arc::default(),
        }
    }

    /// One with a virtual environment at `/venv` that is active.
    fn with_venv() -> Self {
        let world = Self::new();
        world
            .file("/venv/bin/python", "ELF")
            .file(
                "/venv/pyvenv.cfg",
                "home = /usr/bin\ninclude-system-site-packages = false\nversion = 3.11.7\n",
            )
            .file(&format!("{SITE}/pip.py"), "")
            .variable("VIRTUAL_ENV", "/venv")
    }

    fn file(self, path: &str, content: &str) -> Self {
        self.system.put(path, content);
        self
    }

    fn bytes(self, path: &str, content: &[u8]) -> Self {
        self.system.put(path, content);
        self
    }

    fn variable(self, name: &str, value: &str) -> Self {
        self.system.set_variable(name, Some(value));
        self
    }

    /// A Python below `prefix` that is called `name`, with its library and a folder of packages.
    fn python(self, prefix: &str, name: &str, version: &str, sites: &[&str]) -> Self {
        let mut world = self
            .file(&format!("{prefix}/bin/{name}"), "ELF")
            .file(&format!("{prefix}/lib/python{version}/os.py"), "");
        for site in sites {
            world = world.file(&format!("{site}/README.txt"), "");
        }
        world
    }

    /// Metadata of distribution `name` in the folder `site`, with these entry points.
    fn distribution(self, site: &str, name: &str, version: &str, entry_points: &str) -> Self {
        let folder = format!("{site}/{}-{version}.dist-info", name.replace('-', "_"));
        self.file(
            &format!("{folder}/METADATA"),
            &format!("Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n\nA plugin.\nVersion: none\n"),
        )
        .file(&format!("{folder}/entry_points.txt"), entry_points)
    }

    /// The same for a plugin of API v1.
    fn plugin(self, site: &str, name: &str, version: &str) -> Self {
        let entry_points = format!("[tutor.plugin.v1]\n{name} = tutor{name}.plugin\n");
        self.distribution(site, &format!("tutor-{name}"), version, &entry_points)
    }

    fn graph(&self) -> Database {
        graph(self.system.clone())
    }

    fn found(&self) -> PythonPlugins {
        python_plugins(&self.graph()).clone()
    }

    fn environment(&self) -> Environment {
        python_environment(&self.graph()).clone()
    }

    /// The folders of packages.
    fn sites(&self) -> Vec<String> {
        let Environment::Known(layout) = self.environment() else {
            panic!("{:?}", self.environment());
        };
        layout
            .sites
            .iter()
            .map(|site| site.display().to_string())
            .collect()
    }

    /// The plugins, as `name version`.
    fn names(&self) -> Vec<String> {
        names(&self.found())
    }

    /// The problems, hints included, without line breaks.
    fn problems(&self) -> Vec<String> {
        self.found()
            .problems
            .iter()
            .map(|problem| {
                format!(
                    "{problem} ({})",
                    problem.hint.as_deref().unwrap_or("no hint")
                )
            })
            .collect()
    }
}

fn names(found: &PythonPlugins) -> Vec<String> {
    let name = |plugin: &PythonPlugin| {
        let version = plugin.version.as_deref().unwrap_or("?");
        format!("{} {version}", plugin.name)
    };
    found.plugins.iter().map(name).collect()
}

/// The folder of packages of [`World::with_venv`].
const SITE: &str = "/venv/lib/python3.11/site-packages";
