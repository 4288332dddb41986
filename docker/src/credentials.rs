//! Who we are to a registry: what `docker login` left in the client's configuration.
//!
//! `config.json` holds secrets itself (`auths`), or names programs that do, for
//! all registries (`credsStore`) or for one (`credHelpers`). A program is asked
//! when its answer is needed, and not before.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use crate::environment::Environment;
use crate::error::{Error, one_line};
use crate::reference::DEFAULT_REGISTRY;

/// What Docker Hub is called where credentials are kept.
const HUB: &str = "https://index.docker.io/v1/";

/// What a program says if it knows nothing of a registry.
const UNKNOWN_TO_HELPER: &str = "credentials not found";

/// An account at a registry.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// The account; empty if there is a token in place of it.
    pub user: String,
    /// The password, or the token that stands for account and password.
    pub secret: String,
}

impl Login {
    /// Whether the secret is a token that stands for account and password.
    pub fn is_token(&self) -> bool {
        self.user.is_empty()
    }
}

/// Without the secret.
impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login")
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

/// The client's configuration, as far as it is about credentials.
#[derive(Clone, Default)]
pub struct Credentials {
    environment: Environment,
    file: PathBuf,
    config: Config,
}

/// Without what is kept.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("file", &self.file)
            .finish_non_exhaustive()
    }
}

#[derive(Deserialize, Default, Clone)]
#[serde(default)]
struct Config {
    auths: BTreeMap<String, Auth>,
    #[serde(rename = "credsStore")]
    store: String,
    #[serde(rename = "credHelpers")]
    helpers: BTreeMap<String, String>,
}

#[derive(Deserialize, Default, Clone)]
#[serde(default)]
struct Auth {
    auth: String,
    username: String,
    password: String,
    identitytoken: String,
}

/// What a program answers.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    #[serde(default)]
    username: String,
    #[serde(default)]
    secret: String,
}

impl Credentials {
    /// Reads the client's configuration; that there is none is fine.
    pub fn load(environment: &Environment) -> Result<Self, Error> {
        let Some(folder) = environment.config_folder() else {
            return Ok(Self::default());
        };
        let file = folder.join("config.json");
        let wrong = |reason: String| Error::Configuration {
            source: file.display().to_string(),
            reason,
        };
        let config = match std::fs::read(&file) {
            Ok(text) => serde_json::from_slice(&text).map_err(|error| {
                // The message of a type error would show the value.
                wrong(format!(
                    "line {}: this is not what Docker writes",
                    error.line()
                ))
            })?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Config::default(),
            Err(error) => return Err(wrong(error.to_string())),
        };
        Ok(Self {
            environment: environment.clone(),
            file,
            config,
        })
    }

    /// The account at `registry` (`docker.io`, `localhost:5000`), if there is one.
    pub fn login(&self, registry: &str) -> Result<Option<Login>, Error> {
        let registry = host_of(registry);
        let helper = self
            .config
            .helpers
            .iter()
            .find(|(key, _)| host_of(key) == registry);
        if let Some((key, program)) = helper {
            return self.ask(program, key);
        }
        if !self.config.store.is_empty() {
            let key = if registry == DEFAULT_REGISTRY {
                HUB
            } else {
                registry
            };
            if let Some(login) = self.ask(&self.config.store, key)? {
                return Ok(Some(login));
            }
        }
        let mut kept = self.config.auths.iter();
        let Some((key, auth)) = kept.find(|(key, _)| host_of(key) == registry) else {
            return Ok(None);
        };
        self.kept(key, auth)
    }

    fn kept(&self, key: &str, auth: &Auth) -> Result<Option<Login>, Error> {
        if !auth.identitytoken.is_empty() {
            return Ok(Some(Login {
                user: String::new(),
                secret: auth.identitytoken.clone(),
            }));
        }
        if auth.auth.is_empty() {
            return Ok((!auth.username.is_empty()).then(|| Login {
                user: auth.username.clone(),
                secret: auth.password.clone(),
            }));
        }
        let decoded = STANDARD.decode(auth.auth.trim()).ok();
        let text = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
        let Some((user, secret)) = text.as_deref().and_then(|text| text.split_once(':')) else {
            return Err(Error::Configuration {
                source: self.file.display().to_string(),
                reason: format!("the entry `auth` of {key} is not base64 of USER:PASSWORD"),
            });
        };
        Ok(Some(Login {
            user: user.to_owned(),
            secret: secret.trim_end_matches('\0').to_owned(),
        }))
    }

    /// Asks the program `docker-credential-NAME` what it has for `key`.
    fn ask(&self, name: &str, key: &str) -> Result<Option<Login>, Error> {
        let program = format!("docker-credential-{name}");
        let failed = |message: String| Error::Helper {
            program: program.clone(),
            message: one_line(&message),
        };
        // The name comes from a file; it must not lead to anywhere but a folder of PATH.
        let found = if name.contains('/') {
            None
        } else {
            self.environment.program(&program)
        };
        let path = found.ok_or_else(|| {
            failed(format!(
                "{} names it, but it is not in PATH",
                self.file.display()
            ))
        })?;
        let mut command = Command::new(path);
        self.environment.apply(&mut command);
        let mut child = command
            .arg("get")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| failed(error.to_string()))?;
        if let Some(mut input) = child.stdin.take() {
            // A program that does not read what it is asked says why on its own.
            let _ = input.write_all(key.as_bytes());
        }
        let output = child
            .wait_with_output()
            .map_err(|error| failed(error.to_string()))?;
        if !output.status.success() {
            // Programs say that on either of the two. Nothing else that they print on their
            // output is shown: it could be a secret.
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
            if said.contains(UNKNOWN_TO_HELPER) || complaint.contains(UNKNOWN_TO_HELPER) {
                return Ok(None);
            }
            return Err(failed(format!("{}: {complaint}", output.status)));
        }
        let answer: Answer = serde_json::from_slice(&output.stdout)
            .map_err(|error| failed(format!("its answer is no JSON (line {})", error.line())))?;
        if answer.secret.is_empty() && answer.username.is_empty() {
            return Ok(None);
        }
        let user = match answer.username.as_str() {
            "<token>" => String::new(),
            _ => answer.username,
        };
        Ok(Some(Login {
            user,
            secret: answer.secret,
        }))
    }
}

