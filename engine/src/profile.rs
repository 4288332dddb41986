//! What took how long, and for whom: phases of a command, and within them what was done for each owner.
//!
//! Everything is measured only if somebody asked for it. A span's own time is its time without the spans that began
//! and ended within it on the same thread, so that a template is not charged for the patches that it calls.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::diagnostics::Owner;
use crate::system::System;

/// What was done in a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Work {
    /// A part of a command; parts follow each other.
    Phase,
    /// A plugin's file was read, parsed and understood.
    Declaration,
    /// A setting that is a template was rendered.
    Setting,
    /// A plugin's patch was rendered.
    Patch,
    /// A template was parsed and rendered, or copied.
    Template,
    /// A function of a plugin was called.
    Call,
}

impl Work {
    /// In one word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Phase => "phase",
            Self::Declaration => "declaration",
            Self::Setting => "setting",
            Self::Patch => "patch",
            Self::Template => "template",
            Self::Call => "call",
        }
    }
}

/// One thing that was done.
#[derive(Clone, Debug)]
pub struct Span {
    /// What kind of thing.
    pub work: Work,
    /// Its name.
    pub name: Arc<str>,
    /// For whom; phases are nobody's.
    pub owner: Option<Owner>,
    /// When it began, from the beginning of the measurement.
    pub start: Duration,
    /// How long it took.
    pub took: Duration,
    /// The part of that which was not spent in other spans.
    pub own: Duration,
    /// The thread, numbered in order of appearance.
    pub thread: usize,
}

/// A measurement under way. Shared by all threads.
#[derive(Debug)]
pub struct Profile {
    system: Arc<dyn System>,
    begun: Duration,
    spans: Mutex<Vec<Span>>,
    ran: AtomicU64,
    reused: AtomicU64,
    recalled: AtomicU64,
    notes: Mutex<Vec<String>>,
    unsteady: Mutex<Unsteady>,
}

/// What cannot be remembered as others are, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unsteady {
    /// What comes to something else each time, or does something besides: it is done anew whenever what uses it is.
    pub impure: BTreeMap<(Owner, String), Impure>,
    /// What keeps something from one time to the next, and what: all of it is done in each save that does anything.
    pub kept: BTreeMap<String, BTreeSet<String>>,
}

/// Something that comes to something else each time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Impure {
    /// Because of what, with places.
    pub causes: BTreeSet<String>,
    /// How often it was done.
    pub times: usize,
}

/// How often the graph did what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Queries that ran.
    pub ran: u64,
    /// Queries whose values of before could be used again.
    pub reused: u64,
    /// What earlier processes had found out: renders and declarations.
    pub recalled: u64,
}

/// What one owner cost, in own times.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// How many things of each kind were done, and how long they took.
    pub work: BTreeMap<Work, (usize, Duration)>,
}

impl Cost {
    /// All of it.
    pub fn total(&self) -> Duration {
        self.work.values().map(|(_, took)| *took).sum()
    }
}

thread_local! {
    /// For each open span: the time spent in spans within it.
    static OPEN: RefCell<Vec<Duration>> = const { RefCell::new(Vec::new()) };
    static THREAD: usize = {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        NEXT.fetch_add(1, Ordering::Relaxed)
    };
}

impl Profile {
    /// Begins a measurement.
    pub fn begin(system: Arc<dyn System>) -> Arc<Self> {
        let begun = system.monotonic();
        Arc::new(Self {
            system,
            begun,
            spans: Mutex::default(),
            ran: AtomicU64::new(0),
            reused: AtomicU64::new(0),
            recalled: AtomicU64::new(0),
            notes: Mutex::default(),
            unsteady: Mutex::default(),
        })
    }

    /// Does `work`, and notes how long it took.
    pub fn span<T>(
        &self,
        what: Work,
        name: &str,
        owner: impl FnOnce() -> Option<Owner>,
        work: impl FnOnce() -> T,
    ) -> T {
        let start = self.elapsed();
        OPEN.with_borrow_mut(|open| open.push(Duration::ZERO));
        let result = work();
        let took = self.elapsed().saturating_sub(start);
        let inner = OPEN.with_borrow_mut(|open| {
            let inner = open.pop().unwrap_or_default();
            if let Some(outer) = open.last_mut() {
                *outer += took;
            }
            inner
        });
        self.spans().push(Span {
            work: what,
            name: name.into(),
            owner: owner(),
            start,
            took,
            own: took.saturating_sub(inner),
            thread: THREAD.with(|thread| *thread),
        });
        result
    }

