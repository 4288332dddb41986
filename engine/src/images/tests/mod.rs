//! Decisions about images, with real files and a Docker that is a few maps.

mod fake;
mod matrix;
mod running;
