//! Images: which there are, what a build of each looks at, whether it has to be built, and building it.
//!
//! Decides from what the graph, the files on disk and Docker say; knows nothing of how Docker is talked to.

mod catalogue;
mod context;
mod dockerfile;
mod explain;
mod ignore;
mod label;
mod parts;
mod request;

pub use catalogue::{BuildItem, Catalogue, RemoteItem, unknown};
