//! `config save`: from the user's settings to files on disk.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use indexmap::IndexMap;
use values::{Key, Value};

use super::after_render::add_what_plugins_write;
use super::cached::{self, LastSave};
use super::checks;
use super::{Answer, Session, phase, wide};
use crate::about::TUTOR_VERSION;
use crate::cache::Kept;
use crate::config::{self, Edit, Edits, Pass, Table};
use crate::diagnostics::{Diagnostic, Diagnostics, Failure, Place};
use crate::events::{EventSink, Progress, Step};
use crate::inputs::{Changes, Content, Database, Db};
use crate::plan;
use crate::save::{self, EnvFile, Job, NewConfig, Report};

/// Rendered settings, to be changed.
pub(super) type Settings = IndexMap<Arc<str>, Value>;

/// What to save.
#[derive(Clone, Debug, Default)]
pub struct SaveRequest {
    /// Changes of settings.
    pub edits: Edits,
    /// Render `env/` from `config.yml` as it is; the edits are ignored.
    pub env_only: bool,
    /// Empty `env/` first.
    pub clean: bool,
    /// Fail if there is no configuration yet, instead of beginning one.
    pub must_exist: bool,
}

/// What was saved.
#[derive(Clone, Debug, Default)]
pub struct Saved {
    /// Where `config.yml` is, if it was to be saved.
    pub config: Option<PathBuf>,
    /// Where `env/` is.
    pub env: PathBuf,
    /// A `config.json` of older days that `config.yml` took the place of.
    pub converted: Option<PathBuf>,
    /// What was written.
    pub report: Report,
}

impl Session {
    /// Renders everything, then writes it; or writes nothing.
    ///
    /// # Errors
    /// If anything is wrong anywhere: then nothing has changed on disk.
    pub fn save(&mut self, request: &SaveRequest, events: EventSink<'_>) -> Answer<Saved> {
        let answer = self.try_save(request, events);
        let overtaken = answer.as_ref().is_err_and(is_overtaken) && !self.defers;
        if !self.db.has_moved() && !overtaken {
            return answer;
        }
        // Files were changed while they were read, or since. Once everything is read anew, that hardly happens again.
        self.db.forget_known(None);
        self.try_save(request, events)
    }

    fn try_save(&mut self, request: &SaveRequest, events: EventSink<'_>) -> Answer<Saved> {
        let mut diagnostics = Diagnostics::new();
        self.locked(events, |session, events| {
            let mut job = session.job(request)?;
            if request.must_exist && !config::exists(&session.db) {
                return Err(gone(&config::config_file(&session.db)).into());
            }
            let profile = session.options.profile.clone();
            let profile = profile.as_deref();
            session.options.progress.begin(Step::Plugins, 0);
            diagnostics = phase(profile, "plugins", || checks::of_plugins(&session.db));
            session.options.progress.begin(Step::Settings, 0);
            if !request.env_only {
                phase(profile, "config.yml", || {
                    session.prepare_config(request, &mut job, &mut diagnostics)
                })?;
            }
            session.finish(job, &mut diagnostics, events)
        })
        .map(|saved| (saved, std::mem::take(&mut diagnostics)))
    }

    /// Makes the new `config.yml`, in the job and in the graph.
    fn prepare_config(
        &mut self,
        request: &SaveRequest,
        job: &mut Job,
        diagnostics: &mut Diagnostics,
    ) -> Result<(), Diagnostics> {
        if let Some(table) = self.unedited(request, diagnostics)? {
            let text = config::written(&self.db).clone()?;
            self.set_config_text(job, &text, |name| table.get(name));
        } else {
            let settings = self.minimal(request, diagnostics)?;
            self.set_config(job, &settings)?;
        }
        Ok(())
    }

