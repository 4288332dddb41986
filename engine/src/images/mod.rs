//! Images: which there are, what a build of each looks at, whether it has to be built, and building it.
//!
//! Decides from what the graph, the files on disk and Docker say; knows nothing of how Docker is talked to.

mod bake;
mod catalogue;
mod context;
mod decide;
mod docker;
mod dockerfile;
mod engine;
mod explain;
mod history;
mod ignore;
mod label;
mod look;
mod memory;
mod order;
mod parts;
mod plan;
mod request;
mod resolve;
mod run;
#[cfg(test)]
mod tests;

pub use bake::file as bake_file;
pub use catalogue::{BuildItem, Catalogue, RemoteItem, unknown};
pub use context::Keep;
pub use decide::Decision;
pub use docker::{Docker, Image, Order, Step};
pub use engine::{DockerEngine, Stop};
pub use memory::Memory;
pub use plan::{Manner, Planned, World};
pub use request::{Build, BuildOptions, command, parse};
pub use run::{Happening, Outcome, Pace, run};
