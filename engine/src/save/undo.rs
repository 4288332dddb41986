//! Steps of a save that can be undone: if one fails, all that were made before it are taken back.

use std::io;
use std::path::{Path, PathBuf};

use super::journal::Journal;
use super::manifest::Manifest;
use super::state::{StateFolder, cannot_write};
use crate::diagnostics::{Diagnostic, Place};
use crate::system::System;

/// What has been done so far, and how it was before.
pub(super) struct Undo<'a> {
    pub(super) system: &'a dyn System,
    pub(super) state: StateFolder,
    /// Whether the journal is that of an interrupted save, which stays until all is repaired.
    keep_journal: bool,
    folders: Vec<PathBuf>,
    created: Vec<PathBuf>,
    contents: Vec<(PathBuf, Option<Vec<u8>>)>,
    config: Option<(PathBuf, Option<Vec<u8>>)>,
    aside: Option<PathBuf>,
}

impl<'a> Undo<'a> {
    pub(super) fn new(system: &'a dyn System, state: StateFolder, interrupted: bool) -> Self {
        Self {
            system,
            state,
            keep_journal: interrupted,
            folders: Vec::new(),
            created: Vec::new(),
            contents: Vec::new(),
            config: None,
            aside: None,
        }
    }

    /// The result of a step; if it failed, everything is put back.
    fn step<T>(&mut self, result: io::Result<T>, path: &Path) -> Result<T, Diagnostic> {
        result.map_err(|error| {
            self.all();
            cannot_write(&error, path)
        })
    }

    /// Makes sure that a file can be written.
    pub(super) fn reserve(&mut self, path: &Path, length: u64) -> Result<(), Diagnostic> {
        let folders = path
            .parent()
            .map_or(Ok(Vec::new()), |folder| self.system.create_folders(folder));
        let folders = self.step(folders, path)?;
        self.folders.extend(folders);
        let created = self.system.reserve(path, length);
        if self.step(created, path)? {
            self.created.push(path.to_owned());
        }
        Ok(())
    }

    /// Writes a new file that only the user can read.
    pub(super) fn create_private(
        &mut self,
        path: PathBuf,
        content: &[u8],
    ) -> Result<(), Diagnostic> {
        let result = self.system.replace_private(&path, content, true);
        self.step(result, &path)?;
        self.created.push(path);
        Ok(())
    }

    /// Moves `env` out of the way. Answers whether there was one.
    pub(super) fn set_aside(&mut self, env: &Path) -> Result<bool, Diagnostic> {
        let there = self.system.list(env.parent().unwrap_or(env));
        let Some(entry) = self
            .step(there, env)?
            .into_iter()
            .find(|entry| env.ends_with(&*entry.name))
        else {
            return Ok(false);
        };
        if entry.is_link {
            // What it leads to may be shared; Tutor does not remove it either.
            return Err(Diagnostic::error(
                "env-is-a-link",
                "is a symbolic link, which --clean does not follow",
            )
            .at(Place {
                origin: env.display().to_string(),
                ..Place::default()
            })
            .hint("empty the folder that it leads to, then save without --clean"));
        }
        let aside = self.state.old_env();
        // One that an interrupted save left.
        let _ = self.system.remove_tree(&aside);
        let result = self.system.rename_folder(env, &aside);
        self.step(result, env)?;
        self.aside = Some(env.to_owned());
        Ok(true)
    }

    pub(super) fn begin(&mut self, journal: &Journal) -> Result<(), Diagnostic> {
        let result = journal.begin(self.system, &self.state);
        self.step(result, &self.state.journal())
    }

    pub(super) fn replace_config(
        &mut self,
        path: PathBuf,
        config: &str,
        before: Option<Vec<u8>>,
    ) -> Result<(), Diagnostic> {
        let result = self.system.replace_private(&path, config.as_bytes(), true);
        self.step(result, &path)?;
        self.config = Some((path, before));
        Ok(())
    }

    pub(super) fn write(
        &mut self,
        path: &Path,
        content: &[u8],
        before: Option<Vec<u8>>,
    ) -> Result<(), Diagnostic> {
        // Noted first: a write that fails may have begun.
        self.contents.push((path.to_owned(), before));
        let result = self.system.write(path, content);
        self.step(result, path)
    }

    pub(super) fn remove(&mut self, path: &Path) -> Result<(), Diagnostic> {
        self.contents
            .push((path.to_owned(), self.system.read(path).ok()));
        let result = self.system.remove_file(path);
        self.step(result, path)
    }

    pub(super) fn manifest(
        &mut self,
        manifest: &Manifest,
        before: &Manifest,
    ) -> Result<(), Diagnostic> {
        let result = manifest.write(before, self.system, &self.state);
        self.step(result, &self.state.manifest())
    }

    /// All is written. With `repaired`, what an interrupted save left is written too.
    pub(super) fn done(mut self, repaired: bool) -> Result<(), Diagnostic> {
        if repaired || !self.keep_journal {
            let result = Journal::end(self.system, &self.state);
            self.step(result, &self.state.journal())?;
        }
        if self.aside.take().is_some() {
            // Nobody misses what stays behind here; the next clean save removes it.
            let _ = self.system.remove_tree(&self.state.old_env());
        }
        Ok(())
    }

    /// Puts everything back. What fails here cannot be helped.
    fn all(&mut self) {
        for path in self.created.drain(..) {
            let _ = self.system.remove_file(&path);
        }
        for folder in self.folders.drain(..).rev() {
            let _ = self.system.remove_folder(&folder);
        }
        // What was created may stand where something else was.
        for (path, before) in self.contents.drain(..).rev() {
            if let Some(before) = before {
                if let Some(folder) = path.parent() {
                    let _ = self.system.create_folders(folder);
                }
                let _ = self.system.write(&path, &before);
            }
        }
        if let Some(env) = self.aside.take() {
            let _ = self.system.rename_folder(&self.state.old_env(), &env);
        }
        if let Some((path, before)) = self.config.take() {
            let _ = match &before {
                Some(before) => self.system.replace_private(&path, before, true),
                None => self.system.remove_file(&path),
            };
        }
        if !self.keep_journal {
            let _ = Journal::end(self.system, &self.state);
        }
    }
}
