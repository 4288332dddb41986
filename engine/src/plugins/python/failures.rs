//! What goes wrong while a plugin is loaded, in words.

use std::path::Path;

use serde_json::Value as Json;

use super::host::{Failed, Frame, Problem};
use super::interpreter::Interpreter;
use super::plugins::PythonPlugin;
use crate::diagnostics::{Diagnostic, Owner, Place, did_you_mean};

/// The code of an alert: the plugin uses functions that this version does not call.
pub(super) const NEEDS_CALLBACKS: &str = "plugin-callbacks";

/// Filters whose functions change nothing that a save writes: what they are for is not there yet.
const WITHOUT_EFFECT: [&str; 11] = [
    "APP_PUBLIC_HOSTS",
    "CLI_COMMANDS",
    "CLI_DO_INIT_TASKS",
    "COMMANDS_INIT",
    "COMMANDS_PRE_INIT",
    "DOCKER_BUILD_COMMAND",
    "IMAGES_BUILD",
    "IMAGES_BUILD_MOUNTS",
    "IMAGES_BUILD_REQUIRED",
    "IMAGES_PULL",
    "IMAGES_PUSH",
];

/// What becomes of a plugin that does not load.
pub(super) const LEFT_OUT: &str = "the plugin is left out";

fn alert(code: &'static str, plugin: &PythonPlugin, message: String) -> Diagnostic {
    Diagnostic::alert(code, message)
        .of(Owner::Plugin(plugin.name.clone()))
        .note(LEFT_OUT)
}

