//! Platforms, and the arguments that every build has because of them.

/// What a platform is called in Dockerfiles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::images) struct Platform {
    /// `linux`
    pub os: String,
    /// `amd64`
    pub architecture: String,
    /// `v8`, or nothing.
    pub variant: String,
}

impl Platform {
    /// Reads `os/architecture/variant`.
    pub(in crate::images) fn parse(text: &str) -> Self {
        let mut parts = text.split('/').map(str::to_owned);
        let mut next = || parts.next().unwrap_or_default();
        Self {
            os: next(),
            architecture: next(),
            variant: next(),
        }
    }
}

impl std::fmt::Display for Platform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.os, self.architecture)?;
        if !self.variant.is_empty() {
            write!(f, "/{}", self.variant)?;
        }
        Ok(())
    }
}

/// The arguments that say what a platform is.
pub(super) fn platform_arguments(prefix: &str, platform: &Platform) -> [(String, String); 4] {
    [
        (format!("{prefix}PLATFORM"), platform.to_string()),
        (format!("{prefix}OS"), platform.os.clone()),
        (format!("{prefix}ARCH"), platform.architecture.clone()),
        (format!("{prefix}VARIANT"), platform.variant.clone()),
    ]
}
