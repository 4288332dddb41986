//! The ten real plugins of the Tutor 13 era, as they are on the package index: with Tutor 13.3.1's templates they render the same
//! bytes in both programs.
//!
//! The judge is Tutor 13.3.1, not 22.0.3, so what changed between them is none of our business here: the settings are
//! ASCII, since 13 escapes everything else in `config.yml`, and lists of them have no templates in them, since 13
//! does not render these.

mod commands;
mod order;
mod saves;
mod sets;
mod warm;
