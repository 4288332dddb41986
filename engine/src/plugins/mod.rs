//! Plugins: where they are, what they declare, which are enabled.
//!
//! Every kind of plugin ends up as a [`Declaration`], so that nobody below knows whether it came from YAML
//! or from Python. This room knows nothing of how settings are layered or templates rendered.

mod declaration;
mod discovery;
pub mod document;
mod file;
mod kept;
mod origin;
pub mod python;
mod v0;
mod yaml;

pub(crate) use declaration::DEFAULT as DEFAULT_PRIORITY;
pub use declaration::{BuildImage, Declaration, Images, Script, Setting, Target, Task};
pub use discovery::{
    Enabled, Installation, Installed, enabled, in_order_of_discovery, installed, is_installed,
    missing, origin_of, place_of, preload, problems, source_of, yaml_files,
};
pub use origin::{Origin, declaration};
pub(crate) use yaml::kind;
