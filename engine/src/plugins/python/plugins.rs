//! The plugins that distributions declare.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::alerts::{no_version, two_versions, unreadable};
use super::distributions::distributions;
use super::entry_points::{EntryPoint, Group, MARK, parse};
use super::environment::{Environment, Layout, python_environment};
use super::interpreter::{Interpreter, python_interpreter};
use super::metadata::{Identity, identity, is_editable};
use super::probe::probed;
use super::search_path::search_path;
use crate::diagnostics::{Failure, Place};
use crate::inputs::{Content, Db, File};

/// A plugin in Python: an installed package, or a file of the plugins root.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PythonPlugin {
    /// Its name: that of the entry point.
    pub name: Arc<str>,
    /// Which API it is written for.
    pub group: Group,
    /// What is imported.
    pub module: Arc<str>,
    /// What the entry point names within the module. Tutor 22 takes it for a part of the module's name, so that such
    /// a plugin does not load there.
    pub attribute: Option<Arc<str>>,
    /// The file, of a plugin that is a single one.
    pub file: Option<PathBuf>,
    /// The name of its distribution, as that writes it; empty for a file.
    pub distribution: Arc<str>,
    /// The version of its distribution; without one there was an alert.
    pub version: Option<Arc<str>>,
    /// The folder of its distribution's metadata (`*.dist-info`, `*.egg-info`); empty for a file.
    pub metadata: PathBuf,
    /// Whether it is used from where its sources are (`pip install --editable`).
    pub editable: bool,
    /// Where `entry_points.txt` declares it.
    pub line: usize,
}

impl PythonPlugin {
    /// The plugin that is the file at `path`.
    pub fn of_file(name: &str, path: &Path) -> Self {
        Self {
            name: name.into(),
            group: Group::V1,
            module: name.into(),
            attribute: None,
            file: Some(path.to_owned()),
            distribution: "".into(),
            version: None,
            metadata: PathBuf::new(),
            editable: false,
            line: 0,
        }
    }

    /// Where it comes from, in a few words.
    pub fn describe(&self) -> String {
        if let Some(file) = &self.file {
            return file.display().to_string();
        }
        let version = self.version.as_deref().unwrap_or("of unknown version");
        let editable = if self.editable { ", editable" } else { "" };
        format!(
            "{} {version}{editable}, {}",
            self.distribution,
            self.metadata.display()
        )
    }