    /// Time since it began.
    pub fn elapsed(&self) -> Duration {
        self.system.monotonic().saturating_sub(self.begun)
    }

    pub(crate) fn count_run(&self) {
        self.ran.fetch_add(1, Ordering::Relaxed);
    }
    pub(crate) fn count_reuse(&self) {
        self.reused.fetch_add(1, Ordering::Relaxed);
    }
    pub(crate) fn count_recall(&self) {
        self.recalled.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes something that explains where the time went.
    pub fn note(&self, note: String) {
        self.all_notes().push(note);
    }

    /// What was noted, in order, each once.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = self.all_notes().clone();
        let mut seen = std::collections::HashSet::new();
        notes.retain(|note| seen.insert(note.clone()));
        notes
    }

    /// Notes that something comes to something else each time, whether or not it was `done` now.
    pub(crate) fn note_impure(
        &self,
        what: &str,
        owner: &Owner,
        causes: impl Iterator<Item = String>,
        done: bool,
    ) {
        let mut unsteady = self.all_unsteady();
        let key = (owner.clone(), what.to_owned());
        let impure = unsteady.impure.entry(key).or_default();
        impure.causes.extend(causes);
        impure.times += usize::from(done);
    }

    /// Notes that `name` keeps `what` from one time to the next.
    pub(crate) fn note_kept(&self, name: &str, what: &[String]) {
        let mut unsteady = self.all_unsteady();
        let kept = unsteady.kept.entry(name.to_owned()).or_default();
        kept.extend(what.iter().cloned());
    }

    /// What cannot be remembered as others are.
    pub fn unsteady(&self) -> Unsteady {
        self.all_unsteady().clone()
    }

    fn all_unsteady(&self) -> MutexGuard<'_, Unsteady> {
        self.unsteady.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn all_notes(&self) -> MutexGuard<'_, Vec<String>> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How often the graph did what.
    pub fn counts(&self) -> Counts {
        Counts {
            ran: self.ran.load(Ordering::Relaxed),
            reused: self.reused.load(Ordering::Relaxed),
            recalled: self.recalled.load(Ordering::Relaxed),
        }
    }

    /// Everything that was done so far, in the order in which it began.
    pub fn all(&self) -> Vec<Span> {
        let mut spans = self.spans().clone();
        spans.sort_by_key(|span| span.start);
        spans
    }

    /// What each owner cost, the dearest first.
    pub fn costs(&self) -> Vec<(Owner, Cost)> {
        let mut costs: BTreeMap<Owner, Cost> = BTreeMap::new();
        for span in self.spans().iter() {
            if let Some(owner) = &span.owner {
                let cost = costs.entry(owner.clone()).or_default();
                let (count, took) = cost.work.entry(span.work).or_default();
                *count += 1;
                *took += span.own;
            }
        }
        let mut costs: Vec<_> = costs.into_iter().collect();
        costs.sort_by_key(|(_, cost)| std::cmp::Reverse(cost.total()));
        costs
    }

    fn spans(&self) -> MutexGuard<'_, Vec<Span>> {
        self.spans.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Does `work`, and notes how long it took if that is measured.
pub fn measured<T>(
    profile: Option<&Profile>,
    what: Work,
    name: &str,
    owner: impl FnOnce() -> Option<Owner>,
    work: impl FnOnce() -> T,
) -> T {
    match profile {
        Some(profile) => profile.span(what, name, owner, work),
        None => work(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::MemorySystem;

    #[test]
    fn what_is_done_within_something_is_not_charged_twice() {
        let system = Arc::new(MemorySystem::new());
        let profile = Profile::begin(system.clone());
        let plugin = || Some(Owner::Plugin("hello".into()));
        profile.span(
            Work::Template,
            "outer",
            || Some(Owner::Core),
            || {
                system.pass(Duration::from_millis(3));
                profile.span(Work::Patch, "inner", plugin, || {
                    system.pass(Duration::from_millis(5));
                });
                system.pass(Duration::from_millis(2));
            },
        );
        let costs = profile.costs();
        assert_eq!(costs[0].0, Owner::Core);
        assert_eq!(costs[0].1.total(), Duration::from_millis(5));
        assert_eq!(costs[1].1.total(), Duration::from_millis(5));
        let outer = &profile.all()[0];
        assert_eq!(
            (&*outer.name, outer.took),
            ("outer", Duration::from_millis(10))
        );
    }
}
