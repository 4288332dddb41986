//! Which folders to watch, and what the paths that the system names are called in the graph.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;

use notify::{Config, RecommendedWatcher, RecursiveMode, Watcher};

use super::signal::{Signal, translate};
use crate::system::{FileKind, System};

/// Folders under watch. Each is watched by itself: the system says only what happens in the ones that matter. It says
/// so by real paths: a folder that is watched by two names would be told of by one of them, and lost with the other.
pub(super) struct Folders {
    watcher: RecommendedWatcher,
    watched: BTreeSet<PathBuf>,
    /// What paths lead to that have a link in them.
    links: HashMap<PathBuf, PathBuf>,
    /// The other way round.
    names: BTreeMap<PathBuf, Vec<PathBuf>>,
    /// Where the links in these paths are.
    joints: BTreeSet<PathBuf>,
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
            joints: BTreeSet::new(),
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
            let real = self.links.get(file);
            for parent in [Some(file), real].into_iter().flatten() {
                let parent = parent.parent().unwrap_or(parent);
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
        let joints = self.joints.iter();
        wanted.extend(joints.filter_map(|link| link.parent().map(Path::to_owned)));
        let wanted: BTreeSet<PathBuf> = wanted
            .iter()
            .filter_map(|folder| existing(system, folder))
            .map(|folder| self.real(system, folder))
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
        self.joints.clear();
    }

    /// Whether something that happened to `path` may mean that other folders have to be watched.
    pub(super) fn concerns_folders(&self, path: &Path) -> bool {
        self.watched.contains(path) || self.joints.contains(path)
    }

    /// What a path that the system names is called in the graph: itself, and by way of links that lead to it or to
    /// its folder.
    pub(super) fn names(&self, path: PathBuf) -> Vec<PathBuf> {
        let mut names = self.names.get(&path).cloned().unwrap_or_default();
        if let (Some(folder), Some(name)) = (path.parent(), path.file_name())
            && let Some(folders) = self.names.get(folder)
        {
            for other in folders.iter().map(|folder| folder.join(name)) {
                if !names.contains(&other) {
                    names.push(other);
                }
            }
        }
        names.push(path);
        names
    }

    /// Learns what links there are in `path`.
    fn look_at(&mut self, system: &dyn System, path: &Path) {
        if !self.looked_at.insert(path.to_owned()) {
            return;
        }
        let real = system.resolve(path);
        if real == path {
            return;
        }
        if let (Some(folder), Some(name)) = (path.parent(), path.file_name()) {
            let place = self.real(system, folder.to_owned()).join(name);
            if place != real {
                self.joints.insert(place);
            }
        }
        self.links.insert(path.to_owned(), real.clone());
        self.names.entry(real).or_default().push(path.to_owned());
    }

    /// What `path` is without links.
    fn real(&mut self, system: &dyn System, path: PathBuf) -> PathBuf {
        self.look_at(system, &path);
        self.links.get(&path).cloned().unwrap_or(path)
    }
}

/// The folder itself, or the nearest one above that exists.
fn existing(system: &dyn System, folder: &Path) -> Option<PathBuf> {
    let is_folder = |path: &&Path| matches!(system.kind(path), Ok(Some(FileKind::Folder)));
    folder.ancestors().find(is_folder).map(Path::to_owned)
}
