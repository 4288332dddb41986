//! Answers from the cache, and what is remembered for the next process.

use std::path::Path;
use std::sync::Arc;

use values::Value;

use super::{Answer, Options, SaveRequest, Saved, Session, phase, read, wide};
use crate::cache::{CacheFolder, Context, Kept, SettingsTrace, State, Store, Trace};
use crate::config::{self, Pass};
use crate::diagnostics::Diagnostics;
use crate::events::{EventSink, Progress};
use crate::hooks;
use crate::inputs::{Changes, Database, Db, Known, Records};
use crate::plugins::{self, python::Printed};
use crate::save::{EnvFile, StateFolder};
use crate::system::{Stamp, System};

/// A project, open for commands. What the cache can answer costs a look at files; for all else there is a
/// [`Session`] over the graph, which is opened only then.
pub struct Engine {
    system: Arc<dyn System>,
    options: Options,
    session: Option<Session>,
    /// Opened ahead of the session.
    store: Option<Store>,
}

/// What a session has of the cache.
#[derive(Default)]
pub(super) struct SessionCache {
    pub(super) store: Option<Arc<Store>>,
    /// What the last trace says has not changed.
    pub(super) state: State,
    /// The stamp of the trace that says so.
    trace_stamp: Option<Stamp>,
    /// `None`: nothing is remembered.
    place: Option<Place>,
    /// Whether a save of what was just saved would write the same `config.yml`.
    pub(super) settled: bool,
}

/// A save that is not remembered yet.
pub(super) struct LastSave {
    /// All files of `env/`.
    pub(super) env: Vec<(Arc<str>, EnvFile)>,
    /// Those that were there before.
    pub(super) kept: Kept,
    pub(super) env_only: bool,
    /// What the next save has to say, if nothing changes.
    pub(super) diagnostics: Diagnostics,
    /// What there is to say of settings.
    pub(super) of_settings: Diagnostics,
}

/// Where the cache is, and for whom.
#[derive(Clone)]
struct Place {
    folder: CacheFolder,
    context: Context,
}

impl Place {
    fn new(system: &dyn System, options: &Options) -> Self {
        let bytes = |path: &Path| path.as_os_str().as_encoded_bytes().to_vec();
        let templates_root = options.templates_root.as_deref();
        let mut parts = vec![
            bytes(&options.root),
            bytes(&options.plugins_root),
            templates_root.map(bytes).unwrap_or_default(),
            system.user_id().to_le_bytes().to_vec(),
        ];
        // Those that are not set are inputs, too: these are all that are set.
        for (name, value) in system.variables("TUTOR_") {
            parts.push(name.into_bytes());
            parts.push(value.into_bytes());
        }
        Self {
            folder: CacheFolder::new(StateFolder::new(&options.root).path()),
            context: Context::new(parts.iter().map(Vec::as_slice)),
        }
    }
}

/// From so many inputs on it pays to do two things at a time.
const LARGE: usize = 500;

/// The store. Its records say themselves what they depend on, but for this.
fn open_store(system: &dyn System, place: &Place) -> Store {
    let app = system.variable("TUTOR_APP").unwrap_or_default();
    let context = Context::new([&system.user_id().to_le_bytes()[..], app.as_bytes()]);
    Store::open(system, &place.folder, context)
}

impl Engine {
    /// Opens a project. Nothing is read yet.
    pub fn new(system: Arc<dyn System>, options: Options) -> Self {
        Self {
            system,
            options,
            session: None,
            store: None,
        }
    }

    /// The project root.
    pub fn root(&self) -> &Path {
        &self.options.root
    }

    pub(super) fn options(&self) -> &Options {
        &self.options
    }

    /// The plugins root.
    pub fn plugins_root(&self) -> &Path {
        &self.options.plugins_root
    }

    /// Whether the graph was needed so far.
    pub fn has_graph(&self) -> bool {
        self.session.is_some()
    }

    /// How far a command is.
    pub fn progress(&self) -> Arc<Progress> {
        self.options.progress.clone()
    }

