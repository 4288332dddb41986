//! The writing itself.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::journal::Journal;
use super::manifest::Manifest;
use super::state::{StateFolder, cannot_write};
use super::undo::Undo;
use crate::diagnostics::{Diagnostic, Place};
use crate::events::{Event, EventSink};
use crate::system::System;

/// One file of `env/`, as it is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvFile {
    /// The content's hash.
    pub hash: blake3::Hash,
    /// What is in it; `None` if it is known to be on disk already.
    pub content: Option<Arc<[u8]>>,
}

/// A `config.yml` that takes the place of another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewConfig {
    /// What is in it.
    pub text: Arc<str>,
    /// The hash of the one that it was made from; `None` if there was none.
    pub before: Option<blake3::Hash>,
}

/// The code of the problem that `config.yml` was changed by somebody else while it was being saved.
pub const CONFIG_CHANGED: &str = "config-changed";

/// What is to be on disk.
#[derive(Debug, Default)]
pub struct Job {
    /// The project root.
    pub root: PathBuf,
    /// The new `config.yml`; `None` leaves it alone.
    pub config: Option<NewConfig>,
    /// All files of `env/`, sorted by path; `None` leaves `env/` alone.
    pub env: Option<Vec<(Arc<str>, EnvFile)>>,
    /// Whether `env/` is emptied first.
    pub clean: bool,
    /// A file that `config.yml` takes the place of.
    pub obsolete: Option<PathBuf>,
    /// The root's secret, if it is a new one.
    pub secret: Option<[u8; 32]>,
}

/// What was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Files of `env/` that were written.
    pub written: Vec<PathBuf>,
    /// Files of `env/` that were removed.
    pub removed: Vec<PathBuf>,
    /// Whether `config.yml` was written.
    pub config_written: bool,
    /// Whether there was an `env/` to be emptied.
    pub cleaned: bool,
    /// Remarks, such as on files that somebody had edited.
    pub warnings: Vec<Diagnostic>,
}

/// One file that has to be written.
struct Change<'a> {
    path: PathBuf,
    content: &'a [u8],
    /// What was there.
    before: Option<Vec<u8>>,
}

/// Carries out `job`. The caller holds the lock.
///
/// # Errors
/// If anything cannot be written: then all is as it was.
pub fn write(system: &dyn System, job: &Job, events: EventSink<'_>) -> Result<Report, Diagnostic> {
    let state = StateFolder::new(&job.root);
    let env = job.root.join("env");
    let interrupted = Journal::read(system, &state);
    if let Some(journal) = &interrupted {
        events(Event::Repairing {
            files: journal.files.len(),
        });
    }
    if interrupted.is_some() {
        // One that cannot be removed is in nobody's way.
        let _ = system.forget_replacement(&job.root.join("config.yml"));
    }
    let old_manifest = Manifest::read(system, &state);
    let mut report = Report::default();

    let files = job.env.as_deref().unwrap_or_default();
    let half_written = |path: &str| {
        interrupted
            .as_ref()
            .is_some_and(|journal| journal.files.contains(path))
    };
    let mut changes = Vec::new();
    for (path, file) in files {
        let Some(content) = file.content.as_deref() else {
            continue;
        };
        let full = env.join(&**path);
        let before = match system.read(&full) {
            Ok(bytes) => Some(bytes),
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound
                        | io::ErrorKind::NotADirectory
                        // Perhaps one that is about to go.
                        | io::ErrorKind::IsADirectory
                ) =>
            {
                None
            }
            Err(error) => return Err(cannot_write(&error, &full)),
        };
        if !job.clean && before.as_deref() == Some(content) {
            continue;
        }
        if let Some(before) = &before
            && !job.clean
            && !half_written(path)
            && is_edited(&old_manifest, path, before)
        {
            report.warnings.push(
                Diagnostic::warning(
                    "edited-by-hand",
                    "was edited by hand; the changes are overwritten",
                )
                .at(Place {
                    origin: full.display().to_string(),
                    ..Place::default()
                })
                .hint("make such changes in a plugin's patch or template instead"),
            );
        }
        changes.push(Change {
            path: full,
            content,
            before,
        });
    }
    let stale = if job.env.is_some() && !job.clean {
        stale_files(
            system,
            &env,
            &old_manifest,
            files,
            &half_written,
            &mut report,
        )
    } else {
        Vec::new()
    };
    let config_path = job.root.join("config.yml");
    let old_config = system.read(&config_path).ok();
    let old_hash = old_config.as_deref().map(blake3::hash);
    if let Some(config) = &job.config
        && config.before != old_hash
        && config.before != Some(blake3::hash(config.text.as_bytes()))
    {
        // Somebody is at it: writing now would lose what they write.
        return Err(Diagnostic::error(
            CONFIG_CHANGED,
            "was changed by somebody else while it was being saved",
        )
        .at(Place {
            origin: config_path.display().to_string(),
            ..Place::default()
        })
        .hint("save again"));
    }
    let new_config = job
        .config
        .as_ref()
        .filter(|config| config.before == old_hash)
        .map(|config| &*config.text)
        .filter(|text| old_config.as_deref() != Some(text.as_bytes()));

    let mut undo = Undo::new(system, state, interrupted.is_some());
    if let Some(secret) = &job.secret {
        undo.create_private(undo.state.secret(), secret)?;
    }
    if job.clean {
        report.cleaned = undo.set_aside(&env)?;
        for change in &mut changes {
            change.before = None;
        }
    }
    let nothing_to_do = changes.is_empty() && stale.is_empty() && new_config.is_none();
    // A file stands where a folder has to be, or the other way round: it goes first, and after the journal.
    let (in_the_way, stale): (Vec<_>, Vec<_>) = stale.into_iter().partition(|path| {
        let other =
            |change: &Change<'_>| change.path.starts_with(path) || path.starts_with(&change.path);
        changes.iter().any(other)
    });
    if !nothing_to_do {
        let mut journal = interrupted.unwrap_or_default();
        let touched = changes
            .iter()
            .map(|change| change.path.as_path())
            .chain(stale.iter().chain(&in_the_way).map(PathBuf::as_path));
        journal.files.extend(relative(&env, touched));
        if !in_the_way.is_empty() {
            undo.begin(&journal)?;
        }
        for path in in_the_way {
            remove(&mut undo, &env, path, &mut report, events)?;
        }
        // Reserving first: from here on hardly anything can go wrong.
        for change in &changes {
            undo.reserve(&change.path, change.content.len() as u64)?;
        }
        undo.begin(&journal)?;
    }
    if let Some(config) = new_config {
        undo.replace_config(config_path, config, old_config)?;
        report.config_written = true;
    }
    for change in changes {
        undo.write(&change.path, change.content, change.before)?;
        events(Event::Wrote {
            path: change.path.clone(),
        });
        report.written.push(change.path);
    }
    for path in stale {
        remove(&mut undo, &env, path, &mut report, events)?;
    }
    if let Some(obsolete) = &job.obsolete {
        undo.remove(obsolete)?;
    }
    if job.env.is_some() {
        let hashes = files
            .iter()
            .map(|(path, file)| (path.to_string(), file.hash.to_hex().to_string()))
            .collect();
        undo.manifest(&Manifest::new(hashes), &old_manifest)?;
    }
    undo.done(job.env.is_some())?;
    Ok(report)
}

