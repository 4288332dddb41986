//! What renders have read, and renders that need not be done again because an earlier process did them.
//!
//! A render that reads the same gives the same: the text of a template, the values of the settings that it names,
//! the patches that it calls. So its record in the [`Store`] says what it read, each with a fingerprint. Before a
//! record is used, every one of these is asked for again, as a query: so the graph knows that this render depends on
//! it, as if the render had been done.

mod results;

use std::cell::{Cell, RefCell};
use std::path::Path;
use std::sync::Arc;

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};

pub(super) use results::{
    is_patch_the_same, is_template_the_same, keep_patch, keep_template, outcome, patch, setting,
    template,
};

use super::templates;
use crate::cache::{Fingerprint, Store, fingerprint, fingerprint_of_parts};
use crate::config::{self, Evaluation, Pass, Seen, SettingKey};
use crate::hooks::{self, Name, PatchKey};
use crate::inputs::{Db, Project};
use crate::plugins::python::functions;
use crate::plugins::python::names::{self, FilterNames};

/// One thing that a render has read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) enum Read<T> {
    /// The rendered value of a setting of the full pass, or that there is no such setting.
    Setting(T),
    /// The raw value of a setting that comes after the one that reads it.
    Raw(T),
    /// Which settings begin and end in a certain way.
    Names(Option<T>, Option<T>),
    /// Where a template is, and what is in it; or that there is none.
    Template(T),
    /// Which templates there are under a prefix.
    Listing(T),
    /// What plugins make of a patch.
    Patch(T),
    /// Where a path leads to.
    Location(T),
    /// What plugins say of the name of a global.
    Global(T),
    /// Whether somebody adds to a filter.
    Added(T),
    /// What a function of a plugin answers: target and arguments. If that is something else each time, what it depends on
    /// besides: what was rendered with it stays as it is.
    Call(T, T),
    /// What plugins say of mounts.
    Mounting,
    /// The root's secret, from which something was drawn.
    Secret,
}

/// What a render is reading.
#[derive(Debug, Default)]
pub(super) struct ReadLog {
    all: RefCell<IndexSet<Read<Arc<str>>, FxBuildHasher>>,
    /// Whether there was something that no record can say.
    beyond: Cell<bool>,
}

impl ReadLog {
    pub(super) fn note(&self, read: Read<Arc<str>>) {
        self.all.borrow_mut().insert(read);
    }
    /// Notes that something was read that cannot be compared later.
    pub(super) fn note_other(&self) {
        self.beyond.set(true);
    }
}

/// What the render of a setting has read.
#[derive(Debug, Default)]
pub struct Reads {
    all: Vec<(Read<Arc<str>>, Option<Fingerprint>)>,
    beyond: bool,
}

impl Reads {
    /// Names of settings whose values, rendered or raw, were read.
    pub fn settings(&self) -> impl Iterator<Item = &Arc<str>> {
        self.all.iter().filter_map(|(read, _)| match read {
            Read::Setting(name) | Read::Raw(name) => Some(name),
            _ => None,
        })
    }
}

/// The setting at a position of a pass.
pub(super) type Reader<'a> = (&'a Evaluation<'a>, usize);

/// Whether what was read besides settings is what it was.
pub fn other_reads_are_the_same(db: &dyn Db, pass: &Evaluation<'_>, reads: &Reads) -> bool {
    let other = |(read, _): &&(Read<Arc<str>>, _)| !matches!(read, Read::Setting(_) | Read::Raw(_));
    !reads.beyond
        && reads.all.iter().filter(other).all(|(read, print)| {
            print.is_some() && current(db, Some((pass, 0)), &read.borrowed()) == *print
        })
}

/// A render of an earlier process: what it read, and what it came to.
#[derive(Serialize, Deserialize)]
struct Record<'a, R> {
    /// The fingerprint of the source; nothing where the source is among what was read.
    source: Option<Fingerprint>,
    #[serde(borrow)]
    reads: Vec<(Read<&'a str>, Fingerprint)>,
    result: R,
}