    /// The world outside.
    pub fn system(&self) -> Arc<dyn System> {
        self.system.clone()
    }

    /// What plugins have printed since this was asked last, while they were loaded.
    pub fn take_printed(&self) -> Vec<Printed> {
        let session = self.session.as_ref();
        session.map_or_else(Vec::new, |session| session.graph().loader().take_printed())
    }

    /// Gives the graph up. The next command that needs one opens a new one.
    pub fn close_graph(&mut self) {
        self.session = None;
    }

    /// The session over the graph.
    pub fn session(&mut self) -> &mut Session {
        self.session_knowing(State::default(), None)
    }

    /// The session over the graph, opened with `state` if it is not open yet: that is what has not changed since the
    /// trace was written that had this stamp.
    fn session_knowing(&mut self, state: State, trace_stamp: Option<Stamp>) -> &mut Session {
        let (system, options, store) = (&self.system, &self.options, self.store.take());
        self.session.get_or_insert_with(|| {
            let mut cache = SessionCache::default();
            if !options.no_cache {
                let place = Place::new(&**system, options);
                let store = store.unwrap_or_else(|| {
                    phase(options.profile.as_deref(), "read store", || {
                        open_store(&**system, &place)
                    })
                });
                cache = SessionCache {
                    store: Some(Arc::new(store)),
                    trace_stamp: trace_stamp.or_else(|| place.folder.trace_stamp(&**system)),
                    state,
                    place: Some(place),
                    settled: false,
                };
            }
            Session::with_cache(system.clone(), options.clone(), cache)
        })
    }

    /// Saves. See [`Session::save`].
    ///
    /// # Errors
    /// As for that.
    pub fn save(&mut self, request: &SaveRequest, events: EventSink<'_>) -> Answer<Saved> {
        let mut state = State::default();
        let mut trace_stamp = None;
        if !self.options.no_cache && self.session.is_none() {
            let profile = self.options.profile.clone();
            let profile = profile.as_deref();
            let place = Place::new(&*self.system, &self.options);
            let env = self.options.root.join("env");
            let trace = phase(profile, "read trace", || {
                // Before it is read: one that is written meanwhile is another one.
                trace_stamp = place.folder.trace_stamp(&*self.system);
                Trace::read(&*self.system, &place.folder, &place.context)
            });
            if let Some(mut trace) = trace {
                let is_plain = request.edits.is_empty() && !request.clean;
                // What is to be changed needs the store in any case.
                let is_large = !is_plain && trace.input_count() > LARGE;
                let (compared, store) = phase(profile, "look at files", || {
                    wide::both(
                        is_large,
                        || trace.compare(&*self.system, &env),
                        || is_large.then(|| open_store(&*self.system, &place)),
                    )
                });
                self.store = store;
                if compared.unchanged
                    && is_plain
                    && trace.is_of(request.env_only)
                    && !compared.diagnostics.is_fatal(self.options.strict)
                {
                    if compared.tells_more {
                        self.refresh(&trace, &place);
                    }
                    let config = self.options.root.join("config.yml");
                    let saved = Saved {
                        config: (!request.env_only).then_some(config),
                        env,
                        ..Saved::default()
                    };
                    return Ok((saved, compared.diagnostics));
                }
                state = trace.state();
            }
        }
        self.session_knowing(state, trace_stamp)
            .save(request, events)
    }

    /// Writes a trace that tells more than before, unless somebody is saving.
    fn refresh(&self, trace: &Trace, place: &Place) {
        let lock = StateFolder::new(&self.options.root).lock_file();
        if let Ok(Some(_lock)) = self.system.try_lock(&lock) {
            trace.write(&*self.system, &place.folder, &place.context);
        }
    }

