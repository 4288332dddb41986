//! Measurements beside real Tutor: `compare` rewrites `BENCHMARKS.md`, `plugins` makes a plugin set to try.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for the terminal"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "it starts processes and writes files by itself, like a user"
)]

mod compare;
mod document;
mod editor;
mod images;
mod job;
mod machine;
mod measure;
mod part;
mod plan;
mod plot;
mod process;
mod project;
mod python;
mod report;
mod scale;
mod target;
mod watch;
mod watched;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use document::Document;
use part::Part;
use plan::Plan;
use project::Programs;
use tests::plugins_gen;

#[derive(Parser)]
#[command(about = "Measurements of the engine beside real Tutor")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Measure both programs in one run and rewrite BENCHMARKS.md
    Compare {
        #[command(flatten)]
        plan: Plan,
        /// Where the report goes [default: BENCHMARKS.md]
        #[arg(long)]
        out: Option<PathBuf>,
        /// Where the plot goes [default: benches/scale.svg; beside the report if --out is given]
        #[arg(long)]
        plot: Option<PathBuf>,
        /// Measure only these parts; the report keeps what it says of the others
        #[arg(long, value_delimiter = ',')]
        only: Vec<Part>,
    },
    /// Write a set of generated plugins
    Plugins {
        /// How many
        #[arg(long)]
        count: usize,
        /// How many template files there are to be besides, from plugins of their own
        #[arg(long, default_value_t = 0)]
        templates: usize,
        /// The folder that they go to: use it as `TUTOR_PLUGINS_ROOT`
        #[arg(long)]
        out: PathBuf,
    },
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Compare {
            plan,
            out,
            plot,
            only,
        } => {
            let plan = plan.settled();
            places(out, plot, plan.smoke).and_then(|(out, plot)| compare(&plan, &only, &out, &plot))
        }
        Command::Plugins {
            count,
            templates,
            out,
        } => plugins(count, templates, &out),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

/// Where the report and the plot go.
fn places(
    out: Option<PathBuf>,
    plot: Option<PathBuf>,
    smoke: bool,
) -> Result<(PathBuf, PathBuf), String> {
    let out = match out {
        Some(out) => out,
        None if smoke => tempfile::tempdir()
            .map_err(|error| error.to_string())?
            .keep()
            .join("BENCHMARKS.md"),
        None => {
            let plot = plot.unwrap_or_else(|| PathBuf::from("benches/scale.svg"));
            return Ok((PathBuf::from("BENCHMARKS.md"), plot));
        }
    };
    let plot = plot.unwrap_or_else(|| out.with_file_name("scale.svg"));
    Ok((out, plot))
}

/// Measures everything, or what is asked for, and writes the report.
fn compare(plan: &Plan, only: &[Part], out: &Path, plot: &Path) -> Result<(), String> {
    let programs = Programs::find()?;
    let head = || Ok::<_, String>(report::head(plan, &programs.versions()?));
    let (parts, mut document) = if only.is_empty() {
        (Part::value_variants(), Document::new(head()?))
    } else {
        match fs::read_to_string(out) {
            Ok(text) => (only, Document::parse(&text)?),
            Err(_) => (only, Document::new(head()?)),
        }
    };
    for &part in parts {
        document.put(part, &measure(part, plan, &programs, out, plot)?);
    }
    write(out, &document.text())?;
    println!("{}", out.display());
    Ok(())
}

/// Measures a part. Answers what the report says of it.
fn measure(
    part: Part,
    plan: &Plan,
    programs: &Programs,
    out: &Path,
    plot: &Path,
) -> Result<String, String> {
    match part {
        Part::Tutor => Ok(report::both(plan, &compare::run(plan, programs)?)),
        Part::Python => Ok(python::run(plan)?.section(plan)),
        Part::PythonV1 => Ok(python::today::run(plan)?.section(plan)),
        Part::Images => Ok(images::run(plan)?.map_or_else(
            || images::NOT_MEASURED.to_owned(),
            |measured| measured.section(plan),
        )),
        Part::Watch => Ok(report::watches(&watch::run(plan, programs)?)),
        Part::Scale => {
            let scales = scale::run(plan, programs)?;
            write(plot, &plot::svg(&scale::panels(&scales)))?;
            println!("{}", plot.display());
            let folder = out.parent();
            let link = folder.and_then(|folder| plot.strip_prefix(folder).ok());
            Ok(report::growth(plan, &scales, link.unwrap_or(plot)))
        }
    }
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

fn plugins(count: usize, templates: usize, out: &Path) -> Result<(), String> {
    let describe = |error: std::io::Error| format!("{}: {error}", out.display());
    let mut names = plugins_gen::generate_plugins(out, count).map_err(describe)?;
    names.extend(plugins_gen::generate_templates(out, templates).map_err(describe)?);
    let files = match templates {
        0 => String::new(),
        files => format!(", with {files} template files,"),
    };
    println!("{} plugins{files} in {}", names.len(), out.display());
    Ok(())
}
