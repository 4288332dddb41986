//! What makes a virtual environment one: its `pyvenv.cfg`.

use std::path::{Path, PathBuf};

use super::version::Version;
use crate::diagnostics::{Diagnostic, Place};
use crate::inputs::{Content, Db};

/// What a `pyvenv.cfg` says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Venv {
    /// The folder of the environment.
    pub(super) prefix: PathBuf,
    /// Where the interpreter is that it was made with.
    pub(super) home: Option<PathBuf>,
    /// Whether the packages of that one count as well.
    pub(super) system_packages: bool,
    /// The version of Python that it was made for.
    pub(super) version: Option<Version>,
}

/// The virtual environment that the interpreter at `path` belongs to: there is a `pyvenv.cfg` beside it or one folder
/// above. `None` if it belongs to none.
pub(super) fn venv(db: &dyn Db, path: &Path) -> Option<Result<Venv, Diagnostic>> {
    let folder = path.parent()?;
    // Wherever the file is, Python takes the folder above that of the interpreter.
    let prefix = folder.parent()?;
    [prefix, folder].into_iter().find_map(|place| {
        let file = place.join("pyvenv.cfg");
        match db.file(&file).content(db) {
            Content::Absent | Content::Folder => None,
            content => Some(match content.text() {
                Some(text) => Ok(parse(text, prefix)),
                None => Err(unreadable(&file, prefix)),
            }),
        }
    })
}

fn unreadable(file: &Path, prefix: &Path) -> Diagnostic {
    let place = Place {
        origin: file.display().to_string(),
        ..Place::default()
    };
    Diagnostic::alert(
        "python-environment",
        "cannot be read as a text, so that nobody knows where the virtual environment's packages are",
    )
    .at(place)
    .note("no Python plugins are found")
    .hint(format!(
        "make the environment anew: `python3 -m venv --clear {}`",
        prefix.display()
    ))
}

fn parse(text: &str, prefix: &Path) -> Venv {
    let mut venv = Venv {
        prefix: prefix.to_owned(),
        ..Venv::default()
    };
    let mut version = None;
    for (key, value) in text.lines().filter_map(|line| line.split_once('=')) {
        let value = value.trim();
        match &*key.trim().to_ascii_lowercase() {
            "home" => venv.home = Some(value.into()),
            "include-system-site-packages" => {
                venv.system_packages = value.eq_ignore_ascii_case("true");
            }
            // By uv and virtualenv; `version` is by Python itself.
            "version_info" => venv.version = Version::parse(value),
            "version" => version = Version::parse(value),
            _ => {}
        }
    }
    venv.version = venv.version.or(version);
    venv
}
