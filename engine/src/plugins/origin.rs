//! Where plugins come from: one way to ask for a declaration, whatever kind of plugin it is.

use std::path::PathBuf;
use std::sync::Arc;

use super::declaration::Declaration;
use super::file::{declaration_of, plugin_file};
use super::python::{self, PythonPlugin};
use crate::diagnostics::{Failure, Place};
use crate::inputs::Db;

/// Where a plugin comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// A `*.yml` file of the plugins root (API v0).
    Yaml(PathBuf),
    /// Python: an installed package, or a `*.py` file of the plugins root.
    Python(Arc<PythonPlugin>),
}

impl Origin {
    /// Where it is declared, for messages.
    pub fn place(&self) -> Place {
        match self {
            Self::Yaml(path) => Place {
                origin: path.display().to_string(),
                ..Place::default()
            },
            Self::Python(plugin) => plugin.place(),
        }
    }

    /// In a few words, for people.
    pub fn describe(&self) -> String {
        match self {
            Self::Yaml(path) => path.display().to_string(),
            Self::Python(plugin) => plugin.describe(),
        }
    }
}

/// What the plugin declares; `None` if it does not load.
pub fn declaration<'db>(db: &'db dyn Db, origin: &Origin) -> Option<&'db Arc<Declaration>> {
    match origin {
        Origin::Yaml(path) => declaration_of(db, db.file(path)).as_ref().ok(),
        Origin::Python(plugin) => python::declaration_of(db, plugin),
    }
}

/// What is wrong with the plugin, or worth saying of it.
pub(super) fn problems<'db>(db: &'db dyn Db, origin: &Origin) -> &'db [Failure] {
    match origin {
        Origin::Yaml(path) => &plugin_file(db, db.file(path)).problems,
        Origin::Python(plugin) => &python::loaded(db, plugin).problems,
    }
}

/// Whether the plugin may come to something else next time though nothing has changed.
pub(super) fn is_passing(db: &dyn Db, origin: &Origin) -> bool {
    match origin {
        Origin::Yaml(_) => false,
        Origin::Python(plugin) => python::loaded(db, plugin).passing,
    }
}
