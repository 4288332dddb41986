//! The database: salsa's storage, the table of inputs, and how changes come in.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use salsa::{Durability, Setter};

use super::reading::{Look, locate, read_file, read_folder, read_variable};
use super::{
    Content, Db, File, Folder, Found, InputRecord, Location, Overrides, Project, Records, Variable,
    hash_of_value,
};
use crate::cache::Store;
use crate::config::{Pass, Table};
use crate::plugins::python::Loader;
use crate::profile::Profile;
use crate::system::{Stamp, System};

/// Names of the queries that ran, for tests.
type Log = Arc<Mutex<Option<Vec<String>>>>;

/// The graph. A clone is another handle to the same graph, for another thread.
#[salsa::db]
#[derive(Clone)]
pub struct Database {
    storage: salsa::Storage<Self>,
    pub(super) system: Arc<dyn System>,
    inputs: Arc<Mutex<Inputs>>,
    pub(super) known: Arc<Known>,
    store: Option<Arc<Store>>,
    tables: Arc<Mutex<Tables>>,
    loader: Arc<Loader>,
    /// Whether a file turned out to have changed since the cache last saw it.
    pub(super) moved: Arc<AtomicBool>,
    logging: Arc<AtomicBool>,
    log: Log,
    profile: Option<Arc<Profile>>,
}

/// What the names of variables that override settings begin with.
pub(super) const OVERRIDE: &str = "TUTOR_";

/// Files of more bytes than this are not kept in memory: interpreters are such.
const LARGE: u64 = 1 << 20;

/// In order of appearance. Paths are compared as the texts that they are: component by component is slow.
type InputMap<K, V> = IndexMap<K, V, FxBuildHasher>;

/// Files that have not changed since the cache last saw them, with the stamps that say so.
pub type Known = std::collections::HashMap<OsString, (Stamp, blake3::Hash), FxBuildHasher>;

/// What came of each pass over the settings last.
type Tables = std::collections::BTreeMap<Pass, Arc<Table>>;

#[derive(Default)]
pub(super) struct Inputs {
    pub(super) files: InputMap<OsString, Slot<File>>,
    pub(super) folders: InputMap<OsString, Slot<Folder>>,
    pub(super) variables: InputMap<String, Variable>,
    pub(super) overrides: Option<Overrides>,
    pub(super) locations: InputMap<OsString, Location>,
    /// What is below these folders seldom changes.
    stable: Vec<PathBuf>,
    /// What is in this folder changes most.
    root: PathBuf,
    /// Whether it is settings that are being computed.
    settings_phase: bool,
}

/// An input, and when it was looked at.
#[derive(Clone, Copy)]
pub(super) struct Slot<I> {
    pub(super) input: I,
    pub(super) look: Look,
    pub(super) in_settings: bool,
}

impl Inputs {
    /// A change looks again only at what is not more durable than what was changed.
    fn durability(&self, path: &Path) -> Durability {
        if self.stable.iter().any(|root| path.starts_with(root)) {
            Durability::HIGH
        } else if path.starts_with(&self.root) {
            Durability::LOW
        } else {
            Durability::MEDIUM
        }
    }
}

#[salsa::db]
impl salsa::Database for Database {}

#[salsa::db]
impl Db for Database {
    fn file(&self, path: &Path) -> File {
        let mut inputs = self.inputs();
        let phase = inputs.settings_phase;
        if let Some(slot) = inputs.files.get_mut(path.as_os_str()) {
            slot.in_settings |= phase;
            return slot.input;
        }
        let (content, look) = match self.known.get(path.as_os_str()) {
            Some((stamp, hash)) => (
                Content::known(*hash, &self.system, path, &self.moved),
                // The cache keeps settled stamps only.
                Look {
                    stamp: Some(*stamp),
                    at: self.system.now(),
                },
            ),
            None => self.read(path),
        };
        let durability = inputs.durability(path);
        let input = File::builder(path.to_owned(), content)
            .durability(durability)
            .new(self);
        inputs.files.insert(
            path.into(),
            Slot {
                input,
                look,
                in_settings: phase,
            },
        );
        input
    }

