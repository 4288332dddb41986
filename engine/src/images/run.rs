//! Doing what a plan says: builds, several at a time, each once what it is built on is there.

use std::sync::mpsc::{self, Sender};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::decide::Decision;
use super::docker::{Order, Step};
use super::explain::Listing;
use super::label::Fingerprint;
use super::memory::Remembered;
use super::plan::{Planned, World};
use crate::diagnostics::{Diagnostics, Failure};

/// Something that happens to an image.
#[derive(Clone, Debug)]
pub enum Happening {
    /// It is decided what is done about it.
    Decided(Decision),
    /// Docker does something.
    Step(Step),
    /// It is there.
    Done,
    /// It is not.
    Failed(Failure),
    /// It is left out, since the image of this name failed.
    LeftOut(String),
}

/// What came of several images.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Whether all are there.
    pub is_complete: bool,
    /// What there is to say.
    pub problems: Diagnostics,
}

/// How to go about it.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// How many images at a time.
    pub jobs: usize,
    /// Whether others go on when one fails.
    pub keep_going: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Waiting,
    Running,
    /// It is there; whether it is another one than before.
    There(bool),
    Gone,
}

struct Board {
    states: Mutex<Vec<State>>,
    changed: Condvar,
}

impl Board {
    fn states(&self) -> MutexGuard<'_, Vec<State>> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, at: usize, state: State) {
        self.states()[at] = state;
        self.changed.notify_all();
    }
}

/// Does what `planned` says, and tells `events` what happens, on the thread of the caller.
pub fn run(
    world: &World<'_>,
    planned: &[Planned],
    pace: Pace,
    events: &mut dyn FnMut(usize, Happening),
) -> Outcome {
    let board = Board {
        states: Mutex::new(vec![State::Waiting; planned.len()]),
        changed: Condvar::new(),
    };
    let (tell, told) = mpsc::channel();
    let mut outcome = Outcome {
        is_complete: true,
        ..Outcome::default()
    };
    std::thread::scope(|scope| {
        for _ in 0..pace.jobs.clamp(1, planned.len().max(1)) {
            let (tell, board) = (tell.clone(), &board);
            scope.spawn(move || work(world, planned, pace, board, &tell));
        }
        drop(tell);
        for (at, happening) in told {
            match &happening {
                Happening::Failed(failure) => {
                    outcome.is_complete = false;
                    outcome.problems.push(failure.clone());
                }
                Happening::LeftOut(_) => outcome.is_complete = false,
                _ => {}
            }
            events(at, happening);
        }
    });
    outcome
}

/// One worker: takes what can be begun, until nothing is left.
fn work(
    world: &World<'_>,
    planned: &[Planned],
    pace: Pace,
    board: &Board,
    tell: &Sender<(usize, Happening)>,
) {
    while let Some((at, verdict)) = next(planned, pace, board) {
        let say = |happening| drop(tell.send((at, happening)));
        match verdict {
            Verdict::LeaveOut(why) => {
                say(Happening::LeftOut(why));
                board.set(at, State::Gone);
            }
            Verdict::Begin { is_stale } => match one(world, &planned[at], is_stale, &say) {
                Ok(is_new) => {
                    say(Happening::Done);
                    board.set(at, State::There(is_new));
                }
                Err(failure) => {
                    say(Happening::Failed(failure));
                    board.set(at, State::Gone);
                }
            },
        }
    }
}

enum Verdict {
    Begin {
        /// Whether something that it is built on has changed since the plan was made.
        is_stale: bool,
    },
    LeaveOut(String),
}

/// What can be done next; waits until there is something. `None`: nothing is left.
fn next(planned: &[Planned], pace: Pace, board: &Board) -> Option<(usize, Verdict)> {
    let mut states = board.states();
    loop {
        let stops = !pace.keep_going && states.contains(&State::Gone);
        let mut is_left = false;
        for (at, one) in planned.iter().enumerate() {
            if states[at] != State::Waiting {
                continue;
            }
            is_left = true;
            let gone = |need: &&usize| states[**need] == State::Gone;
            if let Some(need) = one.needs.iter().find(gone) {
                let name = planned[*need].looked.build.name.clone();
                states[at] = State::Running;
                return Some((at, Verdict::LeaveOut(name)));
            }
            if stops {
                continue;
            }
            let there = |need: &usize| matches!(states[*need], State::There(_));
            if one.needs.iter().all(there) {
                let is_stale = one
                    .needs
                    .iter()
                    .any(|need| states[*need] == State::There(true));
                states[at] = State::Running;
                return Some((at, Verdict::Begin { is_stale }));
            }
        }
        if !is_left || stops {
            return None;
        }
        states = board
            .changed
            .wait(states)
            .unwrap_or_else(PoisonError::into_inner);
    }
}

/// Does what is to be done about one image. Answers whether it is another one now.
fn one(
    world: &World<'_>,
    planned: &Planned,
    is_stale: bool,
    say: &dyn Fn(Happening),
) -> Result<bool, Failure> {
    let again;
    let planned = if is_stale {
        again = world.again(planned)?;
        &again
    } else {
        planned
    };
    say(Happening::Decided(planned.decision.clone()));
    match &planned.decision {
        Decision::Unchanged => {
            remember_found(world, planned);
            Ok(false)
        }
        Decision::Pull => {
            let tag = planned
                .looked
                .build
                .tags
                .first()
                .cloned()
                .unwrap_or_default();
            world
                .docker
                .pull(&tag, &mut |step| say(Happening::Step(step)))?;
            remember_found(world, planned);
            Ok(true)
        }
        Decision::Build { .. } => {
            build(world, planned, say)?;
            Ok(true)
        }
    }
}

