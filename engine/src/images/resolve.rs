//! What names of images, Git references and URLs stand for now. All of a command are asked for at once.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use rayon::prelude::*;

use super::docker::{Docker, Image, Web};
use super::dockerfile::Remote;
use super::label::LABEL;
use super::memory::Resolved;
use crate::system::System;

/// How long a Git server has to answer.
const PATIENCE: Duration = Duration::from_mins(1);

/// What something stands for; or why that cannot be told.
pub(super) type Outcome = Result<String, String>;

/// Finds out what names stand for.
pub(super) struct Resolver<'a> {
    system: &'a dyn System,
    docker: &'a dyn Docker,
    /// Whether nothing outside of the engine is asked.
    offline: bool,
    /// What was found out earlier.
    before: Resolved,
}

/// What was found out.
#[derive(Clone, Debug, Default)]
pub(super) struct Answers {
    /// Of images, by name.
    pub bases: BTreeMap<String, Outcome>,
    /// Of remote sources.
    pub remotes: BTreeMap<Remote, Outcome>,
    /// What servers call files, by address.
    pub etags: BTreeMap<String, String>,
    /// Digests of images in registries that are known to have no ONBUILD.
    pub plain: BTreeSet<String>,
}

impl Remote {
    /// What people call it.
    pub fn describe(&self) -> String {
        match self {
            Self::Git { url, reference } => {
                let reference = reference.as_deref().unwrap_or("HEAD");
                format!("Git ref {reference} of {}", without_secrets(url))
            }
            Self::Http { url } => without_secrets(url),
        }
    }
}

/// An address without user, password and what follows a question mark.
fn without_secrets(url: &str) -> String {
    let (scheme, rest) = match url.split_once("://") {
        Some((scheme, rest)) => (format!("{scheme}://"), rest),
        None => (String::new(), url),
    };
    let host_end = rest.find('/').unwrap_or(rest.len());
    let start = match rest[..host_end].rfind('@') {
        Some(at) if !scheme.is_empty() => at + 1,
        _ => 0,
    };
    let rest = rest[start..].split('?').next().unwrap_or_default();
    format!("{scheme}{rest}")
}

impl<'a> Resolver<'a> {
    /// One that asks `docker`, and programs of `system`.
    pub(super) fn new(
        system: &'a dyn System,
        docker: &'a dyn Docker,
        offline: bool,
        before: Resolved,
    ) -> Self {
        Self {
            system,
            docker,
            offline,
            before,
        }
    }

    /// What images and remote sources stand for; of images, the engine's own come first unless `elsewhere`. Those that
    /// are `ours` are in no registry.
    pub(super) fn resolve(
        &self,
        images: &BTreeSet<String>,
        remotes: &BTreeSet<Remote>,
        elsewhere: bool,
        ours: &dyn Fn(&str) -> bool,
    ) -> Answers {
        let names: Vec<&str> = images.iter().map(String::as_str).collect();
        let local = if elsewhere {
            names.iter().map(|_| Ok(None)).collect()
        } else {
            self.docker.inspect(&names)
        };
        let mut bases = BTreeMap::new();
        let mut missing = Vec::new();
        for (name, found) in names.iter().zip(local) {
            match found {
                Ok(Some(image)) => drop(bases.insert((*name).to_owned(), identity(&image))),
                // No registry knows what is still to be built.
                Ok(None) if ours(name) => {
                    bases.insert((*name).to_owned(), Err(String::from("it is not built yet")));
                }
                Ok(None) => missing.push(*name),
                Err(failure) => {
                    drop(bases.insert((*name).to_owned(), Err(failure.message.clone())));
                }
            }
        }
        let (more, found) = rayon::join(
            || {
                let found = missing.par_iter().with_max_len(1);
                let found = found.map(|name| ((*name).to_owned(), self.image(name)));
                found.collect::<Vec<_>>()
            },
            || {
                let all: Vec<_> = remotes.iter().collect();
                let found = all.par_iter().with_max_len(1);
                let found = found.map(|remote| ((*remote).clone(), self.remote(remote)));
                found.collect::<Vec<_>>()
            },
        );
        let plain = more.iter().filter_map(|(_, digest)| digest.clone().ok());
        let plain = plain.collect();
        bases.extend(more);
        let mut answers = Answers {
            bases,
            plain,
            ..Answers::default()
        };
        for (remote, (outcome, etag)) in found {
            if let (Remote::Http { url }, Some(etag)) = (&remote, etag) {
                answers.etags.insert(url.clone(), etag);
            }
            answers.remotes.insert(remote, outcome);
        }
        answers
    }

