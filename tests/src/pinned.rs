//! Python environments with pinned packages, under `target/`.
//!
//! One is made on first use, by whoever comes first; others wait at a file
//! lock. A marker file says that it is complete, and what was asked for: an
//! interrupted set-up is begun again, and so is one of other versions. What the
//! packages are for is nobody's business here.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::paths;

/// What an environment has to have.
#[derive(Debug, Clone, Copy)]
pub struct Recipe<'a> {
    /// Its folder below `target/`.
    pub folder: &'a str,
    /// What it is needed for: the begin of a sentence when it cannot be made.
    pub purpose: &'a str,
    /// The runs of `pip install`, in order.
    pub installs: &'a [Install<'a>],
}

/// One run of `pip install`.
#[derive(Debug, Clone, Copy)]
pub struct Install<'a> {
    /// Its arguments.
    pub args: &'a [&'a str],
    /// A file of this crate that says which versions (`--constraint`), or what (`--requirement`).
    pub file: (&'a str, &'a str),
}

/// The folder of the virtual environment of `recipe`, made if it is not there yet.
pub fn environment(recipe: &Recipe<'_>) -> Result<PathBuf, String> {
    let folder = paths::target_dir()?.join(recipe.folder);
    let describe = |e: std::io::Error| format!("{}: {e}", folder.display());
    fs::create_dir_all(&folder).map_err(describe)?;
    let lock = File::create(folder.join("lock")).map_err(describe)?;
    lock.lock().map_err(describe)?;
    let wanted = wanted(recipe).map_err(describe)?;
    let marker = folder.join("complete");
    let venv = folder.join("venv");
    let is_complete = fs::read_to_string(&marker).is_ok_and(|found| found == wanted);
    // Its interpreter is a link, whose target may have gone.
    if is_complete && venv.join("bin/python").exists() {
        return Ok(venv);
    }
    if venv.exists() {
        fs::remove_dir_all(&venv).map_err(describe)?;
    }
    make(recipe, &venv)?;
    for install in recipe.installs {
        pip(recipe, &venv, install)?;
    }
    fs::write(&marker, wanted).map_err(describe)?;
    Ok(venv)
}

/// Everything that the environment depends on, as the marker keeps it.
fn wanted(recipe: &Recipe<'_>) -> std::io::Result<String> {
    let mut wanted = String::new();
    for install in recipe.installs {
        wanted.push_str(&fs::read_to_string(
            paths::crate_dir().join(install.file.1),
        )?);
    }
    Ok(wanted)
}

fn make(recipe: &Recipe<'_>, venv: &Path) -> Result<(), String> {
    let made = Command::new("python3")
        .args(["-m", "venv"])
        .arg(venv)
        .output()
        .map_err(|e| {
            format!(
                "{} needs Python 3 with its venv module: `python3` does not start ({e})",
                recipe.purpose
            )
        })?;
    succeeded(
        recipe,
        "python3 -m venv (Debian and Ubuntu: apt install python3-venv)",
        &made,
    )
}

fn pip(recipe: &Recipe<'_>, venv: &Path, install: &Install<'_>) -> Result<(), String> {
    let (option, file) = install.file;
    let ran = Command::new(venv.join("bin/python"))
        .args(["-m", "pip", "install", "--quiet"])
        .arg("--disable-pip-version-check")
        .arg(option)
        .arg(paths::crate_dir().join(file))
        .args(install.args)
        .output()
        .map_err(|e| format!("pip does not start: {e}"))?;
    let what = format!("pip install {option} {file} {}", install.args.join(" "));
    succeeded(recipe, what.trim_end(), &ran)
}

fn succeeded(recipe: &Recipe<'_>, what: &str, output: &Output) -> Result<(), String> {
    if output.status.success() {
        return Ok(());
    }
    Err(format!(
        "{} needs an environment, but {what} failed:\n{}{}",
        recipe.purpose,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    ))
}

/// The folder of packages of a virtual environment.
pub fn site_packages(venv: &Path) -> Result<PathBuf, String> {
    let lib = venv.join("lib");
    let entries = fs::read_dir(&lib).map_err(|e| format!("{}: {e}", lib.display()))?;
    let mut sites = entries
        .flatten()
        .map(|entry| entry.path().join("site-packages"));
    sites
        .find(|site| site.is_dir())
        .ok_or_else(|| format!("no packages in {}", venv.display()))
}

/// The template root of the Tutor that is installed in a virtual environment.
pub fn templates_of(venv: &Path) -> Result<PathBuf, String> {
    let templates = site_packages(venv)?.join("tutor/templates");
    if templates.is_dir() {
        Ok(templates)
    } else {
        Err(format!("no Tutor in {}", venv.display()))
    }
}
