//! The database: salsa's storage, the table of inputs, and how changes come in.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use salsa::{Durability, Setter};

use super::records::Look;
use super::{
    Content, Db, File, Folder, Found, InputRecord, Listing, Location, Overrides, Project, Records,
    Variable,
};
use crate::cache::Store;
use crate::config::{Pass, Table};
use crate::profile::Profile;
use crate::system::{FileKind, Stamp, System};

/// Names of the queries that ran, for tests.
type Log = Arc<Mutex<Option<Vec<String>>>>;

/// The graph. A clone is another handle to the same graph, for another thread.
#[salsa::db]
#[derive(Clone)]
pub struct Database {
    storage: salsa::Storage<Self>,
    system: Arc<dyn System>,
    inputs: Arc<Mutex<Inputs>>,
    known: Arc<Known>,
    store: Option<Arc<Store>>,
    tables: Arc<Mutex<Tables>>,
    /// Whether a file turned out to have changed since the cache last saw it.
    moved: Arc<AtomicBool>,
    logging: Arc<AtomicBool>,
    log: Log,
    profile: Option<Arc<Profile>>,
}

/// What the names of variables that override settings begin with.
const OVERRIDE: &str = "TUTOR_";

/// In order of appearance. Paths are compared as the texts that they are: component by component is slow.
type InputMap<K, V> = IndexMap<K, V, FxBuildHasher>;

/// Files that have not changed since the cache last saw them, with the stamps that say so.
pub type Known = std::collections::HashMap<OsString, (Stamp, blake3::Hash), FxBuildHasher>;

/// What came of each pass over the settings last.
type Tables = std::collections::BTreeMap<Pass, Arc<Table>>;

#[derive(Default)]
struct Inputs {
    files: InputMap<OsString, Slot<File>>,
    folders: InputMap<OsString, Slot<Folder>>,
    variables: InputMap<String, Variable>,
    overrides: Option<Overrides>,
    locations: InputMap<OsString, Location>,
    /// What is below these folders seldom changes.
    stable: Vec<PathBuf>,
    /// What is in this folder changes most.
    root: PathBuf,
    /// Whether it is settings that are being computed.
    settings_phase: bool,
}

