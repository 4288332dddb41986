//! Both programs, the same projects, one run.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tests::{binary, oracle::Oracle, plugins_gen};

use crate::measure::{Subject, median};
use crate::report::{self, Row};

/// What is measured: its name, and the command. `{n}` is another number each time.
const JOBS: [(&str, &[&str]); 4] = [
    ("first save", &["config", "save"]),
    ("save again, nothing changed", &["config", "save"]),
    (
        "save, one setting changed",
        &["config", "save", "--set", "PLATFORM_NAME=Number {n}"],
    ),
    ("printvalue", &["config", "printvalue", "LMS_HOST"]),
];

pub(crate) fn run(counts: &[usize], runs: usize, out: &Path) -> Result<(), String> {
    let ours = binary::tutor()?;
    let oracle = Oracle::get()?;
    let python = oracle.python();
    let real = python.with_file_name("tutor");
    let mut rows = Vec::new();
    for &count in counts {
        let scratch = tempfile::tempdir().map_err(|error| error.to_string())?;
        let plugins = scratch.path().join("plugins");
        let names =
            plugins_gen::generate_plugins(&plugins, count).map_err(|error| error.to_string())?;
        let roots = [scratch.path().join("ours"), scratch.path().join("real")];
        let subject = |program: &'static str| {
            let (program, root): (&PathBuf, &PathBuf) = match program {
                "ours" => (&ours, &roots[0]),
                _ => (&real, &roots[1]),
            };
            Subject {
                program,
                root,
                plugins: &plugins,
                templates: oracle.templates(),
            }
        };
        let (ours, real) = (subject("ours"), subject("real"));
        let real_runs = real_runs(count, runs);
        for (job, args) in JOBS {
            let first = job == "first save";
            let ours_time = times(&ours, args, runs, first, &names)?;
            let real_time = times(&real, args, real_runs, first, &names)?;
            println!("{count} plugins, {job}: ours {ours_time:?}, real {real_time:?}");
            rows.push(Row {
                count,
                job,
                ours: ours_time,
                real: real_time,
                memory: None,
            });
        }
        let memory = ours.memory(&["config", "save"])?;
        if let Some(row) = rows.last_mut() {
            row.memory = Some(memory);
        }
        same_bytes(&roots[0], &roots[1])?;
    }
    let nothing = Subject {
        program: Path::new("/bin/true"),
        root: Path::new("/"),
        plugins: Path::new("/"),
        templates: Path::new("/"),
    };
    let floor = times(&nothing, &[], runs.max(25), false, &[])?;
    fs::write(out, report::markdown(&rows, floor, runs, &python)?)
        .map_err(|error| format!("{}: {error}", out.display()))
}

/// How often real Tutor runs for one figure: with a thousand plugins it takes more than a minute each time.
pub(crate) fn real_runs(count: usize, runs: usize) -> usize {
    if count >= 1000 { 1 } else { (runs / 5).max(3) }
}

/// The median of `runs` runs.
fn times(
    subject: &Subject<'_>,
    args: &[&str],
    runs: usize,
    first: bool,
    names: &[String],
) -> Result<Duration, String> {
    let mut times = Vec::new();
    for number in 0..runs {
        if first {
            prepare(subject.root, names)?;
        }
        let number = number.to_string();
        let args: Vec<String> = args.iter().map(|arg| arg.replace("{n}", &number)).collect();
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        times.push(subject.time(&args)?);
    }
    Ok(median(times))
}

/// A root as it is before the first save: the secrets are there, so that no key has to be generated.
fn prepare(root: &Path, names: &[String]) -> Result<(), String> {
    let _ = fs::remove_dir_all(root);
    fs::create_dir_all(root).map_err(|error| error.to_string())?;
    let list = if names.is_empty() {
        String::from(" []\n")
    } else {
        format!("\n- {}\n", names.join("\n- "))
    };
    let config = format!("{}PLUGINS:{list}", report::secrets());
    fs::write(root.join("config.yml"), config).map_err(|error| error.to_string())
}

/// A comparison of speed means nothing if the results differ.
fn same_bytes(ours: &Path, real: &Path) -> Result<(), String> {
    let take = |root: &Path| tests::snapshot::take_root(root);
    let (ours, real) = (take(ours)?, take(real)?);
    for (path, entry) in &real {
        match ours.get(path) {
            Some(other) if other.bytes == entry.bytes => {}
            // The last number that was set is not the same: real Tutor runs less often.
            Some(other) if String::from_utf8_lossy(&other.bytes).contains("Number ") => {}
            _ => return Err(format!("{path} differs between the two programs")),
        }
    }
    Ok(())
}