    /// Where it is declared.
    pub fn place(&self) -> Place {
        if let Some(file) = &self.file {
            return Place {
                origin: file.display().to_string(),
                ..Place::default()
            };
        }
        Place {
            origin: self.metadata.join(FILE).display().to_string(),
            line: Some(self.line),
            ..Place::default()
        }
    }
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PythonPlugins {
    /// The interpreter that has to be started; `None` if there is none, or if nobody looked for it. If the one that was
    /// found is a script that starts another one, it is that.
    pub interpreter: Option<Interpreter>,
    /// Where its packages are. It has been asked if need be: a failure to answer is [`Environment::Broken`].
    pub environment: Environment,
    /// Sorted by name; those with one name in the order in which Tutor loads them: the first is used.
    pub plugins: Vec<PythonPlugin>,
    /// What was left out, and which names are taken twice.
    pub problems: Vec<Failure>,
    /// Whether another process comes to the same as long as no input changes. An interpreter that has not answered may
    /// do so the next time: that is nothing to be remembered.
    pub is_lasting: bool,
}

impl Default for PythonPlugins {
    fn default() -> Self {
        Self {
            interpreter: None,
            environment: Environment::None,
            plugins: Vec::new(),
            problems: Vec::new(),
            is_lasting: true,
        }
    }
}

const FILE: &str = "entry_points.txt";

/// The plugins that are installed in the Python environment.
///
/// What Tutor 22 does with them, tried out:
///
/// - `plugins list` has the columns NAME, STATUS, VERSION (tabs between them, padded). For plugins of both groups
///   that is the entry point's name, `✅ enabled` or `installed`, and the version of the *distribution* (line feeds
///   as blanks). Nothing says where they come from.
/// - All that have one name are listed, each in a row of its own, and *all of them are loaded* when the name is
///   enabled: first those of group v0, then those of v1; within a group in the order of `sys.path`. (Between them,
///   in the list, come YAML plugins and `*.py` files, in this order.) A setting that several of them have is that of
///   the last one. All of them are in the answer; which one is used is decided where files are known, too.
/// - Within one folder of packages that order is the one in which the file system happens to list them; here it is
///   alphabetical.
/// - With `TUTOR_IGNORE_ENTRYPOINT_PLUGINS`, even an empty one, none is found.
/// - A line without `=` in any `entry_points.txt`, a distribution of a plugin without metadata: Tutor ends with a
///   traceback. An entry point without a name is a plugin without a name, one without a module fails when it is
///   enabled. Here these are left out with an alert (without metadata, only the version is).
#[salsa::tracked]
pub fn python_plugins(db: &dyn Db) -> PythonPlugins {
    if is_ignored(db) {
        return PythonPlugins::default();
    }
    let mut answer = python(db);
    match &answer.environment {
        Environment::Known(layout) => {
            let (found, more) = in_layout(db, layout);
            answer.plugins = found;
            answer.problems.extend(more);
        }
        Environment::Broken(failure) => answer.problems.push(failure.clone()),
        Environment::None | Environment::NeedsProbe { .. } => {}
    }
    answer
}

/// The interpreter that loads plugins, wherever these come from. Changes only when that is another one, not when a package
/// is installed.
#[salsa::tracked]
pub fn python_to_start(db: &dyn Db) -> Option<Interpreter> {
    python(db).interpreter
}

/// Which Python it is, and where its packages are; without plugins.
fn python(db: &dyn Db) -> PythonPlugins {
    let choice = python_interpreter(db);
    let mut answer = PythonPlugins {
        interpreter: choice.interpreter.clone(),
        environment: python_environment(db).clone(),
        plugins: Vec::new(),
        problems: choice.problems.clone(),
        is_lasting: true,
    };
    match probed(db) {
        Ok(None) => {}
        Ok(Some(probed)) => {
            answer.interpreter = Some(probed.interpreter.clone());
            answer.environment = Environment::Known(probed.layout.clone());
        }
        Err(failure) => {
            answer.environment = Environment::Broken(failure.clone());
            answer.is_lasting = false;
        }
    }
    answer
}

fn is_ignored(db: &dyn Db) -> bool {
    let variable = db.variable("TUTOR_IGNORE_ENTRYPOINT_PLUGINS");
    variable.value(db).is_some()
}

fn in_layout(db: &dyn Db, layout: &Layout) -> (Vec<PythonPlugin>, Vec<Failure>) {
    let path = search_path(db, layout);
    let mut plugins = Vec::new();
    let mut problems = path.problems;
    let winners = distributions(db, &path.folders);
    let files: Vec<_> = winners
        .iter()
        .map(|winner| db.file(&winner.distribution.path.join(FILE)))
        .collect();
    for index in worth_reading(db, &files) {
        let (Some(winner), Some(file)) = (winners.get(index), files.get(index)) else {
            continue;
        };
        let folder = &*winner.distribution.path;
        let origin = file.path(db).display().to_string();
        match file.content(db) {
            Content::File(_) => {}
            Content::Unreadable(why) => {
                problems.push(unreadable(&origin, None, why).into());
                continue;
            }
            Content::Absent | Content::Folder => continue,
        }
        let Some(text) = file.content(db).text() else {
            let bytes = file.content(db).bytes().unwrap_or_default();
            let line = std::str::from_utf8(bytes).map_err(|error| {
                let before = &bytes[..error.valid_up_to()];
                before.split(|byte| *byte == b'\n').count()
            });
            problems.push(unreadable(&origin, line.err(), "it is not UTF-8").into());
            continue;
        };
        let (found, wrong) = parse(text, &origin);
        problems.extend(wrong.into_iter().map(Failure::from));
        if found.is_empty() {
            continue;
        }
        let named = identity(db, folder);
        let editable = is_editable(db, folder, &layout.sites);
        if named.version.is_none() {
            problems.push(no_version(folder, &found[0]).into());
        }
        if let Some(rival) = winner.rival {
            problems.push(two_versions(folder, &rival.path, &found[0]).into());
        }
        let plugin = |found| plugin(found, folder, &named, editable);
        plugins.extend(found.into_iter().map(plugin));
    }
    plugins.sort_by(|a, b| (&a.name, a.group).cmp(&(&b.name, b.group)));
    (plugins, problems)
}

fn plugin(found: EntryPoint, folder: &Path, named: &Identity, editable: bool) -> PythonPlugin {
    let from_folder = || {
        let name = folder.file_stem().unwrap_or_default().to_string_lossy();
        name.split('-').next().unwrap_or_default().into()
    };
    PythonPlugin {
        name: found.name,
        group: found.group,
        module: found.module,
        attribute: found.attribute,
        file: None,
        distribution: named.name.clone().unwrap_or_else(from_folder),
        version: named.version.clone(),
        metadata: folder.to_owned(),
        editable,
        line: found.line,
    }
}

/// Which of the files are more than absent or about something else. Known from an earlier process if they are the
/// same as then: so that not one of those that have nothing to do with plugins is read again.
fn worth_reading(db: &dyn Db, files: &[File]) -> Vec<usize> {
    let key = db.store().map(|_| key(db, files));
    if let (Some(store), Some(key)) = (db.store(), &key)
        && let Some(known) = store.get(key)
    {
        return known;
    }
    let indices = files.iter().enumerate().filter(|(_, file)| {
        let content = file.content(db);
        match content {
            // Python stops at what is no text, whatever it is about.
            Content::File(_) => content.text().is_none_or(|text| text.contains(MARK)),
            Content::Unreadable(_) => true,
            Content::Absent | Content::Folder => false,
        }
    });
    let indices: Vec<_> = indices.map(|(index, _)| index).collect();
    if let (Some(store), Some(key)) = (db.store(), &key) {
        store.put(key, &indices);
    }
    indices
}

/// Says which file is which, and what is in each. Reads none.
fn key(db: &dyn Db, files: &[File]) -> Vec<u8> {
    let mut hasher = blake3::Hasher::new();
    for file in files {
        match file.content(db).hash() {
            Some(hash) => hasher.update(&[1]).update(hash.as_bytes()),
            None => match file.content(db) {
                Content::Unreadable(_) => hasher.update(&[2]),
                _ => hasher.update(&[0]),
            },
        };
    }
    let mut key = vec![b'e'];
    key.extend_from_slice(hasher.finalize().as_bytes());
    key
}
