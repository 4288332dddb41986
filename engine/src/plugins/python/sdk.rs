//! The Python side of the host, embedded: the program that is started, and the modules that it is given.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::system::System;

/// What Python is started with (`python -c`): it takes the number of the descriptor of the conversation.
pub const BOOTSTRAP: &str = include_str!("sdk/bootstrap.py");

static MODULES: &[(&str, &str)] = &include!(concat!(env!("OUT_DIR"), "/sdk.rs"));

/// The texts of all modules, by their paths.
pub fn modules() -> BTreeMap<&'static str, &'static str> {
    MODULES.iter().copied().collect()
}

/// Where Python may keep what the modules compile to: with the user's caches (`XDG_CACHE_HOME`, else `~/.cache`), so that
/// a new project root begins with it. `None`: nowhere.
pub(super) fn folder_of_bytecode(system: &dyn System) -> Option<PathBuf> {
    let folder = |name: &str| {
        let path = PathBuf::from(system.variable(name)?);
        path.is_absolute().then_some(path)
    };
    let caches = folder("XDG_CACHE_HOME").or_else(|| Some(folder("HOME")?.join(".cache")));
    Some(caches?.join("tutor"))
}
