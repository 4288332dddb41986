//! The inputs of the graph: files, folder listings, environment variables, and where the project is.
//!
//! Inputs are made when a query first asks for them, by reading the [`System`]; [`Database::apply`] brings them up
//! to date. A value is compared before it is set: an equal one makes no new revision.
//! Nothing here knows what the files mean.
#![allow(
    missing_docs,
    reason = "salsa's macros generate functions without documentation"
)]

mod database;

use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use database::{Changes, Database};

use crate::system::{Entry, System};

/// What is at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Nothing.
    Absent,
    /// A text file.
    Text(Arc<str>),
    /// A file that is not UTF-8.
    Bytes(Arc<[u8]>),
    /// A folder.
    Folder,
    /// Something that cannot be read, and why.
    Unreadable(Arc<str>),
}

impl Content {
    /// The bytes, if it is a readable file.
    pub fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Text(text) => Some(text.as_bytes()),
            Self::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }
}

/// The names in a folder, sorted; `None` if there is no such folder, or if it cannot be read.
pub type Listing = Option<Arc<[Entry]>>;

/// A file, existing or not.
#[salsa::input(debug)]
pub struct File {
    /// Its absolute path.
    pub path: PathBuf,
    /// What is there.
    pub content: Content,
}

/// A folder, existing or not.
#[salsa::input(debug)]
pub struct Folder {
    /// Its absolute path.
    pub path: PathBuf,
    /// What is in it.
    pub listing: Listing,
}

/// An environment variable, set or not.
#[salsa::input(debug)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Option<Arc<str>>,
}

/// Where the project is, and what cannot change within one process.
#[salsa::input(singleton, debug)]
pub struct Project {
    /// The project root.
    pub root: PathBuf,
    /// Where `*.yml` and `*.py` plugins are.
    pub plugins_root: PathBuf,
    /// The core template root; `None` for the built-in one.
    pub templates_root: Option<PathBuf>,
    /// What the command line puts in place of the user's `PLUGINS`, while plugins are enabled or disabled.
    pub plugins: Option<Vec<Arc<str>>>,
    /// The secret of the root that repeatable draws come from. See `render::draws`.
    #[returns(copy)]
    pub secret: [u8; 32],
}

/// What queries need from the database.
#[salsa::db]
pub trait Db: salsa::Database {
    /// The file at an absolute path.
    fn file(&self, path: &Path) -> File;
    /// The folder at an absolute path.
    fn folder(&self, path: &Path) -> Folder;
    /// An environment variable.
    fn variable(&self, name: &str) -> Variable;
    /// The world outside. Queries use it for nothing but draws and the user's id: all else are inputs.
    fn system(&self) -> &dyn System;
}
