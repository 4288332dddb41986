//! Names of images, by Docker's rules: `[REGISTRY/]REPOSITORY[:TAG][@DIGEST]`.
//!
//! Pure: text in, parts out.

use std::fmt;

use crate::error::Error;

/// The registry of names that give none.
pub const DEFAULT_REGISTRY: &str = "docker.io";

/// The tag of names that give neither tag nor digest.
pub const DEFAULT_TAG: &str = "latest";

/// The longest repository, registry included, and the longest tag.
const LONGEST: (usize, usize) = (255, 128);

/// A name of an image, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    /// The registry: `docker.io`, `localhost:5000`.
    pub registry: String,
    /// The repository, with `library/` where Docker Hub implies that.
    pub repository: String,
    /// The tag, if there is one.
    pub tag: Option<String>,
    /// The digest, if there is one.
    pub digest: Option<String>,
}

impl Reference {
    /// Takes a name apart.
    pub fn parse(text: &str) -> Result<Self, Error> {
        Self::parts(text).map_err(|reason| Error::InvalidReference {
            text: text.to_owned(),
            reason,
        })
    }

    fn parts(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err("it is empty".to_owned());
        }
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest)),
            None => (text, None),
        };
        // A colon after the last slash begins a tag; one before it a port.
        let after_slash = rest.rfind('/').map_or(0, |at| at + 1);
        let (name, tag) = match rest[after_slash..].find(':') {
            Some(at) => (
                &rest[..after_slash + at],
                Some(&rest[after_slash + at + 1..]),
            ),
            None => (rest, None),
        };
        if let Some(tag) = tag {
            check_tag(tag)?;
        }
        if let Some(digest) = digest {
            check_digest(digest)?;
        }
        let (registry, path) = split_registry(name);
        if let Some(registry) = registry {
            check_registry(registry)?;
        }
        check_path(path)?;
        if name.len() > LONGEST.0 {
            return Err(format!("it is longer than {} characters", LONGEST.0));
        }
        if registry.is_none() && is_digest_hex(path) {
            return Err("64 hexadecimal digits would be read as an image's id".to_owned());
        }
        let registry = match registry {
            None | Some("index.docker.io") => DEFAULT_REGISTRY,
            Some(registry) => registry,
        };
        let repository = if registry == DEFAULT_REGISTRY && !path.contains('/') {
            format!("library/{path}")
        } else {
            path.to_owned()
        };
        Ok(Self {
            registry: registry.to_owned(),
            repository,
            tag: tag.map(str::to_owned),
            digest: digest.map(str::to_owned),
        })
    }

    /// The tag, or the one that is meant if neither a tag nor a digest is given.
    pub fn tag_or_latest(&self) -> Option<&str> {
        match (&self.tag, &self.digest) {
            (Some(tag), _) => Some(tag),
            (None, None) => Some(DEFAULT_TAG),
            (None, Some(_)) => None,
        }
    }

    /// The name without tag and digest, in full.
    pub fn name(&self) -> String {
        format!("{}/{}", self.registry, self.repository)
    }

    /// The name as people write it: without what is implied.
    pub fn familiar_name(&self) -> String {
        if self.registry != DEFAULT_REGISTRY {
            return self.name();
        }
        let short = self.repository.strip_prefix("library/");
        short
            .filter(|rest| !rest.contains('/'))
            .unwrap_or(&self.repository)
            .to_owned()
    }

    /// The name as people write it, with its tag, `latest` included, and digest.
    pub fn familiar(&self) -> String {
        self.suffixed(self.familiar_name())
    }

    fn suffixed(&self, mut name: String) -> String {
        if let Some(tag) = self.tag_or_latest() {
            name.push(':');
            name.push_str(tag);
        }
        if let Some(digest) = &self.digest {
            name.push('@');
            name.push_str(digest);
        }
        name
    }
}

/// In full: registry, repository, tag (`latest` included), digest.
impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.suffixed(self.name()))
    }
}

/// The registry of `name`, if its first part is one: it has a dot or a colon, is
/// `localhost`, or has capitals, which no repository can have.
fn split_registry(name: &str) -> (Option<&str>, &str) {
    match name.split_once('/') {
        Some((first, rest))
            if first.contains(['.', ':'])
                || first == "localhost"
                || first.contains(|c: char| c.is_ascii_uppercase()) =>
        {
            (Some(first), rest)
        }
        _ => (None, name),
    }
}

fn check_registry(registry: &str) -> Result<(), String> {
    let bad = || format!("{registry:?} is no registry: HOST or HOST:PORT is expected");
    let (host, port) = if registry.starts_with('[') {
        let end = registry.find(']').ok_or_else(bad)?;
        let inside = &registry[1..end];
        if inside.is_empty() || !inside.chars().all(|c| c.is_ascii_hexdigit() || c == ':') {
            return Err(bad());
        }
        let rest = &registry[end + 1..];
        match rest.strip_prefix(':') {
            Some(port) => (None, Some(port)),
            None if rest.is_empty() => (None, None),
            None => return Err(bad()),
        }
    } else {
        match registry.split_once(':') {
            Some((host, port)) => (Some(host), Some(port)),
            None => (Some(registry), None),
        }
    };
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    let host_is_fine = host.is_none_or(|host| host.split('.').all(is_label));
    let port_is_fine =
        port.is_none_or(|port| !port.is_empty() && port.chars().all(|c| c.is_ascii_digit()));
    if host_is_fine && port_is_fine {
        Ok(())
    } else {
        Err(bad())
    }
}

