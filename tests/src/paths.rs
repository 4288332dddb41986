//! Where the build puts things: the target folder, the profile, this crate's sources.

use std::env;
use std::path::{Path, PathBuf};

/// The folder of this crate in the workspace.
pub fn crate_dir() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The workspace's root folder.
pub fn workspace_dir() -> PathBuf {
    crate_dir()
        .parent()
        .map_or_else(crate_dir, Path::to_path_buf)
}

/// The folder of the running build's profile (`target/debug`, `target/release`).
///
/// Test binaries and benches live in `<profile>/deps`, plain binaries one up.
pub fn profile_dir() -> Result<PathBuf, String> {
    let exe = env::current_exe().map_err(|e| format!("where am I? {e}"))?;
    let folder = exe
        .parent()
        .ok_or_else(|| format!("{} has no folder", exe.display()))?;
    let folder = if folder.ends_with("deps") {
        folder.parent().unwrap_or(folder)
    } else {
        folder
    };
    Ok(folder.to_path_buf())
}

/// Cargo's target folder of the running build.
pub fn target_dir() -> Result<PathBuf, String> {
    let profile = profile_dir()?;
    profile
        .parent()
        .map(Path::to_path_buf)
        .ok_or_else(|| format!("{} has no parent", profile.display()))
}
