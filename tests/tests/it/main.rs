//! Our binary from outside, beside real Tutor where real Tutor is the judge.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    clippy::format_push_string,
    reason = "a test program: it may fail loudly, print, and look at the real world"
)]

mod all_or_nothing;
mod bad_input;
mod conformance;
mod era;
mod house;
mod images;
mod jobs;
mod lab;
mod oracle;
mod python;
mod random;
mod today;
mod watch;
