//! The Python side of the host, embedded: the program that is started, and the modules that it is given.

use std::collections::BTreeMap;

/// What Python is started with (`python -c`): it takes the number of the descriptor of the conversation.
pub const BOOTSTRAP: &str = include_str!("sdk/bootstrap.py");

static MODULES: &[(&str, &str)] = &include!(concat!(env!("OUT_DIR"), "/sdk.rs"));

/// The texts of all modules, by their paths.
pub fn modules() -> BTreeMap<&'static str, &'static str> {
    MODULES.iter().copied().collect()
}
