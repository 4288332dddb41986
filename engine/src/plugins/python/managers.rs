//! What a program that starts some Python (a shim of pyenv, asdf or mise, a script) may go by when it chooses which
//! one: the program itself, variables, the current folder, and the files in which versions are written down.
//!
//! Unaware of what it chooses. What cannot be known from here is what a script of the user's own reads besides, and
//! what hooks of a manager do.

use std::path::{Path, PathBuf};

use super::interpreter::{Interpreter, is_linked};
use super::paths::{absolute, current, home, split, target, variable, written};
use super::version::Name;
use crate::inputs::{Content, Db, Found};

/// What is read by the managers or by Python itself.
const VARIABLES: [&str; 31] = [
    "ASDF_CONFIG_FILE",
    "ASDF_DATA_DIR",
    "ASDF_DEFAULT_TOOL_VERSIONS_FILENAME",
    "ASDF_DIR",
    "ASDF_PYTHON_VERSION",
    "ASDF_TOOL_VERSIONS_FILENAME",
    "CONDA_DEFAULT_ENV",
    "CONDA_PREFIX",
    "DYLD_LIBRARY_PATH",
    "HOME",
    "LD_LIBRARY_PATH",
    "LD_PRELOAD",
    "PATH",
    "PWD",
    "PYENV_DIR",
    "PYENV_HOOK_PATH",
    "PYENV_ROOT",
    "PYENV_VERSION",
    "PYENV_VIRTUAL_ENV",
    "PYTHONEXECUTABLE",
    "PYTHONHOME",
    "PYTHONNOUSERSITE",
    "PYTHONPATH",
    "PYTHONPLATLIBDIR",
    "PYTHONUSERBASE",
    "RYE_HOME",
    "UV_PYTHON",
    "VIRTUAL_ENV",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "__PYVENV_LAUNCHER__",
];

/// The same of mise, which was called rtx: what follows on the name in capitals.
const OF_MISE: [&str; 9] = [
    "CONFIG_DIR",
    "CONFIG_FILE",
    "DATA_DIR",
    "DEFAULT_CONFIG_FILENAME",
    "DEFAULT_TOOL_VERSIONS_FILENAME",
    "ENV",
    "GLOBAL_CONFIG_FILE",
    "OVERRIDE_CONFIG_FILENAMES",
    "PYTHON_VERSION",
];

/// Where versions are written down, in the current folder or one above it.
const FILES: [&str; 2] = [".python-version", ".tool-versions"];

/// The same for mise.
const FILES_OF_MISE: [&str; 12] = [
    ".config/mise.toml",
    ".config/mise/config.toml",
    ".mise.local.toml",
    ".mise.toml",
    ".mise/config.toml",
    ".python-versions",
    ".rtx.toml",
    ".rtx.local.toml",
    "mise.local.toml",
    "mise.toml",
    "mise/config.local.toml",
    "mise/config.toml",
];

/// Names of programs that stand behind the names of many, and are large.
const MISE: [&str; 2] = ["mise", "rtx"];

/// All that the choice of `interpreter` may depend on, in one hash.
pub(super) fn circumstances(db: &dyn Db, interpreter: &Interpreter) -> blake3::Hash {
    let is_mise = interpreter
        .target
        .file_name()
        .is_some_and(|name| MISE.iter().any(|mise| name == *mise));
    let mut noted = Noted::default();
    noted.path(&interpreter.path);
    noted.path(&interpreter.target);
    let is_python = matches!(Name::of(&interpreter.target), Name::Versioned(_));
    if !(is_mise || is_python && is_linked(db, &interpreter.path)) {
        noted.file(db, &interpreter.target);
    }
    for name in VARIABLES {
        noted.variable(db, name);
    }
    let mut names = FILES.map(str::to_owned).to_vec();
    if is_mise {
        for name in ["MISE", "RTX"] {
            for rest in OF_MISE {
                noted.variable(db, &format!("{name}_{rest}"));
            }
        }
        names.extend(FILES_OF_MISE.map(str::to_owned));
        names.extend(variable(db, "MISE_ENV").map(|env| format!("mise.{env}.toml")));
    }
    for renamed in [
        "ASDF_DEFAULT_TOOL_VERSIONS_FILENAME",
        "ASDF_TOOL_VERSIONS_FILENAME",
    ] {
        names.extend(variable(db, renamed).map(str::to_owned));
    }
    let current = current(db);
    noted.path(&current);
    for folder in folders_to_look_into(db, &current) {
        for name in &names {
            noted.file(db, &folder.join(name));
        }
    }
    for file in configurations(db, is_mise) {
        noted.file(db, &file);
    }
    // Where none of a manager's own versions is meant, or the one that is meant is not there, it is another program of
    // that name.
    if let (Some(path), Some(name)) = (variable(db, "PATH"), interpreter.path.file_name()) {
        for folder in split(db, path) {
            noted.program(db, &folder.join(name));
        }
    }
    for root in roots(db, &interpreter.path) {
        noted.file(db, &root.join("version"));
        // Where `3.11` is written, the last of these that begins with it is meant.
        for versions in ["versions", "installs/python"] {
            noted.folder(db, &root.join(versions));
        }
    }
    noted.hasher.finalize()
}

