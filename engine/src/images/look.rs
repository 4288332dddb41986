//! Looking at what one build is made from: Dockerfile, context, other contexts. Docker is not asked here.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::context::{self, Keep, Tree, Unreadable};
use super::dockerfile::{self, Document, Given, Platform, Remote, Uses};
use super::ignore::Ignore;
use super::request::Build;
use crate::diagnostics::{Diagnostic, Failure, Place};
use crate::system::{FileKind, System};

/// What a build is made from, as far as that is on this machine.
#[derive(Clone, Debug, Default)]
pub struct Looked {
    /// The build.
    pub build: Build,
    /// The folder of the context.
    pub folder: PathBuf,
    /// The Dockerfile.
    pub dockerfile: PathBuf,
    /// What that looks at.
    pub uses: Uses,
    /// The context.
    pub context: Arc<Tree>,
    /// Other contexts that are folders.
    pub folders: BTreeMap<String, (PathBuf, Arc<Tree>)>,
    /// The images that it is made from.
    pub images: BTreeSet<String>,
    /// What it fetches.
    pub remotes: BTreeSet<Remote>,
    /// Why it cannot be told what it is made from.
    pub unknown: Vec<String>,
    /// What there is to say.
    pub remarks: Vec<Diagnostic>,
}

/// A context of more bytes is worth a word.
const LARGE: u64 = 1 << 30;

/// Looks at what `build` is made from, on an engine of the platform `native`.
///
/// # Errors
/// If it cannot be built: no Dockerfile, a wrong one, files that cannot be read.
pub(super) fn look(
    system: &dyn System,
    build: &Build,
    native: &str,
    keep: Option<&Keep>,
) -> Result<Looked, Failure> {
    let mut looked = Looked {
        build: build.clone(),
        ..Looked::default()
    };
    if build.context == "-" || is_address(&build.context) {
        looked
            .unknown
            .push(String::from("its context is not a folder of this machine"));
        return Ok(looked);
    }
    looked.folder = system.resolve(Path::new(&build.context));
    let is_folder = matches!(system.kind(&looked.folder), Ok(Some(FileKind::Folder)));
    if !is_folder {
        let message = format!(
            "image '{}' has no build context: there is no such folder",
            build.name
        );
        return Err(Diagnostic::error("context-missing", message)
            .at(at(&looked.folder, None))
            .hint("run `tutor config save`, which renders it")
            .into());
    }
    looked.dockerfile = match &build.dockerfile {
        None => looked.folder.join("Dockerfile"),
        Some(path) => system.resolve(Path::new(path)),
    };
    let document = document(system, build, &looked.dockerfile)?;
    let native = Platform::parse(native);
    let platform = match &build.platform {
        Some(several) if several.contains(',') => {
            looked
                .unknown
                .push(String::from("it is built for several platforms at once"));
            native.clone()
        }
        Some(platform) => Platform::parse(platform),
        None => native.clone(),
    };
    let given = Given {
        arguments: &build.arguments,
        target: build.target.as_deref(),
        contexts: &build.contexts.keys().cloned().collect(),
        platform: &platform,
        native: &native,
    };
    let uses = dockerfile::uses(&document, &given)
        .map_err(|problem| wrong(build, &looked.dockerfile, problem))?;
    looked.unknown.extend(uses.unknown.iter().cloned());
    looked
        .images
        .extend(uses.images.iter().map(|(name, _)| name.clone()));
    looked.remotes.extend(uses.remotes.iter().cloned());
    looked.uses = uses;
    looked.contexts(system, keep)?;
    Ok(looked)
}

impl Looked {
    /// Looks at the contexts that are used.
    fn contexts(&mut self, system: &dyn System, keep: Option<&Keep>) -> Result<(), Failure> {
        if !self.uses.context.is_empty() {
            let ignore = ignore(system, &self.folder, Some(&self.dockerfile))?;
            self.context = tree(system, &self.folder, &ignore, keep)?;
            self.remarks
                .extend(self.remark(&self.folder, &self.context));
        }
        for name in self.uses.contexts.keys() {
            let place = self.build.contexts.get(name).cloned().unwrap_or_default();
            if let Some(image) = place.strip_prefix("docker-image://") {
                self.images.insert(image.to_owned());
            } else if let Some(remote) = dockerfile::remote(&place) {
                self.remotes.insert(remote);
            } else if is_address(&place) || place.starts_with("target:") {
                self.unknown
                    .push(format!("what the build context '{name}' is cannot be told"));
            } else {
                let folder = system.resolve(Path::new(&place));
                if !matches!(system.kind(&folder), Ok(Some(FileKind::Folder))) {
                    let message = format!(
                        "the build context '{name}' of image '{}' is to be a folder, and there is none",
                        self.build.name
                    );
                    return Err(Diagnostic::error("context-missing", message)
                        .at(at(&folder, None))
                        .hint("if it is from the setting MOUNTS, take it out there, or put the folder back")
                        .into());
                }
                let ignore = ignore(system, &folder, None)?;
                let tree = tree(system, &folder, &ignore, keep)?;
                self.folders.insert(name.clone(), (folder, tree));
            }
        }
        let remarks = self
            .folders
            .values()
            .filter_map(|(folder, tree)| self.remark(folder, tree));
        let remarks: Vec<_> = remarks.collect();
        self.remarks.extend(remarks);
        Ok(())
    }