/// The fingerprint of what `read` gives now, as the setting `reader` sees it (or a template); `None` if it fails,
/// cannot be compared, or is not to be seen in that way.
fn current(db: &dyn Db, reader: Option<Reader<'_>>, read: &Read<&str>) -> Option<Fingerprint> {
    let text = |text: &str| Arc::<str>::from(text);
    match *read {
        Read::Setting(name) => match reader {
            None => {
                let key = SettingKey::new(db, Pass::Full, text(name));
                config::setting(db, key).fingerprint()
            }
            Some((pass, position)) => match pass.see(position, name) {
                Seen::Nothing => fingerprint(None),
                Seen::Rendered(outcome) => outcome.fingerprint(),
                Seen::Raw(_) => None,
            },
        },
        Read::Raw(name) => {
            let (pass, position) = reader?;
            match pass.see(position, name) {
                Seen::Raw(raw) => fingerprint(Some(&raw.value)),
                Seen::Nothing | Seen::Rendered(_) => None,
            }
        }
        Read::Names(prefix, suffix) => {
            let pass = reader.map_or(Pass::Full, |(pass, _)| pass.pass);
            let names = config::names_matching(db, pass, prefix.map(text), suffix.map(text));
            Some(fingerprint_of_parts(
                names.iter().map(|name| name.as_bytes()),
            ))
        }
        Read::Template(name) => templates::fingerprint_of(db, name),
        Read::Listing(prefix) => {
            let names = templates::names_under(db, Name::new(db, text(prefix)));
            let names = names.as_ref().ok()?;
            Some(fingerprint_of_parts(
                names.iter().map(|name| name.as_bytes()),
            ))
        }
        Read::Patch(name) => fingerprint_of_patch(db, Name::new(db, text(name))),
        Read::Added(filter) => {
            let is_added = functions::add_to(db, filter);
            Some(fingerprint_of_parts([&[u8::from(is_added)][..]]))
        }
        Read::Call(target, arguments) => {
            let json = |text: &str| serde_json::from_str(text).ok();
            functions::stands(db, &json(target)?, &json(arguments)?)
        }
        Read::Global(name) => {
            // What a function answers is another read.
            let plugin = names::variable_of(db, name).unwrap_or_default();
            let handle = names::handle_of(db, name).unwrap_or_default();
            let data = fingerprint(names::data_of(db, name))?;
            let is_there = [u8::from(names::is_there(db, name))];
            Some(fingerprint_of_parts([
                plugin.as_bytes(),
                handle.as_bytes(),
                &data[..],
                &is_there,
            ]))
        }
        Read::Mounting => Some(fingerprint_of_mounting(db)),
        Read::Secret => Some(fingerprint_of_parts([&Project::get(db).secret(db)[..]])),
        Read::Location(path) => {
            let target = db.location(Path::new(path)).target(db);
            Some(fingerprint_of_parts(
                target
                    .iter()
                    .map(|path| path.as_os_str().as_encoded_bytes()),
            ))
        }
    }
}

#[salsa::tracked(returns(copy))]
fn fingerprint_of_mounting(db: &dyn Db) -> Fingerprint {
    let mounting = hooks::mounting(db);
    let pairs = [&mounting.directories, &mounting.everywhere];
    let parts = pairs.into_iter().flat_map(|pairs| {
        let parts = pairs
            .iter()
            .flat_map(|(first, second)| [first.as_bytes(), second.as_bytes()]);
        parts.chain([&b"end"[..]])
    });
    // Who is not asked by now may have to be asked.
    let is_changed = u8::from(mounting.is_changed);
    fingerprint_of_parts(parts.chain([&[is_changed][..]]))
}

/// Calls `with` the record called `key`, if everything that it has read is what it was.
fn recall<'a, R: Deserialize<'a>>(
    db: &'a dyn Db,
    key: &[u8],
    source: Option<Fingerprint>,
    reader: Option<Reader<'_>>,
) -> Option<(R, Reads)> {
    let record: Record<'a, R> = db.store()?.get(key)?;
    let same =
        |(read, print): &(Read<&str>, Fingerprint)| current(db, reader, read) == Some(*print);
    if record.source != source || !record.reads.iter().all(same) {
        return None;
    }
    if let Some(profile) = db.profile() {
        profile.count_recall();
    }
    let all = record.reads.iter();
    let reads = Reads {
        all: all
            .map(|(read, print)| (read.owned(), Some(*print)))
            .collect(),
        beyond: false,
    };
    Some((record.result, reads))
}