fn disable(plugin: &PythonPlugin) -> String {
    format!("run `tutor plugins disable {}`", plugin.name)
}

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
        } => (
            format!(
                "plugin '{name}' was not loaded within {} s",
                patience.as_secs_f64()
            ),
            MORE_TIME.to_owned(),
            last_words.as_str(),
        ),
        Failed::Died { how, last_words } => (
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

/// How much of what was printed last is shown.
const LAST_LINES: usize = 12;

/// What stands in the frames of a trace that are Python's or ours.
const FRAMES_OF_OTHERS: [&str; 4] = [
    "File \"<frozen ",
    "File \"<tutor-sdk>",
    "File \"<string>",
    "/importlib/__init__.py\", line",
];

fn last_lines(last_words: &str) -> Vec<String> {
    let is_worth_it = |line: &&str| {
        !line.trim().is_empty() && !FRAMES_OF_OTHERS.iter().any(|frame| line.contains(frame))
    };
    let lines: Vec<_> = last_words.lines().filter(is_worth_it).collect();
    let begin = lines.len().saturating_sub(LAST_LINES);
    lines[begin..]
        .iter()
        .map(|line| (*line).to_owned())
        .collect()
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

/// The places of a trace (`File "…", line 1 in f`), from the innermost on, but for those that are in no file.
fn frames_in(last_words: &str) -> impl Iterator<Item = Place> {
    last_words.lines().filter_map(|line| {
        let (file, rest) = line
            .trim()
            .strip_prefix("File \"")?
            .split_once("\", line ")?;
        let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
        (!file.starts_with('<')).then(|| Place {
            origin: file.to_owned(),
            line: digits.parse().ok(),
            ..Place::default()
        })
    })
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

/// How much of what an exception says is told.
const LONGEST: usize = 2000;

/// What helps against impatience.
const MORE_TIME: &str = "correct what it waits for; if it needs more time, set PYTHON_TIMEOUT (in seconds), or the \
                         variable TUTOR_PYTHON_TIMEOUT";

/// The host did not make a call.
pub(super) fn of_call(what: &str, owner: Owner, failed: &Failed) -> Diagnostic {
    let is_slow = matches!(failed, Failed::Silent { .. });
    let (message, last_words) = match failed {
        Failed::Start(why) | Failed::Refused(why) | Failed::Nonsense(why) => {
            (format!("{what} cannot be called: {why}"), "")
        }
        Failed::Silent {
            patience,
            last_words,
        } => (
            format!(
                "{what} has not answered within {} s",
                patience.as_secs_f64()
            ),
            last_words.as_str(),
        ),
        Failed::Died { how, last_words } => {
            let how = how.map_or_else(String::new, |how| format!(" ({how})"));
            (format!("{what} ended Python{how}"), last_words.as_str())
        }
    };
    let mut diagnostic = Diagnostic::error("plugin-call", message).of(owner);
    diagnostic.notes.extend(last_lines(last_words));
    if is_slow {
        let of_plugin = |place: &Place| {
            let is_pythons = place.origin.contains("/lib/python");
            !is_pythons || place.origin.contains("/site-packages/")
        };
        diagnostic.place = frames_in(last_words).find(of_plugin);
        diagnostic.hint = Some(MORE_TIME.to_owned());
    }
    diagnostic
}

/// A function that was called has raised an exception, or its result cannot be told.
pub(super) fn of_called(what: &str, owner: Owner, problem: &Problem) -> Diagnostic {
    let mut said: String = problem.message.chars().take(LONGEST).collect();
    if said.len() < problem.message.len() {
        said.push('…');
    }
    let message = match &*problem.kind {
        "Unrepresentable" => format!("what {what} answers cannot be told: {said}"),
        "Refusal" => format!("{what} cannot be called: {said}"),
        kind => format!("{what} has raised {kind}: {said}"),
    };
    let mut diagnostic = Diagnostic::error("plugin-call", message).of(owner);
    diagnostic.place = problem.frames.last().map(place);
    let above = problem.frames.iter().rev().skip(1);
    diagnostic.notes.extend(above.map(called_from));
    diagnostic
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

fn called_from(frame: &Frame) -> String {
    let function = frame.function.as_deref().unwrap_or("<module>");
    let line = frame
        .line
        .map(|line| format!(":{line}"))
        .unwrap_or_default();
    format!("called from {}{line}, in {function}", frame.file)
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

fn place(frame: &Frame) -> Place {
    let column = frame.column.filter(|column| *column > 0);
    Place {
        origin: frame.file.clone(),
        line: frame.line,
        column,
        width: usize::from(column.is_some()),
        excerpt: frame
            .text
            .as_ref()
            .map(|text| text.trim_end_matches('\n').to_owned()),
    }
}

/// What is worth saying of a plugin that does load: keys that nobody knows, functions that nobody calls.
pub(super) fn of_declaration(plugin: &PythonPlugin, said: &Json) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let unknown = said.get("unknown").and_then(Json::as_array);
    for pair in unknown.into_iter().flatten() {
        let part = |index| pair.get(index).and_then(Json::as_str).unwrap_or_default();
        let (attribute, key) = (part(0), part(1));
        let known: &[&str] = match attribute {
            "config" => &["add", "defaults", "set"],
            _ => &["init", "pre-init", "build-image", "remote-image"],
        };
        let hint = did_you_mean(key, known.iter().copied()).map_or_else(
            || format!("known here: {}", known.join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        let message = format!(
            "unknown key `{attribute}.{key}` of plugin '{}'",
            plugin.name
        );
        problems.push(
            Diagnostic::alert("unknown-key", message)
                .at(plugin.place())
                .of(Owner::Plugin(plugin.name.clone()))
                .hint(hint),
        );
    }
    problems.extend(of_callbacks(plugin, said));
    problems
}

/// What is called, or used, wherever it is needed.
const CALLED: [&str; 22] = [
    "CLI_DO_COMMANDS",
    "CMS_WORKER_COMMAND",
    "COMPOSE_MOUNTS",
    "COMPOSE_PROJECT_STARTED",
    "CONFIG_DEFAULTS",
    "CONFIG_LOADED",
    "CONFIG_OVERRIDES",
    "CONFIG_UNIQUE",
    "CONFIG_USER",
    "DO_JOB",
    "ENV_PATCHES",
    "ENV_PATTERNS_IGNORE",
    "ENV_PATTERNS_INCLUDE",
    "ENV_SAVED",
    "ENV_TEMPLATE_FILTERS",
    "ENV_TEMPLATE_ROOTS",
    "ENV_TEMPLATE_TARGETS",
    "ENV_TEMPLATE_VARIABLES",
    "LMS_WORKER_COMMAND",
    "MOUNTED_DIRECTORIES",
    "PLUGINS_LOADED",
    "PLUGIN_UNLOADED",
];

/// Those of them that are used as items only.
const ITEMS: [&str; 2] = ["ENV_TEMPLATE_FILTERS", "ENV_TEMPLATE_VARIABLES"];

/// Functions of a plugin of API v1: some that a save needs cannot be called yet.
fn of_callbacks(plugin: &PythonPlugin, said: &Json) -> Option<Diagnostic> {
    let callbacks = said.get("callbacks")?.as_array()?;
    let text = |one: &Json, key: &str| Some(one.get(key)?.as_str()?.to_owned());
    let is_item = |one: &Json| one.get("item").and_then(Json::as_bool).unwrap_or_default();
    // Which names templates know has to be known without calling anybody.
    let is_called =
        |one: &Json, name: &str| CALLED.contains(&name) && (is_item(one) || !ITEMS.contains(&name));
    let mut needed: Vec<(String, Option<&Json>)> = Vec::new();
    let mut without = Vec::new();
    for one in callbacks {
        let name = text(one, "name")?;
        if WITHOUT_EFFECT.contains(&&*name) {
            without.push(name);
        } else if !is_called(one, &name) {
            needed.push((name, Some(one)));
        }
    }
    let cleared = said.get("cleared").and_then(Json::as_array);
    for name in cleared.into_iter().flatten().filter_map(Json::as_str) {
        needed.push((format!("{name}, which it clears"), None));
    }
    without.sort();
    without.dedup();
    if let Some((_, first)) = needed.first() {
        let place = first.and_then(|one| {
            Some(Place {
                origin: text(one, "file")?,
                line: usize::try_from(one.get("line")?.as_u64()?).ok(),
                ..Place::default()
            })
        });
        let mut names: Vec<_> = needed.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        let message = format!(
            "plugin '{}' changes in a way that this version cannot follow yet: {}",
            plugin.name,
            names.join(", ")
        );
        return Some(
            alert(NEEDS_CALLBACKS, plugin, message)
                .at(place.unwrap_or_else(|| plugin.place()))
                .hint(disable(plugin)),
        );
    }
    let message = format!(
        "plugin '{}' changes {} by functions that this version does not call yet",
        plugin.name,
        without.join(", ")
    );
    (!without.is_empty()).then(|| {
        Diagnostic::remark("plugin-callbacks-left-out", message)
            .at(plugin.place())
            .of(Owner::Plugin(plugin.name.clone()))
    })
}
