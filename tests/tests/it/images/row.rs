//! A row of the matrix.

use super::Project;

/// What both do after a change.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Expected {
    /// Nothing: every step is cached, the image is the same, and ours says `unchanged`.
    Same,
    /// Something: ours builds, for a reason that has these words.
    Other(&'static str),
    /// BuildKit finds everything cached; ours has it build all the same, for a reason that has these words, since …
    Needless(&'static str, &'static str),
}

/// A row of the matrix: what changes, how (with further arguments of the command from then on), what both do.
pub(super) type Row = (&'static str, fn(&mut Project) -> Vec<String>, Expected);