/// The registry that a key of the configuration means: Docker has written URLs, hosts, and
/// Docker Hub under several names.
fn host_of(key: &str) -> &str {
    let key = key
        .strip_prefix("https://")
        .or_else(|| key.strip_prefix("http://"))
        .unwrap_or(key);
    let host = key.split('/').next().unwrap_or(key);
    match host {
        "index.docker.io" | "registry-1.docker.io" => DEFAULT_REGISTRY,
        host => host,
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::Path;

    use super::*;

    fn load(home: &Path, config: &str) -> Result<Credentials, Error> {
        std::fs::create_dir_all(home.join(".docker")).unwrap();
        std::fs::write(home.join(".docker/config.json"), config).unwrap();
        let path = format!("{}:/usr/bin:/bin", home.display());
        let environment = Environment::new([("PATH", path)], Some(home.to_path_buf()));
        Credentials::load(&environment)
    }

    fn helper(home: &Path, name: &str, script: &str) {
        let file = home.join(format!("docker-credential-{name}"));
        std::fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn login(user: &str, secret: &str) -> Option<Login> {
        Some(Login {
            user: user.to_owned(),
            secret: secret.to_owned(),
        })
    }

    #[test]
    fn what_the_configuration_keeps_is_found_under_every_name_of_a_registry() {
        let home = tempfile::tempdir().unwrap();
        let encoded = STANDARD.encode("me:se:cret");
        let config = format!(
            r#"{{"auths":{{"https://index.docker.io/v1/":{{"auth":"{encoded}"}},
                "https://r.example:5000/v2/":{{"username":"u","password":"p"}},
                "t.example":{{"identitytoken":"tok"}}, "e.example":{{}}}}}}"#
        );
        let credentials = load(home.path(), &config).unwrap();
        assert_eq!(
            credentials.login("docker.io").unwrap(),
            login("me", "se:cret")
        );
        assert_eq!(
            credentials.login("registry-1.docker.io").unwrap(),
            login("me", "se:cret")
        );
        assert_eq!(
            credentials.login("r.example:5000").unwrap(),
            login("u", "p")
        );
        assert_eq!(credentials.login("t.example").unwrap(), login("", "tok"));
        assert_eq!(credentials.login("e.example").unwrap(), None);
        assert_eq!(credentials.login("other").unwrap(), None);
    }

    #[test]
    fn programs_are_asked_with_the_registry_on_their_input() {
        let home = tempfile::tempdir().unwrap();
        helper(
            home.path(),
            "one",
            r#"read -r r || true; [ "$1" = get ] || exit 9; echo "{\"ServerURL\":\"$r\",\"Username\":\"$r\",\"Secret\":\"s\"}""#,
        );
        helper(
            home.path(),
            "all",
            r#"read -r r || true; case $r in https://index.docker.io/v1/) echo '{"Username":"<token>","Secret":"t"}';; *) echo "credentials not found in native keychain"; exit 1;; esac"#,
        );
        let config = r#"{"credsStore":"all","credHelpers":{"r.example":"one"},"auths":{"kept.example":{"username":"k","password":"p"}}}"#;
        let credentials = load(home.path(), config).unwrap();
        assert_eq!(
            credentials.login("r.example").unwrap(),
            login("r.example", "s")
        );
        assert_eq!(credentials.login("docker.io").unwrap(), login("", "t"));
        assert_eq!(credentials.login("other.example").unwrap(), None);
        assert_eq!(credentials.login("kept.example").unwrap(), login("k", "p"));
    }

    #[test]
    fn a_program_that_fails_or_is_missing_is_named_and_its_output_is_not_shown() {
        let home = tempfile::tempdir().unwrap();
        helper(home.path(), "bad", "echo hunter2; echo locked >&2; exit 1");
        let config = r#"{"credHelpers":{"a":"bad","b":"none","c":"../x"}}"#;
        let credentials = load(home.path(), config).unwrap();
        let text = credentials.login("a").unwrap_err().to_string();
        assert!(
            text.contains("docker-credential-bad") && text.contains("locked"),
            "{text}"
        );
        assert!(!text.contains("hunter2"), "{text}");
        for registry in ["b", "c"] {
            let text = credentials.login(registry).unwrap_err().to_string();
            assert!(text.contains("not in PATH"), "{text}");
        }
    }

    #[test]
    fn a_broken_configuration_is_told_without_its_values() {
        let home = tempfile::tempdir().unwrap();
        let error = load(home.path(), r#"{"auths":{"x":{"auth":["hunter2"]}}}"#).unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("config.json") && !text.contains("hunter2"),
            "{text}"
        );
        let credentials = load(home.path(), r#"{"auths":{"x":{"auth":"aHVudGVyMg=="}}}"#).unwrap();
        let text = credentials.login("x").unwrap_err().to_string();
        assert!(
            text.contains("USER:PASSWORD") && !text.contains("hunter2"),
            "{text}"
        );
    }

    #[test]
    fn secrets_are_not_in_debug_output() {
        let shown = format!("{:?}", login("u", "hunter2"));
        assert!(!shown.contains("hunter2"));
    }
}
