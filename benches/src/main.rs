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
mod measure;
mod report;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

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
        /// Numbers of generated plugins
        #[arg(long, value_delimiter = ',', default_values_t = [0, 10, 100, 1000])]
        plugins: Vec<usize>,
        /// Runs of ours for each figure; real Tutor runs a fifth as often, three times at least (once with 1,000 plugins)
        #[arg(long, default_value_t = 25)]
        runs: usize,
        /// Where the report goes
        #[arg(long, default_value = "BENCHMARKS.md")]
        out: PathBuf,
    },
    /// Write a set of generated plugins
    Plugins {
        /// How many
        #[arg(long)]
        count: usize,
        /// The folder that they go to: use it as `TUTOR_PLUGINS_ROOT`
        #[arg(long)]
        out: PathBuf,
    },
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Compare { plugins, runs, out } => compare::run(&plugins, runs, &out),
        Command::Plugins { count, out } => tests::plugins_gen::generate_plugins(&out, count)
            .map(|names| println!("{} plugins in {}", names.len(), out.display()))
            .map_err(|error| error.to_string()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}
