//! The inputs of the graph: files, folder listings, environment variables, and where the project is.
//!
//! Inputs are made when a query first asks for them, by reading the [`System`]; [`Database::apply`] brings them up
//! to date. A value is compared before it is set: an equal one makes no new revision.
//! Nothing here knows what the files mean.
#![allow(
    missing_docs,
    reason = "salsa's macros generate functions without documentation"
)]

mod changes;
mod content;
mod database;
mod reading;
mod records;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use changes::Changes;
pub use content::{Blob, Content, Data};
pub use database::{Database, Known};
pub use reading::ALL_VARIABLES;
pub(crate) use reading::{locate, read_file, read_folder, read_variable};
pub(crate) use records::hash_of_value;
pub use records::{Found, InputRecord, Records};

use crate::cache::Store;
use crate::config::{Pass, Table};
use crate::plugins::python::Loader;
use crate::profile::Profile;
use crate::system::{Entry, System};

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

/// The environment variables that could override settings: those whose names begin with `TUTOR_`, by name.
#[salsa::input(debug)]
pub struct Overrides {
    /// The variables.
    pub variables: BTreeMap<String, String>,
}

/// A path that is not as it is written: where it leads to.
#[salsa::input(debug)]
pub struct Location {
    /// What was asked for: `.` for the current folder, `~` for the user's home, or a path whose links are followed.
    pub path: PathBuf,
    /// Where that is; `None` if there is no such place.
    pub target: Option<PathBuf>,
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
    /// Another one for each save, if there are calls that each save has to make.
    #[returns(copy)]
    pub saves: u64,
    /// Another one for each save, if plugins keep something from call to call.
    #[returns(copy)]
    pub states: u64,
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
    /// All environment variables that could override settings.
    fn overrides(&self) -> Overrides;
    /// Where a path leads to. See [`Location`].
    fn location(&self, path: &Path) -> Location;
    /// What earlier processes found out. It is compared with what is the case before it is used, so it is no input.
    fn store(&self) -> Option<&Store>;
    /// What came of a pass over the settings last: what has not changed since need not be rendered again.
    fn last_table(&self, pass: Pass) -> Option<Arc<Table>>;
    /// Notes what came of a pass over the settings.
    fn set_last_table(&self, pass: Pass, table: Arc<Table>);
    /// Whether something at this path is an input already.
    fn is_input(&self, path: &Path) -> bool;
    /// What loads Python plugins.
    fn loader(&self) -> &Loader;
    /// Where to note what takes how long, if that is measured.
    fn profile(&self) -> Option<&Profile>;
    /// Notes that something was done that is no query of its own.
    fn ran(&self, what: &str, name: &str);
    /// The world outside. Queries use it for nothing but draws, the user's id, and asking a Python where its packages are
    /// (what that depends on are inputs): all else are inputs.
    fn system(&self) -> &dyn System;
}
