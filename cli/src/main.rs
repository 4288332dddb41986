//! The command `tutor`: options in, calls of the engine, output and exit status out. Computes nothing.

mod args;
mod diagnostics;
mod environment;
mod output;
mod run;

use std::process::ExitCode;

fn main() -> ExitCode {
    // Templates may nest deeper than the stack of a main thread allows; the memory is only reserved, not used.
    let worker = std::thread::Builder::new()
        .stack_size(engine::commands::STACK_BYTES)
        .spawn(run::run);
    match worker.map(std::thread::JoinHandle::join) {
        Ok(Ok(status)) => status.into(),
        // The panic has been printed by the thread.
        Ok(Err(_)) => ExitCode::from(101),
        Err(_) => run::run().into(),
    }
}
