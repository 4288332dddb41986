//! Plugins: where they are, what they declare, which are enabled.
//!
//! Every kind of plugin ends up as a [`Declaration`], so that nobody below knows whether it came from YAML
//! or, later, from Python. This room knows nothing of how settings are layered or templates rendered.

mod declaration;
mod discovery;
pub mod document;
mod file;
mod kept;
pub mod python;
mod yaml;

pub use declaration::{Declaration, Images, Setting};
pub use discovery::{
    Enabled, Installation, Installed, Kind, enabled, installed, is_installed, place_of, preload,
    source_of, yaml_files,
};
pub use file::declaration_of;
pub(crate) use yaml::kind;