    /// The value of a setting, as `config printvalue` prints it.
    ///
    /// # Errors
    /// Without a configuration, with one that is wrong anywhere, and for an unknown name.
    pub fn print_value(&mut self, key: &str) -> Answer<String> {
        let mut known = Known::default();
        if !self.options.no_cache && self.session.is_none() {
            let place = Place::new(&*self.system, &self.options);
            match SettingsTrace::look_up(&*self.system, &place.folder, &place.context, key) {
                Ok((Some(value), diagnostics)) if !diagnostics.is_fatal(self.options.strict) => {
                    return Ok((value, diagnostics));
                }
                // The graph has the better words for what is wrong.
                Ok(_) => {}
                Err(unchanged) => known = unchanged,
            }
        }
        let state = State {
            known,
            ..State::default()
        };
        self.session_knowing(state, None).print_value(key)
    }
}

impl Session {
    /// After the lock was taken: if another process has saved since the trace was read, nothing that it says counts.
    /// `config.yml` is read in any case: nobody's change of it may be lost. Answers whether another process has saved,
    /// or may have.
    pub(super) fn forget_what_others_changed(&mut self) -> bool {
        let system = self.db.shared_system();
        let Some(place) = &self.cache.place else {
            return true;
        };
        let stamp = place.folder.trace_stamp(&*system);
        if stamp == self.cache.trace_stamp {
            self.db.forget_known(Some(&config::config_file(&self.db)));
            return false;
        }
        self.cache.trace_stamp = stamp;
        self.db.forget_known(None);
        self.cache.state = State::default();
        true
    }

    /// Remembers the last save for other processes, if that is still to be done. The lock is held.
    pub(super) fn remember(&mut self) {
        let (Some(place), Some(last)) = (self.cache.place.clone(), self.last.take()) else {
            return;
        };
        let system = self.db.shared_system();
        let state = StateFolder::new(&self.options.root);
        let moved = self.db.has_moved();
        // What was just written is another file now; unless somebody has written it again since.
        let config = config::config_file(&self.db);
        self.missed |= self.db.apply(&Changes::Paths(vec![config]));
        if moved || self.missed {
            Trace::forget(&*system, &place.folder);
            self.cache.trace_stamp = None;
            return;
        }
        let records = self.db.records();
        let trace = records.clone().and_then(|inputs| {
            let outputs = last.env.iter().map(|(path, file)| {
                let kept = last.kept.get(path).filter(|_| file.content.is_none());
                (path.clone(), file.hash, kept.map(|(stamp, _)| *stamp))
            });
            let also = [state.journal(), state.manifest(), state.secret()];
            let env = self.options.root.join("env");
            let said = &last.diagnostics;
            Trace::of_save(&*system, inputs, &also, &env, outputs, last.env_only, said)
        });
        // What a plugin came to by chance may be otherwise next time.
        let lasts = !plugins::enabled(&self.db).passing && !self.db.loader().has_passing();
        let trace = trace.filter(|_| lasts && (last.env_only || self.cache.settled));
        let settings = records
            .filter(|_| lasts && config::exists(&self.db))
            .and_then(|inputs| self.settings_trace(inputs, &last.of_settings));
        let store = self.cache.store.clone();
        let is_large = self.db.input_count() > LARGE;
        wide::both(
            is_large,
            || {
                match trace {
                    Some(trace) => trace.write(&*system, &place.folder, &place.context),
                    None => Trace::forget(&*system, &place.folder),
                }
                if let Some(settings) = settings {
                    settings.write(&*system, &place.folder, &place.context);
                }
            },
            || {
                if let Some(store) = store {
                    store.save(&*system, &place.folder, false);
                }
            },
        );
        self.cache.trace_stamp = place.folder.trace_stamp(&*system);
    }

    /// From now on saves are remembered only by [`Session::remember_deferred`]: they are over sooner.
    pub fn defer(&mut self) {
        self.defers = true;
    }

    /// Remembers the last save for other processes, unless somebody is saving.
    pub fn remember_deferred(&mut self) {
        if self.last.is_none() {
            return;
        }
        let lock = StateFolder::new(&self.options.root).lock_file();
        if let Ok(Some(_lock)) = self.db.shared_system().try_lock(&lock) {
            self.remember();
        }
    }

