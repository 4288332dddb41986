//! Writing: what the plan says goes to disk, all of it or nothing.
//!
//! Knows paths and bytes; knows neither settings nor templates. The order is: take the lock, look at what an
//! interrupted save left, compare with what is there, make sure that everything can be written, note what is about
//! to be written (journal), write `config.yml` (atomically), write env files in place, remove what nothing yields
//! any more, note what was written (manifest), drop the journal.

mod journal;
mod manifest;
mod state;
mod undo;
mod write;

pub use journal::Journal;
pub use manifest::Manifest;
pub use state::{Locked, StateFolder, lock};
pub use write::{CONFIG_CHANGED, EnvFile, Job, NewConfig, Report, write};