    /// What was found out before, for those who do not want to ask, or get no answer.
    fn earlier(&self, key: &str) -> Outcome {
        self.before.get(key).cloned().ok_or_else(|| {
            String::from("it was not looked up before, and --offline keeps from asking")
        })
    }

    /// An image that the engine does not have.
    fn image(&self, name: &str) -> Outcome {
        let nowhere = || String::from("neither the engine nor a registry has it");
        let digest = if let Some((_, digest)) = name.split_once('@') {
            digest.to_owned()
        } else if self.offline {
            self.earlier(&image_key(name))?
        } else {
            let digest = self.docker.digest(name);
            let digest = digest.map_err(|failure| failure.message.clone())?;
            digest.ok_or_else(nowhere)?
        };
        let key = on_build_key(&digest);
        if self.offline {
            return self.earlier(&key).map(|_| digest);
        }
        if self.before.contains_key(&key) {
            return Ok(digest);
        }
        // Its configuration is read once: what has this digest stays as it is.
        match self.docker.remote_on_build(name) {
            Ok(Some(false)) => Ok(digest),
            Ok(Some(true)) => Err(String::from(ON_BUILD)),
            Ok(None) => Err(nowhere()),
            Err(failure) => Err(failure.message.clone()),
        }
    }

    fn remote(&self, remote: &Remote) -> (Outcome, Option<String>) {
        if let Remote::Git {
            reference: Some(commit),
            ..
        } = remote
            && commit.len() == 40
            && commit.chars().all(|c| c.is_ascii_hexdigit())
        {
            return (Ok(commit.to_ascii_lowercase()), None);
        }
        if self.offline {
            return (self.earlier(&remote_key(remote)), None);
        }
        match remote {
            Remote::Git { url, reference } => (self.git(url, reference.as_deref()), None),
            Remote::Http { url } => self.web(url),
        }
    }

    /// What a file on the web is, and what its server calls that version of it.
    fn web(&self, url: &str) -> (Outcome, Option<String>) {
        let known = self.before.get(&format!("http {url}"));
        let etag = self.before.get(&etag_key(url)).filter(|_| known.is_some());
        match (self.docker.web(url, etag.map(String::as_str)), known) {
            (Ok(Web::File { etag, content }), _) => (Ok(content), etag),
            (Ok(Web::Same), Some(known)) => (Ok(known.clone()), etag.cloned()),
            (Ok(Web::Same), None) => (Err(String::from("its server does not send it")), None),
            (Err(failure), _) => (Err(failure.message.clone()), None),
        }
    }

