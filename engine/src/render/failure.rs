//! From errors of the template engine to diagnostics: what went wrong, where in the user's files, what to do.

use jinja::{Error, ErrorKind};

use super::functions;
use super::host::GraphHost;
use crate::config::{self, Raw};
use crate::diagnostics::{Diagnostic, Failure, Owner, Place, did_you_mean};
use crate::hooks;
use crate::inputs::Db;
use crate::plugins;
use crate::plugins::document;

/// The failure that `error` means. A failure of something that was read on the way stays what it is.
pub(super) fn of(host: &GraphHost<'_>, error: &Error, place: impl Fn(&Error) -> Place) -> Failure {
    if let Some(failure) = error
        .payload
        .as_ref()
        .and_then(|payload| payload.downcast_ref::<Failure>())
    {
        return used_at(failure, || at(host, error, place));
    }
    let at = at(host, error, place);
    let (code, message) = match error.kind {
        ErrorKind::Syntax | ErrorKind::Assertion => (
            "template-syntax",
            format!("template syntax error: {}", error.message),
        ),
        ErrorKind::Undefined => ("undefined-variable", error.message.clone()),
        ErrorKind::TemplateNotFound | ErrorKind::TemplatesNotFound => (
            "template-missing",
            format!("there is no template '{}'", error.message),
        ),
        ErrorKind::Unsupported => ("unsupported", error.message.clone()),
        kind => (
            "template-error",
            format!("{}: {}", kind.python_name(), error.message),
        ),
    };
    let mut diagnostic = Diagnostic::error(code, message).at(at);
    if error.template.is_some() && error.template.as_deref() != Some("") {
        for frame in &error.frames {
            if let Some(name) = &frame.template {
                diagnostic = diagnostic.note(format!("included from {name}:{}", frame.line));
            }
        }
    }
    diagnostic.hint = hint(host, error);
    diagnostic.into()
}

/// Where an error is: one in an included template is at its place there.
fn at(host: &GraphHost<'_>, error: &Error, place: impl Fn(&Error) -> Place) -> Place {
    match &error.template {
        Some(name) => template_place(host.db, name, error),
        None => place(error),
    }
}

/// A failure of a function of a plugin with the innermost place at which it is used; others as they are.
fn used_at(failure: &Failure, place: impl FnOnce() -> Place) -> Failure {
    let is_told = failure.notes.iter().any(|note| note.starts_with(USED_AT));
    if !CALLS.contains(&&*failure.code) || is_told {
        return failure.clone();
    }
    let diagnostic = Diagnostic::clone(failure);
    let note = format!("{USED_AT}{}", place());
    diagnostic.note(note).into()
}

/// The codes of failures of functions of plugins.
const CALLS: [&str; 2] = ["plugin-call", "plugin-cycle"];

/// What the note begins with that tells where such a function is used.
const USED_AT: &str = "used at ";

fn hint(host: &GraphHost<'_>, error: &Error) -> Option<String> {
    match error.kind {
        ErrorKind::Undefined => {
            let name = error.name.as_deref()?;
            if !error.message.ends_with("is undefined") {
                return None;
            }
            let names = host.names();
            let known = names
                .iter()
                .map(|name| &**name)
                .chain(functions::NAMES.iter().copied());
            if let Some(near) = did_you_mean(name, known) {
                return Some(format!("did you mean '{near}'?"));
            }
            if config::core_value(host.db, name).is_some() || is_default(host.db, name) {
                return Some(format!(
                    "'{name}' is a default: values kept in config.yml cannot use those; set {name} there as well"
                ));
            }
            Some(format!(
                "define it: tutor config save --set '{name}=…', or write `{name} is defined` before using it"
            ))
        }
        ErrorKind::TemplateNotFound | ErrorKind::TemplatesNotFound => Some(String::from(
            "names are relative to the template roots; a template outside of these cannot be included",
        )),
        _ => None,
    }
}

