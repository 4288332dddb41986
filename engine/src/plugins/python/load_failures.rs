//! What goes wrong while a plugin is loaded, in words.

use std::path::Path;

use super::failures::{alert, called_from, disable, place};
use super::host::{Failed, Problem};
use super::interpreter::Interpreter;
use super::last_words::{MORE_TIME, frames_in, last_lines};
use super::plugins::PythonPlugin;
use crate::diagnostics::{Diagnostic, Place};

/// There is no Python.
pub(super) fn no_python(plugin: &PythonPlugin) -> Diagnostic {
    let message = format!(
        "plugin '{}' is written in Python, and no Python was found",
        plugin.name
    );
    alert("python-missing", plugin, message)
        .at(plugin.place())
        .hint(format!(
            "install Python 3.8 or later, or name one in TUTOR_PYTHON; or {}",
            disable(plugin)
        ))
}

/// The host did not do what it was asked for.
pub(super) fn of_host(
    plugin: &PythonPlugin,
    interpreter: &Interpreter,
    failed: &Failed,
) -> Diagnostic {
    let name = &plugin.name;
    let python = interpreter.path.display();
    let (message, hint, last_words) = match failed {
        Failed::Start(why) => (
            format!("plugin '{name}' cannot be loaded: {python} does not work: {why}"),
            String::from("mend it, or name a Python that works in TUTOR_PYTHON"),
            "",
        ),
        Failed::Refused(why) => (
            format!("plugin '{name}' cannot be loaded with {python}: {why}"),
            String::from("name a newer Python in TUTOR_PYTHON, and install the plugin there"),
            "",
        ),
        Failed::Silent {
            patience,
            last_words,
            ..
        } => (
            format!(
                "plugin '{name}' was not loaded within {} s",
                patience.as_secs_f64()
            ),
            MORE_TIME.to_owned(),
            last_words.as_str(),
        ),
        Failed::Died {
            how, last_words, ..
        } => (
            match how {
                Some(how) => format!("plugin '{name}' ended Python while it was loaded ({how})"),
                None => format!("plugin '{name}' cut the line to Python while it was loaded"),
            },
            if last_words.is_empty() {
                String::from("correct the plugin")
            } else {
                String::from("correct the plugin: what it printed last is above")
            },
            last_words.as_str(),
        ),
        Failed::Nonsense(what) => (
            format!(
                "plugin '{name}' cannot be loaded: {python} does not keep to the protocol: {what}"
            ),
            String::from("try another Python (TUTOR_PYTHON); if it happens again, please tell us"),
            "",
        ),
    };
    let mut diagnostic = alert("plugin-python", plugin, message).at(place_in(plugin, last_words));
    diagnostic.notes.splice(0..0, last_lines(last_words));
    diagnostic.hint(format!("{hint}; or {}", disable(plugin)))
}

/// Where the plugin's code was, if `last_words` have a trace (`File "…", line 1 in f`) with a file of its package; else
/// where it is declared.
fn place_in(plugin: &PythonPlugin, last_words: &str) -> Place {
    let package = plugin.module.split('.').next().unwrap_or_default();
    let is_own = |place: &Place| {
        let file = &place.origin;
        file.contains(&format!("/{package}/")) || file.ends_with(&format!("/{package}.py"))
    };
    frames_in(last_words)
        .find(is_own)
        .unwrap_or_else(|| plugin.place())
}