    /// Runs `work` with the project's lock held. If it fails, the graph is as it was, too.
    pub(super) fn locked<T>(
        &mut self,
        events: EventSink<'_>,
        work: impl FnOnce(&mut Self, EventSink<'_>) -> Result<T, Diagnostics>,
    ) -> Result<T, Diagnostics> {
        let system = self.db.shared_system();
        let lock = save::lock(&*system, &self.options.root, events)?;
        // What was read before may have changed, the more so if somebody else has saved while we waited.
        let others = self.forget_what_others_changed();
        let changes = self.expected.take().filter(|_| !others);
        self.db.begin_save();
        self.db.apply(&changes.unwrap_or(Changes::Rescan));
        let config = self.db.file(&config::config_file(&self.db));
        let before = config.content(&self.db).clone();
        let result = work(self, events);
        self.db.set_plugins(None);
        if result.is_err() {
            let files = vec![
                config::config_file(&self.db),
                self.options.root.join("config.json"),
            ];
            self.db.apply(&Changes::Paths(files));
            self.missed = *config.content(&self.db) != before;
            lock.undo(&*system);
        }
        result
    }

    /// A job that has everything but contents.
    pub(super) fn job(&mut self, request: &SaveRequest) -> Result<Job, Diagnostics> {
        let secret = self.load_secret()?;
        let root = self.options.root.clone();
        Ok(Job {
            root,
            clean: request.clean,
            secret,
            ..Job::default()
        })
    }

    /// The minimal configuration, if that is what is to be saved: `None` if the request changes something, or if
    /// rendering changes which plugins there are.
    fn unedited(
        &self,
        request: &SaveRequest,
        diagnostics: &mut Diagnostics,
    ) -> Result<Option<Arc<Table>>, Diagnostics> {
        if !request.edits.is_empty() {
            return Ok(None);
        }
        let mut found = diagnostics.clone();
        checks::bootstrap(&self.db, &mut found);
        let table = checks::settings(&self.db, Pass::Minimal, &mut found);
        self.stop_if_fatal(&found)?;
        let Some(table) = table else {
            return Ok(None);
        };
        let plugins = table
            .get("PLUGINS")
            .and_then(|value| config::plugin_list(value).ok());
        if plugins.as_ref() != config::plugin_names(&self.db).as_ref().ok() {
            return Ok(None);
        }
        *diagnostics = found;
        Ok(Some(table.clone()))
    }

    /// The minimal configuration with the request's changes made.
    pub(super) fn minimal(
        &mut self,
        request: &SaveRequest,
        diagnostics: &mut Diagnostics,
    ) -> Result<Settings, Diagnostics> {
        if let Some(plugins) = self.repaired_plugins(request) {
            self.db.set_plugins(Some(plugins));
            *diagnostics = checks::of_plugins(&self.db);
        }
        let mut settings = self.edited(request, diagnostics)?;
        let plugins = |settings: &Settings| {
            settings
                .get("PLUGINS")
                .and_then(|value| config::plugin_list(value).ok())
        };
        let before = config::plugin_names(&self.db).as_ref().ok().cloned();
        let after = plugins(&settings);
        if after.is_some() && after != before {
            // Other plugins, other settings: those of new ones are saved at once.
            self.db.set_plugins(after);
            *diagnostics = checks::of_plugins(&self.db);
            settings = self.edited(request, diagnostics)?;
        }
        Ok(settings)
    }

    /// If `PLUGINS` is no list, and the request puts that right: what it will be.
    fn repaired_plugins(&self, request: &SaveRequest) -> Option<Vec<Arc<str>>> {
        let names = config::plugin_names(&self.db).as_ref();
        names
            .err()
            .filter(|failure| failure.code == "plugins-type")?;
        let mut repaired = None;
        for edit in &request.edits {
            match edit {
                Edit::Set(key, value) if &**key == "PLUGINS" => {
                    repaired = config::plugin_list(value).ok();
                }
                Edit::Unset(key) if &**key == "PLUGINS" => repaired = Some(Vec::new()),
                _ => {}
            }
        }
        repaired
    }

    fn edited(
        &self,
        request: &SaveRequest,
        diagnostics: &mut Diagnostics,
    ) -> Result<Settings, Diagnostics> {
        checks::bootstrap(&self.db, diagnostics);
        let table = checks::settings(&self.db, Pass::Minimal, diagnostics);
        self.stop_if_fatal(diagnostics)?;
        let all = table.into_iter().flat_map(|table| table.iter());
        let mut settings: Settings = all
            .filter_map(|(name, outcome)| {
                Some((name.clone(), outcome.value.as_ref().ok()?.clone()?))
            })
            .collect();
        if let Err(problem) = config::apply_edits(&self.db, &mut settings, &request.edits) {
            diagnostics.push(problem);
            return Err(diagnostics.clone());
        }
        Ok(settings)
    }

    fn stop_if_fatal(&self, diagnostics: &Diagnostics) -> Result<(), Diagnostics> {
        if diagnostics.is_fatal(self.options.strict) {
            Err(diagnostics.clone())
        } else {
            Ok(())
        }
    }

    /// Makes `settings` the new `config.yml`, in the job and in the graph.
    pub(super) fn set_config(
        &mut self,
        job: &mut Job,
        settings: &Settings,
    ) -> Result<(), Diagnostics> {
        let pairs = settings
            .iter()
            .map(|(name, value)| (Key::str(name), value.clone()));
        let text = config::dump(pairs.collect())?;
        self.set_config_text(job, &text, |name| settings.get(name));
        Ok(())
    }

    /// Makes `text`, which says what `saved` answers, the new `config.yml`, in the job and in the graph.
    fn set_config_text<'a>(
        &mut self,
        job: &mut Job,
        text: &Arc<str>,
        saved: impl Fn(&str) -> Option<&'a Value>,
    ) {
        self.db.set_plugins(None);
        let json = self.db.file(&self.options.root.join("config.json"));
        if !matches!(json.content(&self.db), Content::Absent) {
            job.obsolete = Some(json.path(&self.db).clone());
            self.db.set_content(json, Content::Absent);
        }
        let file = self.db.file(&config::config_file(&self.db));
        let before = file.content(&self.db).hash();
        let changed = self
            .db
            .set_content(file, Content::of(text.as_bytes().to_vec()));
        job.config = Some(NewConfig {
            text: text.clone(),
            before,
        });
        // A save that leaves it as it was does so again.
        self.cache.settled = !changed || cached::is_settled(&self.db, saved);
    }