    /// All that there is in its contexts, where nobody can tell what is looked at.
    ///
    /// # Errors
    /// If something of it cannot be read.
    pub(super) fn everything(
        &self,
        system: &dyn System,
        keep: Option<&Keep>,
    ) -> Result<Self, Failure> {
        let mut all = self.clone();
        if self.folder.as_os_str().is_empty() {
            return Ok(all);
        }
        let rules = ignore(system, &self.folder, Some(&self.dockerfile))?;
        all.context = tree(system, &self.folder, &rules, keep)?;
        for (name, place) in &self.build.contexts {
            let folder = system.resolve(Path::new(place));
            let is_folder = matches!(system.kind(&folder), Ok(Some(FileKind::Folder)));
            if !is_address(place) && is_folder {
                let rules = ignore(system, &folder, None)?;
                let tree = tree(system, &folder, &rules, keep)?;
                all.folders.insert(name.clone(), (folder, tree));
            }
        }
        Ok(all)
    }

    /// A word about a context that is large.
    fn remark(&self, folder: &Path, tree: &Tree) -> Option<Diagnostic> {
        let size = tree.size();
        if size <= LARGE {
            return None;
        }
        let giga = |size: u64| format!("{:.1} GB", size as f64 / 1e9);
        let largest = tree.largest(3);
        let largest: Vec<_> = largest
            .iter()
            .map(|(name, size)| format!("{name} ({})", giga(*size)))
            .collect();
        let message = format!(
            "the build context of image '{}' has {}",
            self.build.name,
            giga(size)
        );
        Some(
            Diagnostic::warning("large-context", message)
                .at(at(folder, None))
                .note(format!("the largest in it: {}", largest.join(", ")))
                .hint("leave out what the build does not need, in a file .dockerignore"),
        )
    }

    /// The lines of the instructions that count.
    pub fn lines(&self) -> Vec<usize> {
        self.uses.text.iter().map(|(line, _)| *line).collect()
    }
}

/// Whether it is no path of this machine.
fn is_address(place: &str) -> bool {
    place.contains("://") || dockerfile::remote(place).is_some()
}

fn document(system: &dyn System, build: &Build, path: &Path) -> Result<Document, Failure> {
    let bytes = system.read(path).map_err(|error| {
        let (message, hint) = match error.kind() {
            std::io::ErrorKind::NotFound => (
                format!("image '{}' has no Dockerfile", build.name),
                "run `tutor config save`, which renders it; or see whether the plugin has a template for it",
            ),
            _ => (
                format!("the Dockerfile of image '{}' cannot be read: {error}", build.name),
                "check who may read it",
            ),
        };
        Diagnostic::error("dockerfile-missing", message).at(at(path, None)).hint(hint)
    })?;
    let text = String::from_utf8_lossy(&bytes);
    Document::parse(&text).map_err(|problem| wrong(build, path, problem))
}

/// What is wrong with a Dockerfile. Its lines may hold what settings are: none is shown.
fn wrong(build: &Build, path: &Path, problem: dockerfile::Problem) -> Failure {
    let message = format!(
        "the Dockerfile of image '{}' is wrong: {}",
        build.name, problem.message
    );
    let error = Diagnostic::error("dockerfile", message).at(at(path, Some(problem.line)));
    Failure::from(Diagnostic {
        hint: problem.hint,
        ..error
    })
}

fn at(path: &Path, line: Option<usize>) -> Place {
    Place {
        origin: path.display().to_string(),
        line,
        ..Place::default()
    }
}

/// The rules of a context: those beside the Dockerfile, else its own.
fn ignore(
    system: &dyn System,
    folder: &Path,
    dockerfile: Option<&Path>,
) -> Result<Ignore, Failure> {
    let beside = dockerfile.map(|path| {
        let mut path = path.as_os_str().to_owned();
        path.push(".dockerignore");
        PathBuf::from(path)
    });
    for path in beside.into_iter().chain([folder.join(".dockerignore")]) {
        let bytes = match system.read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(unreadable(&Unreadable { path, error })),
        };
        return Ignore::parse(&String::from_utf8_lossy(&bytes)).map_err(|bad| {
            let message = format!("'{}' is no pattern", bad.pattern);
            let error = Diagnostic::error("dockerignore", message).at(at(&path, Some(bad.line)));
            error
                .hint("see https://docs.docker.com/build/concepts/context/#syntax")
                .into()
        });
    }
    Ok(Ignore::default())
}

fn tree(
    system: &dyn System,
    folder: &Path,
    ignore: &Ignore,
    keep: Option<&Keep>,
) -> Result<Arc<Tree>, Failure> {
    context::tree(system, folder, ignore, keep)
        .map(Arc::new)
        .map_err(|error| unreadable(&error))
}

fn unreadable(unreadable: &Unreadable) -> Failure {
    let message = format!(
        "cannot be read, and the build needs it: {}",
        unreadable.error
    );
    Diagnostic::error("context-unreadable", message)
        .at(at(&unreadable.path, None))
        .hint("check who may read it, or leave it out in a file .dockerignore")
        .into()
}
