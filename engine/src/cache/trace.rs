//! Traces: what a command has read and written, and whether any of it has changed since.
//!
//! Stamps are looked at first. Where one is another, or is too young to tell ([`Stamp::settled`]), and after a start
//! of the machine (what was written last may not have reached the disk), contents are compared.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::folder::{CacheFolder, Context};
use super::looking::{self, Looked};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::inputs::{Found, InputRecord, Known, Records};
use crate::system::{Stamp, System};

pub(super) const TRACE: &str = "trace";
const SETTINGS: &str = "settings";

/// One file that was written, or was as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct OutputRecord {
    /// Below `env/`.
    path: String,
    hash: [u8; 32],
    stamp: Stamp,
    settled: bool,
    /// Whether it is something else by now.
    #[serde(skip)]
    changed: bool,
}

/// What a save has read and written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    boot: String,
    /// Whether `config.yml` was left alone.
    env_only: bool,
    inputs: Records,
    outputs: Vec<OutputRecord>,
    diagnostics: Vec<Diagnostic>,
}

/// Files of `env/` that are on disk as they should be: path below it, stamp and hash.
pub type Kept = HashMap<Arc<str>, (Stamp, blake3::Hash)>;

/// What is the case now, as far as the trace knows.
#[derive(Debug, Default)]
pub struct State {
    /// Inputs that have not changed.
    pub known: Known,
    /// Outputs that have not changed.
    pub kept: Kept,
}

/// What comparing a trace with the world came to.
#[derive(Debug)]
pub struct Compared {
    /// Whether nothing has changed.
    pub unchanged: bool,
    /// What there was to say.
    pub diagnostics: Diagnostics,
    /// Whether the trace tells more than before, so that it is worth writing again.
    pub tells_more: bool,
}

impl Trace {
    /// The trace of a save. `outputs` are the files below the folder `env`; `also` are other files whose change means
    /// that a save has something to do. `None` if there is an input that cannot be read, or an output that is gone.
    pub fn of_save(
        system: &dyn System,
        mut inputs: Records,
        also: &[PathBuf],
        env: &Path,
        outputs: impl Iterator<Item = (Arc<str>, blake3::Hash, Option<Stamp>)>,
        env_only: bool,
        diagnostics: &Diagnostics,
    ) -> Option<Self> {
        for path in also {
            inputs.paths.push(looking::at_file(system, path)?);
        }
        let now = system.now();
        let outputs = outputs.map(|(path, hash, stamp)| {
            // One that was there before and has not been touched keeps the stamp that it was compared by.
            let (stamp, settled) = match stamp {
                Some(stamp) => (stamp, true),
                None => (system.stamp(&env.join(&*path)).ok()??, false),
            };
            Some(OutputRecord {
                path: path.to_string(),
                hash: *hash.as_bytes(),
                stamp,
                settled: settled && stamp.settled(now),
                changed: false,
            })
        });
        Some(Self {
            boot: system.boot(),
            env_only,
            inputs,
            outputs: outputs.collect::<Option<_>>()?,
            diagnostics: diagnostics.iter().cloned().collect(),
        })
    }

    /// Keeps it. For holders of the project's lock.
    pub fn write(&self, system: &dyn System, folder: &CacheFolder, context: &Context) {
        match postcard::to_stdvec(self) {
            Ok(payload) => folder.write(system, context, TRACE, &payload),
            Err(_) => Self::forget(system, folder),
        }
    }

    /// Forgets the last trace.
    pub fn forget(system: &dyn System, folder: &CacheFolder) {
        folder.remove(system, TRACE);
    }

    /// The last trace.
    pub fn read(system: &dyn System, folder: &CacheFolder, context: &Context) -> Option<Self> {
        let (bytes, start) = folder.read(system, context, TRACE)?;
        postcard::from_bytes(&bytes[start..]).ok()
    }

    /// How many inputs there are.
    pub fn input_count(&self) -> usize {
        self.inputs.paths.len()
    }

    /// Whether it is the trace of a save that left `config.yml` alone, or of one that did not.
    pub fn is_of(&self, env_only: bool) -> bool {
        self.env_only == env_only
    }

    /// Compares it with the world. Stamps that have settled meanwhile are noted.
    pub fn compare(&mut self, system: &dyn System, env: &Path) -> Compared {
        let now = system.now();
        let boot = system.boot();
        let same_boot = self.boot == boot;
        self.boot = boot;
        let Records {
            paths,
            locations,
            variables,
        } = &mut self.inputs;
        let outputs = &mut self.outputs;
        let count = paths.len() + outputs.len();
        let is_large = count > looking::SIDE_BY_SIDE;
        // Outputs are the other half, with as many inputs as make it one.
        let half = if is_large { count / 2 } else { count };
        let (here, there) = paths.split_at_mut(half.min(count - outputs.len()));
        let look = |records| looking::at_paths(system, records, same_boot, now);
        let (here, there) = looking::side_by_side(
            is_large,
            || look(here).and(looking::elsewhere(system, locations, variables)),
            || look(there).and(at_outputs(system, outputs, env, same_boot, now)),
        );
        let compared = here.and(there);
        Compared {
            unchanged: compared.same,
            diagnostics: self.diagnostics.iter().cloned().collect(),
            tells_more: compared.refreshed,
        }
    }

