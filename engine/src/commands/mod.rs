//! What the command line offers, as functions.
//!
//! An [`Engine`] answers from the cache where that can; else it opens a [`Session`] over the graph. These put queries
//! and the save together; they hold no rules of their own about settings or templates.

mod after_render;
mod asked;
mod cached;
mod checks;
mod images;
mod job;
mod plugin_command;
mod plugins;
mod read;
mod save;
mod wide;

use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use cached::Engine;
pub use images::Way;
pub use plugins::{Disabled, PluginRow, PluginStatus};
pub use save::{SaveRequest, Saved, is_overtaken};

use crate::diagnostics::Diagnostics;
use crate::events::Progress;
use crate::inputs::{Changes, Database};
use crate::profile::{Profile, Work, measured};
use crate::save::StateFolder;
use crate::system::System;

use cached::{LastSave, SessionCache};

/// Where things are, and how strict to be.
#[derive(Clone, Debug)]
pub struct Options {
    /// The project root, absolute.
    pub root: PathBuf,
    /// The plugins root, absolute.
    pub plugins_root: PathBuf,
    /// The core template root; `None` for the built-in one.
    pub templates_root: Option<PathBuf>,
    /// Whether alerts are errors.
    pub strict: bool,
    /// Whether nothing of what earlier processes found out is used, and nothing kept for later ones.
    pub no_cache: bool,
    /// Where to note how far a command is, for others to see.
    pub progress: Arc<Progress>,
    /// Where to note what takes how long, if anybody wants to know.
    pub profile: Option<Arc<Profile>>,
}

/// Does a part of a command.
fn phase<T>(profile: Option<&Profile>, name: &str, work: impl FnOnce() -> T) -> T {
    measured(profile, Work::Phase, name, || None, work)
}

/// What a command came to, with remarks; or the problems that kept it from coming to anything.
pub type Answer<T> = Result<(T, Diagnostics), Diagnostics>;

/// A project, open for commands over its graph.
pub struct Session {
    db: Database,
    options: Options,
    cache: SessionCache,
    /// What is known to have changed since the graph was brought up to date: all there is to look at before the next
    /// save. `None`: anything may have.
    expected: Option<Changes>,
    /// The last save, as long as it is not remembered for other processes.
    last: Option<LastSave>,
    /// Whether `config.yml` was changed by somebody else during the last save or since: that change is in the graph, but
    /// was not looked at.
    missed: bool,
    /// Whether saves are remembered only when [`Session::remember`] is called.
    defers: bool,
}

impl Session {
    /// Opens a project, with nothing remembered. Nothing is read yet.
    pub fn open(system: Arc<dyn System>, options: Options) -> Self {
        Self::with_cache(system, options, SessionCache::default())
    }

    /// Opens a project with what is remembered of it.
    fn with_cache(system: Arc<dyn System>, options: Options, mut cache: SessionCache) -> Self {
        let stable = options.templates_root.iter().cloned().collect();
        let known = std::mem::take(&mut cache.state.known);
        let profile = options.profile.clone();
        let mut db = Database::new(system, stable, known, cache.store.clone(), profile);
        db.computing_settings(true);
        db.set_project(
            options.root.clone(),
            options.plugins_root.clone(),
            options.templates_root.clone(),
        );
        Self {
            db,
            options,
            cache,
            expected: None,
            last: None,
            missed: false,
            defers: false,
        }
    }

    /// The project root.
    pub fn root(&self) -> &Path {
        &self.options.root
    }

    /// The graph.
    pub fn database(&mut self) -> &mut Database {
        &mut self.db
    }

    /// The graph, to look at.
    pub fn graph(&self) -> &Database {
        &self.db
    }

    /// Makes the root's secret known to the graph. Answers the secret if it is a new one, still to be written.
    fn load_secret(&mut self) -> Result<Option<[u8; 32]>, Diagnostics> {
        let system = self.db.shared_system();
        let kept = system.read(&StateFolder::new(&self.options.root).secret());
        if let Some(secret) = kept.ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok()) {
            self.db.set_secret(secret);
            return Ok(None);
        }
        let mut secret = [0; 32];
        system.random(&mut secret).map_err(|error| {
            crate::Diagnostic::error(
                "no-randomness",
                format!("the system gives no random bytes: {error}"),
            )
        })?;
        self.db.set_secret(secret);
        Ok(Some(secret))
    }

    /// The answer, or the problems if they are bad enough.
    fn answer<T>(&self, value: T, diagnostics: Diagnostics) -> Answer<T> {
        if diagnostics.is_fatal(self.options.strict) {
            Err(diagnostics)
        } else {
            Ok((value, diagnostics))
        }
    }
}
