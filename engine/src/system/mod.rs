//! The world outside: the only way to files, environment, clock, randomness and locks.
//!
//! Everything else in the engine gets a [`System`] handed in; clippy's `disallowed-methods` keeps it that way.
//! Nothing here knows what the files mean.

mod conversation;
mod memory;
mod node;
mod os;
mod os_tree;
mod stamp;

use std::fmt::Debug;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use conversation::{Conversation, Ended};
pub use memory::{MemorySystem, Program};
pub use node::{Node, NodeKind, Output};
pub use os::OsSystem;
pub use stamp::Stamp;

/// What a path leads to, symbolic links followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FileKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A device, a socket, …
    Other,
}

/// One name in a folder.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    /// The file's name; names that are not UTF-8 are left out of listings.
    pub name: Arc<str>,
    /// What it leads to; `None` for a dangling link.
    pub kind: Option<FileKind>,
    /// Whether it is a symbolic link itself.
    pub is_link: bool,
}

/// A held lock; dropping it releases it.
pub trait Lock: Send {}

/// Access to the world outside.
///
/// Paths are absolute. Errors are those of the operating system.
pub trait System: Send + Sync + Debug {
    /// The content of a file.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
    /// The content of a file, and its stamp from before it was read.
    fn read_stamped(&self, path: &Path) -> io::Result<(Vec<u8>, Stamp)>;
    /// What tells whether `path` has changed, links followed; `None` if nothing is there.
    fn stamp(&self, path: &Path) -> io::Result<Option<Stamp>>;
    /// What is at `path`; `None` if nothing is.
    fn kind(&self, path: &Path) -> io::Result<Option<FileKind>>;
    /// The names in a folder, sorted.
    fn list(&self, path: &Path) -> io::Result<Vec<Entry>>;
    /// What is in a folder, links not followed, sorted by the names' bytes.
    fn nodes(&self, path: &Path) -> io::Result<Vec<Node>>;
    /// What is at `path` itself, links not followed; `None` if nothing is.
    fn node(&self, path: &Path) -> io::Result<Option<Node>>;
    /// Where the symbolic link at `path` points to.
    fn link(&self, path: &Path) -> io::Result<PathBuf>;
    /// The hash of a file's content, and its stamp from before it was read. However large it is, it is not kept in
    /// memory.
    fn hash(&self, path: &Path) -> io::Result<(blake3::Hash, Stamp)>;
    /// An environment variable; a value that is not UTF-8 counts as absent.
    fn variable(&self, name: &str) -> Option<String>;
    /// The environment variables whose names begin with `prefix`, sorted by name; as [`System::variable`] sees them.
    fn variables(&self, prefix: &str) -> Vec<(String, String)>;
    /// `path` made absolute, with links resolved as far as it exists.
    fn resolve(&self, path: &Path) -> PathBuf;
    /// The user's home folder.
    fn home(&self) -> Option<PathBuf>;
    /// Fills `buffer` with random bytes fit for secrets.
    fn random(&self, buffer: &mut [u8]) -> io::Result<()>;
    /// Time since the Unix epoch.
    fn now(&self) -> std::time::Duration;
    /// Time since some moment that stays the same while the process runs. For measuring.
    fn monotonic(&self) -> std::time::Duration;
    /// What is another one after each start of the machine; empty where it does not say.
    fn boot(&self) -> String;
    /// The numeric id of the user.
    fn user_id(&self) -> u32;

    /// Creates a folder and those above it; answers with the ones that it had to create, outermost first.
    fn create_folders(&self, path: &Path) -> io::Result<Vec<PathBuf>>;
    /// Creates a folder of mode 0700 in one that exists; answers whether it had to.
    fn create_private_folder(&self, path: &Path) -> io::Result<bool>;
    /// Makes sure that `length` bytes can be written to `path`, without changing what is read from it.
    /// Answers whether the file had to be created (empty).
    fn reserve(&self, path: &Path, length: u64) -> io::Result<bool>;
    /// Writes a file in place: same inode, same mode; new files get the umask's mode, never executable.
    fn write(&self, path: &Path, content: &[u8]) -> io::Result<()>;
    /// Writes a file of mode 0600 in place.
    fn write_private(&self, path: &Path, content: &[u8]) -> io::Result<()>;
    /// Replaces a file atomically by one of mode 0600. What cannot be made again is asked to be durable: it is on
    /// the disk before the old one is gone.
    fn replace_private(&self, path: &Path, content: &[u8], durable: bool) -> io::Result<()>;
    /// Takes away what [`System::replace_private`] left of `path` when it was killed. For holders of the lock.
    fn forget_replacement(&self, path: &Path) -> io::Result<()>;
    /// Removes a file; it is no error if there is none.
    fn remove_file(&self, path: &Path) -> io::Result<()>;
    /// Removes an empty folder.
    fn remove_folder(&self, path: &Path) -> io::Result<()>;
    /// Removes a folder and all below it.
    fn remove_tree(&self, path: &Path) -> io::Result<()>;
    /// Gives a folder another name on the same file system.
    fn rename_folder(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Runs a command of the user's in the shell, on the terminal, and waits for it. Answers its exit status, `None` if
    /// a signal ended it.
    fn run_shell(&self, command: &str) -> io::Result<Option<i32>>;
    /// Runs a program of `PATH` without input, and waits for it, `patience` at most. `variables` are set besides ours.
    ///
    /// # Errors
    /// [`io::ErrorKind::TimedOut`] if it takes longer; it is ended then.
    fn output(
        &self,
        program: &str,
        args: &[&str],
        variables: &[(&str, &str)],
        patience: std::time::Duration,
    ) -> io::Result<Output>;
    /// Starts a program and a conversation with it. In `args`, `{fd}` stands for the number of the descriptor that the
    /// conversation is on, in the program. On the `terminal`, the program has our input and output; else what it prints is
    /// kept, and there is nothing for it to read.
    fn converse(
        &self,
        program: &Path,
        args: &[&str],
        terminal: bool,
    ) -> io::Result<Box<dyn Conversation>>;
    /// Takes the exclusive lock on the file `path` (created if need be), calling `waiting` once if somebody
    /// else holds it, then waiting for as long as it takes.
    fn lock(&self, path: &Path, waiting: &mut dyn FnMut()) -> io::Result<Box<dyn Lock>>;
    /// Takes that lock if nobody holds it; `None` if somebody does. The file must exist.
    fn try_lock(&self, path: &Path) -> io::Result<Option<Box<dyn Lock>>>;
}