    /// What has not changed, once it was compared.
    pub fn state(&self) -> State {
        let outputs = self.outputs.iter().filter(|output| !output.changed);
        let kept = outputs.map(|output| {
            let hash = blake3::Hash::from_bytes(output.hash);
            (output.path.as_str().into(), (output.stamp, hash))
        });
        State {
            known: known(&self.inputs),
            kept: kept.collect(),
        }
    }
}

fn at_outputs(
    system: &dyn System,
    outputs: &mut [OutputRecord],
    env: &Path,
    same_boot: bool,
    now: Duration,
) -> Looked {
    let mut looked = Looked::THE_SAME;
    for output in outputs {
        let hash = blake3::Hash::from_bytes(output.hash);
        let path = env.join(&output.path);
        let stamp = system.stamp(&path).ok().flatten();
        if same_boot && output.settled && stamp == Some(output.stamp) {
            continue;
        }
        match system.read_stamped(&path) {
            Ok((bytes, stamp)) if blake3::hash(&bytes) == hash => {
                output.stamp = stamp;
                output.settled = stamp.settled(now);
                looked.refreshed |= output.settled;
            }
            _ => {
                output.changed = true;
                looked.same = false;
            }
        }
    }
    looked
}

/// What settings came to, for commands that only look.
#[derive(Debug, Serialize, Deserialize)]
pub struct SettingsTrace {
    inputs: Records,
    diagnostics: Vec<Diagnostic>,
    /// Names and printed values, sorted by name.
    values: Vec<(Arc<str>, String)>,
}

/// The same, as it is read: no text is copied.
#[derive(Deserialize)]
struct KeptSettings<'a> {
    inputs: Records,
    diagnostics: Vec<Diagnostic>,
    #[serde(borrow)]
    values: Vec<(&'a str, &'a str)>,
}

impl SettingsTrace {
    /// The printed `values` of all settings, and what it takes to get them; `also` is a file that matters besides.
    /// `None` if that cannot be read.
    pub fn new(
        system: &dyn System,
        mut inputs: Records,
        also: &Path,
        diagnostics: &Diagnostics,
        values: impl Iterator<Item = (Arc<str>, String)>,
    ) -> Option<Self> {
        inputs
            .paths
            .retain(|record| record.in_settings && record.path != also);
        inputs.paths.push(looking::at_file(system, also)?);
        let mut values: Vec<_> = values.collect();
        values.sort_unstable();
        Some(Self {
            inputs,
            diagnostics: diagnostics.iter().cloned().collect(),
            values,
        })
    }

    /// Keeps it. For holders of the project's lock.
    pub fn write(&self, system: &dyn System, folder: &CacheFolder, context: &Context) {
        if let Ok(payload) = postcard::to_stdvec(self) {
            folder.write(system, context, SETTINGS, &payload);
        }
    }

    /// The printed value of the setting `key` (`None`: there is no such setting), and what there is to say; or what
    /// has not changed, if something has.
    pub fn look_up(
        system: &dyn System,
        folder: &CacheFolder,
        context: &Context,
        key: &str,
    ) -> Result<(Option<String>, Diagnostics), Known> {
        let Some((bytes, start)) = folder.read(system, context, SETTINGS) else {
            return Err(Known::default());
        };
        let Ok(mut kept) = postcard::from_bytes::<KeptSettings<'_>>(&bytes[start..]) else {
            return Err(Known::default());
        };
        // Inputs are read, never written by us: a start of the machine changes nothing about them.
        let looked = looking::at_inputs(system, &mut kept.inputs, true, system.now());
        if !looked.same {
            return Err(known(&kept.inputs));
        }
        let found = kept.values.binary_search_by(|(name, _)| (*name).cmp(key));
        let value = found.ok().map(|index| kept.values[index].1.to_owned());
        Ok((value, kept.diagnostics.into_iter().collect()))
    }
}

/// Files whose stamps say that they are what they were.
fn known(inputs: &Records) -> Known {
    let file = |record: &InputRecord| match (record.found, record.stamp) {
        (Found::File(hash), Some(stamp)) if record.settled => Some((
            record.path.clone().into_os_string(),
            (stamp, blake3::Hash::from_bytes(hash)),
        )),
        _ => None,
    };
    inputs.paths.iter().filter_map(file).collect()
}
