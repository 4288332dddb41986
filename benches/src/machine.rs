//! Where it was measured, and what with.

use std::fs;
use std::path::Path;
use std::process::Command;

/// The machine, in a few words.
pub(crate) fn describe() -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map(|(_, name)| name);
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    format!(
        "{cores} cores, {}, {}",
        model.unwrap_or("unknown processor"),
        std::env::consts::OS
    )
}

/// Versions of real Tutor and of what it stands on.
pub(crate) fn versions(python: &Path) -> Result<String, String> {
    let script = "import importlib.metadata as m, platform as p; print(f\"real Tutor {m.version('tutor')}, CPython {p.python_version()}, Jinja2 {m.version('jinja2')}, PyYAML {m.version('pyyaml')}\")";
    let output = Command::new(python)
        .args(["-c", script])
        .output()
        .map_err(|error| format!("{}: {error}", python.display()))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
