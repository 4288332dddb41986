//! The folder `.tutor` of a project root: what we remember between runs. Private to the user.

use std::io;
use std::path::{Path, PathBuf};

use crate::diagnostics::{Diagnostic, Place};
use crate::events::{Event, EventSink};
use crate::system::{FileKind, Lock, System};

/// The paths in a root's `.tutor` folder.
#[derive(Clone, Debug)]
pub struct StateFolder {
    folder: PathBuf,
}

impl StateFolder {
    /// The state folder of `root`.
    pub fn new(root: &Path) -> Self {
        Self {
            folder: root.join(".tutor"),
        }
    }
    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.folder
    }
    /// What was written last. See [`super::Manifest`].
    pub fn manifest(&self) -> PathBuf {
        self.folder.join("manifest.json")
    }
    /// What is about to be written. See [`super::Journal`].
    pub fn journal(&self) -> PathBuf {
        self.folder.join("journal.json")
    }
    /// The file that is locked while somebody saves.
    pub fn lock_file(&self) -> PathBuf {
        self.folder.join("lock")
    }
    /// Where `env/` is put while a clean save takes its place.
    pub fn old_env(&self) -> PathBuf {
        self.folder.join("old-env")
    }
    /// The secret that repeatable draws come from.
    pub fn secret(&self) -> PathBuf {
        self.folder.join("secret")
    }
}

/// The held lock of a project, and the folders that had to be made for it.
pub struct Locked {
    created: Vec<PathBuf>,
    lock_file: PathBuf,
    _lock: Box<dyn Lock>,
}

impl Locked {
    /// Releases the lock of a save that failed, and takes away what was made for it.
    pub fn undo(self, system: &dyn System) {
        if !self.created.is_empty() {
            let _ = system.remove_file(&self.lock_file);
            for folder in self.created.iter().rev() {
                let _ = system.remove_folder(folder);
            }
        }
    }
}

/// Takes the lock of the project at `root`, creating the folders that it needs. Waits for another save to finish.
///
/// # Errors
/// If the root is a file, or cannot be written.
pub fn lock(system: &dyn System, root: &Path, events: EventSink<'_>) -> Result<Locked, Diagnostic> {
    let state = StateFolder::new(root);
    let problem = |error: io::Error| {
        let place = Place {
            origin: root.display().to_string(),
            ..Place::default()
        };
        match system.kind(root) {
            Ok(Some(kind)) if kind != FileKind::Folder => Diagnostic::error(
                "root-is-a-file",
                "the project root must be a folder, found a file",
            )
            .at(place)
            .hint("choose another one with --root, or TUTOR_ROOT"),
            _ => cannot_write(&error, root),
        }
    };
    let mut created = system.create_folders(root).map_err(problem)?;
    if system
        .create_private_folder(state.path())
        .map_err(problem)?
    {
        created.push(state.path().to_owned());
    }
    let mut waiting = || {
        events(Event::WaitingForLock {
            root: root.to_owned(),
        });
    };
    let lock_file = state.lock_file();
    let lock = system
        .lock(&lock_file, &mut waiting)
        .map_err(|error| cannot_write(&error, &lock_file))?;
    Ok(Locked {
        created,
        lock_file,
        _lock: lock,
    })
}

/// The problem that `path` cannot be written.
pub(super) fn cannot_write(error: &io::Error, path: &Path) -> Diagnostic {
    let hint = match error.kind() {
        io::ErrorKind::PermissionDenied => {
            "check who owns it; files that containers wrote may belong to another user"
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            "make room on the disk, then save again"
        }
        io::ErrorKind::IsADirectory => "a folder is where the file should be: remove it",
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            "a file is where a folder should be: remove it"
        }
        io::ErrorKind::ReadOnlyFilesystem => "the file system is mounted read-only",
        _ => "see to it that it can be written, then save again",
    };
    let place = Place {
        origin: path.display().to_string(),
        ..Place::default()
    };
    Diagnostic::error(
        "cannot-write",
        format!("cannot be written: {error}; nothing was changed"),
    )
    .at(place)
    .hint(hint)
}
