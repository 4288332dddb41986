//! `config save --watch`: saves, then again as files change, until told to stop.
//!
//! The system's events only say where to look ([`folders`], [`signal`]); [`gather`] says when. What is there then is
//! read into the graph, and a save through the graph does what the change needs. Where the system cannot tell, files
//! are looked at every now and then. This room knows nothing of settings or templates, but for [`guard`].

mod folders;
mod gather;
mod guard;
mod report;
mod signal;
mod world;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use crate::commands::{Engine, SaveRequest};
use crate::diagnostics::Diagnostics;
use crate::events::EventSink;
use crate::inputs::Changes;
use crate::system::System;
use folders::{Folders, Limit};
use gather::Gather;
pub use report::{Report, Round};
use signal::Signal;
use world::World;

/// How long nothing has to happen before what was saved is remembered for other processes, and before everything is
/// looked at once more, should an event have been lost.
const IDLE: Duration = Duration::from_millis(400);
/// How often files are looked at where the system cannot tell of changes.
const POLL: Duration = Duration::from_millis(300);
/// How long a checkout of Git may take.
const CHECKOUT: Duration = Duration::from_secs(30);
/// How often to see whether it is over.
const CHECKOUT_POLL: Duration = Duration::from_millis(5);

/// What to watch for, and how.
#[derive(Clone, Debug, Default)]
pub struct WatchRequest {
    /// The first save. Those that follow make no edits and clean nothing.
    pub first: SaveRequest,
    /// A command for the shell, run after each save that wrote something.
    pub exec: Option<String>,
    /// Look at files every now and then instead of being told of changes.
    pub poll: bool,
}

/// Ends a watch, from another thread.
#[derive(Clone, Debug)]
pub struct Stopper(Sender<Signal>);

impl Stopper {
    /// The watch ends after the save that is under way.
    pub fn stop(&self) {
        // It may have ended by itself.
        let _ = self.0.send(Signal::Stop);
    }
}

/// A watch that has not begun.
#[derive(Debug)]
pub struct Watch {
    signals: Receiver<Signal>,
    sender: Sender<Signal>,
}

impl Default for Watch {
    fn default() -> Self {
        let (sender, signals) = mpsc::channel();
        Self { signals, sender }
    }
}

impl Watch {
    /// What ends it.
    pub fn stopper(&self) -> Stopper {
        Stopper(self.sender.clone())
    }

    /// Watches until it is stopped.
    ///
    /// # Errors
    /// If the first save fails and it was to make edits, which later ones could not make up for.
    pub fn run(
        self,
        engine: &mut Engine,
        request: &WatchRequest,
        events: EventSink<'_>,
        report: &mut dyn FnMut(Report),
    ) -> Result<(), Diagnostics> {
        let mut running = Running {
            system: engine.system(),
            signals: self.signals,
            request,
            events,
            report,
            folders: None,
            world: World::default(),
            names: BTreeSet::new(),
            config_changed: false,
            later: SaveRequest {
                env_only: request.first.env_only,
                ..SaveRequest::default()
            },
            unremembered: false,
            trouble: None,
            watch_again: false,
            inputs: 0,
        };
        running.first(engine)?;
        if !request.poll {
            running.set_up_folders(engine, self.sender);
        }
        if running.folders.is_some() {
            running.told(engine);
        } else {
            running.polling(engine);
        }
        engine.session().remember_deferred();
        Ok(())
    }
}

/// A watch under way.
struct Running<'a> {
    system: Arc<dyn System>,
    signals: Receiver<Signal>,
    request: &'a WatchRequest,
    events: EventSink<'a>,
    report: &'a mut dyn FnMut(Report),
    /// `None`: files are looked at every now and then.
    folders: Option<Folders>,
    world: World,
    /// The settings that were in `config.yml` at the last save.
    names: BTreeSet<Arc<str>>,
    /// Whether it was changed since.
    config_changed: bool,
    later: SaveRequest,
    unremembered: bool,
    /// What was said last of what is wrong; said once.
    trouble: Option<String>,
    /// Whether folders went, some of which the next save makes again.
    watch_again: bool,
    /// How many inputs the graph had when it was new.
    inputs: usize,
}

