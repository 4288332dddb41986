//! What the system tells of files, in our own words.

use std::path::PathBuf;

use notify::event::{AccessKind, AccessMode, CreateKind, EventKind, ModifyKind, RenameMode};

/// What happened to a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Touch {
    /// It was created, or is being written: more is to come.
    Open,
    /// Whoever wrote it is done with it, or it was moved there.
    Done,
    /// It is gone, or was moved away.
    Gone,
    /// Its attributes were changed.
    Attributes,
}

/// What can wake a watch up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    /// Something happened to a path.
    Touched(PathBuf, Touch),
    /// The system lost track: anything may have happened.
    Rescan,
    /// The user has had enough.
    Stop,
}

/// What an event of the system means to us. Mere reading means nothing.
pub(super) fn translate(event: notify::Event) -> Vec<Signal> {
    if event.need_rescan() {
        return vec![Signal::Rescan];
    }
    let touch = match event.kind {
        // Nobody closes a folder, or what is moved there as it is.
        EventKind::Access(AccessKind::Close(AccessMode::Write))
        | EventKind::Create(CreateKind::Folder)
        | EventKind::Modify(ModifyKind::Name(RenameMode::To)) => Touch::Done,
        EventKind::Create(_) | EventKind::Modify(ModifyKind::Data(_) | ModifyKind::Any) => {
            Touch::Open
        }
        EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(RenameMode::From)) => Touch::Gone,
        // Both halves were told already.
        EventKind::Modify(ModifyKind::Name(RenameMode::Both)) | EventKind::Access(_) => {
            return Vec::new();
        }
        EventKind::Modify(ModifyKind::Metadata(_)) => Touch::Attributes,
        EventKind::Modify(_) | EventKind::Any | EventKind::Other => Touch::Done,
    };
    let signals = event.paths.into_iter();
    signals.map(|path| Signal::Touched(path, touch)).collect()
}
