//! Wall time and memory of whole processes.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A program to be measured, in a project of its own.
pub(crate) struct Subject<'a> {
    pub(crate) program: &'a Path,
    pub(crate) root: &'a Path,
    pub(crate) plugins: &'a Path,
    pub(crate) templates: &'a Path,
}

impl Subject<'_> {
    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(self.program);
        command
            .args(args)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.root)
            .env("TUTOR_ROOT", self.root)
            .env("TUTOR_PLUGINS_ROOT", self.plugins)
            .env("TUTOR_TEMPLATES_ROOT", self.templates)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    /// How long one run takes.
    pub(crate) fn time(&self, args: &[&str]) -> Result<Duration, String> {
        let started = Instant::now();
        let status = self
            .command(args)
            .status()
            .map_err(|error| format!("{}: {error}", self.program.display()))?;
        let took = started.elapsed();
        if status.success() {
            Ok(took)
        } else {
            Err(format!("{} {args:?}: {status}", self.program.display()))
        }
    }

    /// The most memory that one run has at a time, in MiB, as the kernel counts it.
    pub(crate) fn memory(&self, args: &[&str]) -> Result<f64, String> {
        let mut child = self
            .command(args)
            .spawn()
            .map_err(|error| error.to_string())?;
        let status = format!("/proc/{}/status", child.id());
        let mut peak: f64 = 0.0;
        // The high-water mark only grows: the last look before the end is nearly the end's.
        while child
            .try_wait()
            .map_err(|error| error.to_string())?
            .is_none()
        {
            if let Ok(text) = std::fs::read_to_string(&status)
                && let Some(line) = text.lines().find(|line| line.starts_with("VmHWM:"))
                && let Some(kib) = line
                    .split_whitespace()
                    .nth(1)
                    .and_then(|number| number.parse::<f64>().ok())
            {
                peak = peak.max(kib / 1024.0);
            }
        }
        Ok(peak)
    }
}

/// The median of several durations.
pub(crate) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
