//! What can go wrong, and what to do about it.

use std::fmt;
use std::path::PathBuf;

/// A problem. Its text is one line; [`Error::hint`] says what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// Nobody answers at the engine's address.
    NotRunning {
        /// The address.
        endpoint: String,
        /// What the system said.
        reason: String,
    },
    /// The engine's socket is somebody else's.
    NoPermission {
        /// The socket.
        socket: PathBuf,
    },
    /// The engine lacks what is needed.
    TooOld {
        /// Its version.
        version: String,
        /// What it lacks.
        lacks: String,
    },
    /// The configuration says something that cannot be followed.
    Configuration {
        /// The file or variable.
        source: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The engine's disk is full.
    DiskFull {
        /// What the engine said.
        message: String,
    },
    /// The folder of the build's context cannot be read.
    Unreadable {
        /// The path.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// There is no Dockerfile.
    NoDockerfile {
        /// Where it was expected.
        path: PathBuf,
    },
    /// The Dockerfile does not parse.
    Dockerfile {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: Option<u32>,
        /// What is wrong with it.
        message: String,
    },
    /// A step of a build failed.
    Step(Box<FailedStep>),
    /// A name of an image that is none.
    InvalidReference {
        /// The name.
        text: String,
        /// The rule that it breaks.
        reason: String,
    },
    /// Something is not there: an image, a target stage.
    NotFound {
        /// What.
        what: String,
        /// What was said about it.
        message: String,
    },
    /// A registry wants to know who asks.
    CredentialsNeeded {
        /// Its name.
        registry: String,
    },
    /// A registry does not take the credentials.
    CredentialsRefused {
        /// Its name.
        registry: String,
        /// The account.
        user: String,
    },
    /// A registry refuses for another reason.
    Refused {
        /// Its name.
        registry: String,
        /// What it said.
        message: String,
    },
    /// A registry cannot be reached, or the connection broke.
    Unreachable {
        /// Its name.
        registry: String,
        /// What happened.
        reason: String,
    },
    /// A program that holds credentials failed.
    Helper {
        /// The program.
        program: String,
        /// What it said.
        message: String,
    },
    /// The `docker` command or its buildx plugin is missing, and something needs it.
    NoBuildx {
        /// What needs it.
        needed_for: String,
        /// What is missing.
        reason: String,
    },
    /// It was cancelled.
    Cancelled,
    /// Anything else, in the engine's words.
    Other {
        /// What was tried.
        what: String,
        /// What was said.
        message: String,
    },
}

/// A step that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedStep {
    /// The step, as BuildKit names it.
    pub name: String,
    /// Why it failed.
    pub message: String,
    /// The last lines that it printed.
    pub log: Vec<String>,
    /// The Dockerfile.
    pub dockerfile: PathBuf,
    /// The line of the Dockerfile, counted from 1.
    pub line: Option<u32>,
}

/// What to do if the engine's disk is full.
const DISK_HINT: &str = "make room in the engine: `docker system df` shows what takes it, `docker builder prune` and `docker image prune` free it";

impl FailedStep {
    /// Whether its log says that the disk is full: then it is the engine's, wherever the step wrote.
    fn ran_out_of_space(&self) -> bool {
        let says_so = |line: &String| line.to_lowercase().contains("no space left on device");
        self.log.iter().any(says_so)
    }
}

