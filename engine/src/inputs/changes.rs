//! How changes outside come into the graph.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use salsa::Setter;

use super::database::{Database, OVERRIDE, Slot};
use super::reading::{locate, read_file, read_folder};
use super::{File, Folder, Found};

/// What may have changed outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changes {
    /// These paths, files or folders, and what lists them: the folders above. They are read again.
    Paths(Vec<PathBuf>),
    /// Everything: look again at every input. Files whose stamps say that they have not changed are not read.
    Rescan,
}

impl Database {
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
            let (content, look) = self.read(path);
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
        for location in inputs.locations.values() {
            let path = location.path(self);
            if locate(&*self.system, path) != *location.target(self) {
                changed.push(path.clone());
            }
        }
        changed
    }
}