    /// The commits that a reference may mean.
    fn git(&self, url: &str, reference: Option<&str>) -> Outcome {
        let name = reference.unwrap_or("HEAD");
        let peeled = format!("{name}^{{}}");
        let args = ["ls-remote", "--", url, name, &peeled];
        let variables = [
            ("GIT_TERMINAL_PROMPT", "0"),
            ("GIT_SSH_COMMAND", "ssh -oBatchMode=yes"),
            ("LC_ALL", "C"),
        ];
        let output = self.system.output("git", &args, &variables, PATIENCE);
        let output = output.map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => String::from("the program git is not installed"),
            std::io::ErrorKind::TimedOut => {
                format!("it did not answer within {} s", PATIENCE.as_secs())
            }
            _ => format!("git cannot be started: {error}"),
        })?;
        if output.status != Some(0) {
            let said = String::from_utf8_lossy(&output.stderr);
            let said = said
                .lines()
                .rfind(|line| !line.trim().is_empty())
                .unwrap_or("git failed");
            return Err(said.replace(url, &without_secrets(url)));
        }
        let text = String::from_utf8_lossy(&output.stdout);
        let wanted = |found: &str| {
            let found = found.trim_end_matches("^{}");
            found == name
                || found == format!("refs/heads/{name}")
                || found == format!("refs/tags/{name}")
        };
        let lines = text.lines().filter_map(|line| line.split_once('\t'));
        let mut commits: Vec<_> = lines
            .filter(|(_, found)| wanted(found))
            .map(|(commit, _)| commit)
            .collect();
        commits.sort_unstable();
        commits.dedup();
        if commits.is_empty() {
            return Err(format!("there is no branch or tag '{name}'"));
        }
        Ok(commits.join(" "))
    }
}

impl Answers {
    /// What is to be remembered.
    pub(super) fn remember(&self, resolved: &mut Resolved) {
        for (name, outcome) in &self.bases {
            if let Ok(value) = outcome {
                resolved.insert(image_key(name), value.clone());
            }
        }
        for digest in &self.plain {
            resolved.insert(on_build_key(digest), String::from("none"));
        }
        for (url, etag) in &self.etags {
            resolved.insert(etag_key(url), etag.clone());
        }
        for (remote, outcome) in &self.remotes {
            if let Ok(value) = outcome {
                resolved.insert(remote_key(remote), value.clone());
            }
        }
    }
}

const ON_BUILD: &str =
    "it has instructions for images that are built on it (ONBUILD), which may take anything";

fn on_build_key(digest: &str) -> String {
    format!("on-build {digest}")
}

fn image_key(name: &str) -> String {
    format!("image {name}")
}

fn etag_key(url: &str) -> String {
    format!("etag {url}")
}

fn remote_key(remote: &Remote) -> String {
    match remote {
        Remote::Git { url, reference } => {
            format!("git {url}#{}", reference.as_deref().unwrap_or_default())
        }
        Remote::Http { url } => format!("http {url}"),
    }
}

/// What tells one image of the engine from another, on whatever machine: what a registry calls it. One that was built
/// with a fingerprint has the same id everywhere, before it is pushed and after.
fn identity(image: &Image) -> Outcome {
    if image.has_on_build {
        return Err(ON_BUILD.to_owned());
    }
    if image.labels.contains_key(LABEL) {
        return Ok(image.id.clone());
    }
    let digests = image
        .digests
        .iter()
        .filter_map(|digest| digest.split_once('@'));
    let digest = digests.map(|(_, digest)| digest).min();
    Ok(digest.map_or_else(|| image.id.clone(), str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_without_secrets() {
        assert_eq!(
            without_secrets("https://me:pass@x.org/a.git"),
            "https://x.org/a.git"
        );
        assert_eq!(
            without_secrets("https://x.org/a?token=b"),
            "https://x.org/a"
        );
        assert_eq!(without_secrets("git@x.org:a.git"), "git@x.org:a.git");
    }

    #[test]
    fn an_image_is_called_what_a_registry_calls_it_unless_it_is_ours() {
        let mut image = Image {
            id: "sha256:i".into(),
            digests: vec!["b@sha256:2".into(), "a@sha256:1".into()],
            ..Image::default()
        };
        assert_eq!(identity(&image).unwrap(), "sha256:1");
        image.labels.insert(LABEL.into(), String::new());
        assert_eq!(identity(&image).unwrap(), "sha256:i");
        image.has_on_build = true;
        assert!(identity(&image).is_err());
        let local = Image {
            id: "x".into(),
            ..Image::default()
        };
        assert_eq!(identity(&local).unwrap(), "x");
    }
}
