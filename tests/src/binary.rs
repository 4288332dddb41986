//! Finds our binary, building it first.
//!
//! Cargo tells a test where the binaries of its *own* package are; `tutor`
//! belongs to the package `cli`, so we ask cargo to build it into the target
//! folder and profile of the running test. When it is fresh that is a look at
//! time stamps.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::paths;

/// Set this to use a binary that is already there.
pub const BINARY_VARIABLE: &str = "TUTOR_TEST_BINARY";

/// The path of our `tutor`, built once a process.
pub fn tutor() -> Result<PathBuf, String> {
    static BUILT: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    BUILT.get_or_init(build).clone()
}

fn build() -> Result<PathBuf, String> {
    if let Some(given) = env::var_os(BINARY_VARIABLE) {
        return Ok(PathBuf::from(given));
    }
    let profile = paths::profile_dir()?;
    let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command
        .current_dir(paths::workspace_dir())
        .args(["build", "--quiet", "--package", "cli", "--bin", "tutor"])
        .arg("--target-dir")
        .arg(paths::target_dir()?)
        .stdin(Stdio::null());
    match profile.file_name().and_then(|name| name.to_str()) {
        Some("debug") | None => {}
        Some("release") => {
            command.arg("--release");
        }
        Some(other) => {
            command.args(["--profile", other]);
        }
    }
    let output = command
        .output()
        .map_err(|e| format!("cargo does not start: {e}"))?;
    if !output.status.success() {
        return Err(format!(
            "`cargo build --package cli` failed:\n{}",
            String::from_utf8_lossy(&output.stderr)
        ));
    }
    let path = profile.join(format!("tutor{}", env::consts::EXE_SUFFIX));
    if path.is_file() {
        Ok(path)
    } else {
        Err(format!("cargo built no {}", path.display()))
    }
}
