//! What engines and registries say when something fails, sorted into kinds of [`Error`].

use crate::error::{Error, one_line};

/// The kind of a message about `registry` and `what`, if it is a known one.
pub(crate) fn known(message: &str, registry: &str, what: &str) -> Option<Error> {
    let low = message.to_lowercase();
    let has = |texts: &[&str]| texts.iter().any(|text| low.contains(text));
    let registry = registry.to_owned();
    let message = one_line(message);
    if has(&["no space left on device", "disk quota exceeded"]) {
        return Some(Error::DiskFull { message });
    }
    // Docker Hub says one and the same of what is missing and of what is private.
    if has(&[
        "repository does not exist or may require",
        "manifest unknown",
        "manifest for ",
    ]) || (has(&["not found"]) && has(&["manifest", "docker.io", "repository", &registry]))
    {
        return Some(Error::NotFound {
            what: what.to_owned(),
            message,
        });
    }
    if has(&[
        "no basic auth credentials",
        "authentication required",
        "unauthorized",
        "401 ",
        "authorization failed",
        "incorrect username or password",
    ]) {
        return Some(Error::CredentialsNeeded { registry });
    }
    if has(&["denied", "403 ", "forbidden", "insufficient_scope"]) {
        return Some(Error::Refused { registry, message });
    }
    if has(&[
        "connection refused",
        "connection reset",
        "no such host",
        "i/o timeout",
        "tls handshake",
        "tls: ",
        "x509:",
        "unexpected eof",
        // What an engine says that goes on with a layer where the connection broke, in vain.
        "expected http 206",
        "network is unreachable",
        "no route to host",
        "server gave http response to https client",
        "temporary failure in name resolution",
        "server misbehaving",
        "client.timeout exceeded",
        "context deadline exceeded",
        ": eof",
        "broken pipe",
        "500 internal server error",
        "502 bad gateway",
        "503 service unavailable",
        "received unexpected http status",
    ]) {
        return Some(Error::Unreachable {
            registry,
            reason: message,
        });
    }
    None
}

/// The line that a message about a Dockerfile names.
pub(crate) fn dockerfile_line(message: &str) -> Option<u32> {
    let at = message.find("parse error")?;
    let rest = &message[at..];
    let digits = rest.find("line ").map(|at| &rest[at + 5..])?;
    let end = digits.find(|c: char| !c.is_ascii_digit())?;
    digits[..end].parse().ok()
}

/// Whether a message is about the text of a Dockerfile, not about a step of it.
pub(crate) fn is_about_dockerfile(message: &str) -> bool {
    [
        "dockerfile parse error",
        "Dockerfile parse error",
        "file with no instructions",
        "the Dockerfile cannot be empty",
        "failed to parse stage name",
        "invalid reference format",
        "no build stage in current context",
        "base name (",
        "circular dependency",
        "unknown instruction",
        "failed to process",
        "could not be found. Add it to the Dockerfile",
    ]
    .iter()
    .any(|text| message.contains(text))
}

/// A message without the words that every failed build begins with.
pub(crate) fn trimmed(message: &str) -> &str {
    let mut rest = message.trim();
    for prefix in [
        "ERROR: ",
        "failed to solve with frontend dockerfile.v0: ",
        "failed to solve: ",
        "rpc error: code = Unknown desc = ",
        "failed to create LLB definition: ",
        "failed to read dockerfile: ",
    ] {
        rest = rest.strip_prefix(prefix).unwrap_or(rest);
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_engines_have_their_kinds() {
        let kind = |message: &str| {
            known(message, "r:1", "image x").map(|error| {
                let text = format!("{error:?}");
                text.split([' ', '{']).next().unwrap_or_default().to_owned()
            })
        };
        for (message, expected) in [
            (
                "write /var/lib/docker/x: no space left on device",
                "DiskFull",
            ),
            (
                "manifest for r:1/x:latest not found: manifest unknown",
                "NotFound",
            ),
            (
                "pull access denied for x, repository does not exist or may require 'docker login'",
                "NotFound",
            ),
            (
                "Head \"http://r:1/v2/\": no basic auth credentials",
                "CredentialsNeeded",
            ),
            ("unauthorized: authentication required", "CredentialsNeeded"),
            (
                "denied: requested access to the resource is denied",
                "Refused",
            ),
            (
                "dial tcp 127.0.0.1:1: connect: connection refused",
                "Unreachable",
            ),
            (
                "failed to do request: Put \"http://r:1/v2\": EOF",
                "Unreachable",
            ),
            ("expected HTTP 206 from byte range request", "Unreachable"),
        ] {
            assert_eq!(kind(message).as_deref(), Some(expected), "{message}");
        }
        assert_eq!(kind("process \"/bin/sh -c false\" did not complete"), None);
    }

    #[test]
    fn the_line_of_a_parse_error_is_read_in_old_and_new_wording() {
        assert_eq!(
            dockerfile_line("dockerfile parse error line 3: unknown"),
            Some(3)
        );
        assert_eq!(
            dockerfile_line("dockerfile parse error on line 12: x"),
            Some(12)
        );
        assert_eq!(dockerfile_line("failed: line 3: x"), None);
    }
}