    /// Whether `config.yml` was changed by somebody else during the last save or since, in a way that is in the graph
    /// already but was not looked at. Asked once.
    pub fn take_missed(&mut self) -> bool {
        std::mem::take(&mut self.missed)
    }

    /// All files of `env/` as the last save left them.
    pub fn last_env(&self) -> impl Iterator<Item = &(Arc<str>, EnvFile)> {
        self.last.iter().flat_map(|last| &last.env)
    }

    /// Saves, where `changes` are all that has changed since the graph was brought up to date, and the files in `kept`
    /// are as they should be.
    ///
    /// # Errors
    /// As for [`Session::save`].
    pub fn save_after(
        &mut self,
        request: &SaveRequest,
        changes: Changes,
        kept: Kept,
        events: EventSink<'_>,
    ) -> Answer<Saved> {
        self.expected = Some(changes);
        self.cache.state.kept = kept;
        self.save(request, events)
    }

    fn settings_trace(&self, inputs: Records, diagnostics: &Diagnostics) -> Option<SettingsTrace> {
        let system = self.db.shared_system();
        // Commands that only look say so if another version has rendered `env/`.
        let version = self.options.root.join("env/version");
        let table = config::table(&self.db, Pass::Full).ok()?;
        let printed = table.iter().filter_map(|(name, outcome)| {
            let value = outcome.value.as_ref().ok()?.as_ref()?;
            Some((name.clone(), read::printed(value)))
        });
        SettingsTrace::new(&*system, inputs, &version, diagnostics, printed)
    }

    /// Remembers what queries came to, after a command that only looked. Nothing is written where nothing was saved yet,
    /// or while somebody saves.
    pub(super) fn remember_records(&self) {
        let (Some(place), Some(store)) = (&self.cache.place, &self.cache.store) else {
            return;
        };
        let system = self.db.shared_system();
        let lock = StateFolder::new(&self.options.root).lock_file();
        if let Ok(Some(_lock)) = system.try_lock(&lock) {
            store.save(&*system, &place.folder, true);
        }
    }

    /// Remembers what all settings are, after a command that only looked. Nothing is written where nothing was saved
    /// yet, or while somebody saves.
    pub(super) fn remember_look(&self, diagnostics: &Diagnostics) {
        let Some(place) = &self.cache.place else {
            return;
        };
        let system = self.db.shared_system();
        let lock = StateFolder::new(&self.options.root).lock_file();
        let Ok(Some(_lock)) = system.try_lock(&lock) else {
            return;
        };
        let lasts = !self.db.has_moved()
            && !plugins::enabled(&self.db).passing
            && !self.db.loader().has_passing();
        let records = self.db.records().filter(|_| lasts);
        let settings = records.and_then(|records| self.settings_trace(records, diagnostics));
        if let Some(settings) = settings {
            settings.write(&*system, &place.folder, &place.context);
        }
        if let Some(store) = &self.cache.store {
            store.save(&*system, &place.folder, true);
        }
    }
}

/// Whether the next save, of the settings as they are read from the new `config.yml`, writes them as they are: none is
/// still a template, loses a line break, is another one than was `saved`, or is missing.
pub(super) fn is_settled<'a>(db: &Database, saved: impl Fn(&str) -> Option<&'a Value>) -> bool {
    let (Ok(user), Ok((base, _))) = (config::user_layer(db), config::base_layer(db)) else {
        return false;
    };
    // What plugins put in place of the user's is put there again.
    let again = hooks::config_user(db).iter().all(|contribution| {
        let setting = &contribution.setting;
        config::renders_as_it_is(&setting.value) && saved(&setting.name) == Some(&setting.value)
    });
    again
        && user.iter().all(|(name, raw)| {
            config::renders_as_it_is(&raw.value) && saved(name) == Some(&raw.value)
        })
        && base.iter().all(|(name, _)| user.get(name).is_some())
}