    fn folder(&self, path: &Path) -> Folder {
        let mut inputs = self.inputs();
        let phase = inputs.settings_phase;
        if let Some(slot) = inputs.folders.get_mut(path.as_os_str()) {
            slot.in_settings |= phase;
            return slot.input;
        }
        let (listing, look) = read_folder(&*self.system, path);
        let durability = inputs.durability(path);
        let input = Folder::builder(path.to_owned(), listing)
            .durability(durability)
            .new(self);
        inputs.folders.insert(
            path.into(),
            Slot {
                input,
                look,
                in_settings: phase,
            },
        );
        input
    }

    fn variable(&self, name: &str) -> Variable {
        let mut inputs = self.inputs();
        if let Some(variable) = inputs.variables.get(name) {
            return *variable;
        }
        let value = read_variable(&*self.system, name);
        let variable = Variable::builder(name.to_owned(), value)
            .durability(Durability::HIGH)
            .new(self);
        inputs.variables.insert(name.to_owned(), variable);
        variable
    }

    fn overrides(&self) -> Overrides {
        let mut inputs = self.inputs();
        if let Some(overrides) = inputs.overrides {
            return overrides;
        }
        let variables = self.system.variables(OVERRIDE).into_iter().collect();
        let overrides = Overrides::builder(variables)
            .durability(Durability::HIGH)
            .new(self);
        inputs.overrides = Some(overrides);
        overrides
    }

    fn location(&self, path: &Path) -> Location {
        let mut inputs = self.inputs();
        if let Some(location) = inputs.locations.get(path.as_os_str()) {
            return *location;
        }
        let target = locate(&*self.system, path);
        let location = Location::builder(path.to_owned(), target)
            .durability(Durability::HIGH)
            .new(self);
        inputs.locations.insert(path.into(), location);
        location
    }

    fn last_table(&self, pass: Pass) -> Option<Arc<Table>> {
        self.tables().get(&pass).cloned()
    }

    fn set_last_table(&self, pass: Pass, table: Arc<Table>) {
        self.tables().insert(pass, table);
    }

    fn is_input(&self, path: &Path) -> bool {
        let inputs = self.inputs();
        inputs.files.contains_key(path.as_os_str()) || inputs.folders.contains_key(path.as_os_str())
    }

    fn loader(&self) -> &Loader {
        &self.loader
    }

    fn profile(&self) -> Option<&Profile> {
        self.profile.as_deref()
    }

    fn ran(&self, what: &str, name: &str) {
        if self.logging.load(Ordering::Relaxed)
            && let Some(log) = &mut *self.log.lock().unwrap_or_else(PoisonError::into_inner)
        {
            log.push(format!("{what}({name})"));
        }
    }

    fn store(&self) -> Option<&Store> {
        self.store.as_deref()
    }

    fn system(&self) -> &dyn System {
        &*self.system
    }
}

impl Database {
    /// A graph over `system`. What is below `stable` folders seldom changes (installed templates).
    /// What `known` says of files is taken as it is; `store` is asked before anything is rendered.
    /// With a `profile`, and only then, the graph tells what it does.
    pub fn new(
        system: Arc<dyn System>,
        stable: Vec<PathBuf>,
        known: Known,
        store: Option<Arc<Store>>,
        profile: Option<Arc<Profile>>,
    ) -> Self {
        let logging = Arc::new(AtomicBool::new(false));
        let log: Log = Arc::default();
        let (enabled, sink) = (logging.clone(), log.clone());
        let callback = |counts: Arc<Profile>| {
            let callback = move |event: salsa::Event| {
                match event.kind {
                    salsa::EventKind::WillExecute { .. } => counts.count_run(),
                    salsa::EventKind::DidValidateMemoizedValue { .. } => counts.count_reuse(),
                    _ => {}
                }
                if enabled.load(Ordering::Relaxed)
                    && let salsa::EventKind::WillExecute { database_key } = event.kind
                    && let Some(log) = &mut *sink.lock().unwrap_or_else(PoisonError::into_inner)
                {
                    log.push(format!("{database_key:?}"));
                }
            };
            Box::new(callback) as Box<dyn Fn(salsa::Event) + Send + Sync>
        };
        Self {
            storage: salsa::Storage::new(profile.clone().map(callback)),
            system,
            inputs: Arc::new(Mutex::new(Inputs {
                stable,
                ..Inputs::default()
            })),
            known: Arc::new(known),
            store,
            tables: Arc::default(),
            loader: Arc::default(),
            moved: Arc::default(),
            logging,
            log,
            profile,
        }
    }

