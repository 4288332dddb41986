//! `BENCHMARKS.md`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::compare::real_runs;

/// One measured job.
pub(crate) struct Row {
    pub(crate) count: usize,
    pub(crate) job: &'static str,
    pub(crate) ours: Duration,
    pub(crate) real: Duration,
    /// Most memory of ours, in MiB, of a save without changes.
    pub(crate) memory: Option<f64>,
}

fn milliseconds(time: Duration) -> String {
    let time = time.as_secs_f64() * 1000.0;
    if time < 100.0 {
        format!("{time:.1}")
    } else {
        format!("{time:.0}")
    }
}

pub(crate) fn markdown(
    rows: &[Row],
    floor: Duration,
    runs: usize,
    python: &Path,
) -> Result<String, String> {
    let mut text = String::from(
        "# Benchmarks\n\n\
         Written by `cargo run --release -p benches -- compare`. Do not edit.\n\n\
         Whole processes, both programs in one run on one machine, on the templates of real Tutor; both write the same\n\
         bytes (checked). Medians, in milliseconds. Absolute times mean little on a shared machine: look at the ratios.\n\
         The plugins are generated: each adds, defaults and sets settings, some refer to others, and fills patches.\n\
         The secrets are in `config.yml` before the first save: generating an RSA key takes both programs as long as\n\
         luck has it.\n\n",
    );
    let _ = writeln!(text, "- {}", machine());
    let _ = writeln!(text, "- {}", version(python)?);
    let _ = writeln!(
        text,
        "- ours: {runs} runs a figure, no cache between processes; real Tutor: {} runs, with 1,000 plugins {}; \
         `/bin/true` takes {} ms here\n",
        real_runs(0, runs),
        real_runs(1000, runs),
        milliseconds(floor)
    );
    text.push_str(
        "| plugins | job | ours | real Tutor | times faster |\n|---:|---|---:|---:|---:|\n",
    );
    for row in rows {
        let ratio = row.real.as_secs_f64() / row.ours.as_secs_f64();
        let (count, job) = (row.count, row.job);
        let (ours, real) = (milliseconds(row.ours), milliseconds(row.real));
        let _ = writeln!(text, "| {count} | {job} | {ours} | {real} | {ratio:.0} |");
    }
    text.push_str("\nMost memory of ours at a time, saving without changes:\n\n| plugins | MiB |\n|---:|---:|\n");
    for row in rows {
        if let Some(memory) = row.memory {
            let _ = writeln!(text, "| {} | {memory:.0} |", row.count);
        }
    }
    Ok(text)
}

fn machine() -> String {
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

fn version(python: &Path) -> Result<String, String> {
    let script = "import importlib.metadata as m, platform as p; print(f\"real Tutor {m.version('tutor')}, CPython {p.python_version()}, Jinja2 {m.version('jinja2')}, PyYAML {m.version('pyyaml')}\")";
    let output = Command::new(python)
        .args(["-c", script])
        .output()
        .map_err(|error| error.to_string())?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Settings that both programs would draw. Not secrets of anybody.
pub(crate) fn secrets() -> String {
    include_str!("../../tests/oracle/secrets.yml").to_owned()
}