/// An input, and when it was looked at.
#[derive(Clone, Copy)]
struct Slot<I> {
    input: I,
    look: Look,
    in_settings: bool,
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
            None => read_file(&*self.system, path),
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
        let value = self.system.variable(name).map(Into::into);
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

/// What may have changed outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changes {
    /// These paths, files or folders, and what lists them: the folders above. They are read again.
    Paths(Vec<PathBuf>),
    /// Everything: look again at every input. Files whose stamps say that they have not changed are not read.
    Rescan,
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
            moved: Arc::default(),
            logging,
            log,
            profile,
        }
    }

    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn inputs(&self) -> MutexGuard<'_, Inputs> {
        self.inputs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The world outside, shared.
    pub fn shared_system(&self) -> Arc<dyn System> {
        self.system.clone()
    }

    /// Reads again what may have changed, and sets those inputs that did. The only way in for changes on disk.
    /// Answers whether any did.
    pub fn apply(&mut self, changes: &Changes) -> bool {
        match changes {
            Changes::Paths(paths) => {
                // A new file may have come with new folders.
                let mut above: Vec<_> = paths.iter().flat_map(|path| path.ancestors()).collect();
                above.sort();
                above.dedup();
                let inputs = self.inputs();
                let files: Vec<_> = paths
                    .iter()
                    .filter_map(|path| inputs.files.get_full(path.as_os_str()))
                    .map(|(index, _, slot)| (index, *slot))
                    .collect();
                let folders: Vec<_> = above
                    .into_iter()
                    .filter_map(|path| inputs.folders.get_full(path.as_os_str()))
                    .map(|(index, _, slot)| (index, *slot))
                    .collect();
                drop(inputs);
                let files = self.apply_files(files, true);
                self.apply_folders(folders, true) | files
            }
            Changes::Rescan => {
                let inputs = self.inputs();
                let files = inputs.files.values().copied().enumerate().collect();
                let folders = inputs.folders.values().copied().enumerate().collect();
                drop(inputs);
                let files = self.apply_files(files, false);
                self.apply_folders(folders, false) | self.apply_others() | files
            }
        }
    }

    /// Whether a file that the cache knew turned out to be another one when it was read. Then what was computed from
    /// it is worth nothing, and a rescan finds the change.
    pub fn has_moved(&self) -> bool {
        self.moved.load(Ordering::Relaxed)
    }

    /// Forgets what the cache knows of files: of all, or of `one` only.
    pub fn forget_known(&mut self, one: Option<&Path>) {
        let known = Arc::make_mut(&mut self.known);
        match one {
            Some(path) => {
                known.remove(path.as_os_str());
            }
            None => known.clear(),
        }
    }

    fn apply_files(&mut self, files: Vec<(usize, Slot<File>)>, read: bool) -> bool {
        let mut changed = self.moved.swap(false, Ordering::Relaxed);
        for (index, slot) in files {
            let path = slot.input.path(self);
            if !read && slot.look.still(self.system.stamp(path).ok().flatten()) {
                continue;
            }
            let (content, look) = read_file(&*self.system, path);
            self.inputs().files[index].look = look;
            changed |= self.set_content(slot.input, content);
        }
        changed
    }

    fn apply_folders(&mut self, folders: Vec<(usize, Slot<Folder>)>, read: bool) -> bool {
        let mut changed = false;
        for (index, slot) in folders {
            let folder = slot.input;
            let path = folder.path(self);
            let by_stamp = !matches!(
                Found::of_listing(folder.listing(self)),
                Found::Listing(_, false)
            );
            if !read && by_stamp && slot.look.still(self.system.stamp(path).ok().flatten()) {
                continue;
            }
            let (listing, look) = read_folder(&*self.system, path);
            self.inputs().folders[index].look = look;
            if *folder.listing(self) != listing {
                folder.set_listing(self).to(listing);
                changed = true;
            }
        }
        changed
    }

    fn apply_others(&mut self) -> bool {
        let inputs = self.inputs();
        let variables: Vec<_> = inputs.variables.values().copied().collect();
        let locations: Vec<_> = inputs.locations.values().copied().collect();
        let overrides = inputs.overrides;
        drop(inputs);
        let mut changed = false;
        if let Some(overrides) = overrides {
            let variables = self.system.variables(OVERRIDE).into_iter().collect();
            if *overrides.variables(self) != variables {
                overrides.set_variables(self).to(variables);
                changed = true;
            }
        }
        for variable in variables {
            let value = self.system.variable(variable.name(self)).map(Arc::from);
            if *variable.value(self) != value {
                variable.set_value(self).to(value);
                changed = true;
            }
        }
        for location in locations {
            let target = locate(&*self.system, location.path(self));
            if *location.target(self) != target {
                location.set_target(self).to(target);
                changed = true;
            }
        }
        changed
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
        Some(Records { paths, locations })
    }

    /// Files and folders that are not what they were when they were looked at last.
    pub fn changed_paths(&self) -> Vec<PathBuf> {
        let inputs = self.inputs();
        let mut changed = Vec::new();
        for slot in inputs.files.values() {
            let path = slot.input.path(self);
            if !slot.look.still(self.system.stamp(path).ok().flatten())
                && read_file(&*self.system, path).0 != *slot.input.content(self)
            {
                changed.push(path.clone());
            }
        }
        for slot in inputs.folders.values() {
            let path = slot.input.path(self);
            let listing = slot.input.listing(self);
            let by_stamp = !matches!(Found::of_listing(listing), Found::Listing(_, false));
            if !(by_stamp && slot.look.still(self.system.stamp(path).ok().flatten()))
                && read_folder(&*self.system, path).0 != *listing
            {
                changed.push(path.clone());
            }
        }
        changed
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

    /// The folders that inputs are in, or are themselves.
    pub fn watched(&self) -> (Vec<PathBuf>, Vec<PathBuf>) {
        let inputs = self.inputs();
        (
            inputs.files.keys().map(PathBuf::from).collect(),
            inputs.folders.keys().map(PathBuf::from).collect(),
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

/// What is at `path`. Its stamp is from before it was read, so that a change in between shows.
pub(crate) fn read_file(system: &dyn System, path: &Path) -> (Content, Look) {
    let at = system.now();
    let (content, stamp) = match system.read_stamped(path) {
        Ok((bytes, stamp)) => (Content::of(bytes), Some(stamp)),
        Err(error) => match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => (Content::Absent, None),
            ErrorKind::IsADirectory => {
                let stamp = system.stamp(path).ok().flatten();
                (
                    Content::Folder,
                    stamp.filter(|stamp| stamp.kind == FileKind::Folder),
                )
            }
            _ => (Content::Unreadable(error.to_string().into()), None),
        },
    };
    (content, Look { stamp, at })
}

/// The names in a folder, likewise.
pub(crate) fn read_folder(system: &dyn System, path: &Path) -> (Listing, Look) {
    let at = system.now();
    let stamp = system.stamp(path).ok().flatten();
    let listing = system.list(path).ok().map(Into::into);
    (listing, Look { stamp, at })
}

/// Where `path` leads to. See [`Location`].
pub(crate) fn locate(system: &dyn System, path: &Path) -> Option<PathBuf> {
    if path == Path::new("~") {
        system.home()
    } else {
        Some(system.resolve(path))
    }
}
