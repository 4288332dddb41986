//! A Python process that imports a plugin again and again: what the import alone takes where all else is loaded.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

/// What it runs.
const SCRIPT: &str = include_str!("reimport.py");

/// Such a process. Dropping it ends it.
pub(super) struct Importer {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Importer {
    /// Starts a Python whose own packages have others in front of them.
    pub(super) fn start(python: &Path, first: &[PathBuf]) -> Result<Self, String> {
        let path = std::env::join_paths(first).map_err(|error| error.to_string())?;
        let mut child = Command::new(python)
            .args(["-c", SCRIPT])
            .env_clear()
            .env("PYTHONPATH", path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{}: {error}", python.display()))?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(String::from("a Python without input and output"));
        };
        Ok(Self {
            child,
            input,
            output: BufReader::new(output),
        })
    }

    /// Imports a module, with its whole package.
    pub(super) fn import(&mut self, module: &str) -> Result<Duration, String> {
        let mut line = String::new();
        writeln!(self.input, "{module}")
            .and_then(|()| self.output.read_line(&mut line))
            .map_err(|error| format!("import of {module}: {error}"))?;
        let nanoseconds = line.trim().parse();
        nanoseconds
            .map(Duration::from_nanos)
            .map_err(|_| format!("{module} cannot be imported"))
    }
}

impl Drop for Importer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
