//! Where the packages of the interpreter are: what Python's `site` would find out at its start.
//!
//! Unaware of what is in these folders.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::base::{Base, base};
use super::interpreter::{Interpreter, python_interpreter};
use super::paths::{absolute, home, is_folder, variable, written};
use super::venv::{Venv, venv};
use super::version::{Name, Version, versions_in};
use crate::diagnostics::{Diagnostic, Failure};
use crate::inputs::Db;

/// Where packages are. This is also what a Python that is asked for it has to answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Layout {
    /// `sys.version_info`.
    pub version: Version,
    /// `sys.prefix`.
    pub prefix: PathBuf,
    /// The folders whose `.pth` files count, in the order of `sys.path`: those of `site.getsitepackages()` that are
    /// there, and `site.getusersitepackages()` if `site.ENABLE_USER_SITE`. What is on `sys.path` because of
    /// `PYTHONPATH` or of a `.pth` file is not among them: that is found from here.
    pub sites: Vec<PathBuf>,
}

/// What is known of where packages are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Environment {
    /// There is no interpreter.
    #[default]
    None,
    /// They are here.
    Known(Layout),
    /// The files do not tell: the interpreter has to be asked. [`super::python_plugins`] does that.
    NeedsProbe {
        /// Why, as the end of a sentence that begins with the interpreter's path.
        why: Arc<str>,
    },
    /// It cannot work: why, and what to do.
    Broken(Failure),
}

/// Where the packages of the [`python_interpreter`] are.
#[salsa::tracked]
pub fn python_environment(db: &dyn Db) -> Environment {
    let Some(interpreter) = &python_interpreter(db).interpreter else {
        return Environment::None;
    };
    if variable(db, "PYTHONHOME").is_some() {
        return needs_probe("is told by PYTHONHOME where its library is");
    }
    match venv(db, &interpreter.path) {
        Some(Ok(venv)) => virtual_environment(db, interpreter, &venv),
        Some(Err(diagnostic)) => Environment::Broken(diagnostic.into()),
        None => installation(db, interpreter),
    }
}

fn needs_probe(why: impl Into<Arc<str>>) -> Environment {
    Environment::NeedsProbe { why: why.into() }
}

fn virtual_environment(db: &dyn Db, interpreter: &Interpreter, venv: &Venv) -> Environment {
    let own = match Name::of(&interpreter.target) {
        Name::Versioned(version) => Some(version),
        _ => venv.version,
    };
    let lib = venv.prefix.join("lib");
    let found = match own {
        Some(own) => version_below(db, &lib, own),
        None => only_version(db, &lib),
    };
    let Some((version, site)) = found else {
        let made_for = versions_in(db, &lib);
        let Some(other) = made_for.first() else {
            return needs_probe("belongs to a virtual environment of an unknown kind");
        };
        let own = own.map_or_else(
            || "of an unknown version".into(),
            |own| format!("now {own}"),
        );
        let message = format!(
            "the virtual environment {} was made for Python {other}, but its interpreter {} is {own}",
            venv.prefix.display(),
            interpreter.path.display(),
        );
        let alert = Diagnostic::alert("python-environment", message)
            .note("no Python plugins are found")
            .hint(format!(
                "make it anew with `python3 -m venv --clear {}`, and install the plugins again",
                venv.prefix.display()
            ));
        return Environment::Broken(alert.into());
    };
    let mut sites = Vec::new();
    // Where Python's own library is in lib64, packages are in both; elsewhere lib64 is a link or is missing.
    let lib64 = venv.prefix.join("lib64");
    if super::paths::target(db, &lib64) != super::paths::target(db, &lib) {
        let site = lib64.join(version.folder()).join("site-packages");
        sites.extend(is_folder(db, &site).then_some(site));
    }
    sites.push(site);
    if venv.system_packages {
        sites.extend(user_site(db, version));
        let beside = |home: &PathBuf| base(db, &home.join("python3"), version);
        let named = venv.home.as_ref().and_then(beside);
        match named.or_else(|| base(db, &interpreter.target, version)) {
            Some(base) => sites.extend(base.sites(db, true)),
            None => return needs_probe("belongs to a virtual environment whose base is unknown"),
        }
    }
    Environment::Known(Layout {
        version,
        prefix: venv.prefix.clone(),
        sites,
    })
}

/// An interpreter that belongs to no virtual environment.
fn installation(db: &dyn Db, interpreter: &Interpreter) -> Environment {
    let target = &interpreter.target;
    let base = match Name::of(target) {
        Name::Versioned(version) => base(db, target, version),
        Name::Plain => {
            if is_script(db, target) {
                return needs_probe("is a script that starts another Python");
            }
            let lib = target
                .parent()
                .and_then(Path::parent)
                .map(|prefix| prefix.join("lib"));
            let bases: Vec<_> = lib
                .map(|lib| versions_in(db, &lib))
                .unwrap_or_default()
                .into_iter()
                .filter_map(|version| base(db, target, version))
                .collect();
            match <[Base; 1]>::try_from(bases) {
                Ok([base]) => Some(base),
                Err(bases) if bases.is_empty() => None,
                Err(_) => return needs_probe("could be one of several versions"),
            }
        }
        Name::Other => {
            let why = format!("leads to {}, which is another program", target.display());
            return needs_probe(why);
        }
    };
    let Some(base) = base else {
        return needs_probe("has no library beside it");
    };
    let mut sites: Vec<_> = user_site(db, base.version).into_iter().collect();
    sites.extend(base.sites(db, false));
    Environment::Known(Layout {
        version: base.version,
        prefix: base.prefix,
        sites,
    })
}

/// What the user has installed without being an administrator, if that counts.
fn user_site(db: &dyn Db, version: Version) -> Option<PathBuf> {
    if variable(db, "PYTHONNOUSERSITE").is_some() {
        return None;
    }
    let base = match variable(db, "PYTHONUSERBASE") {
        Some(base) => written(db, base),
        None => absolute(&home(db)?, ".local"),
    };
    let site = base
        .join("lib")
        .join(version.folder())
        .join("site-packages");
    is_folder(db, &site).then_some(site)
}

/// The folder of packages of `version` in the folder `lib` of a virtual environment; if only a free-threaded Python
/// of that number is there, it is that.
fn version_below(db: &dyn Db, lib: &Path, version: Version) -> Option<(Version, PathBuf)> {
    let free_threaded = Version {
        free_threaded: true,
        ..version
    };
    let mut versions = [version, free_threaded].into_iter();
    let site = |version: Version| lib.join(version.folder()).join("site-packages");
    versions
        .find(|version| is_folder(db, &site(*version)))
        // Nothing was ever installed there, if somebody took the empty folder away.
        .or_else(|| versions_in(db, lib).contains(&version).then_some(version))
        .map(|version| (version, site(version)))
}

/// The same where nobody says which version it is, if there is but one.
fn only_version(db: &dyn Db, lib: &Path) -> Option<(Version, PathBuf)> {
    match versions_in(db, lib)[..] {
        [version] => version_below(db, lib, version),
        _ => None,
    }
}

fn is_script(db: &dyn Db, path: &Path) -> bool {
    let content = db.file(path).content(db);
    content
        .bytes()
        .is_some_and(|bytes| bytes.starts_with(b"#!"))
}
