//! Everything is rendered before anything is written, and what is written is
//! written whole.

mod crashes;
mod full_disk;
mod writing;
