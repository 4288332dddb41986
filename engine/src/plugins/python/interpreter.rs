//! Which Python it is.
//!
//! Unaware of what is installed in it.

use std::path::{Path, PathBuf};

use super::paths::{is_folder, split, target, variable, written};
use super::version::Name;
use crate::diagnostics::{Diagnostic, Failure, Owner};
use crate::inputs::{Content, Db};

/// A Python interpreter. It was not started: whether it is one is taken from its name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Interpreter {
    /// Its path as it was found. It is this one that has to be started: a virtual environment is known by it.
    pub path: PathBuf,
    /// Where the links of that path lead.
    pub target: PathBuf,
}

/// The interpreter, and what is to be said of how it was chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// It; `None` if there is none.
    pub interpreter: Option<Interpreter>,
    /// An alert if `TUTOR_PYTHON` names nothing of use; a warning if `VIRTUAL_ENV` does.
    pub problems: Vec<Failure>,
}

/// The user's choice.
pub(super) const CHOICE: &str = "TUTOR_PYTHON";
/// Set by the `activate` script of a virtual environment.
const ACTIVE: &str = "VIRTUAL_ENV";

/// The interpreter: `TUTOR_PYTHON` (a path, or a name on `PATH`), else that of the active virtual environment, else
/// `python3` on `PATH`.
#[salsa::tracked]
pub fn python_interpreter(db: &dyn Db) -> Choice {
    if let Some(choice) = variable(db, CHOICE) {
        return match chosen(db, choice) {
            Ok(interpreter) => Choice {
                interpreter: Some(interpreter),
                problems: vec![],
            },
            Err(diagnostic) => Choice {
                interpreter: None,
                problems: vec![diagnostic.of(Owner::Environment(CHOICE.into())).into()],
            },
        };
    }
    let mut problems = Vec::new();
    if let Some(active) = variable(db, ACTIVE) {
        let folder = written(db, active);
        let names = ["bin/python", "bin/python3"];
        let found = names.iter().find_map(|name| at(db, &folder.join(name)));
        if found.is_some() {
            return Choice {
                interpreter: found,
                problems,
            };
        }
        problems.push(inactive(db, &folder).into());
    }
    Choice {
        interpreter: on_path(db, "python3"),
        problems,
    }
}

/// What `TUTOR_PYTHON` names.
fn chosen(db: &dyn Db, choice: &str) -> Result<Interpreter, Diagnostic> {
    if !choice.contains('/') {
        return on_path(db, choice).ok_or_else(|| {
            let message = format!("{CHOICE} is '{choice}', and there is no such program on PATH");
            Diagnostic::alert("python-missing", message).hint(format!(
                "give the path of a Python interpreter, or unset {CHOICE} to use the active virtual environment or \
                 `python3`"
            ))
        });
    }
    let path = written(db, choice);
    if is_folder(db, &path) {
        let message = format!("{CHOICE} is {}, which is a folder", path.display());
        let within = ["bin/python", "bin/python3"]
            .iter()
            .find_map(|name| at(db, &path.join(name)));
        let hint = match within {
            Some(within) => format!("did you mean {}?", within.path.display()),
            None => "give the path of a Python interpreter".to_owned(),
        };
        return Err(Diagnostic::alert("python-missing", message).hint(hint));
    }
    at(db, &path).ok_or_else(|| {
        let message = if is_dangling(db, &path) {
            format!(
                "{CHOICE} is {}, which is a link that leads nowhere: the Python that it was made with is gone",
                path.display()
            )
        } else {
            format!("{CHOICE} is {}, and there is no such file", path.display())
        };
        Diagnostic::alert("python-missing", message).hint(format!(
            "give the path of a Python interpreter, or unset {CHOICE} to use the active virtual environment or \
             `python3`"
        ))
    })
}

/// The active virtual environment has no interpreter.
fn inactive(db: &dyn Db, folder: &Path) -> Diagnostic {
    let what = if !is_folder(db, folder) {
        "is not there"
    } else if is_dangling(db, &folder.join("bin/python"))
        || is_dangling(db, &folder.join("bin/python3"))
    {
        "has an interpreter that is a link that leads nowhere"
    } else {
        "has no bin/python"
    };
    let message = format!(
        "the active virtual environment {} {what}: the `python3` on PATH is used",
        folder.display()
    );
    Diagnostic::warning("python-environment", message)
        .of(Owner::Environment(ACTIVE.into()))
        .hint(format!(
            "make it anew with `python3 -m venv --clear {}`, or run `deactivate`",
            folder.display()
        ))
}

/// The first program called `name` in the folders of `PATH`.
fn on_path(db: &dyn Db, name: &str) -> Option<Interpreter> {
    let folders = split(db, variable(db, "PATH")?);
    folders.iter().find_map(|folder| at(db, &folder.join(name)))
}

/// The interpreter at `path`, if there is a file.
///
/// A link that leads somewhere says by that that there is something: interpreters are large, and nearly all are found
/// by a link, or have one beside them. What has none is read as any other file, which costs something the first time.
pub(super) fn at(db: &dyn Db, path: &Path) -> Option<Interpreter> {
    let is_there = is_linked(db, path) || matches!(db.file(path).content(db), Content::File(_));
    is_there.then(|| Interpreter {
        path: path.to_owned(),
        target: target(db, path),
    })
}

/// Whether links tell that there is something at `path`.
pub(super) fn is_linked(db: &dyn Db, path: &Path) -> bool {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return false;
    };
    let here = target(db, folder).join(name);
    let leads_here = |name: &&str| {
        let beside = path.with_file_name(name);
        beside != path && target(db, &beside) == here
    };
    target(db, path) != here || is_versioned(path) && ["python3", "python"].iter().any(leads_here)
}

/// Whether it is called `python3.11` or so.
fn is_versioned(path: &Path) -> bool {
    matches!(Name::of(path), Name::Versioned(_))
}

/// Whether there is a link at `path` that leads nowhere.
fn is_dangling(db: &dyn Db, path: &Path) -> bool {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return false;
    };
    let listing = db.folder(folder).listing(db);
    listing
        .iter()
        .flat_map(|entries| entries.iter())
        .any(|entry| name.to_str() == Some(&*entry.name) && entry.is_link && entry.kind.is_none())
}
