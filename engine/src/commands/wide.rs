//! Wide queries, run ahead on handles of their own.
//!
//! With a thousand plugins a few queries read thousands of others. For each level of nesting salsa keeps the room
//! that the widest query there has needed, and clears all of it after every later one: six thousand settings would
//! each pay for the widest query. That room belongs to the handle, so wide queries get one that is dropped
//! afterwards; their values stay in the graph. What is below them, thousands of files, is read and parsed in
//! parallel first: this is the outermost level, the only one at which there are threads.

use std::path::PathBuf;
use std::sync::OnceLock;

use rayon::prelude::*;

use crate::config::{self, Pass};
use crate::hooks::{Name, PatchKey};
use crate::inputs::Database;
use crate::plugins::python::functions;
use crate::{hooks, plugins, render};

/// Below this many items, starting threads costs more than it brings.
const PARALLEL_FROM: usize = 64;

/// The stack of a worker: renders that find less than they may need get one of their own each time, which is slow.
const STACK: usize = 16 << 20;

/// Everything about plugins that reads all of them.
pub(super) fn plugins(db: &Database) {
    let handle = db.clone();
    let mut files: Vec<PathBuf> = plugins::yaml_files(&handle);
    files.retain(|file| !handle.has_file(file));
    each(&handle, files, |db, file| plugins::preload(db, &file));
    plugins::enabled(&handle);
    hooks::preload(&handle);
    let _ = config::base_layer(&handle);
}

/// The layers of a pass.
pub(super) fn layers(db: &Database, pass: Pass) {
    let _ = config::merged_of(&db.clone(), pass);
}

/// The patches of many plugins: each is rendered on its own. Those that may call functions of plugins are rendered where
/// they are used, in that order.
pub(super) fn patches(db: &Database) {
    let handle = db.clone();
    if functions::are_there(&handle) {
        return;
    }
    let mut patches = Vec::new();
    for name in hooks::filled_patches(&handle) {
        let plugins = hooks::patch_contributors(&handle, Name::new(&handle, name.clone()));
        patches.extend(plugins.iter().map(|plugin| (plugin.clone(), name.clone())));
    }
    if patches.len() >= PARALLEL_FROM {
        renders(&handle, patches, |db, (plugin, name)| {
            // What fails is told by the templates that it fails in.
            let _ = render::rendered_patch(db, PatchKey::new(db, plugin, name));
        });
    }
}

/// Two pieces of work, side by side if they are `large`.
pub(super) fn both<A: Send, B: Send>(
    large: bool,
    first: impl FnOnce() -> A + Send,
    second: impl FnOnce() -> B + Send,
) -> (A, B) {
    if large {
        pool().join(first, second)
    } else {
        (first(), second())
    }
}

/// The same for renders. If they may call functions of plugins, they are done one after the other: there is one Python,
/// and who waits for it must not keep others waiting whom it asks in turn.
pub(super) fn renders<T: Send, R: Send>(
    db: &Database,
    items: Vec<T>,
    work: impl Fn(&Database, T) -> R + Send + Sync,
) -> Vec<R> {
    if functions::are_there(db) {
        return items.into_iter().map(|item| work(db, item)).collect();
    }
    each(db, items, work)
}

/// `work` for each of `items`, in order; in parallel if there are many, each worker with its own handle.
pub(super) fn each<T: Send, R: Send>(
    db: &Database,
    items: Vec<T>,
    work: impl Fn(&Database, T) -> R + Send + Sync,
) -> Vec<R> {
    if items.len() < PARALLEL_FROM {
        return items.into_iter().map(|item| work(db, item)).collect();
    }
    let handle = Handle(db.clone());
    pool().install(move || {
        items
            .into_par_iter()
            .map_with(handle, |db, item| work(&db.0, item))
            .collect()
    })
}

/// A worker's own handle.
#[derive(Clone)]
struct Handle(Database);

fn pool() -> &'static rayon::ThreadPool {
    static POOL: OnceLock<rayon::ThreadPool> = OnceLock::new();
    POOL.get_or_init(|| {
        #[expect(
            clippy::expect_used,
            reason = "a process that may not have threads cannot go on"
        )]
        rayon::ThreadPoolBuilder::new()
            .stack_size(STACK)
            .build()
            .expect("the system gives no threads")
    })
}
