//! The parts of the report, each measured by itself.

use clap::ValueEnum;

/// A part. In the order of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Part {
    /// Both programs, with generated plugins
    Tutor,
    /// Both programs, with Python plugins of API v0
    Python,
    /// Both programs, with Python plugins of API v1
    PythonV1,
    /// Images that are unchanged, beside Docker's builder
    Images,
    /// Watches
    Watch,
    /// Ours alone, with ever more of everything
    Scale,
}

impl Part {
    /// Its heading in the report.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Tutor => "Beside real Tutor",
            Self::Python => "Python plugins (API v0)",
            Self::PythonV1 => "Python plugins (API v1)",
            Self::Images => "Images",
            Self::Watch => "Watch",
            Self::Scale => "Scale",
        }
    }

    /// The part with this heading.
    pub(crate) fn titled(title: &str) -> Option<Self> {
        let all = Self::value_variants().iter();
        all.copied().find(|part| part.title() == title)
    }
}