    /// What a save has to say that changes nothing after this one: what was said of edits, and of what `config.yml` was
    /// before, is not said again.
    fn what_the_next_save_says(&self, of_settings: &Diagnostics) -> Diagnostics {
        let mut next = checks::of_plugins(&self.db);
        checks::bootstrap(&self.db, &mut next);
        checks::settings(&self.db, Pass::Minimal, &mut next);
        next.extend(of_settings.iter().cloned());
        next
    }

    /// Renders `env/` from the graph as it is now, and writes the job.
    pub(super) fn finish(
        &mut self,
        mut job: Job,
        diagnostics: &mut Diagnostics,
        events: EventSink<'_>,
    ) -> Result<Saved, Diagnostics> {
        // The plugins of the configuration as it will be.
        let mut of_settings = checks::of_plugins(&self.db);
        let profile = self.options.profile.clone();
        let profile = profile.as_deref();
        phase(profile, "settings", || {
            checks::full(&self.db, &mut of_settings)
        });
        diagnostics.extend(of_settings.iter().cloned());
        self.db.computing_settings(false);
        let kept = if job.clean {
            Kept::default()
        } else {
            std::mem::take(&mut self.cache.state.kept)
        };
        let mut files = phase(profile, "render", || {
            render_all(&self.db, &kept, &self.options.progress, diagnostics)
        });
        if !diagnostics.is_fatal(self.options.strict) {
            phase(profile, "plugins write", || {
                add_what_plugins_write(&self.db, &self.options.root, &mut files, diagnostics);
            });
        }
        self.db.computing_settings(true);
        if self.db.has_moved() {
            return Err(moved().into());
        }
        self.stop_if_fatal(diagnostics)?;
        job.env = Some(files);
        let system = self.db.shared_system();
        self.options.progress.begin(Step::Writing, 0);
        let report = phase(profile, "write", || save::write(&*system, &job, events));
        let report = report.map_err(|problem| {
            diagnostics.push(problem);
            diagnostics.clone()
        })?;
        let env = job.env.take().unwrap_or_default();
        // Usually it has just been written, and need not be read.
        let version = blake3::hash(TUTOR_VERSION.as_bytes());
        if !env
            .iter()
            .any(|(path, file)| &**path == "version" && file.hash == version)
        {
            checks::version(&self.db, &mut of_settings);
        }
        let env_only = job.config.is_none();
        let next = if env_only || diagnostics.is_empty() {
            diagnostics.clone()
        } else {
            self.what_the_next_save_says(&of_settings)
        };
        self.last = Some(LastSave {
            env,
            kept,
            env_only,
            diagnostics: next,
            of_settings,
        });
        if !self.defers {
            phase(profile, "remember", || self.remember());
        }
        diagnostics.extend(report.warnings.iter().cloned());
        Ok(Saved {
            config: job.config.is_some().then(|| config::config_file(&self.db)),
            env: self.options.root.join("env"),
            converted: job.obsolete,
            report,
        })
    }
}

/// Whether a save failed only because `config.yml` was changed by somebody else meanwhile.
pub fn is_overtaken(problems: &Diagnostics) -> bool {
    problems
        .iter()
        .any(|problem| problem.code == save::CONFIG_CHANGED)
}

/// There is no configuration where there has to be one.
fn gone(config: &Path) -> Diagnostic {
    Diagnostic::error("no-config", "is gone")
        .at(Place {
            origin: config.display().to_string(),
            ..Place::default()
        })
        .hint("put it back; to begin a new one, run `tutor config save`")
}

/// A file that changed while it was being read in two places.
fn moved() -> Diagnostic {
    Diagnostic::error(
        "files-moved",
        "files were changed while they were being read",
    )
    .hint("save again")
}

/// All files of the plan; those that are `kept` on disk as they should be, without their contents. Problems with
/// several files are all found.
fn render_all(
    db: &Database,
    kept: &Kept,
    progress: &Progress,
    diagnostics: &mut Diagnostics,
) -> Vec<(Arc<str>, EnvFile)> {
    let files = match plan::env_files(db) {
        Ok(files) => files,
        Err(failure) => {
            diagnostics.push(failure.clone());
            return Vec::new();
        }
    };
    progress.begin(Step::Templates, files.len());
    wide::patches(db);
    let order = plan::in_order_of_rendering(db, files);
    let results = wide::renders(db, order.clone(), |db, (path, template)| {
        let hash = plan::env_hash(db, template)?;
        progress.advance();
        let is_there = kept.get(path).is_some_and(|(_, found)| *found == hash);
        let content = if is_there {
            None
        } else {
            Some(plan::env_content(db, template)?)
        };
        Ok::<_, Failure>(EnvFile { hash, content })
    });
    let mut rendered = Vec::with_capacity(files.len());
    let mut results: Vec<_> = order.into_iter().zip(results).collect();
    results.sort_by_key(|((path, _), _)| path);
    for ((path, _), result) in results {
        match result {
            Ok(file) => rendered.push((path.clone(), file)),
            Err(failure) => diagnostics.push(failure),
        }
    }
    rendered
}
