//! How much is measured.

use std::time::Duration;

use clap::Args;

/// How long stamps of files take to settle, and more.
pub(crate) const SETTLED: Duration = Duration::from_millis(50);

/// Sizes and numbers of runs.
#[derive(Args)]
pub(crate) struct Plan {
    /// Numbers of generated plugins to compare the two programs with
    #[arg(long, value_delimiter = ',', default_values_t = [0, 10, 100, 1000])]
    pub(crate) plugins: Vec<usize>,
    /// Runs of ours for each figure; real Tutor runs a fifth as often, three times at least (once with 1,000 plugins)
    #[arg(long, default_value_t = 25, value_parser = at_least_one)]
    pub(crate) runs: usize,
    /// Numbers of plugins to measure a watch with
    #[arg(long, value_delimiter = ',', default_values_t = [0, 1000])]
    pub(crate) watch_plugins: Vec<usize>,
    /// Edits beside a watch, for each number of plugins
    #[arg(long, default_value_t = 1000, value_parser = at_least_one)]
    pub(crate) edits: usize,
    /// Edits beside the first of these watches, to see that its memory stays flat
    #[arg(long, default_value_t = 10_000, value_parser = at_least_one)]
    pub(crate) long_edits: usize,
    /// Numbers of plugins to measure ours with alone
    #[arg(long, value_delimiter = ',', default_values_t = [0, 10, 100, 1000, 3000, 10_000])]
    pub(crate) scale_plugins: Vec<usize>,
    /// Numbers of template files to measure ours with alone
    #[arg(long, value_delimiter = ',', default_values_t = [1, 10, 100, 1000, 5000])]
    pub(crate) scale_templates: Vec<usize>,
    /// Numbers of images to measure skipping with
    #[arg(long, value_delimiter = ',', default_values_t = [1, 10, 12, 100])]
    pub(crate) images: Vec<usize>,
    /// Files of a large build context
    #[arg(long, default_value_t = 10_000)]
    pub(crate) context_files: usize,
    /// Their bytes together
    #[arg(long, default_value_t = 500_000_000)]
    pub(crate) context_bytes: usize,
    /// Only see whether all of this works: tiny sizes, one run each, and the report goes to a new temporary folder
    #[arg(long)]
    pub(crate) smoke: bool,
}

fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err(String::from("one at least")),
        Ok(number) => Ok(number),
        Err(error) => Err(format!("{error}")),
    }
}

impl Plan {
    /// The sizes of a smoke run if it is one: little enough for every change; they measure nothing worth a look.
    pub(crate) fn settled(self) -> Self {
        if !self.smoke {
            return self;
        }
        Self {
            plugins: vec![0, 2],
            runs: 1,
            watch_plugins: vec![0, 2],
            edits: 5,
            long_edits: 10,
            scale_plugins: vec![1, 2],
            scale_templates: vec![1, 2],
            images: vec![1, 2],
            context_files: 10,
            context_bytes: 1000,
            smoke: true,
        }
    }

    /// How often ours runs for one figure of the scale.
    pub(crate) fn scale_runs(&self) -> usize {
        (self.runs / 3).max(3).min(self.runs)
    }

    /// How often real Tutor runs for one figure: with a thousand plugins it takes more than a minute each time.
    pub(crate) fn real_runs(&self, plugins: usize) -> usize {
        if self.smoke || plugins >= 1000 {
            1
        } else {
            (self.runs / 5).max(3)
        }
    }
}
