//! Names and versions.

/// The version of Tutor that we are compatible with: what `TUTOR_VERSION` is in templates.
pub const TUTOR_VERSION: &str = "22.0.3";

/// The first two numbers of [`TUTOR_VERSION`].
pub const TUTOR_VERSION_MAJOR: i64 = 22;

/// See [`TUTOR_VERSION_MAJOR`].
pub const TUTOR_VERSION_MINOR: i64 = 0;

/// Our own version.
pub const ENGINE_VERSION: &str = env!("CARGO_PKG_VERSION");

/// What `--version` shows: the version of Tutor, with our own beside it.
pub const FULL_VERSION: &str = concat!("22.0.3 (engine ", env!("CARGO_PKG_VERSION"), ")");
