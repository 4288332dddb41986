//! The host that belongs to a graph: which Python it runs, which plugins it has loaded, and what they printed.
//!
//! Unaware of what plugins declare, and of what is remembered of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustc_hash::FxHashMap;
use serde_json::{Value as Json, json};

use super::host::{Answer, Asked, Distribution, Failed, Host, Load, Reads, ask_in_turn};
use super::sdk;
use super::subject::LOADED;
use super::this_save::ThisSave;
use crate::cache::Fingerprint;
use crate::system::System;

/// What a plugin printed while it was loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// The plugin's name.
    pub plugin: String,
    /// What it printed; if that is much, the end of it.
    pub text: String,
}

/// A host, started when it is first needed.
#[derive(Debug, Default)]
pub struct Loader {
    state: Mutex<State>,
    /// What calls came to, in this process.
    remembered: Mutex<FxHashMap<Vec<u8>, Vec<u8>>>,
    passing: AtomicBool,
    this_save: ThisSave,
    printed: Mutex<Vec<Printed>>,
}

#[derive(Debug, Default)]
struct State {
    host: Host,
    interpreter: PathBuf,
    /// Why this interpreter cannot be used: it is not tried again for each plugin.
    unusable: Option<Failed>,
    loaded: FxHashMap<String, Loaded>,
    /// What it was told that others contribute.
    contributed: FxHashMap<Option<String>, Json>,
    /// The members that it knows all of, in this order.
    prepared: Option<Vec<Member>>,
}

/// What the host knows of a plugin that it has loaded.
#[derive(Debug)]
struct Loaded {
    /// Its package.
    own: String,
    /// Packages whose modules have to be imported anew if it is.
    packages: Vec<String>,
    /// What is imported once and for all.
    modules: BTreeMap<String, Distribution>,
    /// What tells whether it is the same.
    fingerprint: Option<Fingerprint>,
}

/// Something that a host knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Member {
    /// A plugin of API v1, which it has loaded; and what tells whether it is the same.
    Plugin {
        load: Load,
        fingerprint: Fingerprint,
    },
    /// What others contribute to filters: the core (no name), or a plugin that is data.
    Data {
        plugin: Option<String>,
        filters: Json,
    },
}

/// What the loader needs from outside.
#[derive(Clone, Copy)]
pub(super) struct Outside<'a> {
    pub(super) system: &'a dyn System,
    pub(super) interpreter: &'a Path,
    pub(super) patience: Duration,
    /// The project root.
    pub(super) root: &'a Path,
}

impl Loader {
    /// Loads a plugin; if this host has loaded it before, anew.
    pub(super) fn load(
        &self,
        outside: Outside<'_>,
        plugin: &Load,
        asked: Asked<'_>,
    ) -> Result<Answer, Failed> {
        let mut state = self.state();
        state.use_interpreter(outside)?;
        // Others have to be loaded after it, some of them.
        state.prepared = None;
        let answer = state.load(outside, plugin, asked);
        if let Err(failed @ (Failed::Start(_) | Failed::Refused(_))) = &answer {
            state.unusable = Some(failed.clone());
        }
        // What is printed before a failure is part of what is said of it.
        if let Ok(answer) = &answer {
            drop(state);
            self.print(&plugin.name, &answer.printed);
        }
        answer
    }

    /// Makes a request of the host, which knows all members of `set` and nothing else when it works on it. Within an answer
    /// to the host, on the same thread, it is made of the host that waits for that answer.
    pub(super) fn request(
        &self,
        outside: Outside<'_>,
        set: &[Member],
        request: &Json,
        while_loading: Asked<'_>,
        asked: Asked<'_>,
    ) -> Result<Answer, Failed> {
        if let Some(answer) = ask_in_turn(request, outside.patience, &mut *asked) {
            return answer;
        }
        let mut state = self.state();
        state.use_interpreter(outside)?;
        // That all are loaded is told once.
        let tells = request.get("call") != Some(&json!(LOADED));
        state.prepare(outside, set, tells, while_loading)?;
        let start = || start(outside.system, outside.interpreter, false);
        let answer = state
            .host
            .request(&start, &sdk::modules(), request, outside.patience, asked);
        if answer.is_err() {
            state.prepared = None;
        }
        answer
    }

