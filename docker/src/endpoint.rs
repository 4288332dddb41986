//! Where the engine is: `DOCKER_HOST`, Docker's contexts, or a well-known socket.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::environment::Environment;
use crate::error::Error;

/// The socket of an engine that runs as root.
const SOCKET: &str = "/var/run/docker.sock";

/// An engine's address, and who said so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    pub(crate) address: Address,
    origin: Origin,
}

/// Who said where the engine is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nobody: it is a well-known socket.
    WellKnown,
    /// The variable `DOCKER_HOST`.
    Variable,
    /// A context of Docker's client.
    Context(String),
}

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
    fn of(folder: &Path, verify: bool) -> Self {
        let file = |name| Some(folder.join(name)).filter(|path: &PathBuf| path.is_file());
        Self {
            ca: file("ca.pem"),
            cert: file("cert.pem"),
            key: file("key.pem"),
            verify,
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.address {
            Address::Unix(path) => write!(f, "unix://{}", path.display()),
            Address::Tcp { host, port } | Address::Tls { host, port, .. } => {
                write!(f, "tcp://{host}:{port}")
            }
            Address::Ssh { destination, port } => {
                write!(f, "ssh://{destination}")?;
                port.map_or(Ok(()), |port| write!(f, ":{port}"))
            }
        }
    }
}

/// What Docker's client keeps of a context.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Meta {
    endpoints: std::collections::BTreeMap<String, MetaEndpoint>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct MetaEndpoint {
    host: Option<String>,
    #[serde(default, rename = "SkipTLSVerify")]
    skip_tls_verify: bool,
}

#[derive(Deserialize, Default)]
struct ClientConfig {
    #[serde(default, rename = "currentContext")]
    current_context: String,
}

impl Endpoint {
    /// The engine that Docker's own client would talk to. If nobody says which and the usual
    /// socket is not there, those of a rootless Docker and of Podman are tried.
    pub fn find(environment: &Environment) -> Result<Self, Error> {
        if let Some(host) = environment.get("DOCKER_HOST") {
            return Self::of_variable(host, environment);
        }
        let named = match environment.get("DOCKER_CONTEXT") {
            Some(name) => Some(("the variable DOCKER_CONTEXT".to_owned(), name.to_owned())),
            None => current_context(environment)?,
        };
        match named {
            Some((source, name)) if name != "default" => {
                Self::of_context(&source, name, environment)
            }
            _ => Ok(Self::well_known(environment)),
        }
    }

    /// Who said that the engine is there.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    fn of_variable(host: &str, environment: &Environment) -> Result<Self, Error> {
        let verify = environment.get("DOCKER_TLS_VERIFY").is_some();
        let tls = (verify || environment.get("DOCKER_TLS").is_some()).then(|| {
            let folder = environment
                .get("DOCKER_CERT_PATH")
                .map(PathBuf::from)
                .or_else(|| environment.config_folder());
            let files = folder.map(|folder| TlsFiles::of(&folder, verify));
            files.unwrap_or(TlsFiles {
                verify,
                ..TlsFiles::default()
            })
        });
        Ok(Self {
            address: parse(host, tls).map_err(|reason| Error::Configuration {
                source: "the variable DOCKER_HOST".to_owned(),
                reason,
            })?,
            origin: Origin::Variable,
        })
    }

    fn of_context(source: &str, name: String, environment: &Environment) -> Result<Self, Error> {
        let wrong = |source: String, reason: String| Error::Configuration { source, reason };
        let folder = environment.config_folder().ok_or_else(|| {
            wrong(
                source.to_owned(),
                format!("it names the context {name:?}, but there is no home folder to look for contexts in"),
            )
        })?;
        let id = hex(&Sha256::digest(name.as_bytes()));
        let file = folder.join("contexts/meta").join(&id).join("meta.json");
        let text = std::fs::read(&file).map_err(|_| {
            wrong(
                source.to_owned(),
                format!("there is no Docker context {name:?}: `docker context ls` lists them"),
            )
        })?;
        let at = file.display().to_string();
        let meta: Meta =
            serde_json::from_slice(&text).map_err(|error| wrong(at.clone(), error.to_string()))?;
        let endpoint = meta.endpoints.get("docker");
        let Some((host, endpoint)) = endpoint.and_then(|e| Some((e.host.as_deref()?, e))) else {
            return Err(wrong(at, format!("the context {name:?} has no engine")));
        };
        let certificates = folder.join("contexts/tls").join(&id).join("docker");
        let files = TlsFiles::of(&certificates, !endpoint.skip_tls_verify);
        let has_tls = files.ca.is_some() || files.cert.is_some() || endpoint.skip_tls_verify;
        let address = parse(host, has_tls.then_some(files)).map_err(|reason| wrong(at, reason))?;
        Ok(Self {
            address,
            origin: Origin::Context(name),
        })
    }

    fn well_known(environment: &Environment) -> Self {
        let usual = PathBuf::from(SOCKET);
        let socket = if is_there(&usual) {
            usual
        } else {
            let of_user = environment.get("XDG_RUNTIME_DIR").map(PathBuf::from);
            let candidates = [
                of_user.as_ref().map(|folder| folder.join("docker.sock")),
                environment
                    .home()
                    .map(|home| home.join(".docker/run/docker.sock")),
                of_user
                    .as_ref()
                    .map(|folder| folder.join("podman/podman.sock")),
                Some(PathBuf::from("/run/podman/podman.sock")),
            ];
            let found = candidates.into_iter().flatten().find(|path| is_there(path));
            found.unwrap_or(usual)
        };
        Self {
            address: Address::Unix(socket),
            origin: Origin::WellKnown,
        }
    }
}