fn is_default(db: &dyn Db, name: &str) -> bool {
    config::defaults_layer(db)
        .as_ref()
        .is_ok_and(|defaults| defaults.get(name).is_some())
}

fn width(error: &Error) -> usize {
    match (error.line, error.column, error.end) {
        (Some(line), Some(column), Some((end_line, end_column)))
            if line == end_line && end_column > column =>
        {
            end_column - column
        }
        _ => 1,
    }
}

/// Where an error in the template called `name` is.
pub(super) fn template_place(db: &dyn Db, name: &str, error: &Error) -> Place {
    let located = super::templates::locate(db, name);
    let origin = located.as_ref().map_or_else(
        || format!("template '{name}'"),
        |located| located.describe(name),
    );
    let text = located.and_then(|located| located.text(db, name));
    let excerpt = error
        .line
        .and_then(|line| text?.lines().nth(line - 1).map(str::to_owned));
    Place {
        origin,
        line: error.line,
        column: error.column,
        width: width(error),
        excerpt,
    }
}

/// Where an error in the patch called `patch` of `plugin` is: in the plugin's file if its lines are those of the
/// file, else in the patch's own text.
pub(super) fn patch_place(
    db: &dyn Db,
    plugin: &str,
    patch: &str,
    text: &str,
    error: &Error,
) -> Place {
    place_in_plugin(db, plugin, &["patches", patch], error).unwrap_or_else(|| Place {
        origin: format!("patch '{patch}' of plugin '{plugin}'"),
        line: error.line,
        column: error.column,
        width: width(error),
        excerpt: error
            .line
            .and_then(|line| text.lines().nth(line - 1).map(str::to_owned)),
    })
}

fn place_in_plugin(db: &dyn Db, plugin: &str, path: &[&str], error: &Error) -> Option<Place> {
    let source = plugins::source_of(db, plugin)?;
    error
        .line
        .and_then(|line| source.place_in_text(path, line, error.column, width(error)))
        .or_else(|| {
            Some(Place {
                column: None,
                ..source.place(path, true)
            })
        })
}

/// Where an error in the value of the setting `name` is. Values of users are never shown.
pub(super) fn setting_place(db: &dyn Db, name: &str, raw: &Raw, error: &Error) -> Place {
    let found = match &raw.owner {
        Owner::Plugin(plugin) => {
            let stripped = name
                .strip_prefix(&format!("{}_", plugin.to_uppercase()))
                .unwrap_or(name);
            [
                ["config", "add", stripped],
                ["config", "defaults", stripped],
                ["config", "set", name],
            ]
            .iter()
            .filter(|path| has(db, plugin, *path))
            .find_map(|path| place_in_plugin(db, plugin, path, error))
        }
        Owner::User => user_place(db, name, error),
        _ => None,
    };
    found.unwrap_or_else(|| Place {
        origin: format!("setting '{name}'"),
        line: error.line,
        column: error.column,
        width: width(error),
        excerpt: None,
    })
}

fn has(db: &dyn Db, plugin: &str, path: &[&str]) -> bool {
    plugins::source_of(db, plugin).is_some_and(|source| source.document.entry(path).is_some())
}

fn user_place(db: &dyn Db, name: &str, error: &Error) -> Option<Place> {
    let file = db.file(&config::config_file(db));
    let source = document::yaml_document(db, file).as_ref().ok()?.clone()?;
    source.document.entry(&[name])?;
    let exact = error
        .line
        .and_then(|line| source.place_in_text(&[name], line, error.column, width(error)));
    exact.or_else(|| Some(source.place(&[name], true)))
}

/// The owner of the template called `name`.
pub(super) fn template_owner(db: &dyn Db, name: &str) -> Owner {
    let located = super::templates::locate(db, name);
    let roots = hooks::template_roots(db);
    located
        .and_then(|located| roots.get(located.root))
        .map_or(Owner::Core, |(_, owner)| owner.clone())
}
