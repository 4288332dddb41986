//! `plugins list`, `enable`, `disable`.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;
use values::{List, Value};

use super::checks;
use super::save::{SaveRequest, Saved, Settings};
use super::{Answer, Session};
use crate::config::{self, Pass};
use crate::diagnostics::{Diagnostic, Diagnostics, Failure};
use crate::events::EventSink;
use crate::inputs::{Database, Db};
use crate::plugins::{self, Origin, python::functions};
use crate::save;

/// Whether a plugin is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PluginStatus {
    /// It is loaded.
    Enabled,
    /// It could be.
    Installed,
    /// A plugin names it, but it is not there.
    Missing,
}

/// A line of `plugins list`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PluginRow {
    /// The plugin's name.
    pub name: Arc<str>,
    /// Whether it is in use.
    pub status: PluginStatus,
    /// Its version, or its file.
    pub info: String,
    /// Where it comes from, in words.
    pub origin: String,
    /// Whether it is an installed package.
    pub is_package: bool,
}

/// What disabling a plugin did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disabled {
    /// The plugin.
    pub name: Arc<str>,
    /// Settings that it had changed, taken out of `config.yml`, with the values that they had.
    pub settings: Vec<(Arc<str>, String)>,
    /// Its folders in `env/`.
    pub folders: Vec<PathBuf>,
}

impl Session {
    /// The installed plugins. Never fails for what is wrong with one of them.
    pub fn plugins(&mut self, enabled_only: bool) -> (Vec<PluginRow>, Diagnostics) {
        // What a plugin draws depends on it; should there be no randomness, the next save says so.
        let _ = self.load_secret();
        let enabled = plugins::enabled(&self.db);
        let row = |plugin: &plugins::Installed| PluginRow {
            name: plugin.name.clone(),
            status: if enabled.contains(&plugin.name) {
                PluginStatus::Enabled
            } else {
                PluginStatus::Installed
            },
            info: plugin.info.replace('\n', " "),
            origin: plugin.origin.describe(),
            is_package: matches!(&plugin.origin, Origin::Python(python) if python.file.is_none()),
        };
        let rows = plugins::installed(&self.db).plugins.iter().map(row);
        let mut rows: Vec<_> = rows.collect();
        let mut problems = checks::of_plugins(&self.db);
        match as_plugins_say(&self.db, &rows) {
            Ok(Some(said)) => rows = said,
            Ok(None) => {}
            Err(failure) => problems.push(failure),
        }
        rows.retain(|row| !enabled_only || row.status == PluginStatus::Enabled);
        problems.extend(plugins::installed(&self.db).problems.iter().cloned());
        self.remember_records();
        (rows, problems)
    }

    /// Enables plugins, and saves.
    ///
    /// # Errors
    /// If one is not installed or does not load, and for whatever keeps a save from succeeding.
    pub fn enable(&mut self, names: &[Arc<str>], events: EventSink<'_>) -> Answer<Saved> {
        let mut diagnostics = Diagnostics::new();
        let result = self.locked(events, |session, events| {
            let mut job = session.job(&SaveRequest::default())?;
            let mut all = config::plugin_names(&session.db).clone()?;
            all.extend(names.iter().cloned());
            all.sort();
            all.dedup();
            session.db.set_plugins(Some(all.clone()));
            for name in names {
                session.check_loaded(name)?;
            }
            diagnostics = checks::of_plugins(&session.db);
            let request = SaveRequest::default();
            let mut settings = session.minimal(&request, &mut diagnostics)?;
            settings.insert("PLUGINS".into(), list_of(&all));
            session.set_config(&mut job, &settings)?;
            session.finish(job, &mut diagnostics, events)
        });
        result.map(|saved| (saved, diagnostics))
    }

