//! Which folders to watch, and what the paths that the system names are called in the graph.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;

use notify::{Config, RecommendedWatcher, RecursiveMode, Watcher};

use super::signal::{Signal, translate};
use crate::system::{FileKind, System};

/// Folders under watch. Each is watched by itself: the system says only what happens in the ones that matter.
pub(super) struct Folders {
    watcher: RecommendedWatcher,
    watched: BTreeSet<PathBuf>,
    /// What links lead to, by their own path.
    links: HashMap<PathBuf, PathBuf>,
    /// The other way round.
    names: BTreeMap<PathBuf, Vec<PathBuf>>,
    looked_at: HashSet<PathBuf>,
}

/// Why the system cannot tell what happens to files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Limit(pub(crate) String);

impl From<notify::Error> for Limit {
    fn from(error: notify::Error) -> Self {
        Self(match error.kind {
            notify::ErrorKind::MaxFilesWatch => String::from(
                "the limit of watched folders is reached (fs.inotify.max_user_watches)",
            ),
            notify::ErrorKind::Io(error) if error.raw_os_error() == Some(libc_emfile()) => {
                String::from(
                    "the limit of watching programs is reached (fs.inotify.max_user_instances)",
                )
            }
            other => format!("{other:?}"),
        })
    }
}

/// `EMFILE`: too many open files, or inotify instances.
fn libc_emfile() -> i32 {
    rustix::io::Errno::MFILE.raw_os_error()
}

impl Folders {
    /// Nothing is watched yet. What happens goes to `signals`.
    pub(super) fn new(signals: Sender<Signal>) -> Result<Self, Limit> {
        let handler = move |event: notify::Result<notify::Event>| {
            let told = event.map_or_else(|_| vec![Signal::Rescan], translate);
            for signal in told {
                // Nobody listens any more: the watch is over.
                let _ = signals.send(signal);
            }
        };
        Ok(Self {
            watcher: RecommendedWatcher::new(
                handler,
                Config::default().with_follow_symlinks(false),
            )?,
            watched: BTreeSet::new(),
            links: HashMap::new(),
            names: BTreeMap::new(),
            looked_at: HashSet::new(),
        })
    }

    /// Watches the folders of `files`, and `folders` themselves; and no others. What does not exist yet is seen by
    /// the nearest folder above it. Answers whether anything is watched that was not before.
    pub(super) fn watch(
        &mut self,
        system: &dyn System,
        files: &[PathBuf],
        folders: &[PathBuf],
    ) -> Result<bool, Limit> {
        let mut wanted = BTreeSet::new();
        for file in files {
            self.look_at(system, file);
            let parents = [Some(file), self.links.get(file)];
            for parent in parents
                .into_iter()
                .flatten()
                .filter_map(|path| path.parent())
            {
                if !wanted.contains(parent) {
                    wanted.insert(parent.to_owned());
                }
            }
        }
        for folder in folders {
            self.look_at(system, folder);
            wanted.insert(self.links.get(folder).unwrap_or(folder).clone());
            wanted.extend(folder.parent().map(Path::to_owned));
        }
        let wanted: BTreeSet<PathBuf> = wanted
            .iter()
            .filter_map(|folder| existing(system, folder))
            .collect();
        for gone in self.watched.difference(&wanted) {
            let _ = self.watcher.unwatch(gone);
        }
        let mut more = false;
        for folder in &wanted {
            if !self.watched.contains(folder) {
                self.watcher.watch(folder, RecursiveMode::NonRecursive)?;
                more = true;
            }
        }
        self.watched = wanted;
        Ok(more)
    }

    /// Forgets which folders are watched: one of them is gone, or is another one of that name now.
    pub(super) fn start_over(&mut self) {
        for folder in std::mem::take(&mut self.watched) {
            let _ = self.watcher.unwatch(&folder);
        }
        self.looked_at.clear();
        self.links.clear();
        self.names.clear();
    }

    /// Whether something that happened to `path` may mean that other folders have to be watched.
    pub(super) fn concerns_folders(&self, path: &Path) -> bool {
        self.watched.contains(path) || self.links.contains_key(path)
    }

    /// What a path that the system names is called in the graph: itself, and links that lead to it.
    pub(super) fn names(&self, path: PathBuf) -> Vec<PathBuf> {
        let mut names = self.names.get(&path).cloned().unwrap_or_default();
        names.push(path);
        names
    }

    fn look_at(&mut self, system: &dyn System, path: &Path) {
        if !self.looked_at.insert(path.to_owned()) {
            return;
        }
        let real = system.resolve(path);
        if real != path {
            self.links.insert(path.to_owned(), real.clone());
            self.names.entry(real).or_default().push(path.to_owned());
        }
    }
}

/// The folder itself, or the nearest one above that exists.
fn existing(system: &dyn System, folder: &Path) -> Option<PathBuf> {
    let is_folder = |path: &&Path| matches!(system.kind(path), Ok(Some(FileKind::Folder)));
    folder.ancestors().find(is_folder).map(Path::to_owned)
}
