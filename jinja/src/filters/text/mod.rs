//! Text algorithms behind the filters, on plain strings.
//!
//! They know Python's `re`, `textwrap`, `html`, `urllib.parse` and `pprint` rules, and nothing of templates.

pub(super) mod chars;
mod entities;
pub(super) mod html;
pub(super) mod links;
pub(super) mod number;
pub(super) mod pretty;
pub(super) mod url;
pub(super) mod wrap;
