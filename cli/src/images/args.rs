//! `tutor images …`: the command line. The texts here are the help.
#![allow(
    clippy::doc_markdown,
    reason = "people read these texts in a terminal, without markdown"
)]

use clap::{Args, Subcommand};

use crate::args::Format;

#[derive(Debug, Subcommand)]
pub(crate) enum Images {
    /// Build docker images; those that nothing has changed for are skipped
    Build(Box<Build>),
    /// Pull images from the Docker registry
    Pull(Transfer),
    /// Push images to the Docker registry
    Push(Transfer),
    /// Print tag associated to a Docker image
    Printtag {
        /// Names of images; `all` for all that are built
        #[arg(value_name = "IMAGE")]
        names: Vec<String>,
    },
}

#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub(crate) struct Build {
    /// Names of images; `all` for all of them
    #[arg(value_name = "IMAGE")]
    pub(crate) names: Vec<String>,
    /// Do not use cache when building the image
    #[arg(long)]
    pub(crate) no_cache: bool,
    /// Do not use registry cache when building the image
    #[arg(long)]
    pub(crate) no_registry_cache: bool,
    /// Push the build cache to the remote registry. You should only enable this option if you have push rights to the
    /// remote registry
    #[arg(long)]
    pub(crate) cache_to_registry: bool,
    /// Same as `docker build --output=...`
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "type=docker",
        hide_default_value = true
    )]
    pub(crate) output: String,
    /// Set build-time docker ARGS in the form 'myarg=value' (can be used multiple times)
    #[arg(
        short = 'a',
        long = "build-arg",
        value_name = "TEXT",
        allow_hyphen_values = true
    )]
    pub(crate) arguments: Vec<String>,
    /// Set a custom host-to-IP mapping (host:ip) (can be used multiple times)
    #[arg(long = "add-host", value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) add_hosts: Vec<String>,
    /// Set the target build stage to build
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) target: Option<String>,
    /// Set extra options for docker build command (can be used multiple times)
    #[arg(
        short = 'd',
        long = "docker-arg",
        value_name = "TEXT",
        allow_hyphen_values = true
    )]
    pub(crate) docker_args: Vec<String>,
    /// Build also what nothing has changed for
    #[arg(long)]
    pub(crate) force: bool,
    /// Tell what would be built, and why; nothing is built. With --format json, as `docker buildx bake` reads it
    #[arg(long)]
    pub(crate) plan: bool,
    /// Do not look whether base images in registries, Git references and URLs have moved: they are what they were
    #[arg(long)]
    pub(crate) offline: bool,
    /// Pull an image that was built elsewhere from the very same, instead of building it
    #[arg(long)]
    pub(crate) pull_unchanged: bool,
    /// How many images are built at a time
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) jobs: usize,
    /// Go on with other images when one fails
    #[arg(long)]
    pub(crate) keep_going: bool,
    /// How to tell what happens; json is one object a line
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

#[derive(Args, Debug)]
pub(crate) struct Transfer {
    /// Names of images; `all` for all of them
    #[arg(value_name = "IMAGE")]
    pub(crate) names: Vec<String>,
    /// Go on with other images when one fails
    #[arg(long)]
    pub(crate) keep_going: bool,
}