    fn check_loaded(&self, name: &Arc<str>) -> Result<(), Diagnostics> {
        let enabled = plugins::enabled(&self.db);
        if enabled.contains(name) {
            return Ok(());
        }
        let mine = |problem: &&crate::diagnostics::Failure| {
            problem.owner == Some(crate::diagnostics::Owner::Plugin(name.clone()))
        };
        let mut problems = Diagnostics::new();
        for problem in enabled.problems.iter().filter(mine) {
            let mut error = Diagnostic {
                severity: crate::Severity::Error,
                ..(**problem).clone()
            };
            if error.code == "plugin-missing" {
                let hint = plugins::missing(&self.db, name).hint;
                error.hint = hint.or_else(|| Some(String::from("see `tutor plugins list`")));
            }
            problems.push(error);
        }
        Err(problems)
    }

    /// Disables those of `names` that are enabled (`all`: all that are), and saves. With none, nothing is done.
    ///
    /// Works whatever is wrong with plugins: if `env/` cannot be rendered, only `config.yml` is saved.
    ///
    /// # Errors
    /// If `config.yml` cannot be read or written.
    pub fn disable(
        &mut self,
        names: &[Arc<str>],
        events: EventSink<'_>,
    ) -> Answer<(Vec<Disabled>, Option<Saved>)> {
        if let Some((gone, _)) = self.to_disable(names)?
            && gone.is_empty()
        {
            return Ok(((Vec::new(), None), Diagnostics::new()));
        }
        let mut diagnostics = Diagnostics::new();
        let result = self.locked(events, |session, events| {
            let (gone, kept) = session.to_disable(names)?.unwrap_or_default();
            let mut job = session.job(&SaveRequest::default())?;
            let mut said = Diagnostics::new();
            for name in &gone {
                let root = job.root.display().to_string();
                let args = serde_json::json!([&**name, root, { "t": "config" }]);
                checks::act(&session.db, "PLUGIN_UNLOADED", &args, &mut said);
            }
            let mut settings = lenient(&session.db);
            let disabled = gone
                .iter()
                .map(|name| forget(&session.db, name, &mut settings))
                .collect();
            settings.insert("PLUGINS".into(), list_of(&kept));
            session.set_config(&mut job, &settings)?;
            diagnostics = said.as_alerts();
            diagnostics.extend(checks::of_plugins(&session.db).iter().cloned());
            let without_env = save::Job {
                root: job.root.clone(),
                config: job.config.clone(),
                ..save::Job::default()
            };
            match session.finish(job, &mut diagnostics, events) {
                Ok(saved) => Ok((disabled, Some(saved))),
                Err(problems) => {
                    let system = session.db.shared_system();
                    save::write(&*system, &without_env, events)?;
                    diagnostics = problems;
                    diagnostics.push(Diagnostic::alert(
                        "env-not-rendered",
                        "the plugins are disabled in config.yml, but the environment could not be rendered",
                    ));
                    let saved = Saved {
                        config: Some(config::config_file(&session.db)),
                        ..Saved::default()
                    };
                    Ok((disabled, Some(saved)))
                }
            }
        });
        result.map(|done| (done, diagnostics))
    }

    /// The names in `PLUGINS` that are to go, and those that stay. `None` if `PLUGINS` is no list, but all are to
    /// go: then this command is how it is put right.
    fn to_disable(&self, names: &[Arc<str>]) -> Result<Option<GoneAndKept>, Diagnostics> {
        let all = names.iter().any(|name| &**name == "all");
        match config::plugin_names(&self.db) {
            Ok(listed) => {
                // Sorted and each once, as Tutor writes them.
                let mut listed = listed.clone();
                listed.sort();
                listed.dedup();
                let gone = |name: &Arc<str>| all || names.contains(name);
                Ok(Some(listed.into_iter().partition(gone)))
            }
            Err(failure) if failure.code == "plugins-type" && all => Ok(None),
            Err(failure) => Err(failure.clone().into()),
        }
    }
}

/// Names that are disabled, and names that are not.
type GoneAndKept = (Vec<Arc<str>>, Vec<Arc<str>>);