/// The plugin has raised an exception, or declares something of a wrong type. `source` is the text of its module, if that
/// is known, with its path.
pub(super) fn of_plugin(
    plugin: &PythonPlugin,
    interpreter: &Interpreter,
    problem: &Problem,
    source: Option<(&Path, &str)>,
) -> Diagnostic {
    let place = problem
        .syntax
        .as_ref()
        .or(problem.frames.last())
        .map(place)
        .or_else(|| {
            Some(Place {
                origin: problem.file.clone()?,
                line: problem.line,
                ..Place::default()
            })
        })
        .or_else(|| {
            let (path, text) = source?;
            Some(place_of(path, text, problem.attribute.as_deref()))
        })
        .unwrap_or_else(|| plugin.place());
    if matches!(&*problem.kind, "Declaration" | "Unrepresentable") {
        return of_type(plugin, problem, place);
    }
    let name = &plugin.name;
    let python = interpreter.path.display();
    let mut hint = format!("correct it, or {}", disable(plugin));
    let message = match (&*problem.kind, &problem.missing_module) {
        (_, Some(module)) if is_own(plugin, module) => {
            hint = format!(
                "install {} again, or {}",
                package_of(plugin),
                disable(plugin)
            );
            format!(
                "plugin '{name}' is declared as module '{}', which is not there: {}",
                plugin.module, problem.message
            )
        }
        (_, Some(module)) => {
            hint = format!(
                "install it where the plugin is (`{python} -m pip install …`), or {}",
                disable(plugin)
            );
            format!("plugin '{name}' needs the Python module '{module}', which is not installed")
        }
        ("SyntaxError" | "IndentationError" | "TabError", _) => {
            format!("plugin '{name}' is not valid Python: {}", problem.message)
        }
        ("SystemExit", _) => format!("plugin '{name}' cannot be loaded: {}", problem.message),
        (kind, _) => {
            let what = if problem.message.is_empty() {
                kind.to_owned()
            } else {
                format!("{kind}: {}", problem.message)
            };
            match &problem.attribute {
                Some(attribute) => {
                    format!("plugin '{name}' has raised {what}, while `{attribute}` was evaluated")
                }
                None => format!("plugin '{name}' has raised {what}"),
            }
        }
    };
    let mut diagnostic = alert("plugin-python", plugin, message).at(place);
    let mut notes = Vec::new();
    if problem.syntax.is_none() {
        let above = problem.frames.iter().rev().skip(1);
        notes.extend(above.map(called_from));
    }
    if let Some(cause) = &problem.cause {
        notes.push(format!("because of {}: {}", cause.kind, cause.message));
    }
    diagnostic.notes.splice(0..0, notes);
    diagnostic.hint(hint)
}

/// Where `attribute` is given its value in a module.
fn place_of(path: &Path, text: &str, attribute: Option<&str>) -> Place {
    let begins = |line: &str, attribute: &str| {
        let rest = line.strip_prefix("def ").unwrap_or(line);
        let rest = rest.strip_prefix(attribute).map(str::trim_start);
        rest.is_some_and(|rest| rest.starts_with(['=', ':', '(']))
    };
    let found = attribute.and_then(|attribute| {
        let mut lines = text.lines().enumerate();
        lines.find(|(_, line)| begins(line, attribute))
    });
    Place {
        origin: path.display().to_string(),
        line: found.map(|(index, _)| index + 1),
        column: found.map(|_| 1),
        width: attribute.map_or(0, |attribute| attribute.chars().count()),
        excerpt: found.map(|(_, line)| line.to_owned()),
    }
}

fn of_type(plugin: &PythonPlugin, problem: &Problem, place: Place) -> Diagnostic {
    let message = match (&problem.expected, &problem.found) {
        (Some(expected), Some(found)) => {
            let mut path = vec![problem.attribute.as_deref().unwrap_or_default()];
            path.extend(problem.key.iter().map(String::as_str));
            path.retain(|part| !part.is_empty());
            format!(
                "`{}` of plugin '{}' must be {expected}, found {found}",
                path.join("."),
                plugin.name
            )
        }
        _ if !problem.path.is_empty() => format!(
            "`{}` of plugin '{}' cannot be told: {}",
            problem.path.join("."),
            plugin.name,
            problem.message
        ),
        _ => format!("plugin '{}': {}", plugin.name, problem.message),
    };
    alert("plugin-type", plugin, message)
        .at(place)
        .hint(format!("correct it, or {}", disable(plugin)))
}

fn is_own(plugin: &PythonPlugin, module: &str) -> bool {
    *plugin.module == *module || plugin.module.starts_with(&format!("{module}."))
}

fn package_of(plugin: &PythonPlugin) -> &str {
    if plugin.distribution.is_empty() {
        &plugin.name
    } else {
        &plugin.distribution
    }
}
