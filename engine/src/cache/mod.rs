//! What is remembered across processes, in the `.tutor/cache` folder of a project root.
//!
//! Two things are kept. The [`Trace`] says what a save has read and written: if nothing of that has changed, there
//! is nothing to do, and no graph is built. The [`Store`] holds what single queries came to, each with what it has
//! read, so that a process that has to build the graph computes only what a change touches.
//!
//! Nothing here can make output wrong: what is remembered is used only after everything that it depends on was
//! compared, by stamp or by hash. Files that are missing, broken, of another version or somebody else's are the same
//! as none. This room knows nothing of settings, plugins or templates: the rooms below put in what they know.

mod envelope;
mod fingerprint;
mod folder;
mod hashes;
mod looking;
mod store;
mod stored;
mod trace;

pub use fingerprint::{Fingerprint, fingerprint, fingerprint_of_parts};
pub use folder::{CacheFolder, Context, read, write};
pub use hashes::FileHashes;
pub use store::Store;
pub use stored::Stored;
pub use trace::{Compared, Kept, SettingsTrace, State, Trace};
