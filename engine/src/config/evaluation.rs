//! The settings of a pass, one after the other.

use std::cell::OnceCell;
use std::sync::Arc;

use super::layers::{Merged, Raw};
use super::settings::{Outcome, Pass, Table};
use crate::inputs::Db;
use crate::render;

/// A pass under way.
///
/// A setting that is not a template is its own value. Of the others, what has read the same as when this pass was
/// evaluated last is taken over; then an earlier process is asked ([`render::recall_setting`]); then it is rendered.
pub struct Evaluation<'a> {
    /// The graph.
    pub db: &'a dyn Db,
    /// The pass.
    pub pass: Pass,
    /// The raw values, in order.
    pub merged: &'a Merged,
    before: Option<&'a Table>,
    outcomes: Vec<OnceCell<Evaluated>>,
}

/// One setting.
struct Evaluated {
    outcome: Arc<Outcome>,
    /// Whether it came to the same as when the pass was evaluated last.
    same: bool,
}

/// What one setting sees of another.
pub enum Seen<'a> {
    /// There is no such setting.
    Nothing,
    /// It comes before: what it came to.
    Rendered(&'a Arc<Outcome>),
    /// It is the same or comes after: its raw value.
    Raw(&'a Raw),
}

impl<'a> Evaluation<'a> {
    /// A pass over `merged` that has not begun; `before` is what came of the last one.
    pub fn new(db: &'a dyn Db, pass: Pass, merged: &'a Merged, before: Option<&'a Table>) -> Self {
        let outcomes = merged.iter().map(|_| OnceCell::new()).collect();
        Self {
            db,
            pass,
            merged,
            before,
            outcomes,
        }
    }

    /// Evaluates all settings.
    pub fn all(self) -> Table {
        for position in 0..self.outcomes.len() {
            self.at(position);
        }
        let outcomes = self.outcomes.into_iter();
        Table {
            merged: self.merged.clone(),
            outcomes: outcomes
                .filter_map(|cell| Some(cell.into_inner()?.outcome))
                .collect(),
        }
    }

    /// Evaluates the setting called `name` and what it needs. `None` if there is none.
    pub fn one(&self, name: &str) -> Option<Arc<Outcome>> {
        let position = self.merged.position(name)?;
        Some(self.at(position).outcome.clone())
    }

    /// What the setting at `reader` sees of the one called `name`.
    pub fn see(&self, reader: usize, name: &str) -> Seen<'_> {
        match self.merged.position(name) {
            None => Seen::Nothing,
            Some(position) if position < reader => Seen::Rendered(&self.at(position).outcome),
            Some(position) => Seen::Raw(self.raw(position)),
        }
    }

    fn raw(&self, position: usize) -> &'a Raw {
        &self.merged.entry(position).1
    }

    /// Settings need only those before them, so that this ends.
    fn at(&self, position: usize) -> &Evaluated {
        self.outcomes[position].get_or_init(|| self.evaluate(position))
    }

    fn evaluate(&self, position: usize) -> Evaluated {
        let (name, raw) = self.merged.entry(position);
        let last = self.before.and_then(|before| {
            let position = before.merged.position_near(name, position)?;
            Some((before, position))
        });
        if let Some((before, last)) = last
            && before.merged.entry(last).1 == *raw
            && self.reads_the_same(position, before, last)
        {
            return Evaluated {
                outcome: before.outcomes[last].clone(),
                same: true,
            };
        }
        let outcome = render::setting(self, position, name, raw);
        let same = last.is_some_and(|(before, last)| *before.outcomes[last] == outcome);
        Evaluated {
            outcome: Arc::new(outcome),
            same,
        }
    }

    /// Whether everything that the setting at `position` has read is what it was in `before`, where it was at `last`.
    fn reads_the_same(&self, position: usize, before: &Table, last: usize) -> bool {
        let reads = &before.outcomes[last].reads;
        reads.settings().all(|name| {
            let now = self.merged.position(name);
            let then = match now {
                Some(now) => before.merged.position_near(name, now),
                None => before.merged.position(name),
            };
            match (now, then) {
                (None, None) => true,
                (Some(now), Some(then)) if now < position && then < last => self.at(now).same,
                (Some(now), Some(then)) if now >= position && then >= last => {
                    self.raw(now) == &before.merged.entry(then).1
                }
                _ => false,
            }
        }) && render::other_reads_are_the_same(self.db, self, reads)
    }
}
