//! Asking an interpreter where its packages are, where files do not tell.
//!
//! That is done once: the answer is kept with all that it may depend on ([`circumstances`]), and believed for as long
//! as what it names is still there. It is not known here what is in the folders that it names.
//!
//! Nobody can know all that a failure depends on (a version that is not installed yet, a machine without breath), so
//! failures are not kept: the next process asks again.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::alerts::silent;
use super::environment::{Environment, Layout, python_environment};
use super::interpreter::{Interpreter, at, python_interpreter};
use super::managers::circumstances;
use super::paths::{is_folder, split, target, variable};
use super::version::Version;
use crate::diagnostics::Failure;
use crate::inputs::{Content, Db};

/// The program that is to answer.
const PROGRAM: &str = include_str!("sdk/probe.py");

/// How long to wait for it. Shims of version managers take a tenth of a second; a cold disk some more.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why there is no answer.
pub(super) struct Unanswered {
    /// The end of a sentence that begins with the interpreter.
    pub(super) what: String,
    /// What it printed last.
    pub(super) printed: String,
}

/// What `sdk/probe.py` says.
#[derive(Debug, Deserialize)]
struct Answer {
    version: Version,
    prefix: PathBuf,
    executable: Option<PathBuf>,
    library: Option<PathBuf>,
    sites: Vec<PathBuf>,
    variables: std::collections::BTreeMap<String, Option<String>>,
}

/// An interpreter that has answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Probed {
    /// The one to start: the one that has answered, without what had started that.
    pub(super) interpreter: Interpreter,
    pub(super) layout: Layout,
}

/// An answer, as it is kept.
#[derive(Debug, Serialize, Deserialize)]
struct Record {
    /// The interpreter that can be started in place of the one that was asked.
    executable: Option<PathBuf>,
    /// A file of its library.
    library: Option<PathBuf>,
    /// With folders of packages that are not there yet.
    layout: Layout,
    /// What [`Record::state`] was.
    state: [u8; 32],
}

/// What the [`python_interpreter`] says when it is asked, or is known to say; `None` if it need not be asked.
#[salsa::tracked]
pub(super) fn probed(db: &dyn Db) -> Result<Option<Probed>, Failure> {
    let (Environment::NeedsProbe { why }, Some(interpreter)) =
        (python_environment(db), &python_interpreter(db).interpreter)
    else {
        return Ok(None);
    };
    let mut key = vec![b'y'];
    key.extend_from_slice(circumstances(db, interpreter).as_bytes());
    let known: Option<Record> = db.store().and_then(|store| store.get(&key));
    if let Some(record) = known
        && record.state(db) == Some(record.state)
    {
        return Ok(Some(record.into_probed(db, interpreter)));
    }
    db.ran("ask", &interpreter.path.display().to_string());
    let answer = ask(db, &interpreter.path)
        .map_err(|unanswered| silent(db, interpreter, why, &unanswered))?;
    let mut record = Record::of(db, answer);
    if let Some(state) = record.state(db) {
        record.state = state;
        if let Some(store) = db.store() {
            store.put(&key, &record);
        }
    }
    Ok(Some(record.into_probed(db, interpreter)))
}

impl Record {
    fn of(db: &dyn Db, answer: Answer) -> Self {
        let mut sites = answer.sites;
        let mut needs_script = false;
        for (name, theirs) in &answer.variables {
            let theirs = theirs.as_deref();
            if theirs == variable(db, name) {
                continue;
            }
            needs_script = true;
            if let ("PYTHONPATH", Some(list)) = (&**name, theirs) {
                sites.splice(0..0, split(db, list));
            }
        }
        let is_there = |path: &PathBuf| path.is_absolute() && at(db, path).is_some();
        Self {
            executable: answer.executable.filter(is_there).filter(|_| !needs_script),
            library: answer.library.filter(|path| is_file(db, path)),
            layout: Layout {
                version: answer.version,
                prefix: answer.prefix,
                sites,
            },
            state: [0; 32],
        }
    }

    /// The state of what the answer names: another one means that it is outdated. `None` if something is gone.
    fn state(&self, db: &dyn Db) -> Option<[u8; 32]> {
        let mut hasher = blake3::Hasher::new();
        if let Some(executable) = &self.executable {
            let target = at(db, executable)?.target;
            hasher.update(target.as_os_str().as_encoded_bytes());
        }
        if let Some(library) = &self.library
            && !is_file(db, library)
        {
            return None;
        }
        let settings = db.file(&self.layout.prefix.join("pyvenv.cfg"));
        if let Some(hash) = settings.content(db).hash() {
            hasher.update(hash.as_bytes());
        }
        Some(*hasher.finalize().as_bytes())
    }

    fn into_probed(self, db: &dyn Db, asked: &Interpreter) -> Probed {
        let interpreter = match self.executable {
            Some(path) => Interpreter {
                target: target(db, &path),
                path,
            },
            None => asked.clone(),
        };
        let mut layout = self.layout;
        // Others may come to be: that is noticed, as they were looked for.
        layout.sites.retain(|site| is_folder(db, site));
        let mut seen = rustc_hash::FxHashSet::default();
        layout.sites.retain(|site| seen.insert(site.clone()));
        Probed {
            interpreter,
            layout,
        }
    }
}

fn is_file(db: &dyn Db, path: &Path) -> bool {
    matches!(db.file(path).content(db), Content::File(_))
}

/// Starts the interpreter and hears what it says.
fn ask(db: &dyn Db, path: &Path) -> Result<Answer, Unanswered> {
    let started = db.system().converse(path, &["-c", PROGRAM, "{fd}"], false);
    let mut conversation = started.map_err(|error| Unanswered {
        what: format!("cannot be started: {error}"),
        printed: String::new(),
    })?;
    let what = match conversation.receive(PATIENCE) {
        Ok(Some(line)) => {
            if let Ok(answer) = serde_json::from_str(&line) {
                return Ok(answer);
            }
            let begin: String = line.chars().take(80).collect();
            format!("was asked where its packages are, and answers {begin:?}")
        }
        Ok(None) => match conversation.end() {
            Some(how) => format!("has ended without an answer ({how})"),
            None => String::from("has hung up without an answer"),
        },
        Err(error) if error.kind() == ErrorKind::TimedOut => {
            format!("has not answered within {} s", PATIENCE.as_secs())
        }
        Err(error) => format!("does not answer in a way that can be read: {error}"),
    };
    Err(Unanswered {
        what,
        printed: conversation.printed(),
    })
}