fn list_of(names: &[Arc<str>]) -> Value {
    Value::List(List::new(
        names.iter().map(|name| Value::Str(name.clone())).collect(),
    ))
}

/// The minimal configuration; where a setting fails, what the user wrote.
fn lenient(db: &Database) -> Settings {
    let Ok(table) = config::table(db, Pass::Minimal) else {
        return Settings::new();
    };
    let user = config::user_layer(db).as_ref().ok();
    let mut settings = Settings::new();
    for (name, outcome) in table.iter() {
        let value = match &outcome.value {
            Ok(value) => value.clone(),
            Err(_) => user
                .and_then(|user| user.get(name))
                .map(|raw| raw.value.clone()),
        };
        if let Some(value) = value {
            settings.insert(name.clone(), value);
        }
    }
    settings
}

/// Takes out what a plugin has changed.
fn forget(db: &Database, name: &Arc<str>, settings: &mut Settings) -> Disabled {
    let mut disabled = Disabled {
        name: name.clone(),
        settings: Vec::new(),
        folders: Vec::new(),
    };
    let origin = plugins::origin_of(db, name);
    if let Some(declaration) = origin.and_then(|origin| plugins::declaration(db, origin)) {
        for setting in &declaration.overrides {
            let value = settings.shift_remove(&setting.name).unwrap_or(Value::None);
            let text = values::repr::to_str(&value).unwrap_or_default();
            disabled.settings.push((setting.name.clone(), text));
        }
        let env = crate::inputs::Project::get(db).root(db).join("env");
        let folders = declaration
            .targets
            .iter()
            .map(|target| env.join(&*target.destination).join(&*target.prefix));
        disabled.folders = folders
            .filter(|folder| matches!(db.system().kind(folder), Ok(Some(_))))
            .collect();
    }
    disabled
}

/// `PLUGINS_INFO`, `PLUGINS_INSTALLED` and `PLUGINS_LOADED`: the list as plugins have changed it; `None` if none does.
fn as_plugins_say(db: &dyn Db, rows: &[PluginRow]) -> Result<Option<Vec<PluginRow>>, Failure> {
    let [info, installed, loaded] = ["PLUGINS_INFO", "PLUGINS_INSTALLED", "PLUGINS_LOADED"];
    // There is an action PLUGINS_LOADED, too: those who wait for it change no filter.
    let is_changed = [info, installed]
        .iter()
        .any(|filter| functions::add_to(db, filter))
        || functions::changer_of(db, loaded).is_some();
    if !is_changed {
        return Ok(None);
    }
    let list = |filter| functions::apply(db, filter, &json!([[]]));
    let (installed, loaded) = (list(installed)?, list(loaded)?);
    let mut said = Vec::new();
    for item in list(info)? {
        let pair = values::iter::collect(&item).ok();
        let pair = pair.as_deref().and_then(|pair| match pair {
            [name, info] => Some((name, info)),
            _ => None,
        });
        let Some((Value::Str(name), version)) = pair else {
            let wanted = "a pair of name and version";
            return Err(functions::wrong_item(db, info, wanted, &item));
        };
        let is_in = |list: &[Value]| list.iter().any(|one| one.as_str() == Some(name));
        let known = rows.iter().find(|row| row.name == *name);
        said.push(PluginRow {
            name: name.clone(),
            status: match (is_in(&loaded), is_in(&installed)) {
                (true, _) => PluginStatus::Enabled,
                (_, true) => PluginStatus::Installed,
                _ => PluginStatus::Missing,
            },
            info: match version {
                Value::None => String::new(),
                version => values::repr::to_str(version)
                    .unwrap_or_default()
                    .replace('\n', " "),
            },
            origin: known.map_or_else(String::new, |row| row.origin.clone()),
            is_package: known.is_some_and(|row| row.is_package),
        });
    }
    said.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Some(said))
}
