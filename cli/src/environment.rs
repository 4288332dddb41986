//! Environment variables, and where things are by default.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use engine::commands::Options;
use engine::profile::Profile;
use engine::system::System;

use crate::args::Global;

/// The project root, if there is no `--root`.
pub(crate) const TUTOR_ROOT: &str = "TUTOR_ROOT";
/// The plugins root.
pub(crate) const TUTOR_PLUGINS_ROOT: &str = "TUTOR_PLUGINS_ROOT";
/// The core template root, if there is no `--templates-root`.
pub(crate) const TUTOR_TEMPLATES_ROOT: &str = "TUTOR_TEMPLATES_ROOT";
/// The name in the default folders, `tutor` if it is not set.
pub(crate) const TUTOR_APP: &str = "TUTOR_APP";
/// Where the user's data are, on Linux.
pub(crate) const XDG_DATA_HOME: &str = "XDG_DATA_HOME";

/// Where everything is, from options, environment and platform.
pub(crate) fn options(
    system: &dyn System,
    global: &Global,
    profile: Option<Arc<Profile>>,
) -> Options {
    let root = global
        .root
        .clone()
        .or_else(|| path(system, TUTOR_ROOT))
        .unwrap_or_else(|| user_data(system, ""));
    let templates_root = global
        .templates_root
        .clone()
        .or_else(|| path(system, TUTOR_TEMPLATES_ROOT));
    Options {
        root: system.resolve(&root),
        plugins_root: plugins_root(system),
        templates_root: templates_root.map(|root| system.resolve(&root)),
        strict: global.strict,
        no_cache: global.no_cache,
        progress: Arc::default(),
        profile,
    }
}

fn plugins_root(system: &dyn System) -> PathBuf {
    let root = path(system, TUTOR_PLUGINS_ROOT).unwrap_or_else(|| user_data(system, "-plugins"));
    match (root.strip_prefix("~"), system.home()) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => root,
    }
}

/// A variable that holds a path; an empty one counts as not set.
fn path(system: &dyn System, name: &str) -> Option<PathBuf> {
    system
        .variable(name)
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
}

/// The platform's folder for the user's data, for the application and a suffix.
fn user_data(system: &dyn System, suffix: &str) -> PathBuf {
    let app = system
        .variable(TUTOR_APP)
        .unwrap_or_else(|| String::from("tutor"));
    let home = system.home().unwrap_or_default();
    let base = if cfg!(target_os = "macos") {
        home.join("Library/Application Support")
    } else {
        path(system, XDG_DATA_HOME).unwrap_or_else(|| home.join(".local/share"))
    };
    base.join(Path::new(&format!("{app}{suffix}")))
}
