//! Python plugins.

mod declaration;
pub mod host;
mod value;
