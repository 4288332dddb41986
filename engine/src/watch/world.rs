//! What a watch knows of the files around it: which are read, which were written, and how they were left.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::gather::Interest;
use crate::cache::Kept;
use crate::commands::Session;
use crate::system::{Stamp, System};

/// Files and folders that matter.
#[derive(Debug, Default)]
pub(super) struct World {
    env: PathBuf,
    config: PathBuf,
    files: HashSet<PathBuf>,
    folders: HashSet<PathBuf>,
    inputs: usize,
    /// Files of `env/` as the last save left them.
    kept: Kept,
    outputs: HashMap<PathBuf, std::sync::Arc<str>>,
    /// Whether a folder that is watched came or went.
    pub(super) folders_moved: bool,
}

impl Interest for World {
    fn is_known(&self, path: &Path) -> bool {
        self.files.contains(path) || self.folders.contains(path) || self.outputs.contains_key(path)
    }
    fn is_guarded(&self, path: &Path) -> bool {
        path == self.config
    }
}

impl World {
    /// Learns what the last save left. Answers whether that are other files than before, or read from others.
    pub(super) fn update(&mut self, session: &Session, system: &dyn System) -> bool {
        self.env = session.root().join("env");
        self.config = session.root().join("config.yml");
        let mut kept = Kept::with_capacity(self.kept.len());
        for (path, file) in session.last_env() {
            let before = self
                .kept
                .get(path)
                .filter(|_| file.content.is_none())
                .map(|(stamp, _)| *stamp);
            let stamp = before.or_else(|| system.stamp(&self.env.join(&**path)).ok().flatten());
            if let Some(stamp) = stamp {
                kept.insert(path.clone(), (stamp, file.hash));
            }
        }
        // All of them, those that are gone already too.
        let count = session.last_env().count();
        let other = count != self.outputs.len()
            || session
                .last_env()
                .any(|(path, _)| !self.outputs.contains_key(&self.env.join(&**path)));
        if other {
            self.outputs = session
                .last_env()
                .map(|(path, _)| (self.env.join(&**path), path.clone()))
                .collect();
        }
        self.kept = kept;
        self.update_inputs(session) | other
    }

    /// Learns what is read. Answers whether there is more than before.
    pub(super) fn update_inputs(&mut self, session: &Session) -> bool {
        let count = session.graph().input_count();
        let more = count != self.inputs;
        if more {
            let (files, folders) = session.graph().watched();
            self.files = files.into_iter().collect();
            self.folders = folders.into_iter().collect();
            self.inputs = count;
        }
        more
    }

    /// Whether `path` is the user's configuration.
    pub(super) fn is_config(&self, path: &Path) -> bool {
        path == self.config || path == self.config.with_extension("json")
    }

    /// Files of `env/` that are as they should be.
    pub(super) fn kept(&self) -> &Kept {
        &self.kept
    }

    /// The paths of all files of `env/`.
    pub(super) fn outputs(&self) -> impl Iterator<Item = &Path> {
        self.outputs.keys().map(PathBuf::as_path)
    }

    /// Whether something that happened to `path` can matter.
    pub(super) fn concerns(&self, path: &Path) -> bool {
        self.folders_moved
            || self.is_known(path)
            || path
                .parent()
                .is_some_and(|folder| self.folders.contains(folder))
    }

    /// Whether `path` is a file of `env/` just as we left it.
    pub(super) fn is_our_own(&self, system: &dyn System, path: &Path) -> bool {
        self.left(path)
            .is_some_and(|stamp| system.stamp(path).ok().flatten() == Some(stamp))
    }

    fn left(&self, path: &Path) -> Option<Stamp> {
        Some(self.kept.get(self.outputs.get(path)?)?.0)
    }

    /// Forgets that the files of `env/` among `paths` are as they should be. Answers whether there are any.
    pub(super) fn forget_outputs(&mut self, paths: &[PathBuf]) -> bool {
        let mut any = false;
        for path in paths {
            if let Some(output) = self.outputs.get(path) {
                self.kept.remove(output);
                any = true;
            }
        }
        any
    }

    /// Files of `env/` that are not as we left them.
    pub(super) fn touched_outputs(&self, system: &dyn System) -> Vec<PathBuf> {
        let touched = |path: &&PathBuf| !self.is_our_own(system, path);
        self.outputs.keys().filter(touched).cloned().collect()
    }

    /// Everything that has changed, each with how it looks now.
    pub(super) fn look(
        &self,
        system: &dyn System,
        session: &mut Session,
    ) -> Vec<(PathBuf, Option<Stamp>)> {
        let mut changed = session.database().changed_paths();
        changed.extend(self.touched_outputs(system));
        changed
            .into_iter()
            .map(|path| {
                let stamp = system.stamp(&path).ok().flatten();
                (path, stamp)
            })
            .collect()
    }
}

/// Whether Git is changing files in the work tree of any of `paths`.
pub(super) fn checkout_under_way<'a>(
    system: &dyn System,
    paths: impl Iterator<Item = &'a PathBuf>,
) -> bool {
    let mut seen = HashSet::new();
    for path in paths {
        for folder in path.ancestors().skip(1) {
            if !seen.insert(folder.to_owned()) {
                break;
            }
            if matches!(system.kind(&folder.join(".git/index.lock")), Ok(Some(_))) {
                return true;
            }
        }
    }
    false
}