impl Running<'_> {
    /// The first save, and a graph that knows everything, so that later ones are quick.
    fn first(&mut self, engine: &mut Engine) -> Result<(), Diagnostics> {
        let started = self.system.monotonic();
        let answer = engine.save(&self.request.first, &mut self.events);
        let failed = answer.is_err();
        let has_edits = !self.request.first.edits.is_empty();
        match answer {
            Err(problems) if has_edits => return Err(problems),
            answer => {
                let took = self.system.monotonic().saturating_sub(started);
                self.tell(Vec::new(), answer, took);
            }
        }
        self.warm_up(engine, !failed);
        Ok(())
    }

    /// Fills the graph: nothing is written that is not missing.
    fn warm_up(&mut self, engine: &mut Engine, saved: bool) {
        let session = engine.session();
        session.defer();
        // A graph that is begun anew reads everything anew: `config.yml` may be half-way just now.
        let wait = saved
            .then(|| guard::reason_to_wait(session.database(), &self.names))
            .flatten();
        let started = self.system.monotonic();
        let mut late = None;
        if wait.is_none() {
            if saved {
                // What is wrong now was wrong, and told, a moment ago.
                late = session.save(&self.later, &mut self.events).ok();
                self.unremembered = true;
            }
            self.names = guard::names(session.database());
        }
        self.inputs = session.database().input_count();
        self.world.update(session, &*self.system);
        // Something changed just now: the new graph knows it already, and its event will be no news.
        if let Some((saved, remarks)) = late
            && !(saved.report.written.is_empty() && saved.report.removed.is_empty())
        {
            let report = &saved.report;
            let trigger = [report.written.clone(), report.removed.clone()].concat();
            let took = self.system.monotonic().saturating_sub(started);
            self.tell(trigger, Ok((saved, remarks)), took);
        }
        if let Some(why) = wait {
            self.config_changed = true;
            self.say_once(why.clone(), Report::Waiting { why });
        }
    }

    fn set_up_folders(&mut self, engine: &mut Engine, sender: Sender<Signal>) {
        let set_up = Folders::new(sender).and_then(|folders| {
            self.folders = Some(folders);
            self.watch_folders(engine).map(|_| ())
        });
        match set_up {
            Ok(()) => (self.report)(Report::Watching { polling: None }),
            Err(limit) => self.poll_from_now_on(limit),
        }
    }

    fn poll_from_now_on(&mut self, Limit(why): Limit) {
        self.folders = None;
        (self.report)(Report::Watching { polling: Some(why) });
    }

    fn watch_folders(&mut self, engine: &mut Engine) -> Result<bool, Limit> {
        let Some(folders) = &mut self.folders else {
            return Ok(false);
        };
        let (mut files, inputs) = engine.session().database().watched();
        files.extend(self.world.outputs().map(Path::to_owned));
        folders.watch(&*self.system, &files, &inputs)
    }

    /// Waits for events, and acts on them.
    fn told(&mut self, engine: &mut Engine) {
        let mut gather = Gather::default();
        // Between reading and watching something may have changed.
        let mut look_again = true;
        loop {
            if self.folders.is_none() {
                return self.polling(engine);
            }
            let now = self.system.monotonic();
            let wait = match gather.deadline() {
                Some(deadline) => Some(deadline.saturating_sub(now)),
                None if look_again || self.unremembered => Some(IDLE),
                None => None,
            };
            let signal = match wait {
                Some(wait) => match self.signals.recv_timeout(wait) {
                    Ok(signal) => Some(signal),
                    Err(RecvTimeoutError::Timeout) => None,
                    Err(RecvTimeoutError::Disconnected) => return,
                },
                None => match self.signals.recv() {
                    Ok(signal) => Some(signal),
                    Err(_) => return,
                },
            };
            match signal {
                Some(Signal::Stop) => return,
                Some(Signal::Rescan) => {
                    gather = Gather::default();
                    self.start_over(engine);
                    look_again = true;
                }
                Some(Signal::Touched(path, touch)) => {
                    self.note(path, touch, &mut gather);
                }
                None if !gather.is_empty() => {
                    if !self.wait_for_checkout(&mut gather) {
                        return;
                    }
                    let paths = gather.take();
                    self.act(engine, paths);
                    look_again = true;
                    if self.has_grown(engine) {
                        self.remember(engine);
                    }
                }
                None => {
                    // It is quiet.
                    if look_again {
                        look_again = self.look_at_everything(engine);
                    } else {
                        self.remember(engine);
                    }
                }
            }
        }
    }

    fn note(&mut self, path: PathBuf, touch: signal::Touch, gather: &mut Gather) {
        let Some(folders) = &self.folders else { return };
        let now = self.system.monotonic();
        if folders.concerns_folders(&path) {
            self.world.folders_moved = true;
        }
        for name in folders.names(path) {
            if self.world.concerns(&name) && !self.world.is_our_own(&*self.system, &name) {
                gather.note(name, touch, now, &self.world);
            }
        }
    }

    /// While Git changes files, it holds a lock: everything that it does is one change. Answers whether to go on.
    fn wait_for_checkout(&mut self, gather: &mut Gather) -> bool {
        let started = self.system.monotonic();
        while self.world.checkout_under_way(&*self.system, gather.paths())
            && self.system.monotonic().saturating_sub(started) < CHECKOUT
        {
            match self.signals.recv_timeout(CHECKOUT_POLL) {
                Ok(Signal::Stop) | Err(RecvTimeoutError::Disconnected) => return false,
                Ok(Signal::Touched(path, touch)) => self.note(path, touch, gather),
                Ok(Signal::Rescan) => self.world.folders_moved = true,
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
        // What it did last may still be under way to us.
        while let Ok(signal) = self.signals.try_recv() {
            match signal {
                Signal::Stop => return false,
                Signal::Touched(path, touch) => self.note(path, touch, gather),
                Signal::Rescan => self.world.folders_moved = true,
            }
        }
        true
    }

    /// Looks at what is at `paths` now, and does what that needs.
    fn act(&mut self, engine: &mut Engine, paths: Vec<PathBuf>) {
        let started = self.system.monotonic();
        if std::mem::take(&mut self.world.folders_moved) {
            self.start_over(engine);
            self.look_at_everything(engine);
            return;
        }
        // Files of `env/` that are as they should be after all: the last save has put them right.
        let mut paths = paths;
        paths.retain(|path| !self.world.is_our_own(&*self.system, path));
        let outputs = self.world.forget_outputs(&paths);
        let changed = engine
            .session()
            .database()
            .apply(&Changes::Paths(paths.clone()));
        if changed || outputs {
            self.save(engine, paths, Changes::Paths(Vec::new()), started);
        }
    }

    /// Looks at every file that was read or written. Answers whether any had changed, and was saved: after a save that
    /// fails or has to wait there is nothing to do until something else happens.
    fn look_at_everything(&mut self, engine: &mut Engine) -> bool {
        let started = self.system.monotonic();
        let mut changed = engine.session().database().changed_paths();
        changed.extend(self.world.touched_outputs(&*self.system));
        if changed.is_empty() {
            return false;
        }
        self.world.forget_outputs(&changed);
        engine.session().database().apply(&Changes::Rescan);
        self.save(engine, changed, Changes::Paths(Vec::new()), started);
        self.trouble.is_none()
    }

    fn start_over(&mut self, engine: &mut Engine) {
        self.watch_again = true;
        if let Some(folders) = &mut self.folders {
            folders.start_over();
        }
        if let Err(limit) = self.watch_folders(engine) {
            self.poll_from_now_on(limit);
        }
    }

    /// Saves what the graph says now.
    fn save(
        &mut self,
        engine: &mut Engine,
        trigger: Vec<PathBuf>,
        changes: Changes,
        started: Duration,
    ) {
        let session = engine.session();
        // What other files say of config.yml is no reason to look at it again.
        self.config_changed |= trigger.iter().any(|path| self.world.is_config(path));
        if self.config_changed
            && let Some(why) = guard::reason_to_wait(session.database(), &self.names)
        {
            self.say_once(why.clone(), Report::Waiting { why });
            return;
        }
        let kept = self.world.kept().clone();
        let answer = session.save_after(&self.later, changes, kept, &mut self.events);
        let took = self.system.monotonic().saturating_sub(started);
        let mut moved = false;
        if let Ok((saved, _)) = &answer {
            self.unremembered = true;
            if self.config_changed || saved.report.config_written {
                self.names = guard::names(session.database());
            }
            self.config_changed = false;
            moved |= self.world.update(session, &*self.system);
            moved |= std::mem::take(&mut self.watch_again);
        }
        self.tell(trigger, answer, took);
        moved |= self.world.update_inputs(engine.session());
        if !moved {
            return;
        }
        match self.watch_folders(engine) {
            Ok(true) => {
                // What has happened there before it was watched.
                let changed = engine.session().database().changed_paths();
                if !changed.is_empty() {
                    engine.session().database().apply(&Changes::Rescan);
                    let started = self.system.monotonic();
                    self.save(engine, changed, Changes::Paths(Vec::new()), started);
                }
            }
            Ok(false) => {}
            Err(limit) => self.poll_from_now_on(limit),
        }
    }

    /// Reports a save, and runs the user's command if it wrote anything.
    fn tell(
        &mut self,
        trigger: Vec<PathBuf>,
        answer: crate::commands::Answer<crate::commands::Saved>,
        took: Duration,
    ) {
        match answer {
            Ok((saved, diagnostics)) => {
                self.trouble = None;
                let round = Round {
                    trigger,
                    written: saved.report.written,
                    removed: saved.report.removed,
                    config_written: saved.report.config_written,
                    took,
                };
                let wrote = round.wrote();
                (self.report)(Report::Saved(round, diagnostics));
                if let (true, Some(command)) = (wrote, &self.request.exec) {
                    let status = self.system.run_shell(command);
                    (self.report)(Report::Ran {
                        status: status.map_err(|error| error.to_string()),
                    });
                }
            }
            Err(problems) => {
                let text = format!("{problems:?}");
                self.say_once(text, Report::Failed(trigger, problems));
            }
        }
    }

    /// Reports trouble that is not what was reported last.
    fn say_once(&mut self, text: String, report: Report) {
        if self.trouble.as_ref() != Some(&text) {
            self.trouble = Some(text);
            (self.report)(report);
        }
    }

    /// Whether the graph has seen so many files come and go that it is time for a new one: it forgets nothing. While
    /// nothing can be saved it has to stay, since a new one begins with a save.
    fn has_grown(&self, engine: &mut Engine) -> bool {
        self.trouble.is_none() && engine.session().database().input_count() > 2 * self.inputs + 1000
    }

    /// Remembers the last save for other processes, and begins a new graph where the old one has grown.
    fn remember(&mut self, engine: &mut Engine) {
        self.unremembered = false;
        engine.session().remember_deferred();
        if self.has_grown(engine) {
            engine.close_graph();
            self.warm_up(engine, true);
            self.unremembered = false;
        }
    }

    /// Looks at everything every now and then.
    fn polling(&mut self, engine: &mut Engine) {
        if self.request.poll {
            (self.report)(Report::Watching {
                polling: Some(String::from("--poll")),
            });
        }
        let mut last = Vec::new();
        loop {
            match self.signals.recv_timeout(POLL) {
                Ok(Signal::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Ok(_) => continue,
                Err(RecvTimeoutError::Timeout) => {}
            }
            // What is still being written looks another way each time.
            let now = self.world.look(&*self.system, engine.session());
            if now.is_empty() {
                self.remember_if_due(engine);
            } else if now == last {
                self.look_at_everything(engine);
            }
            last = now;
        }
    }

    fn remember_if_due(&mut self, engine: &mut Engine) {
        if self.unremembered {
            self.remember(engine);
        }
    }
}
