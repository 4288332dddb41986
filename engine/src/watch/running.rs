//! A watch under way: waits, looks, saves.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use super::folders::{Folders, Limit};
use super::gather::Gather;
use super::report::{Report, Round};
use super::signal::{self, Signal};
use super::world::{World, checkout_under_way};
use super::{WatchRequest, guard};
use crate::commands::{Answer, Engine, SaveRequest, Saved, is_overtaken};
use crate::diagnostics::Diagnostics;
use crate::events::EventSink;
use crate::inputs::Changes;
use crate::system::System;

/// How long nothing has to happen before what was saved is remembered for other processes, and before everything is
/// looked at once more, should an event have been lost.
const IDLE: Duration = Duration::from_millis(400);
/// How often files are looked at where the system cannot tell of changes.
const POLL: Duration = Duration::from_millis(300);
/// How often `config.yml` has to look the same then: nobody says when whoever writes it is done.
const POLLS_OF_CONFIG: u32 = 4;
/// How long a checkout of Git may take.
const CHECKOUT: Duration = Duration::from_secs(30);
/// How often to see whether it is over.
const CHECKOUT_POLL: Duration = Duration::from_millis(5);

/// What there is to do when nothing has to be saved for a while, and when.
#[derive(Clone, Copy, Debug)]
enum Quiet {
    /// Look at everything once more.
    LookAgain(Duration),
    /// Remember what was saved.
    Remember(Duration),
    Nothing,
}

impl Quiet {
    fn due(self) -> Option<Duration> {
        match self {
            Self::LookAgain(at) | Self::Remember(at) => Some(at),
            Self::Nothing => None,
        }
    }
}

/// A watch under way.
pub(super) struct Running<'a> {
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
    /// What has to be looked at again, since it was changed during a save.
    again: Vec<PathBuf>,
    later: SaveRequest,
    unremembered: bool,
    /// What was said last of what is wrong; said once.
    trouble: Option<String>,
    /// Whether folders went, some of which the next save makes again.
    watch_again: bool,
    /// How many inputs the graph had when it was new.
    inputs: usize,
}

impl<'a> Running<'a> {
    /// A watch that has not saved yet.
    pub(super) fn new(
        system: Arc<dyn System>,
        signals: Receiver<Signal>,
        request: &'a WatchRequest,
        events: EventSink<'a>,
        report: &'a mut dyn FnMut(Report),
    ) -> Self {
        Self {
            system,
            signals,
            request,
            events,
            report,
            folders: None,
            world: World::default(),
            names: BTreeSet::new(),
            config_changed: false,
            again: Vec::new(),
            later: SaveRequest {
                env_only: request.first.env_only,
                must_exist: true,
                ..SaveRequest::default()
            },
            unremembered: false,
            trouble: None,
            watch_again: false,
            inputs: 0,
        }
    }

    /// Watches until it is stopped. Without a `sender`, files are looked at every now and then.
    pub(super) fn until_stopped(&mut self, engine: &mut Engine, sender: Option<Sender<Signal>>) {
        if let Some(sender) = sender {
            self.set_up_folders(engine, sender);
        }
        if self.folders.is_some() {
            self.told(engine);
        } else {
            self.polling(engine);
        }
    }

    /// The first save, and a graph that knows everything, so that later ones are quick.
    pub(super) fn first(&mut self, engine: &mut Engine) -> Result<(), Diagnostics> {
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
        if let Some((saved, remarks)) = late {
            let report = &saved.report;
            let trigger = [report.written.clone(), report.removed.clone()].concat();
            if !trigger.is_empty() || report.config_written {
                let took = self.system.monotonic().saturating_sub(started);
                self.tell(trigger, Ok((saved, remarks)), took);
            }
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
        let mut quiet = Quiet::LookAgain(self.system.monotonic() + IDLE);
        while self.folders.is_some() {
            // While somebody is at a file, it is not quiet.
            let due = match gather.deadline() {
                None => quiet.due(),
                due => due,
            };
            let now = self.system.monotonic();
            let signal = match due {
                Some(due) => self.signals.recv_timeout(due.saturating_sub(now)),
                None => self
                    .signals
                    .recv()
                    .map_err(|_| RecvTimeoutError::Disconnected),
            };
            match signal {
                Ok(Signal::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Ok(Signal::Touched(path, touch)) => self.note(path, touch, &mut gather),
                Ok(Signal::Rescan) => {
                    self.start_over(engine);
                    quiet = Quiet::LookAgain(self.system.monotonic());
                }
                Err(RecvTimeoutError::Timeout) if !gather.is_empty() => {
                    if !self.wait_for_checkout(&mut gather) {
                        return;
                    }
                    let paths = gather.take();
                    self.act(engine, paths);
                    if self.has_grown(engine) {
                        self.remember(engine);
                    }
                    self.note_again(&mut gather);
                    quiet = Quiet::LookAgain(self.system.monotonic() + IDLE);
                }
                Err(RecvTimeoutError::Timeout) => {
                    quiet = match quiet {
                        Quiet::LookAgain(_) if self.look_at_everything(engine) => {
                            Quiet::LookAgain(self.system.monotonic() + IDLE)
                        }
                        Quiet::LookAgain(_) if self.unremembered => Quiet::Remember(now),
                        Quiet::LookAgain(_) => Quiet::Nothing,
                        Quiet::Remember(_) | Quiet::Nothing => {
                            self.remember(engine);
                            Quiet::Nothing
                        }
                    };
                    self.note_again(&mut gather);
                }
            }
        }
        self.polling(engine);
    }

    /// What was changed during a save is looked at when whoever changed it is done.
    fn note_again(&mut self, gather: &mut Gather) {
        let now = self.system.monotonic();
        for path in &self.again {
            gather.note(path.clone(), signal::Touch::Attributes, now, &self.world);
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
        while checkout_under_way(&*self.system, gather.paths())
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
        let again = std::mem::take(&mut self.again);
        let outputs = self.world.forget_outputs(&paths) | !again.is_empty();
        paths.extend(again);
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
        changed.append(&mut self.again);
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
        if session.take_missed() || answer.as_ref().is_err_and(is_overtaken) {
            // An editor is at config.yml: what has come of it counts for nothing, and there is more to come.
            self.again.push(session.root().join("config.yml"));
            return;
        }
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
        let printed = engine.take_printed().into_iter();
        printed.for_each(|printed| (self.report)(Report::Printed(printed)));
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
    fn tell(&mut self, trigger: Vec<PathBuf>, answer: Answer<Saved>, took: Duration) {
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
        if engine.session().take_missed() {
            self.again.push(engine.root().join("config.yml"));
            return;
        }
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
        let mut same = 0;
        loop {
            match self.signals.recv_timeout(POLL) {
                Ok(Signal::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Ok(_) => continue,
                Err(RecvTimeoutError::Timeout) => {}
            }
            // What is still being written looks another way each time.
            let now = self.world.look(&*self.system, engine.session());
            same = if now == last { same + 1 } else { 0 };
            let at_config = now.iter().any(|(path, _)| self.world.is_config(path));
            let patience = if at_config { POLLS_OF_CONFIG } else { 1 };
            if now.is_empty() && self.again.is_empty() {
                self.remember_if_due(engine);
            } else if same >= patience {
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
