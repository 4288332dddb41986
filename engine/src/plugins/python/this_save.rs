//! What calls came to that hold in one save only, and who keeps something from call to call in this process.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};

use super::calls::Called;

/// A call: target and arguments.
type Call = (Arc<str>, Arc<str>);

/// A patch: plugin, which of its texts, name.
type Patch = (String, u32, String);

/// What is remembered until the next save begins.
#[derive(Debug, Default)]
pub(super) struct ThisSave {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Calls that come to something else each time, made once in a save.
    once: FxHashMap<Call, Arc<Called>>,
    /// Calls that were made ahead of being asked for: each for one who asks.
    fresh: FxHashMap<Call, Arc<Called>>,
    /// The same of patches.
    patches: FxHashSet<Patch>,
    /// Whether something keeps anything from call to call, as far as that was asked; and what.
    keepers: BTreeMap<String, (bool, Vec<String>)>,
    /// Whether there was a call that each save has to make.
    each: bool,
}

impl ThisSave {
    /// Another save begins. Answers whether what was kept from call to call has to be as it was in the beginning, and
    /// whether there are calls that each save has to make.
    pub(super) fn begin(&self) -> (bool, bool) {
        let mut state = self.state();
        state.once.clear();
        state.fresh.clear();
        state.patches.clear();
        let each = std::mem::take(&mut state.each);
        let keeps = state.keepers.values().any(|(keeps, _)| *keeps);
        (keeps, each || keeps)
    }

    /// What a call came to in this save that comes to something else each time.
    pub(super) fn made_once(&self, call: &Call) -> Option<Arc<Called>> {
        self.state().once.get(call).cloned()
    }

    /// What a call came to that was made ahead; it is gone then.
    pub(super) fn take_fresh(&self, call: &Call) -> Option<Arc<Called>> {
        self.state().fresh.remove(call)
    }

    /// Notes what a call came to, for all of this save.
    pub(super) fn put_once(&self, call: Call, called: Arc<Called>) {
        self.state().once.insert(call, called);
    }

    /// Notes what a call came to, for one who asks.
    pub(super) fn put_fresh(&self, call: Call, called: Arc<Called>) {
        self.state().fresh.insert(call, called);
    }

    /// Notes that a patch was rendered, for one who asks.
    pub(super) fn put_fresh_patch(&self, patch: Patch) {
        self.state().patches.insert(patch);
    }

    /// Whether it was, and nobody has asked yet.
    pub(super) fn take_fresh_patch(&self, patch: &Patch) -> bool {
        self.state().patches.remove(patch)
    }

    /// Notes that there was a call that each save has to make.
    pub(super) fn note_each(&self) {
        self.state().each = true;
    }

    /// Whether anything does that was asked about.
    pub(super) fn has_keepers(&self) -> bool {
        self.state().keepers.values().any(|(keeps, _)| *keeps)
    }

    /// Whether this keeps anything from call to call; `None`: nobody has asked yet.
    pub(super) fn is_keeper(&self, name: &str) -> Option<bool> {
        self.state().keepers.get(name).map(|(keeps, _)| *keeps)
    }

    /// Notes whether it does.
    pub(super) fn note_keeper(&self, name: &str, keeps: bool) {
        self.state().keepers.entry(name.to_owned()).or_default().0 = keeps;
    }

    /// Notes that it keeps `what`; answers all that it does.
    pub(super) fn keep(&self, name: &str, what: &str) -> Vec<String> {
        let mut state = self.state();
        let (keeps, all) = state.keepers.entry(name.to_owned()).or_default();
        *keeps = true;
        if !all.iter().any(|other| other == what) {
            all.push(what.to_owned());
        }
        all.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
