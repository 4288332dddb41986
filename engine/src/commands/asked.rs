//! What a plugin's command asks the engine: settings, renders, saves; of this project or of another one.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::{Value as Json, json};
use values::{Dict, Key, Value};

use super::save::SaveRequest;
use super::{Engine, Options, Session, checks};
use crate::config::{self, Pass, Raw};
use crate::diagnostics::{Diagnostics, Failure};
use crate::hooks::Name;
use crate::inputs::Changes;
use crate::jobs;
use crate::plugins::python::asks;
use crate::plugins::python::value;
use crate::render;
use crate::save::{self, Job};

/// Answers the questions of one command.
pub(super) struct Answers<'a> {
    engine: &'a mut Engine,
    /// Other projects.
    others: HashMap<PathBuf, Session>,
}

impl<'a> Answers<'a> {
    pub(super) fn new(engine: &'a mut Engine) -> Self {
        Self {
            engine,
            others: HashMap::new(),
        }
    }

    /// Answers `what`, with its arguments.
    ///
    /// # Errors
    /// Why there is no answer, for the plugin to read.
    pub(super) fn answer(&mut self, what: &str, with: &Json) -> Result<Json, String> {
        let root = with.get("root").and_then(Json::as_str).map(PathBuf::from);
        let session = self.session(root);
        // The command may have written files since it asked last.
        session.db.apply(&Changes::Rescan);
        let text = |key: &str| with.get(key).and_then(Json::as_str);
        if what == "is_rendered" {
            checks::of_plugins(&session.db);
            let path = text("path").unwrap_or_default();
            return Ok(json!(render::is_rendered(&session.db, path)));
        }
        if let Some(answer) = asks::always(&session.db, what, with) {
            return answer;
        }
        let system = session.db.shared_system();
        let setting = |name: &str| {
            let settings = asks::settings_in(with, &["config"]);
            settings
                .get(name)
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        if let Some(answer) = jobs::answer(&*system, what, with, setting) {
            return answer;
        }
        match what {
            "config" => said(&session.settings(text("kind").unwrap_or_default())?),
            "render" => {
                let settings = asks::settings_in(with, &["globals", "config"]);
                let requested =
                    asks::requested(with).ok_or("what is to be rendered is not said")?;
                checks::of_plugins(&session.db);
                let rendered = render::on_request(&session.db, &settings, requested);
                said(&rendered.map_err(|failure| failure.to_string())?)
            }
            "template" => session.template_text(
                text("path").unwrap_or_default(),
                with.get("core") == Some(&Json::Bool(true)),
            ),
            "templates" => {
                checks::of_plugins(&session.db);
                let prefix = Name::new(&session.db, Arc::from(text("prefix").unwrap_or_default()));
                let names = render::names_under(&session.db, prefix);
                Ok(json!(
                    names
                        .as_ref()
                        .map_err(ToString::to_string)?
                        .iter()
                        .map(|name| &**name)
                        .collect::<Vec<_>>()
                ))
            }
            "save_config" => session.write_config(&asks::settings_in(with, &["config"])),
            "save" => session.write_env(&asks::settings_in(with, &["config"])),
            _ => Err(format!("'{what}' is not known here")),
        }
    }

    /// The session of the project at `root`; of this one if that is none.
    fn session(&mut self, root: Option<PathBuf>) -> &mut Session {
        let system = self.engine.system();
        let other = root
            .filter(|root| !root.as_os_str().is_empty())
            .map(|root| system.resolve(&root))
            .filter(|root| root != self.engine.root());
        let Some(root) = other else {
            return self.engine.session();
        };
        let options = Options {
            root: root.clone(),
            ..self.engine.options().clone()
        };
        self.others
            .entry(root)
            .or_insert_with(|| Session::open(system, options))
    }
}

impl Session {
    /// Settings of a kind, as a dict.
    fn settings(&mut self, kind: &str) -> Result<Value, String> {
        self.load_secret().map_err(|problems| first(&problems))?;
        if kind == "checked" && !config::exists(&self.db) {
            return Err(format!(
                "there is no project at {}: run `tutor config save` first, or point --root (TUTOR_ROOT) at your project",
                self.options.root.display()
            ));
        }
        let mut problems = checks::of_plugins(&self.db);
        let db = &self.db;
        let raw = |layer: &config::Layer| {
            dict(
                layer
                    .iter()
                    .map(|(name, raw): &(_, Raw)| (name, raw.value.clone())),
            )
        };
        let words = |failure: &Failure| failure.to_string();
        match kind {
            "user" => Ok(raw(config::user_layer(db).as_ref().map_err(words)?)),
            "base" => Ok(raw(&config::base_layer(db).as_ref().map_err(words)?.0)),
            "defaults" => Ok(raw(config::defaults_layer(db).as_ref().map_err(words)?)),
            "minimal" | "full" | "checked" => {
                let table = match kind {
                    "minimal" => checks::settings(db, Pass::Minimal, &mut problems),
                    _ => checks::full(db, &mut problems),
                };
                let table = table.filter(|_| !problems.is_fatal(self.options.strict));
                let table = table.ok_or_else(|| first(&problems))?;
                Ok(dict(table.iter().filter_map(|(name, outcome)| {
                    Some((name, outcome.value.as_ref().ok()?.clone()?))
                })))
            }
            _ => Err(format!("there are no settings of the kind '{kind}'")),
        }
    }

