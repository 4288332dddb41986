//! What is wrong with distributions that have plugins, and with interpreters that do not say where these are, in words.

use std::path::Path;

use super::entry_points::EntryPoint;
use super::interpreter::{CHOICE, Interpreter};
use super::paths::variable;
use super::plugins::PythonPlugin;
use super::probe::Unanswered;
use crate::diagnostics::{Diagnostic, Owner, Place};
use crate::inputs::Db;

/// How many lines of what an interpreter has printed are shown, of its beginning and of its end.
const SHOWN: usize = 3;

/// An interpreter that had to be asked because it `why` has not answered.
pub(super) fn silent(
    db: &dyn Db,
    interpreter: &Interpreter,
    why: &str,
    unanswered: &Unanswered,
) -> Diagnostic {
    let Unanswered { what, printed } = unanswered;
    let message = format!(
        "the Python interpreter {} {what}",
        interpreter.path.display()
    );
    let mut alert = Diagnostic::alert("python-environment", message);
    let lines: Vec<_> = printed
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
        .collect();
    for (index, line) in lines.iter().enumerate() {
        if index < SHOWN || index + SHOWN >= lines.len() {
            let line: String = line.chars().take(200).collect();
            alert = alert.note(format!("it printed: {line}"));
        }
    }
    alert = alert
        .note(format!(
            "it had to be asked where its packages are, as it {why}"
        ))
        .note("no Python plugins are found");
    if variable(db, CHOICE).is_some() {
        alert = alert.of(Owner::Environment(CHOICE.into()));
    }
    alert.hint(format!(
        "set {CHOICE} to the path of a real Python interpreter, such as that of a virtual environment"
    ))
}

/// An `entry_points.txt` is no text.
pub(super) fn unreadable(origin: &str, line: Option<usize>, why: &str) -> Diagnostic {
    let place = Place {
        origin: origin.to_owned(),
        line,
        ..Place::default()
    };
    let message = format!("cannot be read: {why}; if the package has plugins, they are left out");
    Diagnostic::alert("entry-point", message)
        .at(place)
        .hint("install the package again, or uninstall it")
}

/// A distribution with a plugin lacks metadata.
pub(super) fn no_version(folder: &Path, plugin: &EntryPoint) -> Diagnostic {
    let place = Place {
        origin: folder.display().to_string(),
        ..Place::default()
    };
    let message = format!(
        "the distribution of plugin '{}' does not say its version: a file METADATA (or PKG-INFO) with a line \
         `Version: …` is expected",
        plugin.name
    );
    Diagnostic::alert("distribution-metadata", message)
        .at(place)
        .of(Owner::Plugin(plugin.name.clone()))
        .hint("install the package again")
}

/// Another version of a distribution is in the same folder.
pub(super) fn two_versions(folder: &Path, rival: &Path, plugin: &EntryPoint) -> Diagnostic {
    let place = Place {
        origin: folder.display().to_string(),
        ..Place::default()
    };
    let message = format!(
        "there is also {}, of the same distribution: which one Python takes for plugin '{}' is left to chance, here \
         it is the first in the alphabet",
        rival.display(),
        plugin.name
    );
    Diagnostic::alert("distribution-duplicate", message)
        .at(place)
        .of(Owner::Plugin(plugin.name.clone()))
        .hint("remove the folder whose version is not the one that is installed, or install the package again")
}

/// Two packages have a plugin of one name; the first is used.
pub fn twice(first: &PythonPlugin, second: &PythonPlugin) -> Diagnostic {
    let describe = |plugin: &PythonPlugin| format!("{} ({})", plugin.describe(), plugin.group);
    let message = format!(
        "two plugins are called '{}': that of {} is used, that of {} is not",
        first.name,
        describe(first),
        describe(second)
    );
    let leftover = [first, second].into_iter().find(|plugin| {
        let name = plugin.metadata.file_name();
        name.is_some_and(|name| name.to_string_lossy().starts_with('~'))
    });
    let hint = match leftover {
        Some(plugin) => format!(
            "remove {}, which pip left behind",
            plugin.metadata.display()
        ),
        None if first.metadata == second.metadata => {
            format!("correct the entry points of {}", first.distribution)
        }
        None => format!(
            "uninstall one of them: `pip uninstall {}` or `pip uninstall {}`",
            first.distribution, second.distribution
        ),
    };
    Diagnostic::alert("plugin-duplicate", message)
        .at(second.place())
        .of(Owner::Plugin(second.name.clone()))
        .hint(hint)
}
