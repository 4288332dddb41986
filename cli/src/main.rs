//! The command `tutor`: options in, calls of the engine, output and exit status out. Computes nothing.

mod args;
mod diagnostics;
mod environment;
mod output;
mod run;

use std::process::ExitCode;

fn main() -> ExitCode {
    run::run().into()
}