/// How often an image is built whose files, or base images, change while it is built.
const ATTEMPTS: usize = 2;

/// Builds an image. Its label tells the truth, wherever the image goes: if it was not made from what was looked at, it is
/// made once more; and if it does not hold still then, it has none.
fn build(world: &World<'_>, planned: &Planned, say: &dyn Fn(Happening)) -> Result<(), Failure> {
    let mut again;
    let mut planned = planned;
    for attempt in 1..=ATTEMPTS {
        let label = planned.judged.fingerprint.as_ref();
        let built = build_once(world, planned, label, say)?;
        let (Some(label), Some(id)) = (label, built.id) else {
            return Ok(());
        };
        if built.is_what_was_looked_at {
            remember(world, planned, Some(label), &id);
            return Ok(());
        }
        let what = if attempt < ATTEMPTS {
            "it is built once more"
        } else {
            "it is built without a label that says what it was made from, and will be built again the next time"
        };
        say(Happening::Step(Step::Warning(format!(
            "its files or its base images changed while it was built: {what}"
        ))));
        again = world.again(planned)?;
        planned = &again;
    }
    if let Some(id) = build_once(world, planned, None, say)?.id {
        remember(world, planned, None, &id);
    }
    Ok(())
}

/// What came of a build.
struct Built {
    /// The image's id, if the engine has it.
    id: Option<String>,
    /// Whether nothing has changed meanwhile.
    is_what_was_looked_at: bool,
}

/// Builds an image, with a label if there is something to say.
fn build_once(
    world: &World<'_>,
    planned: &Planned,
    label: Option<&Fingerprint>,
    say: &dyn Fn(Happening),
) -> Result<Built, Failure> {
    let mut looked = &planned.looked;
    let all;
    if planned.judged.fingerprint.is_none() {
        // What is not known of may need any file.
        all = looked.everything(world.system, world.keep)?;
        looked = &all;
    }
    let paths =
        |tree: &super::context::Tree| tree.items.iter().map(|item| item.path.clone()).collect();
    let order = Order {
        build: &looked.build,
        context: looked.folder.clone(),
        dockerfile: looked.dockerfile.clone(),
        files: paths(&looked.context),
        folders: looked
            .folders
            .iter()
            .map(|(name, (folder, tree))| (name.clone(), (folder.clone(), paths(tree))))
            .collect(),
        fingerprint: label.map(Fingerprint::label),
    };
    let mut bases = Vec::new();
    let mut tell = |step| {
        if let Step::Started(_, name) = &step {
            bases.extend(base_of(name));
        }
        say(Happening::Step(step));
    };
    let id = world.docker.build(&order, &mut tell)?;
    let id = (!id.is_empty() && looked.build.output.is_none()).then_some(id);
    if id.is_none() || label.is_none() {
        return Ok(Built {
            id,
            is_what_was_looked_at: false,
        });
    }
    let after = super::look::look(
        world.system,
        &looked.build,
        &world.docker.platform(),
        world.keep,
    )?;
    Ok(Built {
        id,
        is_what_was_looked_at: after.uses == looked.uses
            && after.context == looked.context
            && after.folders == looked.folders
            && !has_other_base(world, planned, &bases),
    })
}

/// The image that a step of BuildKit begins with, and its digest: `[stage 1/2] FROM NAME@sha256:…`.
fn base_of(step: &str) -> Option<(String, String)> {
    let (_, from) = step.split_once("] FROM ")?;
    let (name, digest) = from.split_once('@')?;
    Some((name.to_owned(), digest.to_owned()))
}

/// Whether a registry gave the engine another image than the one that was looked at.
fn has_other_base(world: &World<'_>, planned: &Planned, bases: &[(String, String)]) -> bool {
    let canonical = |name: &str| world.docker.canonical(name).ok();
    planned.judged.inputs.bases.iter().any(|(name, digest)| {
        let mut same_name = bases
            .iter()
            .filter(|(other, _)| canonical(other) == canonical(name));
        same_name.any(|(_, other)| other != digest)
            // Images of the engine are known by what they are called here, not by what a registry calls them.
            && matches!(world.docker.inspect(&[name]).pop(), Some(Ok(None)))
    })
}

/// Remembers what an image was made from; `None`: nobody can tell.
fn remember(world: &World<'_>, planned: &Planned, fingerprint: Option<&Fingerprint>, id: &str) {
    let Some(tag) = planned.looked.build.tags.first() else {
        return;
    };
    let whole = fingerprint.map(Fingerprint::whole).unwrap_or_default();
    let image = Remembered {
        whole: whole.to_owned(),
        id: id.to_owned(),
    };
    let listing = Listing::of(&planned.judged.inputs);
    world.memory.remember(tag, &image, whole, &listing);
}

/// Remembers what an image was built from that was not built here.
fn remember_found(world: &World<'_>, planned: &Planned) {
    let (Some(tag), Some(fingerprint)) = (
        planned.looked.build.tags.first(),
        &planned.judged.fingerprint,
    ) else {
        return;
    };
    if let Some(Ok(Some(image))) = world.docker.inspect(&[tag]).pop()
        && world
            .memory
            .image(tag)
            .is_none_or(|known| known.id != image.id || known.whole != fingerprint.whole())
    {
        remember(world, planned, Some(fingerprint), &image.id);
    }
}
