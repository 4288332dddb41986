//! Decisions about images, with real files and a Docker that is a few maps.

#![expect(
    clippy::disallowed_methods,
    reason = "a build looks at real files; they are made by hand here"
)]

mod fake;
mod matrix;
mod running;
