//! The help of the whole command line, which lists the commands of plugins as well.

use std::ffi::OsString;

use clap::CommandFactory;
use engine::commands::Engine;
use engine::jobs::{CORE, Platform};

use crate::args::Cli;
use crate::run;

/// Global options that have a value of their own.
const WITH_VALUE: [&str; 3] = ["-r", "--root", "--templates-root"];

/// Arguments that ask for the help of the whole, without that: what is left names no command, which means the same.
pub(crate) fn as_no_command(args: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let args: Vec<OsString> = args.collect();
    let mut rest = args.iter().skip(1).filter_map(|arg| arg.to_str());
    let mut asked = false;
    while let Some(arg) = rest.next() {
        match arg {
            "-h" | "--help" => asked = true,
            option if WITH_VALUE.contains(&option) => drop(rest.next()),
            option if option.starts_with('-') => {}
            _ => return args,
        }
    }
    let is_help = |arg: &OsString| asked && (arg == "-h" || arg == "--help");
    args.into_iter().filter(|arg| !is_help(arg)).collect()
}

/// Prints the help.
pub(crate) fn print(engine: &mut Engine) {
    let mut help = Cli::command();
    for command in engine.plugin_commands() {
        if command.hidden || help.find_subcommand(&command.name).is_some() {
            continue;
        }
        help = help.subcommand(clap::Command::new(command.name).about(command.help));
    }
    run::show_printed(engine);
    let _ = help.print_long_help();
}

/// Prints the help of `do` where there are no jobs of plugins.
pub(crate) fn of_jobs(platform: Platform) {
    let help = Cli::command();
    let outer = help.find_subcommand(platform.name());
    let command = outer.and_then(|outer| outer.find_subcommand("do").cloned());
    if let Some(command) = command {
        let told = format!(
            "No plugin that is enabled has jobs. Jobs of Tutor's core ({}) are not built yet.",
            CORE.join(", ")
        );
        let usage = format!("tutor {} do [OPTIONS] JOB [ARGS]...", platform.name());
        let _ = command.override_usage(usage).after_help(told).print_help();
    }
}
