//! Whole passes: all settings, in order, with everything that is wrong.

use std::sync::Arc;

use serde_json::{Value as Json, json};
use values::Value;

use super::wide;
use crate::about::TUTOR_VERSION;
use crate::config::{self, Pass, SettingKey, Table};
use crate::diagnostics::{Diagnostic, Diagnostics, Owner};
use crate::inputs::{Database, Db, Project};
use crate::plugins::{self, python::functions};

/// Problems with plugins, and between them.
pub(super) fn of_plugins(db: &Database) -> Diagnostics {
    wide::plugins(db);
    let mut diagnostics = Diagnostics::new();
    diagnostics.extend(plugins::problems(db).cloned());
    diagnostics.extend(crate::hooks::problems(db));
    if let Ok((_, conflicts)) = config::base_layer(db) {
        diagnostics.extend(conflicts.iter().cloned());
    }
    diagnostics
}

/// All settings of a pass, with what is wrong with them. `None`: there are no layers to begin with.
pub(super) fn settings<'db>(
    db: &'db Database,
    pass: Pass,
    diagnostics: &mut Diagnostics,
) -> Option<&'db Arc<Table>> {
    wide::layers(db, pass);
    let table = match config::table(db, pass) {
        Ok(table) => table,
        Err(failure) => {
            diagnostics.push(failure);
            return None;
        }
    };
    for (name, outcome) in table.iter() {
        if let Err(failure) = &outcome.value {
            diagnostics.push(failure.clone());
        }
        for leak in &outcome.leaks {
            diagnostics.push(leaked(name, leak));
        }
    }
    Some(table)
}

fn leaked(name: &str, other: &str) -> Diagnostic {
    let message = if name == other {
        format!("setting '{name}' uses itself: its value keeps the template text")
    } else {
        format!(
            "setting '{name}' comes before '{other}' and so has got its template text `{{{{ … }}}}`, not its value"
        )
    };
    Diagnostic::warning("raw-template", message)
        .hint(format!("write the value of '{other}' in '{name}', or give '{name}' a name that sorts after '{other}'"))
}

/// The user's own templates, as they are before plugins are loaded: what a plugin provides is not there yet.
pub(super) fn bootstrap(db: &Database, diagnostics: &mut Diagnostics) {
    let Ok(user) = config::user_layer(db) else {
        return;
    };
    for (name, raw) in user.iter() {
        if config::is_template(&raw.value) {
            let outcome = config::setting(db, SettingKey::new(db, Pass::Bootstrap, name.clone()));
            if let Err(failure) = &outcome.value {
                diagnostics.push(failure.clone());
            }
        }
    }
}

/// What Tutor checks once the full configuration is loaded: an external search engine needs an address.
pub(super) fn meilisearch(
    settings: &Table,
    default_url: Option<&Value>,
    diagnostics: &mut Diagnostics,
) {
    let wrong_type = |name: &str, expected: &str, value: &Value| {
        let message = format!(
            "Invalid config entry: expected {expected}, got {} for key '{name}'",
            value.type_name()
        );
        Diagnostic::error("setting-type", message)
            .of(Owner::User)
            .hint(format!("set {name} to a {expected}"))
    };
    match settings.get("RUN_MEILISEARCH") {
        None | Some(Value::Bool(true)) => return,
        Some(Value::Bool(false)) => {}
        Some(other) => return diagnostics.push(wrong_type("RUN_MEILISEARCH", "bool", other)),
    }
    match settings.get("MEILISEARCH_URL") {
        Some(Value::Str(url)) if default_url.and_then(Value::as_str) == Some(url) => {
            let message = format!(
                "RUN_MEILISEARCH=false, but MEILISEARCH_URL still is its default \"{url}\": Open edX \
                 needs Meilisearch, so this only means that it runs elsewhere"
            );
            diagnostics.push(Diagnostic::warning("meilisearch-url", message).hint(
                "set MEILISEARCH_URL to the address of your Meilisearch, or RUN_MEILISEARCH=true",
            ));
        }
        None | Some(Value::Str(_)) => {}
        Some(other) => diagnostics.push(wrong_type("MEILISEARCH_URL", "str", other)),
    }
}

/// Everything that has to be right before the full configuration is used.
pub(super) fn full<'db>(
    db: &'db Database,
    diagnostics: &mut Diagnostics,
) -> Option<&'db Arc<Table>> {
    bootstrap(db, diagnostics);
    let settings = settings(db, Pass::Full, diagnostics)?;
    meilisearch(
        settings,
        config::core_value(db, "MEILISEARCH_URL").as_ref(),
        diagnostics,
    );
    if !diagnostics.is_fatal(false) {
        loaded(db, diagnostics);
    }
    Some(settings)
}

/// The action `CONFIG_LOADED`: what plugins have to say of the configuration.
fn loaded(db: &Database, diagnostics: &mut Diagnostics) {
    act(
        db,
        "CONFIG_LOADED",
        &json!([{ "t": "config" }]),
        diagnostics,
    );
}

/// Does an action; what plugins print then is told as it is, be it remembered.
pub(super) fn act(db: &Database, action: &str, args: &Json, diagnostics: &mut Diagnostics) {
    match functions::act(db, action, args) {
        Ok(acted) => {
            diagnostics.extend(acted.alerts);
            for (plugin, text) in acted.printed {
                db.loader().print(&plugin, &text);
            }
        }
        Err(failure) => diagnostics.push(failure),
    }
}

/// The version that `env/` is rendered with: a setting of that name is used in place of ours.
fn expected_version(db: &Database) -> String {
    match config::value_of(db, Pass::Bootstrap, "TUTOR_VERSION") {
        Ok(Some(Value::Str(version))) => version.to_string(),
        _ => TUTOR_VERSION.to_owned(),
    }
}

/// Whether `env/` was rendered by another version.
pub(super) fn version(db: &Database, diagnostics: &mut Diagnostics) {
    let env = Project::get(db).root(db).join("env");
    if let Some(version) = db.file(&env.join("version")).content(db).text() {
        let version = version.trim();
        let expected = expected_version(db);
        if version != expected {
            let message = format!(
                "the environment in {} is not up-to-date: it is at v{version}, this program at v{expected}",
                env.display()
            );
            diagnostics.push(
                Diagnostic::warning("old-environment", message).hint("run `tutor config save`"),
            );
        }
    }
}