    /// What plugins have printed since this was asked last.
    pub fn take_printed(&self) -> Vec<Printed> {
        let mut printed = self.printed.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *printed)
    }

    /// Notes what tells whether a plugin that was just loaded is the same.
    pub(super) fn note(&self, name: &str, fingerprint: Fingerprint) {
        self.state().note(name, fingerprint);
    }

    /// Notes what a plugin has printed.
    pub(crate) fn print(&self, plugin: &str, text: &str) {
        if !text.trim().is_empty() {
            let printed = Printed {
                plugin: plugin.to_owned(),
                text: the_end_of(text).to_owned(),
            };
            let mut all = self.printed.lock().unwrap_or_else(PoisonError::into_inner);
            all.push(printed);
        }
    }

    /// Remembers something for the life of the process.
    pub(super) fn remember(&self, key: &[u8], what: Vec<u8>) {
        let mut remembered = self
            .remembered
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        remembered.insert(key.to_vec(), what);
    }

    /// What was remembered.
    pub(super) fn remembered(&self, key: &[u8]) -> Option<Vec<u8>> {
        let remembered = self
            .remembered
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        remembered.get(key).cloned()
    }

    /// What holds in one save only.
    pub(super) fn this_save(&self) -> &ThisSave {
        &self.this_save
    }

    /// Another save begins. What plugins keep from call to call will be as they are loaded: that is another process.
    /// Answers whether there is such a plugin, and whether there are calls that each save has to make.
    pub fn begin_save(&self) -> (bool, bool) {
        let (keeps, each) = self.this_save.begin();
        if keeps {
            let mut state = self.state();
            state.host.end();
            state.loaded.clear();
            state.prepared = None;
        }
        (keeps, each)
    }

    /// Notes that something was called that every process has to call anew.
    pub(super) fn note_passing(&self) {
        self.passing.store(true, Ordering::Relaxed);
    }

    /// Whether there was something of that kind.
    pub fn has_passing(&self) -> bool {
        self.passing.load(Ordering::Relaxed)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn use_interpreter(&mut self, outside: Outside<'_>) -> Result<(), Failed> {
        if self.interpreter != outside.interpreter {
            *self = Self {
                interpreter: outside.interpreter.to_owned(),
                ..Self::default()
            };
        }
        self.unusable.clone().map_or(Ok(()), Err)
    }

    /// Makes the host know all members of `set`, in their order; `tells`: also that these are all.
    fn prepare(
        &mut self,
        outside: Outside<'_>,
        set: &[Member],
        tells: bool,
        while_loading: Asked<'_>,
    ) -> Result<(), Failed> {
        if self.host.is_running() && self.prepared.as_deref() == Some(set) {
            return Ok(());
        }
        self.prepared = None;
        let is_in_set = |name: &String| {
            let mut members = set.iter();
            members.any(|member| match member {
                Member::Plugin { load, .. } => load.name == *name,
                // One of API v0 leaves nothing behind.
                Member::Data { plugin, .. } => plugin.as_ref() == Some(name),
            })
        };
        if !self.loaded.keys().all(is_in_set) {
            // What a plugin has done to a process stays there.
            self.host.end();
            self.loaded.clear();
        }
        if !self.host.is_running() {
            self.contributed.clear();
        }
        for member in set {
            match member {
                Member::Plugin { load, fingerprint } => {
                    let known = self.loaded.get(&load.name).and_then(|one| one.fingerprint);
                    if known != Some(*fingerprint) {
                        // What it says is known.
                        self.load(outside, load, &mut *while_loading)?;
                        self.note(&load.name, *fingerprint);
                    }
                }
                Member::Data { plugin, filters } => {
                    if self.contributed.get(plugin) != Some(filters) {
                        let request =
                            json!({ "call": "contribute", "plugin": plugin, "filters": filters });
                        self.tell(outside, &request, &mut *while_loading)?;
                        self.contributed.insert(plugin.clone(), filters.clone());
                    }
                }
            }
        }
        let is_data = |name: &Option<String>| {
            let mut members = set.iter();
            members.any(|member| matches!(member, Member::Data { plugin, .. } if plugin == name))
        };
        let gone: Vec<_> = self
            .contributed
            .keys()
            .filter(|name| !is_data(name))
            .cloned()
            .collect();
        for name in gone {
            let request = json!({ "call": "forget_plugin", "plugin": name });
            self.tell(outside, &request, &mut *while_loading)?;
            self.contributed.remove(&name);
        }
        let names = set.iter().map(|member| match member {
            Member::Plugin { load, .. } => Some(&load.name),
            Member::Data { plugin, .. } => plugin.as_ref(),
        });
        let order = json!({ "call": "order", "plugins": names.collect::<Vec<_>>() });
        self.tell(outside, &order, &mut *while_loading)?;
        if tells {
            let root = outside.root.display().to_string();
            self.tell(
                outside,
                &json!({ "call": LOADED, "root": root }),
                while_loading,
            )?;
        }
        self.prepared = Some(set.to_vec());
        Ok(())
    }

    /// Makes a request whose answer is known.
    fn tell(
        &mut self,
        outside: Outside<'_>,
        request: &Json,
        asked: Asked<'_>,
    ) -> Result<(), Failed> {
        let start = || start(outside.system, outside.interpreter, false);
        let modules = sdk::modules();
        self.host
            .request(&start, &modules, request, outside.patience, asked)?;
        Ok(())
    }

    fn note(&mut self, name: &str, fingerprint: Fingerprint) {
        if let Some(loaded) = self.loaded.get_mut(name) {
            loaded.fingerprint = Some(fingerprint);
        }
    }

    fn load(
        &mut self,
        outside: Outside<'_>,
        plugin: &Load,
        asked: Asked<'_>,
    ) -> Result<Answer, Failed> {
        if let Some(before) = self.loaded.remove(&plugin.name) {
            let own = own_package(plugin);
            let mut forgotten = before.packages;
            // Another plugin's package is loaded anew when that has changed.
            forgotten.retain(|package| {
                let mut others = self.loaded.values();
                package == own || !others.any(|other| other.own == *package)
            });
            // Who has imported any of this has objects of what was there before.
            let mut at = 0;
            while let Some(package) = forgotten.get(at).cloned() {
                let holds = |other: &mut Loaded| other.packages.contains(&package);
                let holders = self.loaded.extract_if(|_, other| holds(other));
                forgotten.extend(holders.map(|(_, other)| other.own));
                at += 1;
            }
            self.host.forget(&forgotten, outside.patience);
        }
        let start = || start(outside.system, outside.interpreter, false);
        let modules = sdk::modules();
        let mut answer = self
            .host
            .load(&start, &modules, plugin, outside.patience, asked)?;
        if self.is_outdated(&answer.reads) {
            // Python imports a package once; another version of it takes another process.
            self.host.end();
            self.loaded.clear();
            answer = self
                .host
                .load(&start, &modules, plugin, outside.patience, asked)?;
        }
        let loaded = Loaded {
            own: own_package(plugin).to_owned(),
            packages: packages(self.host.path(), plugin, &answer.reads),
            modules: answer.reads.modules.clone(),
            fingerprint: None,
        };
        self.loaded.insert(plugin.name.clone(), loaded);
        Ok(answer)
    }

    /// Whether a distribution has another version now than when this process imported it.
    fn is_outdated(&self, reads: &Reads) -> bool {
        let mut before = self.loaded.values().flat_map(|loaded| &loaded.modules);
        before.any(|(name, one)| reads.modules.get(name).is_some_and(|now| now != one))
    }
}

