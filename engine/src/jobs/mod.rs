//! Jobs: what is to be run for the tasks of one, as data.
//!
//! Runs nothing, and knows neither who adds jobs nor how scripts are rendered.

mod ask;
mod compose;
mod core;

pub use ask::answer;
pub use core::{CORE, INIT_TASKS};

/// The command that jobs are given to.
pub const DO: &str = "do";

/// Where a job is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Platform {
    /// In containers of this machine, as in production.
    Local,
    /// In containers of this machine, for developers.
    Dev,
    /// In a Kubernetes cluster.
    K8s,
}

impl Platform {
    /// How the command line calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Dev => "dev",
            Self::K8s => "k8s",
        }
    }
}
