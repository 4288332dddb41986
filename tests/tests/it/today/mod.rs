//! The six real plugins of today, as they are on the package index, with the Tutor that they are for: both programs
//! write the same bytes, whatever is set, mounted, overridden or changed between saves.

mod random;
mod saves;
mod sets;
mod warm;