/// The current folder and those above it, the same for pyenv's and the shell's idea of it, and the home; each once.
fn folders_to_look_into(db: &dyn Db, current: &Path) -> Vec<PathBuf> {
    let named = ["PYENV_DIR", "PWD"].map(|name| Some(written(db, variable(db, name)?)));
    let mut folders: Vec<PathBuf> = Vec::new();
    let above = std::iter::once(current)
        .chain(named.iter().flatten().map(PathBuf::as_path))
        .flat_map(Path::ancestors);
    for folder in above.map(Path::to_owned).chain(home(db)) {
        if !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    folders
}

/// Files of settings for all folders.
fn configurations(db: &dyn Db, is_mise: bool) -> Vec<PathBuf> {
    let named = |name| variable(db, name).map(|path| written(db, path));
    let below_home = |path| home(db).map(|home| absolute(&home, path));
    let mut files = Vec::new();
    files.extend(named("ASDF_CONFIG_FILE").or_else(|| below_home(".asdfrc")));
    if is_mise {
        files.push("/etc/mise/config.toml".into());
        files.extend(named("MISE_GLOBAL_CONFIG_FILE"));
        files.extend(named("MISE_CONFIG_FILE"));
        let folder = named("MISE_CONFIG_DIR")
            .or_else(|| Some(named("XDG_CONFIG_HOME")?.join("mise")))
            .or_else(|| below_home(".config/mise"));
        files.extend(folder.map(|folder| folder.join("config.toml")));
    }
    files
}

/// The folders of managers, below which versions are installed; each once.
fn roots(db: &dyn Db, path: &Path) -> Vec<PathBuf> {
    let of_shim = path
        .parent()
        .filter(|folder| folder.ends_with("shims"))
        .and_then(Path::parent)
        .map(Path::to_owned);
    let named = ["PYENV_ROOT", "ASDF_DATA_DIR", "MISE_DATA_DIR"]
        .map(|name| variable(db, name).map(|folder| written(db, folder)));
    let usual = [".pyenv", ".asdf"].map(|name| home(db).map(|home| home.join(name)));
    let mut roots: Vec<PathBuf> = Vec::new();
    for root in [of_shim].into_iter().chain(named).chain(usual).flatten() {
        if !roots.contains(&root) {
            roots.push(root);
        }
    }
    roots
}

/// A hash in the making. What is noted one after the other cannot be taken for something else.
#[derive(Default)]
struct Noted {
    hasher: blake3::Hasher,
}

impl Noted {
    fn text(&mut self, text: &[u8]) {
        self.hasher.update(&(text.len() as u64).to_le_bytes());
        self.hasher.update(text);
    }

    fn path(&mut self, path: &Path) {
        self.text(path.as_os_str().as_encoded_bytes());
    }

    fn variable(&mut self, db: &dyn Db, name: &str) {
        match db.variable(name).value(db) {
            Some(value) => {
                self.hasher.update(&[1]);
                self.text(value.as_bytes());
            }
            None => {
                self.hasher.update(&[0]);
            }
        }
    }

    /// Notes what is in a file; where it is matters only if there is one.
    fn file(&mut self, db: &dyn Db, path: &Path) {
        match db.file(path).content(db) {
            Content::Absent | Content::Folder => {}
            content => {
                self.path(path);
                match content.hash() {
                    Some(hash) => self.text(hash.as_bytes()),
                    None => self.text(b"unreadable"),
                }
            }
        }
    }

    /// Notes where a path leads, and what is there if it is no link: others may lead to what is large.
    fn program(&mut self, db: &dyn Db, path: &Path) {
        let leads_to = target(db, path);
        if leads_to == path {
            self.file(db, path);
        } else {
            self.path(&leads_to);
        }
    }

    fn folder(&mut self, db: &dyn Db, path: &Path) {
        if let Found::Listing(hash, _) = Found::of_listing(db.folder(path).listing(db)) {
            self.path(path);
            self.text(&hash);
        }
    }
}