/// The end of what was printed, if that is much.
fn the_end_of(text: &str) -> &str {
    const LIMIT: usize = 1 << 16;
    let mut begin = text.len().saturating_sub(LIMIT);
    while !text.is_char_boundary(begin) {
        begin += 1;
    }
    &text[begin..]
}

/// Starts the host's side of the conversation.
pub(super) fn start(
    system: &dyn System,
    interpreter: &Path,
    terminal: bool,
) -> std::io::Result<Box<dyn crate::system::Conversation>> {
    let mut args = vec!["-c", sdk::BOOTSTRAP, "{fd}"];
    args.extend(terminal.then_some("--terminal"));
    let bytecode = sdk::folder_of_bytecode(system);
    if let Some(folder) = bytecode.as_deref().and_then(Path::to_str) {
        args.extend(["--bytecode", folder]);
    }
    system.converse(interpreter, &args, terminal)
}

/// The top-level package that a plugin is in.
fn own_package(plugin: &Load) -> &str {
    plugin.module.split('.').next().unwrap_or_default()
}

/// The top-level packages that a plugin has imported of which each file counts: its own, and others that belong to no
/// installed distribution.
fn packages(path: &[PathBuf], plugin: &Load, reads: &Reads) -> Vec<String> {
    let mut packages = vec![own_package(plugin).to_owned()];
    packages.extend(reads.plugins.iter().cloned());
    for file in reads.files.iter().map(Path::new) {
        if file.extension().is_none_or(|suffix| suffix != "py") {
            continue;
        }
        let below = path
            .iter()
            .filter_map(|folder| file.strip_prefix(folder).ok());
        // The nearest folder is the one that it was found in.
        let nearest = below.min_by_key(|rest| rest.components().count());
        let first = nearest.and_then(|rest| rest.components().next());
        let name = first.map(|first| first.as_os_str().to_string_lossy().into_owned());
        packages.extend(name.map(|name| name.trim_end_matches(".py").to_owned()));
    }
    packages.sort();
    packages.dedup();
    packages
}