    /// The text of a template, as it is.
    fn template_text(&mut self, name: &str, core: bool) -> Result<Json, String> {
        checks::of_plugins(&self.db);
        let located = render::locate(&self.db, name).filter(|located| !core || located.root == 0);
        let text = located.and_then(|located| located.text(&self.db, name));
        text.map(|text| json!(*text))
            .ok_or_else(|| format!("there is no template '{name}'"))
    }

    /// Writes `config.yml`.
    fn write_config(&mut self, settings: &IndexMap<Arc<str>, Value>) -> Result<Json, String> {
        let written = self.locked(&mut silent, |session, events| {
            let mut job = session.job(&SaveRequest::default())?;
            session.set_config(&mut job, settings)?;
            save::write(
                &*session.db.shared_system(),
                &Job { env: None, ..job },
                events,
            )?;
            Ok(())
        });
        written
            .map(|()| Json::Null)
            .map_err(|problems| first(&problems))
    }

    /// Renders `env/`, which has to be with the settings that the project has.
    fn write_env(&mut self, settings: &IndexMap<Arc<str>, Value>) -> Result<Json, String> {
        let Value::Dict(full) = self.settings("full")? else {
            return Ok(Json::Null);
        };
        let differs = |(name, value): (&Arc<str>, &Value)| {
            (full.get_str(name).as_ref() != Some(value)).then(|| name.to_string())
        };
        if let Some(name) = settings.iter().find_map(differs) {
            return Err(format!(
                "the environment is rendered with the settings of config.yml, and '{name}' is another one there: save it first"
            ));
        }
        let request = SaveRequest {
            env_only: true,
            ..SaveRequest::default()
        };
        let saved = self.save(&request, &mut silent);
        saved
            .map(|_| Json::Null)
            .map_err(|problems| first(&problems))
    }
}

/// A command's own output is what the user looks at.
fn silent(_event: crate::Event) {}

fn dict<'a>(settings: impl Iterator<Item = (&'a Arc<str>, Value)>) -> Value {
    Value::Dict(Dict::new(
        settings
            .map(|(name, value)| (Key::str(name), value))
            .collect(),
    ))
}

fn said(value: &Value) -> Result<Json, String> {
    value::json(value).ok_or_else(|| String::from("a value cannot be told: it is no data"))
}

fn first(problems: &Diagnostics) -> String {
    let errors = problems.iter().max_by_key(|problem| problem.severity);
    errors.map_or_else(
        || String::from("the settings cannot be read"),
        ToString::to_string,
    )
}
