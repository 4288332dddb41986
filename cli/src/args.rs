//! The command line. The texts here are the help.
#![allow(
    clippy::doc_markdown,
    reason = "people read these texts in a terminal, without markdown"
)]

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::images::args::Images;

/// Tutor is the Docker-based Open edX distribution designed for peace of mind.
#[derive(Debug, Parser)]
#[command(
    name = "tutor",
    disable_version_flag = true,
    disable_help_subcommand = true,
    subcommand_required = false
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    /// Print the version of Tutor that this is compatible with, and our own
    #[arg(long)]
    pub(crate) version: bool,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct Global {
    /// Root project directory [env: TUTOR_ROOT]
    #[arg(short, long, value_name = "PATH")]
    pub(crate) root: Option<PathBuf>,
    /// Folder that takes the place of the built-in templates [env: TUTOR_TEMPLATES_ROOT]
    #[arg(long, value_name = "PATH", global = true)]
    pub(crate) templates_root: Option<PathBuf>,
    /// Treat alerts, such as a plugin that does not load, as errors
    #[arg(long, global = true)]
    pub(crate) strict: bool,
    /// Compute everything anew: use nothing that earlier commands found out, and keep nothing for later ones
    #[arg(long, global = true)]
    pub(crate) no_cache: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Configure Open edX
    #[command(subcommand, arg_required_else_help = true)]
    Config(Config),
    /// Manage Tutor plugins
    #[command(subcommand, arg_required_else_help = true)]
    Plugins(Plugins),
    /// Manage docker images
    #[command(subcommand, arg_required_else_help = true)]
    Images(Images),
    /// Run Open edX locally with docker-compose
    #[command(subcommand, arg_required_else_help = true)]
    Local(Platform),
    /// Run Open edX locally with development settings
    #[command(subcommand, arg_required_else_help = true)]
    Dev(Platform),
    /// Run Open edX on Kubernetes
    #[command(subcommand, arg_required_else_help = true)]
    K8s(Platform),
    /// Print this help
    Help,
    /// A command of a plugin, with its arguments.
    #[command(external_subcommand)]
    Plugin(Vec<String>),
}

#[derive(Debug, Subcommand)]
pub(crate) enum Config {
    /// Create and save the configuration, and render the environment
    Save(Save),
    /// Print a configuration value
    Printvalue {
        /// The setting's name
        key: String,
    },
    /// Print the project root
    Printroot,
    /// Commands related to patches in configurations
    #[command(subcommand, arg_required_else_help = true)]
    Patches(Patches),
}

#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub(crate) struct Save {
    /// Set a configuration value (can be used multiple times)
    #[arg(short, long, value_name = "KEY=VAL", allow_hyphen_values = true)]
    pub(crate) set: Vec<String>,
    /// Append an item to a configuration value of type list, unless it is already there (can be used multiple times)
    #[arg(short, long, value_name = "KEY=VAL", allow_hyphen_values = true)]
    pub(crate) append: Vec<String>,
    /// Remove an item from a configuration value of type list (can be used multiple times)
    #[arg(short = 'A', long, value_name = "KEY=VAL", allow_hyphen_values = true)]
    pub(crate) remove: Vec<String>,
    /// Remove a configuration value (can be used multiple times)
    #[arg(short = 'U', long, value_name = "KEY", allow_hyphen_values = true)]
    pub(crate) unset: Vec<String>,
    /// Skip updating config.yml
    #[arg(short, long)]
    pub(crate) env_only: bool,
    /// Remove everything in the env directory before save
    #[arg(short, long)]
    pub(crate) clean: bool,
    /// Tell where the time went, by phase and by plugin; json is one line on standard output
    #[arg(long, value_name = "FORMAT", num_args = 0..=1, require_equals = true, default_missing_value = "text")]
    pub(crate) timings: Option<Format>,
    /// Write where the time went to a file that Chrome and https://ui.perfetto.dev show
    #[arg(long, value_name = "FILE")]
    pub(crate) trace: Option<PathBuf>,
    /// Stay, and save again whenever the configuration, a plugin or a template changes, until Ctrl-C
    #[arg(short, long)]
    pub(crate) watch: bool,
    /// With --watch: run this command in the shell after each save that wrote something
    #[arg(long, value_name = "COMMAND", requires = "watch")]
    pub(crate) exec: Option<String>,
    /// With --watch: look at files every now and then, where the system does not tell of changes (network drives)
    #[arg(long, requires = "watch")]
    pub(crate) poll: bool,
    /// With --watch: how to tell what was saved; json is one object a line
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "text",
        requires = "watch"
    )]
    pub(crate) format: Format,
}

/// How to tell something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Patches {
    /// Print all available patches
    List,
    /// Print the rendered contents of a template patch
    Show {
        /// The patch's name
        name: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Platform {
    /// Run a custom job in the right container(s)
    #[command(disable_help_flag = true)]
    Do {
        /// The job, and what it gets
        #[arg(
            value_name = "JOB",
            trailing_var_arg = true,
            allow_hyphen_values = true
        )]
        words: Vec<String>,
    },
    /// What Tutor has, and we do not.
    #[command(external_subcommand)]
    Other(Vec<String>),
}

#[derive(Debug, Subcommand)]
pub(crate) enum Plugins {
    /// List installed plugins
    List {
        /// Display enabled plugins only
        #[arg(short, long)]
        enabled: bool,
    },
    /// Enable plugins
    Enable {
        /// Names of plugins
        #[arg(value_name = "PLUGIN")]
        names: Vec<String>,
    },
    /// Disable plugins; `all` disables all of them
    Disable {
        /// Names of plugins
        #[arg(value_name = "PLUGIN")]
        names: Vec<String>,
    },
    /// Print the location of file-based plugins
    Printroot,
}
