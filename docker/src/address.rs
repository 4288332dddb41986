//! Addresses of engines: `unix://`, `tcp://`, `ssh://`.

use std::path::{Path, PathBuf};

use crate::environment::Environment;

/// The socket of an engine that runs as root.
pub(crate) const SOCKET: &str = "/var/run/docker.sock";

/// A way to reach an engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Address {
    Unix(PathBuf),
    Tcp {
        host: String,
        port: u16,
    },
    Tls {
        host: String,
        port: u16,
        files: TlsFiles,
    },
    Ssh {
        destination: String,
        port: Option<u16>,
        /// The user's program.
        program: PathBuf,
    },
}

/// Certificates to talk to an engine with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct TlsFiles {
    pub(crate) ca: Option<PathBuf>,
    pub(crate) cert: Option<PathBuf>,
    pub(crate) key: Option<PathBuf>,
    /// Whether the engine's certificate is looked at.
    pub(crate) verify: bool,
}

impl TlsFiles {
    /// The files that are in `folder`, under Docker's names.
    pub(crate) fn of(folder: &Path, verify: bool) -> Self {
        let file = |name| Some(folder.join(name)).filter(|path: &PathBuf| path.is_file());
        Self {
            ca: file("ca.pem"),
            cert: file("cert.pem"),
            key: file("key.pem"),
            verify,
        }
    }
}

/// Takes an address apart, as `DOCKER_HOST` and contexts have it. Whether TLS is spoken is said
/// elsewhere, unless it is `https`.
pub(crate) fn parse(
    host: &str,
    tls: Option<TlsFiles>,
    environment: &Environment,
) -> Result<Address, String> {
    let (scheme, rest) = host.split_once("://").unwrap_or(("tcp", host));
    match scheme {
        "unix" if rest.is_empty() => Ok(Address::Unix(PathBuf::from(SOCKET))),
        "unix" => Ok(Address::Unix(PathBuf::from(rest))),
        "ssh" => {
            let rest = rest.trim_end_matches('/');
            if rest.contains('/') {
                return Err(format!("{host}: a path after the host is not understood"));
            }
            let (destination, port) = match rest.rsplit_once(':') {
                Some((destination, port)) if !rest.ends_with(']') => {
                    (destination, Some(port_number(host, port)?))
                }
                _ => (rest, None),
            };
            // What begins with a dash would be an option of ssh.
            if destination.is_empty() || destination.starts_with('-') {
                return Err(format!("{host}: a host is expected after ssh://"));
            }
            let program = environment.program("ssh");
            Ok(Address::Ssh {
                destination: destination.to_owned(),
                port,
                program: program.unwrap_or_else(|| PathBuf::from("ssh")),
            })
        }
        "tcp" | "http" | "https" => {
            let tls = if scheme == "https" {
                tls.or_else(|| {
                    Some(TlsFiles {
                        verify: true,
                        ..TlsFiles::default()
                    })
                })
            } else {
                tls
            };
            let rest = rest.trim_end_matches('/');
            let default_port = if tls.is_some() { 2376 } else { 2375 };
            let (name, port) = match rest.rsplit_once(':') {
                Some((name, port)) if !rest.ends_with(']') => (name, port_number(host, port)?),
                _ => (rest, default_port),
            };
            let name = if name.is_empty() { "localhost" } else { name };
            if name.contains('/') {
                return Err(format!("{host}: a path after the host is not understood"));
            }
            let name = name.to_owned();
            Ok(match tls {
                Some(files) => Address::Tls {
                    host: name,
                    port,
                    files,
                },
                None => Address::Tcp { host: name, port },
            })
        }
        _ => Err(format!("{host}: unix://, tcp:// or ssh:// is expected")),
    }
}

fn port_number(host: &str, port: &str) -> Result<u16, String> {
    port.parse()
        .map_err(|_| format!("{host}: {port:?} is no port"))
}
