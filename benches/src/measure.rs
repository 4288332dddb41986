//! Wall time and memory of whole processes.

use std::io::{Write, pipe};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::{sleep, spawn};
use std::time::{Duration, Instant};

use crate::process;

/// A program to be measured, in a project of its own.
pub(crate) struct Subject {
    /// The program.
    pub(crate) program: PathBuf,
    /// Its project root.
    pub(crate) root: PathBuf,
    /// Its plugins root.
    pub(crate) plugins: PathBuf,
    /// Its template root; none for the built-in templates.
    pub(crate) templates: Option<PathBuf>,
    /// Environment variables besides, each a path.
    pub(crate) variables: Vec<(&'static str, PathBuf)>,
}

impl Subject {
    /// A process that does nothing: what starting one takes, whatever it is.
    pub(crate) fn nothing() -> Self {
        let nowhere = Path::new("/").to_owned();
        Self {
            program: PathBuf::from("/bin/true"),
            root: nowhere.clone(),
            plugins: nowhere,
            templates: None,
            variables: Vec::new(),
        }
    }

    /// Its command line, with an environment of its own and no output.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(args)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", &self.root)
            .env("TUTOR_ROOT", &self.root)
            .env("TUTOR_PLUGINS_ROOT", &self.plugins)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if let Some(templates) = &self.templates {
            command.env("TUTOR_TEMPLATES_ROOT", templates);
        }
        command.envs(self.variables.iter().map(|(name, path)| (name, path)));
        command
    }

    /// How long one run takes.
    pub(crate) fn time(&self, args: &[&str]) -> Result<Duration, String> {
        let mut command = self.command(args);
        let started = Instant::now();
        let status = command
            .status()
            .map_err(|error| format!("{}: {error}", self.program.display()))?;
        let took = started.elapsed();
        if status.success() {
            Ok(took)
        } else {
            Err(format!("{} {args:?}: {status}", self.program.display()))
        }
    }

    /// The most memory that one of several runs has at a time, in MiB, as the kernel counts it.
    pub(crate) fn memory(&self, args: &[&str]) -> Result<f64, String> {
        let mut peak: f64 = 0.0;
        for _ in 0..MEMORY_RUNS {
            let memory = self.memory_at_end(args);
            peak =
                peak.max(memory.map_err(|error| format!("{}: {error}", self.program.display()))?);
        }
        Ok(peak)
    }

    /// What a process has had is known only as long as it is there, and ours are over in no time. But before its end
    /// ours says what it did: as long as there is no room for that in the pipe, it waits and can be looked at.
    fn memory_at_end(&self, args: &[&str]) -> std::io::Result<f64> {
        let (reader, output) = pipe()?;
        let mut filler = output.try_clone()?;
        let filling = spawn(move || while filler.write_all(b"full\n").is_ok() {});
        sleep(FILL);
        let mut child = self.command(args).stdout(output).spawn()?;
        let memory = process::peak_memory_at_rest(child.id());
        drop(reader);
        child.wait()?;
        let _ = filling.join();
        memory.ok_or_else(|| std::io::Error::other("it has ended before its memory was known"))
    }
}

/// How often memory is looked at.
const MEMORY_RUNS: usize = 3;
/// How long it takes to fill a pipe, and more.
const FILL: Duration = Duration::from_millis(20);

/// Several measurements of the same thing, in order of size.
pub(crate) struct Samples(Vec<Duration>);

impl Samples {
    /// From measurements in any order.
    pub(crate) fn new(mut times: Vec<Duration>) -> Self {
        times.sort();
        Self(times)
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// The one that half of them do not exceed.
    pub(crate) fn median(&self) -> Duration {
        self.0.get(self.0.len() / 2).copied().unwrap_or_default()
    }

    /// The one that `percent` of 100 do not exceed.
    pub(crate) fn percentile(&self, percent: usize) -> Duration {
        let rank = (self.0.len() * percent).div_ceil(100);
        self.0
            .get(rank.saturating_sub(1))
            .copied()
            .unwrap_or_default()
    }

    /// The longest.
    pub(crate) fn longest(&self) -> Duration {
        self.0.last().copied().unwrap_or_default()
    }
}

/// A duration as milliseconds.
pub(crate) fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_the_smallest_that_so_many_do_not_exceed() {
        let samples = Samples::new((1..=1000).rev().map(Duration::from_millis).collect());
        assert_eq!(samples.percentile(99), Duration::from_millis(990));
        assert_eq!(samples.longest(), Duration::from_secs(1));
        let one = Samples::new(vec![Duration::from_millis(7)]);
        assert_eq!(one.median(), one.percentile(99));
    }
}