impl Error {
    /// Something failed that has no kind of its own.
    pub(crate) fn failed(what: &str, message: impl fmt::Display) -> Self {
        Self::Other {
            what: what.to_owned(),
            message: one_line(&message.to_string()),
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::NotRunning { endpoint, .. } if endpoint.starts_with("unix:") => {
                "start Docker (`systemctl start docker`, Docker Desktop, or `systemctl --user start docker`), or say with DOCKER_HOST where it is".to_owned()
            }
            Self::NotRunning { .. } => {
                "check DOCKER_HOST and `docker context ls`, and that the engine runs there".to_owned()
            }
            Self::NoPermission { .. } => {
                "add yourself to the group docker (`sudo usermod -aG docker $USER`) and log in again".to_owned()
            }
            Self::TooOld { .. } => "update Docker".to_owned(),
            Self::Configuration { source, .. } => format!("correct {source}"),
            Self::DiskFull { .. } => DISK_HINT.to_owned(),
            Self::Unreadable { path, .. } => format!("make {} readable", path.display()),
            Self::NoDockerfile { path } => format!("create {}", path.display()),
            Self::Dockerfile { path, line: Some(line), .. } => {
                format!("correct line {line} of {}", path.display())
            }
            Self::Dockerfile { path, line: None, .. } => format!("correct {}", path.display()),
            Self::InvalidReference { .. } => {
                "write it as [REGISTRY[:PORT]/]NAME[:TAG], the name in lower case".to_owned()
            }
            Self::NotFound { .. } => "check its name and tag; a private one needs `docker login`".to_owned(),
            Self::CredentialsNeeded { registry } | Self::CredentialsRefused { registry, .. } => {
                format!("run `docker login {registry}`")
            }
            Self::Refused { registry, .. } => {
                format!("check with whoever runs {registry} what you may do there")
            }
            Self::Unreachable { registry, .. } => {
                format!("check the network and the name {registry}, then try again")
            }
            Self::Helper { program, .. } => {
                format!("check {program}, or take it out of the client's config.json")
            }
            Self::NoBuildx { .. } => {
                "install it: Debian docker-buildx, Docker's own packages docker-buildx-plugin".to_owned()
            }
            Self::Step(step) if step.ran_out_of_space() => DISK_HINT.to_owned(),
            Self::Step(_) | Self::Cancelled | Self::Other { .. } => return None,
        })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotRunning { endpoint, reason } => {
                write!(f, "no Docker engine answers at {endpoint}: {reason}")
            }
            Self::NoPermission { socket } => {
                write!(
                    f,
                    "no permission to use Docker's socket {}",
                    socket.display()
                )
            }
            Self::TooOld { version, lacks } => {
                write!(
                    f,
                    "the Docker engine {version} is too old: it lacks {lacks}"
                )
            }
            Self::Configuration { source, reason } => write!(f, "{source}: {reason}"),
            Self::DiskFull { message } => write!(f, "the Docker engine's disk is full: {message}"),
            Self::Unreadable { path, reason } => {
                write!(f, "cannot read {}: {reason}", path.display())
            }
            Self::NoDockerfile { path } => write!(f, "there is no {}", path.display()),
            Self::Dockerfile {
                path,
                line,
                message,
            } => {
                write!(f, "{}", path.display())?;
                if let Some(line) = line {
                    write!(f, ":{line}")?;
                }
                write!(f, ": {message}")
            }
            Self::Step(step) => write!(f, "{} failed: {}", step.name, step.message),
            Self::InvalidReference { text, reason } => {
                write!(f, "{text:?} is no valid name of an image: {reason}")
            }
            Self::NotFound { what, message } => write!(f, "there is no {what}: {message}"),
            Self::CredentialsNeeded { registry } => write!(f, "{registry} asks for credentials"),
            Self::CredentialsRefused { registry, user } => {
                write!(f, "{registry} does not accept the credentials of {user}")
            }
            Self::Refused { registry, message } => write!(f, "{registry} refuses: {message}"),
            Self::Unreachable { registry, reason } => {
                write!(f, "no connection to {registry}: {reason}")
            }
            Self::Helper { program, message } => write!(f, "{program} failed: {message}"),
            Self::NoBuildx { needed_for, reason } => {
                write!(f, "{needed_for} needs `docker buildx`: {reason}")
            }
            Self::Cancelled => f.write_str("cancelled"),
            Self::Other { what, message } => write!(f, "cannot {what}: {message}"),
        }
    }
}

impl std::error::Error for Error {}

/// `text` without line breaks.
pub(crate) fn one_line(text: &str) -> String {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("; ")
}
