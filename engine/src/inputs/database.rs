//! The database: salsa's storage, the table of inputs, and how changes come in.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use salsa::{Durability, Setter};

use super::{Content, Db, File, Folder, Listing, Project, Variable};
use crate::system::System;

/// Names of the queries that ran, for tests.
type Log = Arc<Mutex<Option<Vec<String>>>>;

/// The graph. A clone is another handle to the same graph, for another thread.
#[salsa::db]
#[derive(Clone)]
pub struct Database {
    storage: salsa::Storage<Self>,
    system: Arc<dyn System>,
    inputs: Arc<Mutex<Inputs>>,
    logging: Arc<AtomicBool>,
    log: Log,
}

/// In order of appearance. Paths are compared as the texts that they are: component by component is slow.
type Table<K, V> = IndexMap<K, V, FxBuildHasher>;

#[derive(Default)]
struct Inputs {
    files: Table<OsString, File>,
    folders: Table<OsString, Folder>,
    variables: Table<String, Variable>,
    /// What is below these folders seldom changes.
    stable: Vec<PathBuf>,
}

impl Inputs {
    fn durability(&self, path: &Path) -> Durability {
        if self.stable.iter().any(|root| path.starts_with(root)) {
            Durability::HIGH
        } else {
            Durability::LOW
        }
    }
}

#[salsa::db]
impl salsa::Database for Database {}

#[salsa::db]
impl Db for Database {
    fn file(&self, path: &Path) -> File {
        let mut inputs = self.inputs();
        if let Some(file) = inputs.files.get(path.as_os_str()) {
            return *file;
        }
        let content = read_file(&*self.system, path);
        let durability = inputs.durability(path);
        let file = File::builder(path.to_owned(), content)
            .durability(durability)
            .new(self);
        inputs.files.insert(path.into(), file);
        file
    }

    fn folder(&self, path: &Path) -> Folder {
        let mut inputs = self.inputs();
        if let Some(folder) = inputs.folders.get(path.as_os_str()) {
            return *folder;
        }
        let listing = read_folder(&*self.system, path);
        let durability = inputs.durability(path);
        let folder = Folder::builder(path.to_owned(), listing)
            .durability(durability)
            .new(self);
        inputs.folders.insert(path.into(), folder);
        folder
    }

    fn variable(&self, name: &str) -> Variable {
        let mut inputs = self.inputs();
        if let Some(variable) = inputs.variables.get(name) {
            return *variable;
        }
        let value = self.system.variable(name).map(Into::into);
        let variable = Variable::builder(name.to_owned(), value)
            .durability(Durability::HIGH)
            .new(self);
        inputs.variables.insert(name.to_owned(), variable);
        variable
    }

    fn system(&self) -> &dyn System {
        &*self.system
    }
}

/// What may have changed outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changes {
    /// These paths, files or folders, and what lists them: the folders above.
    Paths(Vec<PathBuf>),
    /// Everything: look again at every input.
    Rescan,
}

impl Database {
    /// A graph over `system`. What is below `stable` folders seldom changes (installed templates).
    pub fn new(system: Arc<dyn System>, stable: Vec<PathBuf>) -> Self {
        let logging = Arc::new(AtomicBool::new(false));
        let log: Log = Arc::default();
        let (enabled, sink) = (logging.clone(), log.clone());
        let callback = move |event: salsa::Event| {
            if enabled.load(Ordering::Relaxed)
                && let salsa::EventKind::WillExecute { database_key } = event.kind
                && let Some(log) = &mut *sink.lock().unwrap_or_else(PoisonError::into_inner)
            {
                log.push(format!("{database_key:?}"));
            }
        };
        Self {
            storage: salsa::Storage::new(Some(Box::new(callback))),
            system,
            inputs: Arc::new(Mutex::new(Inputs {
                stable,
                ..Inputs::default()
            })),
            logging,
            log,
        }
    }

    fn inputs(&self) -> MutexGuard<'_, Inputs> {
        self.inputs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The world outside, shared.
    pub fn shared_system(&self) -> Arc<dyn System> {
        self.system.clone()
    }

    /// Reads again what may have changed, and sets those inputs that did. The only way in for changes on disk.
    pub fn apply(&mut self, changes: &Changes) {
        let (files, folders, variables) = {
            let inputs = self.inputs();
            match changes {
                Changes::Paths(paths) => {
                    // A new file may have come with new folders.
                    let mut above: Vec<_> =
                        paths.iter().flat_map(|path| path.ancestors()).collect();
                    above.sort();
                    above.dedup();
                    let files = paths
                        .iter()
                        .filter_map(|path| inputs.files.get(path.as_os_str()).copied())
                        .collect();
                    let folders = above
                        .into_iter()
                        .filter_map(|path| inputs.folders.get(path.as_os_str()).copied())
                        .collect();
                    (files, folders, Vec::new())
                }
                Changes::Rescan => (
                    inputs.files.values().copied().collect::<Vec<_>>(),
                    inputs.folders.values().copied().collect::<Vec<_>>(),
                    inputs.variables.values().copied().collect(),
                ),
            }
        };
        for file in files {
            let content = read_file(&*self.system, file.path(self));
            self.set_content(file, content);
        }
        for folder in folders {
            let listing = read_folder(&*self.system, folder.path(self));
            if *folder.listing(self) != listing {
                folder.set_listing(self).to(listing);
            }
        }
        for variable in variables {
            let value = self.system.variable(variable.name(self)).map(Arc::from);
            if *variable.value(self) != value {
                variable.set_value(self).to(value);
            }
        }
    }

    /// Sets what is in a file, ahead of its being written.
    pub fn set_content(&mut self, file: File, content: Content) {
        if *file.content(self) != content {
            file.set_content(self).to(content);
        }
    }

    /// Makes the project known. Done once, before the first query.
    pub fn set_project(
        &mut self,
        root: PathBuf,
        plugins_root: PathBuf,
        templates_root: Option<PathBuf>,
    ) {
        let _ = Project::builder(root, plugins_root, templates_root, None, [0; 32])
            .durability(Durability::HIGH)
            .new(self);
    }

    /// Puts `plugins` in place of the user's `PLUGINS`.
    pub fn set_plugins(&mut self, plugins: Option<Vec<Arc<str>>>) {
        let project = Project::get(self);
        if *project.plugins(self) != plugins {
            project.set_plugins(self).to(plugins);
        }
    }

    /// Sets the secret of the root.
    pub fn set_secret(&mut self, secret: [u8; 32]) {
        let project = Project::get(self);
        if project.secret(self) != secret {
            project
                .set_secret(self)
                .with_durability(Durability::HIGH)
                .to(secret);
        }
    }

    /// Begins to note which queries run. For tests and `--timings`.
    pub fn start_log(&mut self) {
        *self.log.lock().unwrap_or_else(PoisonError::into_inner) = Some(Vec::new());
        self.logging.store(true, Ordering::Relaxed);
    }

    /// Ends that, and answers what ran, as `query(key)`.
    pub fn take_log(&mut self) -> Vec<String> {
        self.logging.store(false, Ordering::Relaxed);
        self.log
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
            .unwrap_or_default()
    }
}

fn read_file(system: &dyn System, path: &Path) -> Content {
    match system.read(path) {
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Content::Text(text.into()),
            Err(error) => Content::Bytes(error.into_bytes().into()),
        },
        Err(error) => match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => Content::Absent,
            ErrorKind::IsADirectory => Content::Folder,
            _ => Content::Unreadable(error.to_string().into()),
        },
    }
}

fn read_folder(system: &dyn System, path: &Path) -> Listing {
    system.list(path).ok().map(Into::into)
}
