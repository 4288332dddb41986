//! The command `tutor`: options in, calls of the engine, output and exit status out. Computes nothing.

mod args;
mod diagnostics;
mod environment;
mod help;
mod images;
mod job;
mod output;
mod plugin;
mod progress;
mod run;
mod timings;
mod watch;

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    run::run().into()
}