fn check_path(path: &str) -> Result<(), String> {
    for part in path.split('/') {
        if part.is_empty() {
            return Err("a part of the name is empty".to_owned());
        }
        if part.chars().any(|c| c.is_ascii_uppercase()) {
            return Err("the name must be in lower case".to_owned());
        }
        if let Some(wrong) = part
            .chars()
            .find(|c| !(c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(*c)))
        {
            return Err(format!("{wrong:?} is not allowed in the name"));
        }
        if !separators_are_fine(part) {
            return Err(format!(
                "{part:?} must begin and end with a letter or digit, with one of `.`, `_`, `__` or dashes between"
            ));
        }
    }
    Ok(())
}

/// Letters and digits, between which stand a dot, one or two underscores, or dashes.
fn separators_are_fine(part: &str) -> bool {
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    if !part.starts_with(is_word) || !part.ends_with(is_word) {
        return false;
    }
    part.split(is_word)
        .filter(|separator| !separator.is_empty())
        .all(|separator| {
            matches!(separator, "." | "_" | "__") || separator.chars().all(|c| c == '-')
        })
}

fn check_tag(tag: &str) -> Result<(), String> {
    if tag.is_empty() {
        return Err("the tag is empty".to_owned());
    }
    if tag.len() > LONGEST.1 {
        return Err(format!("the tag is longer than {} characters", LONGEST.1));
    }
    if tag.starts_with(['.', '-']) {
        return Err("a tag begins with a letter, a digit or `_`".to_owned());
    }
    match tag
        .chars()
        .find(|c| !(c.is_ascii_alphanumeric() || "._-".contains(*c)))
    {
        Some(wrong) => Err(format!("{wrong:?} is not allowed in a tag")),
        None => Ok(()),
    }
}

fn check_digest(digest: &str) -> Result<(), String> {
    let bad = || format!("{digest:?} is no digest: ALGORITHM:HEX is expected");
    let (algorithm, hex) = digest.split_once(':').ok_or_else(bad)?;
    let wanted = match algorithm {
        "sha256" => Some(64),
        "sha384" => Some(96),
        "sha512" => Some(128),
        _ => None,
    };
    let is_hex = hex
        .chars()
        .all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c));
    match wanted {
        Some(length) if is_hex && hex.len() == length => Ok(()),
        _ => Err(bad()),
    }
}

fn is_digest_hex(name: &str) -> bool {
    name.len() == 64
        && name
            .chars()
            .all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart_as_docker_does() {
        for (text, full, familiar) in [
            ("ubuntu", "docker.io/library/ubuntu:latest", "ubuntu:latest"),
            ("a/b:1", "docker.io/a/b:1", "a/b:1"),
            ("docker.io/library/x:2", "docker.io/library/x:2", "x:2"),
            ("index.docker.io/a/b", "docker.io/a/b:latest", "a/b:latest"),
            ("localhost/x", "localhost/x:latest", "localhost/x:latest"),
            (
                "localhost:5000/x:y",
                "localhost:5000/x:y",
                "localhost:5000/x:y",
            ),
            ("Reg/x", "Reg/x:latest", "Reg/x:latest"),
            ("[::1]:5000/x", "[::1]:5000/x:latest", "[::1]:5000/x:latest"),
            (
                "a__b/c--d/e.f_g:V.1-x",
                "docker.io/a__b/c--d/e.f_g:V.1-x",
                "a__b/c--d/e.f_g:V.1-x",
            ),
        ] {
            let parsed = Reference::parse(text).unwrap();
            assert_eq!(parsed.to_string(), full, "{text}");
            assert_eq!(parsed.familiar(), familiar, "{text}");
        }
    }

    #[test]
    fn a_digest_stands_beside_or_in_place_of_a_tag() {
        let digest = format!("sha256:{}", "a1".repeat(32));
        let parsed = Reference::parse(&format!("x@{digest}")).unwrap();
        assert_eq!(parsed.tag_or_latest(), None);
        assert_eq!(parsed.digest.as_deref(), Some(digest.as_str()));
        let both = Reference::parse(&format!("x:1@{digest}")).unwrap();
        assert_eq!(both.to_string(), format!("docker.io/library/x:1@{digest}"));
    }

    #[test]
    fn names_that_docker_rejects_are_rejected_with_the_rule() {
        let long_tag = format!("x:{}", "t".repeat(129));
        let long_name = "n".repeat(256);
        let id = "0a".repeat(32);
        for (text, reason) in [
            ("", "empty"),
            (":tag", "empty"),
            ("x:", "tag is empty"),
            ("Ubuntu", "lower case"),
            ("a/Bc", "lower case"),
            ("a//b", "empty"),
            ("/a", "empty"),
            ("a/", "empty"),
            ("-a", "begin and end"),
            ("a.", "begin and end"),
            ("a...b", "begin and end"),
            ("a___b", "begin and end"),
            ("a b", "' '"),
            ("x:a b", "' '"),
            ("x:a/b", "no registry"),
            ("x:.1", "begins with"),
            ("x:-1", "begins with"),
            ("x@sha256:12", "no digest"),
            ("x@md5:12", "no digest"),
            ("-h.com/x", "no registry"),
            ("h.com:/x", "no registry"),
            (&long_tag, "128"),
            (&long_name, "255"),
            (&id, "id"),
            ("überall", "not allowed"),
        ] {
            let Err(Error::InvalidReference { reason: found, .. }) = Reference::parse(text) else {
                panic!("{text:?} was accepted");
            };
            assert!(found.contains(reason), "{text:?}: {found}");
        }
    }
}