    /// What is at `path`. Of a large file only the hash is kept: nobody may ever ask for its bytes.
    pub(super) fn read(&self, path: &Path) -> (Content, Look) {
        let (content, look) = read_file(&*self.system, path);
        let is_large = look.stamp.is_some_and(|stamp| stamp.size > LARGE);
        let content = match content.hash() {
            Some(hash) if is_large => Content::known(hash, &self.system, path, &self.moved),
            _ => content,
        };
        (content, look)
    }

    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn inputs(&self) -> MutexGuard<'_, Inputs> {
        self.inputs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The world outside, shared.
    pub fn shared_system(&self) -> Arc<dyn System> {
        self.system.clone()
    }

    /// From here on, files and folders that are asked for are what settings depend on; or no longer.
    pub fn computing_settings(&self, yes: bool) {
        self.inputs().settings_phase = yes;
    }

    /// What all inputs are now; `None` if one of them cannot be read.
    pub fn records(&self) -> Option<Records> {
        let inputs = self.inputs();
        let mut paths = Vec::with_capacity(inputs.files.len() + inputs.folders.len());
        let record = |path: &PathBuf, found, look: Look, in_settings| InputRecord {
            path: path.clone(),
            found,
            stamp: look.stamp,
            settled: look.settled(),
            in_settings,
        };
        for slot in inputs.files.values() {
            let found = Found::of_content(slot.input.content(self))?;
            let path = slot.input.path(self);
            paths.push(record(path, found, slot.look, slot.in_settings));
        }
        for slot in inputs.folders.values() {
            let found = Found::of_listing(slot.input.listing(self));
            let path = slot.input.path(self);
            paths.push(record(path, found, slot.look, slot.in_settings));
        }
        let locations = inputs
            .locations
            .values()
            .map(|location| (location.path(self).clone(), location.target(self).clone()))
            .collect();
        let variables = inputs
            .variables
            .values()
            .filter(|variable| !variable.name(self).starts_with(OVERRIDE))
            .map(|variable| {
                let hash = hash_of_value(variable.value(self).as_deref());
                (variable.name(self).clone(), hash)
            })
            .collect();
        Some(Records {
            paths,
            locations,
            variables,
        })
    }

    /// Whether the file at `path` is an input already.
    pub fn has_file(&self, path: &Path) -> bool {
        self.inputs().files.contains_key(path.as_os_str())
    }

    /// How many inputs there are. They only become more: what is gone from the disk stays an input that is absent.
    pub fn input_count(&self) -> usize {
        let inputs = self.inputs();
        inputs.files.len() + inputs.folders.len() + inputs.variables.len()
    }

    /// The paths of files, and those of folders and of what may lead elsewhere.
    pub fn watched(&self) -> (Vec<PathBuf>, Vec<PathBuf>) {
        let inputs = self.inputs();
        let places = inputs.locations.keys().map(PathBuf::from);
        let folders = inputs.folders.keys().map(PathBuf::from);
        (
            inputs.files.keys().map(PathBuf::from).collect(),
            folders
                .chain(places.filter(|path| path.is_absolute()))
                .collect(),
        )
    }

    /// Sets what is in a file, ahead of its being written.
    /// Answers whether that is a change.
    pub fn set_content(&mut self, file: File, content: Content) -> bool {
        let changed = *file.content(self) != content;
        if changed {
            file.set_content(self).to(content);
        }
        changed
    }

    /// Makes the project known. Done once, before the first query.
    pub fn set_project(
        &mut self,
        root: PathBuf,
        plugins_root: PathBuf,
        templates_root: Option<PathBuf>,
    ) {
        self.inputs().root.clone_from(&root);
        let _ = Project::builder(root, plugins_root, templates_root, None, [0; 32], 0, 0)
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

    /// Another save begins: what holds in one save only is asked for anew.
    pub fn begin_save(&mut self) {
        let (keeps, each) = self.loader.begin_save();
        let project = Project::get(self);
        if each {
            let next = project.saves(self) + 1;
            project.set_saves(self).to(next);
        }
        if keeps {
            let next = project.states(self) + 1;
            project.set_states(self).to(next);
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

    /// Begins to note which queries run. For tests, of a graph with a profile.
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