/// Whether the text that was rendered for the record called `key` is what it was, whatever else has changed.
fn is_same_text<'a, R: Deserialize<'a>>(
    db: &'a dyn Db,
    key: &[u8],
    source: Option<Fingerprint>,
) -> bool {
    let record = db.store().and_then(|store| store.get::<Record<'a, R>>(key));
    record.is_some_and(|record| {
        let templates = record.reads.iter();
        let mut templates = templates.filter(|(read, _)| matches!(read, Read::Template(_)));
        record.source == source
            && templates.all(|(read, print)| current(db, None, read) == Some(*print))
    })
}

/// Keeps a render for later processes.
fn keep(
    store: &Store,
    key: &[u8],
    source: Option<Fingerprint>,
    reads: &Reads,
    result: &impl Serialize,
) {
    if reads.beyond {
        return;
    }
    let reads = reads
        .all
        .iter()
        .map(|(read, print)| Some((read.borrowed(), (*print)?)));
    if let Some(reads) = reads.collect() {
        let record = Record {
            source,
            reads,
            result,
        };
        store.put(key, &record);
    }
}

/// What a render has read, with what that was.
fn with_prints(db: &dyn Db, reader: Option<Reader<'_>>, log: ReadLog) -> Reads {
    let all = log.all.into_inner().into_iter().map(|read| {
        let print = current(db, reader, &read.borrowed());
        (read, print)
    });
    Reads {
        all: all.collect(),
        beyond: log.beyond.get(),
    }
}

impl Read<Arc<str>> {
    fn borrowed(&self) -> Read<&str> {
        match self {
            Self::Setting(name) => Read::Setting(name),
            Self::Raw(name) => Read::Raw(name),
            Self::Names(prefix, suffix) => Read::Names(prefix.as_deref(), suffix.as_deref()),
            Self::Template(name) => Read::Template(name),
            Self::Listing(prefix) => Read::Listing(prefix),
            Self::Patch(name) => Read::Patch(name),
            Self::Location(path) => Read::Location(path),
            Self::Global(name) => Read::Global(name),
            Self::Added(filter) => Read::Added(filter),
            Self::Call(target, arguments) => Read::Call(target, arguments),
            Self::Mounting => Read::Mounting,
            Self::Secret => Read::Secret,
        }
    }
}

impl Read<&str> {
    fn owned(&self) -> Read<Arc<str>> {
        match *self {
            Self::Setting(name) => Read::Setting(name.into()),
            Self::Raw(name) => Read::Raw(name.into()),
            Self::Names(prefix, suffix) => {
                Read::Names(prefix.map(Into::into), suffix.map(Into::into))
            }
            Self::Template(name) => Read::Template(name.into()),
            Self::Listing(prefix) => Read::Listing(prefix.into()),
            Self::Patch(name) => Read::Patch(name.into()),
            Self::Location(path) => Read::Location(path.into()),
            Self::Global(name) => Read::Global(name.into()),
            Self::Added(filter) => Read::Added(filter.into()),
            Self::Call(target, arguments) => Read::Call(target.into(), arguments.into()),
            Self::Mounting => Read::Mounting,
            Self::Secret => Read::Secret,
        }
    }
}

/// What records are called. Where plugins give other filters than they did, all that was rendered is another thing: a
/// text with one of them may have been refused, or have meant another.
fn key(db: &dyn Db, kind: u8, parts: &[&str]) -> Vec<u8> {
    let mut key = vec![kind];
    if let Some(filters) = fingerprint_of_filters(db) {
        key.extend(filters);
    }
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            key.push(0);
        }
        key.extend_from_slice(part.as_bytes());
    }
    key
}

/// What tells whether templates know the same filters; `None`: those of the core.
#[salsa::tracked(returns(copy))]
fn fingerprint_of_filters(db: &dyn Db) -> Option<Fingerprint> {
    let FilterNames { given, gone } = names::template_filters(db);
    if given.is_empty() && gone.is_empty() {
        return None;
    }
    let parts = [given, gone].map(|names| fingerprint_of_parts(names.iter().map(String::as_bytes)));
    Some(fingerprint_of_parts(parts.iter().map(|part| &part[..])))
}

fn of_text(text: &str) -> Fingerprint {
    fingerprint_of_parts([text.as_bytes()])
}

/// What plugins make of a patch: who fills it, and with what.
#[salsa::tracked(returns(copy), cycle_result = patch_in_a_cycle)]
fn fingerprint_of_patch<'db>(db: &'db dyn Db, name: Name<'db>) -> Option<Fingerprint> {
    let plugins = hooks::patch_contributors(db, name);
    let texts = plugins.iter().map(|plugin| {
        let key = PatchKey::new(db, plugin.clone(), name.text(db).clone());
        super::rendered_patch(db, key).as_ref().ok()
    });
    let texts: Vec<_> = texts.collect::<Option<_>>()?;
    let parts = plugins
        .iter()
        .zip(&texts)
        .flat_map(|(one, rendered)| [one.plugin.as_bytes(), rendered.text.as_bytes()]);
    Some(fingerprint_of_parts(parts))
}

/// A patch that calls itself fails; nothing is kept of it.
fn patch_in_a_cycle<'db>(_: &'db dyn Db, _: salsa::Id, _: Name<'db>) -> Option<Fingerprint> {
    None
}