/// Whether something is at `path`; a folder that may not be looked into counts as a yes.
fn is_there(path: &Path) -> bool {
    match path.symlink_metadata() {
        Ok(_) => true,
        Err(error) => error.kind() == std::io::ErrorKind::PermissionDenied,
    }
}

fn current_context(environment: &Environment) -> Result<Option<(String, String)>, Error> {
    let Some(folder) = environment.config_folder() else {
        return Ok(None);
    };
    let file = folder.join("config.json");
    let Ok(text) = std::fs::read(&file) else {
        return Ok(None);
    };
    let config: ClientConfig =
        serde_json::from_slice(&text).map_err(|error| Error::Configuration {
            source: file.display().to_string(),
            reason: error.to_string(),
        })?;
    let name = config.current_context;
    Ok((!name.is_empty()).then(|| (file.display().to_string(), name)))
}

fn parse(host: &str, tls: Option<TlsFiles>) -> Result<Address, String> {
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
            Ok(Address::Ssh {
                destination: destination.to_owned(),
                port,
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

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(variables: &[(&str, &str)], home: &Path) -> Result<Endpoint, Error> {
        Endpoint::find(&Environment::new(
            variables.iter().copied(),
            Some(home.to_path_buf()),
        ))
    }

    #[test]
    fn the_variable_is_read_as_docker_reads_it() {
        let home = tempfile::tempdir().unwrap();
        for (host, expected) in [
            ("unix:///x/y.sock", "unix:///x/y.sock"),
            ("unix://", "unix:///var/run/docker.sock"),
            ("tcp://h", "tcp://h:2375"),
            ("tcp://h:1", "tcp://h:1"),
            ("h:1", "tcp://h:1"),
            ("tcp://[::1]:7", "tcp://[::1]:7"),
            ("tcp://", "tcp://localhost:2375"),
            ("ssh://me@h", "ssh://me@h"),
            ("ssh://me@h:22", "ssh://me@h:22"),
        ] {
            let found = find(&[("DOCKER_HOST", host)], home.path()).unwrap();
            assert_eq!(found.to_string(), expected);
            assert_eq!(found.origin(), &Origin::Variable);
        }
        for wrong in [
            "npipe:////x",
            "tcp://h:x",
            "ssh://",
            "ssh://-oProxyCommand=x",
            "tcp://h/x",
        ] {
            let error = find(&[("DOCKER_HOST", wrong)], home.path()).unwrap_err();
            assert!(error.to_string().contains("DOCKER_HOST"), "{error}");
        }
    }

    #[test]
    fn tls_variables_change_port_and_certificates() {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("ca.pem"), "").unwrap();
        let folder = home.path().to_str().unwrap();
        let found = find(
            &[
                ("DOCKER_HOST", "tcp://h"),
                ("DOCKER_TLS_VERIFY", "1"),
                ("DOCKER_CERT_PATH", folder),
            ],
            home.path(),
        )
        .unwrap();
        let Address::Tls { port, files, .. } = found.address else {
            panic!("no TLS");
        };
        assert_eq!(port, 2376);
        assert_eq!(files.ca, Some(home.path().join("ca.pem")));
        assert_eq!(files.cert, None);
        assert!(files.verify);
    }

    fn write_context(home: &Path, name: &str, meta: &str) {
        let id = hex(&Sha256::digest(name.as_bytes()));
        let folder = home.join(".docker/contexts/meta").join(id);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("meta.json"), meta).unwrap();
    }

    #[test]
    fn contexts_come_from_the_variable_or_the_configuration_and_the_host_wins() {
        let home = tempfile::tempdir().unwrap();
        let meta = |host: &str| {
            format!(
                r#"{{"Name":"x","Metadata":{{}},"Endpoints":{{"docker":{{"Host":"{host}","SkipTLSVerify":false}}}}}}"#
            )
        };
        write_context(home.path(), "one", &meta("unix:///one.sock"));
        write_context(home.path(), "two", &meta("unix:///two.sock"));
        let config = home.path().join(".docker/config.json");
        std::fs::write(&config, r#"{"currentContext":"one"}"#).unwrap();
        assert_eq!(
            find(&[], home.path()).unwrap().to_string(),
            "unix:///one.sock"
        );
        let found = find(&[("DOCKER_CONTEXT", "two")], home.path()).unwrap();
        assert_eq!(found.to_string(), "unix:///two.sock");
        assert_eq!(found.origin(), &Origin::Context("two".to_owned()));
        let found = find(
            &[("DOCKER_CONTEXT", "two"), ("DOCKER_HOST", "unix:///h")],
            home.path(),
        );
        assert_eq!(found.unwrap().to_string(), "unix:///h");
        let found = find(&[("DOCKER_CONTEXT", "default")], home.path()).unwrap();
        assert_eq!(found.origin(), &Origin::WellKnown);
    }

    #[test]
    fn a_context_that_is_missing_or_broken_is_told() {
        let home = tempfile::tempdir().unwrap();
        write_context(home.path(), "broken", "{");
        write_context(home.path(), "empty", r#"{"Endpoints":{}}"#);
        let error = find(&[("DOCKER_CONTEXT", "none")], home.path()).unwrap_err();
        assert!(
            error.to_string().contains("no Docker context \"none\""),
            "{error}"
        );
        let error = find(&[("DOCKER_CONTEXT", "broken")], home.path()).unwrap_err();
        assert!(error.to_string().contains("meta.json"), "{error}");
        let error = find(&[("DOCKER_CONTEXT", "empty")], home.path()).unwrap_err();
        assert!(error.to_string().contains("has no engine"), "{error}");
    }
}