/// Removes a file that nothing yields any more, and the folders that are empty without it.
fn remove(
    undo: &mut Undo<'_>,
    env: &Path,
    path: PathBuf,
    report: &mut Report,
    events: EventSink<'_>,
) -> Result<(), Diagnostic> {
    undo.remove(&path)?;
    remove_empty_folders(undo.system, env, &path);
    events(Event::Removed { path: path.clone() });
    report.removed.push(path);
    Ok(())
}

/// Whether a file that we wrote is not what we wrote. Files that we never wrote (or before there was a manifest)
/// are nobody's edits.
fn is_edited(manifest: &Manifest, path: &str, content: &[u8]) -> bool {
    manifest
        .files
        .get(path)
        .is_some_and(|hash| *hash != blake3::hash(content).to_hex().to_string())
}

/// Files that we wrote before and that nothing yields any more. Those that were edited stay, with a warning.
fn stale_files(
    system: &dyn System,
    env: &Path,
    manifest: &Manifest,
    files: &[(Arc<str>, EnvFile)],
    half_written: &impl Fn(&str) -> bool,
    report: &mut Report,
) -> Vec<PathBuf> {
    let mut stale = Vec::new();
    for path in manifest.files.keys() {
        if files
            .binary_search_by(|(other, _)| (**other).cmp(path))
            .is_ok()
        {
            continue;
        }
        let full = env.join(path);
        let Ok(content) = system.read(&full) else {
            continue;
        };
        if is_edited(manifest, path, &content) && !half_written(path) {
            report.warnings.push(
                Diagnostic::warning(
                    "edited-by-hand",
                    "is rendered no more, but was edited by hand: it is left there",
                )
                .at(Place {
                    origin: full.display().to_string(),
                    ..Place::default()
                })
                .hint("remove it if you do not need it"),
            );
        } else {
            stale.push(full);
        }
    }
    stale
}

fn relative<'a>(env: &Path, paths: impl Iterator<Item = &'a Path>) -> Vec<String> {
    paths
        .filter_map(|path| Some(path.strip_prefix(env).ok()?.to_str()?.to_owned()))
        .collect()
}

fn remove_empty_folders(system: &dyn System, env: &Path, path: &Path) {
    let mut folder = path.parent();
    while let Some(current) = folder.filter(|folder| *folder != env && folder.starts_with(env)) {
        if !system.list(current).is_ok_and(|entries| entries.is_empty())
            || system.remove_folder(current).is_err()
        {
            return;
        }
        folder = current.parent();
    }
}
