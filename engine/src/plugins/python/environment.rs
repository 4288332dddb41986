//! Where the packages of the interpreter are: what Python's `site` would find out at its start.
//!
//! Unaware of what is in these folders.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::interpreter::{Interpreter, python_interpreter};
use super::paths::{absolute, home, is_folder, variable, written};
use super::venv::{Venv, venv};
use crate::diagnostics::{Diagnostic, Failure};
use crate::inputs::{Content, Db};
use crate::system::FileKind;

/// A version of Python, as far as folders are named after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Version {
    /// 3.
    pub major: u16,
    /// Such as 11.
    pub minor: u16,
    /// Whether it is a build without the global lock, whose folders have a `t` behind the number.
    pub free_threaded: bool,
}

impl Version {
    /// The version that `text` begins with: `3.11`, `3.11.7`, `3.13t`, `3.11.7.final.0`.
    pub fn parse(text: &str) -> Option<Self> {
        let (major, rest) = text.split_once('.')?;
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (minor, rest) = rest.split_at(digits);
        Some(Self {
            major: major.parse().ok()?,
            minor: minor.parse().ok()?,
            free_threaded: rest.starts_with('t'),
        })
    }

    /// The name of its folder in `lib`.
    fn folder(self) -> String {
        format!("python{self}")
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let suffix = if self.free_threaded { "t" } else { "" };
        write!(f, "{}.{}{suffix}", self.major, self.minor)
    }
}

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
    /// The files do not tell: the interpreter has to be asked once. See [`super::python_plugins_in`].
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

/// What the name of a program says.
enum Name {
    /// `python3.11`
    Versioned(Version),
    /// `python`, `python3`
    Plain,
    /// Anything else, such as a manager of versions.
    Other,
}

impl Name {
    fn of(path: &Path) -> Self {
        let name = path.file_name().and_then(|name| name.to_str());
        match name.and_then(|name| name.strip_prefix("python")) {
            Some("" | "3") => Self::Plain,
            Some(rest)
                if rest
                    .chars()
                    .all(|c| c.is_ascii_digit() || ".tmd".contains(c)) =>
            {
                Version::parse(rest).map_or(Self::Other, Self::Versioned)
            }
            Some(_) | None => Self::Other,
        }
    }
}

/// Where an interpreter itself is installed.
#[derive(Debug)]
struct Base {
    prefix: PathBuf,
    version: Version,
    /// Whether its library is in `lib64` (Fedora and its kin).
    lib64: bool,
}

/// The installation that the interpreter at `path` belongs to: as Python does it, the first folder above it that has
/// the library of this version.
fn base(db: &dyn Db, path: &Path, version: Version) -> Option<Base> {
    let is_there = |folder: &Path, lib: &str| {
        let landmark = folder.join(lib).join(version.folder()).join("os.py");
        matches!(db.file(&landmark).content(db), Content::File(_))
    };
    path.ancestors().skip(2).find_map(|folder| {
        let lib64 = !is_there(folder, "lib");
        (!lib64 || is_there(folder, "lib64")).then(|| Base {
            prefix: folder.to_owned(),
            version,
            lib64,
        })
    })
}

impl Base {
    /// Its folders of packages, those that are there. Debian's Python keeps them elsewhere, and looks into
    /// `site-packages` only from within a virtual environment.
    fn sites(&self, db: &dyn Db, from_venv: bool) -> Vec<PathBuf> {
        let folder = self.version.folder();
        let debian = self.prefix.join("lib/python3/dist-packages");
        let is_debian = is_folder(db, &debian);
        let mut sites = Vec::new();
        if from_venv || !is_debian {
            if self.lib64 {
                sites.push(
                    self.prefix
                        .join("lib64")
                        .join(&folder)
                        .join("site-packages"),
                );
            }
            sites.push(self.prefix.join("lib").join(&folder).join("site-packages"));
        }
        if is_debian || self.prefix == Path::new("/usr") {
            let local = self.prefix.join("local/lib");
            sites.push(local.join(&folder).join("dist-packages"));
            sites.push(debian);
            sites.push(self.prefix.join("lib").join(&folder).join("dist-packages"));
        }
        sites.retain(|site| is_folder(db, site));
        sites
    }
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

/// The versions of Python that have a folder in `lib`.
fn versions_in(db: &dyn Db, lib: &Path) -> Vec<Version> {
    let entries = db
        .folder(lib)
        .listing(db)
        .iter()
        .flat_map(|list| list.iter());
    entries
        .filter(|entry| entry.kind == Some(FileKind::Folder))
        .filter_map(|entry| Version::parse(entry.name.strip_prefix("python")?))
        .collect()
}

fn is_script(db: &dyn Db, path: &Path) -> bool {
    let content = db.file(path).content(db);
    content
        .bytes()
        .is_some_and(|bytes| bytes.starts_with(b"#!"))
}
