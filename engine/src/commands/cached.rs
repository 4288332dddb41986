//! Answers from the cache, and what is remembered for the next process.

use std::path::Path;
use std::sync::Arc;

use super::checks::Settings;
use super::{Answer, Options, SaveRequest, Saved, Session, read};
use crate::cache::{CacheFolder, Context, SettingsTrace, State, Store, Trace};
use crate::config;
use crate::diagnostics::Diagnostics;
use crate::events::EventSink;
use crate::inputs::Known;
use crate::save::{EnvFile, StateFolder};
use crate::system::{Stamp, System};

/// A project, open for commands. What the cache can answer costs a look at files; for all else there is a
/// [`Session`] over the graph, which is opened only then.
pub struct Engine {
    system: Arc<dyn System>,
    options: Options,
    session: Option<Session>,
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

/// What the store depends on: records say all the rest themselves.
fn store_context(system: &dyn System) -> Context {
    let app = system.variable("TUTOR_APP").unwrap_or_default();
    Context::new([&system.user_id().to_le_bytes()[..], app.as_bytes()])
}

impl Engine {
    /// Opens a project. Nothing is read yet.
    pub fn new(system: Arc<dyn System>, options: Options) -> Self {
        Self {
            system,
            options,
            session: None,
        }
    }

    /// The project root.
    pub fn root(&self) -> &Path {
        &self.options.root
    }

    /// The plugins root.
    pub fn plugins_root(&self) -> &Path {
        &self.options.plugins_root
    }

    /// Whether the graph was needed so far.
    pub fn has_graph(&self) -> bool {
        self.session.is_some()
    }

    /// The session over the graph.
    pub fn session(&mut self) -> &mut Session {
        self.session_knowing(|_| State::default())
    }

    /// The session over the graph, opened with what `find` finds out from the cache if it is not open yet.
    fn session_knowing(&mut self, find: impl FnOnce(&Place) -> State) -> &mut Session {
        let (system, options) = (&self.system, &self.options);
        self.session.get_or_insert_with(|| {
            let mut cache = SessionCache::default();
            if !options.no_cache {
                let place = Place::new(&**system, options);
                let store = Store::open(&**system, &place.folder, store_context(&**system));
                cache = SessionCache {
                    store: Some(Arc::new(store)),
                    trace_stamp: place.folder.trace_stamp(&**system),
                    state: find(&place),
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
        if !self.options.no_cache && self.session.is_none() {
            let place = Place::new(&*self.system, &self.options);
            let env = self.options.root.join("env");
            if let Some(mut trace) = Trace::read(&*self.system, &place.folder, &place.context) {
                let compared = trace.compare(&*self.system, &env);
                let is_plain = request.edits.is_empty() && !request.clean;
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
                state = compared.state;
            }
        }
        self.session_knowing(|_| state).save(request, events)
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
        self.session_knowing(|_| state).print_value(key)
    }
}

impl Session {
    /// After the lock was taken: if another process has saved since the trace was read, nothing that it says counts.
    /// `config.yml` is read in any case: nobody's change of it may be lost.
    pub(super) fn forget_what_others_changed(&mut self) {
        let system = self.db.shared_system();
        let Some(place) = &self.cache.place else {
            return;
        };
        if place.folder.trace_stamp(&*system) == self.cache.trace_stamp {
            self.db.forget_known(Some(&config::config_file(&self.db)));
        } else {
            self.db.forget_known(None);
            self.cache.state = State::default();
        }
    }

    /// Remembers a save for the next process: which files `env` has (and which of them were there before), what was
    /// said, what all settings are. The lock is held.
    pub(super) fn remember_save(
        &mut self,
        env: &[(Arc<str>, EnvFile)],
        kept: &crate::cache::Kept,
        env_only: bool,
        diagnostics: &Diagnostics,
        settings: &(Settings, Diagnostics),
    ) {
        let Some(place) = self.cache.place.clone() else {
            return;
        };
        let system = self.db.shared_system();
        let state = StateFolder::new(&self.options.root);
        // What was just written is another file now.
        let config = config::config_file(&self.db);
        self.db.apply(&crate::inputs::Changes::Paths(vec![config]));
        let moved = self.db.has_moved();
        let records = self.db.records().filter(|_| !moved);
        let trace = records.clone().and_then(|inputs| {
            let outputs = env.iter().map(|(path, file)| {
                let stamp = file.content.is_none().then(|| kept.get(path)).flatten();
                (path.clone(), file.hash, stamp.map(|(stamp, _)| *stamp))
            });
            let also = [state.journal(), state.manifest(), state.secret()];
            let env = self.options.root.join("env");
            Trace::of_save(&*system, inputs, &also, &env, outputs, env_only, diagnostics)
        });
        match trace.filter(|_| env_only || self.cache.settled) {
            Some(trace) => trace.write(&*system, &place.folder, &place.context),
            None => Trace::forget(&*system, &place.folder),
        }
        self.cache.trace_stamp = place.folder.trace_stamp(&*system);
        if let Some(records) = records {
            self.remember_settings(&place, records, settings);
        }
        if let Some(store) = &self.cache.store {
            store.save(&*system, &place.folder, false);
        }
    }

    fn remember_settings(
        &self,
        place: &Place,
        records: crate::inputs::Records,
        (settings, diagnostics): &(Settings, Diagnostics),
    ) {
        let values: Vec<_> = settings
            .iter()
            .map(|(name, value)| (name.clone(), read::printed(value)))
            .collect();
        SettingsTrace::write(
            &*self.db.shared_system(),
            &place.folder,
            &place.context,
            records,
            diagnostics,
            &values,
        );
    }

    /// Remembers what all settings are, after a command that only looked. Nothing is written where nothing was saved
    /// yet, or while somebody saves.
    pub(super) fn remember_look(&self, settings: &Settings, diagnostics: &Diagnostics) {
        let Some(place) = &self.cache.place else {
            return;
        };
        let system = self.db.shared_system();
        let lock = StateFolder::new(&self.options.root).lock_file();
        let Ok(Some(_lock)) = system.try_lock(&lock) else {
            return;
        };
        let records = self.db.records().filter(|_| !self.db.has_moved());
        if let Some(records) = records {
            let settings = (settings.clone(), diagnostics.clone());
            self.remember_settings(place, records, &settings);
        }
        if let Some(store) = &self.cache.store {
            store.save(&*system, &place.folder, true);
        }
    }
}

/// Whether a save of these settings writes them as they are: none is still a template, or loses a line break.
pub(super) fn is_settled(session: &Session, settings: &Settings) -> bool {
    settings.values().all(config::renders_as_it_is)
        && config::user_layer(&session.db).as_ref().is_ok_and(|user| {
            // A template in a variable is rendered at each save.
            user.iter().all(|(_, raw)| config::renders_as_it_is(&raw.value))
        })
}
