//! `config save --watch`, on a real disk: whatever happens to files, `env/` and `config.yml` end as a clean save leaves
//! them.
//!
//! Nothing here sleeps to wait for something that a line announces; what a test waits for has 20 seconds.

mod checkouts;
mod config;
mod editors;
mod errors;
mod links;
mod memory;
mod others;
mod outputs;
mod plugins;
mod polling;
mod python;
mod running;
mod templates;
