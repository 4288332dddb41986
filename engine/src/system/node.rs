//! What is at a path itself: symbolic links are not followed.

use std::ffi::OsString;

use super::Stamp;

/// What is at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NodeKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link.
    Link,
    /// A device, a socket, …
    Other,
}

/// One name in a folder, and what is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The file's name, whatever its bytes.
    pub name: OsString,
    /// What it is.
    pub kind: NodeKind,
    /// Its permissions, with the bits for set-user-id and the like.
    pub mode: u32,
    /// What tells whether it has changed.
    pub stamp: Stamp,
}

/// A program that has ended, and what it said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// Its exit status; `None` if a signal ended it.
    pub status: Option<i32>,
    /// What it wrote to standard output.
    pub stdout: Vec<u8>,
    /// What it wrote to standard error.
    pub stderr: Vec<u8>,
}
