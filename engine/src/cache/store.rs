//! The store: what queries came to in earlier processes, by key.
//!
//! A record is bytes; who puts it in says in it what it depends on, and compares that before using it. Records that
//! nobody asked for during some saves in a row are dropped: what only looks may ask for others than saves do.

use std::collections::BTreeMap;
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustc_hash::{FxBuildHasher, FxHashMap};
use serde::{Deserialize, Serialize};

use super::folder::{CacheFolder, Context};
use crate::system::System;

const NAME: &str = "store";

/// Records by key.
#[derive(Debug)]
pub struct Store {
    context: Context,
    bytes: Vec<u8>,
    /// Sorted by key.
    kept: Vec<Record>,
    /// Where in `kept` a key is, by its hash: thousands are asked for, and they begin alike.
    places: FxHashMap<u64, u32>,
    fresh: Mutex<BTreeMap<Vec<u8>, Vec<u8>>>,
}

#[derive(Debug)]
struct Record {
    key: std::ops::Range<u32>,
    value: std::ops::Range<u32>,
    used: AtomicBool,
    /// How many saves have not asked for it.
    age: u8,
}

/// After so many saves that did not ask for it a record is dropped.
const OLDEST: u8 = 4;

impl Store {
    /// The store of a project, as the last process left it; an empty one if that is of no use.
    pub fn open(system: &dyn System, folder: &CacheFolder, context: Context) -> Self {
        let mut store = Self {
            context,
            bytes: Vec::new(),
            kept: Vec::new(),
            places: FxHashMap::default(),
            fresh: Mutex::default(),
        };
        if let Some((bytes, start)) = folder.read(system, &context, NAME)
            && let Some(kept) = index(&bytes, start)
        {
            store.places = kept
                .iter()
                .enumerate()
                .map(|(place, record)| (hash(of(&bytes, &record.key)), place as u32))
                .collect();
            store.bytes = bytes;
            store.kept = kept;
        }
        store
    }

    /// The record called `key`, read as a `T`.
    pub fn get<'a, T: Deserialize<'a>>(&'a self, key: &[u8]) -> Option<T> {
        let record = &self.kept[*self.places.get(&hash(key))? as usize];
        // Two keys of one hash: one of them is as good as not there.
        if self.slice(&record.key) != key {
            return None;
        }
        record.used.store(true, Ordering::Relaxed);
        postcard::from_bytes(self.slice(&record.value)).ok()
    }

    /// Puts a record in. It is found by later processes only.
    pub fn put(&self, key: &[u8], record: &impl Serialize) {
        if let Ok(bytes) = postcard::to_stdvec(record) {
            self.fresh().insert(key.to_vec(), bytes);
        }
    }

    /// Keeps what was asked for or put in, and what others did not ask for only lately; with `all`, whatever there is.
    pub fn save(&self, system: &dyn System, folder: &CacheFolder, all: bool) {
        let fresh = self.fresh();
        let age_of = |record: &Record| match (record.used.load(Ordering::Relaxed), all) {
            (true, _) => 0,
            (false, true) => record.age,
            (false, false) => record.age + 1,
        };
        let is_young = |record: &&Record| age_of(record) <= OLDEST;
        if fresh.is_empty() && self.kept.iter().all(|record| is_young(&record)) {
            return;
        }
        let mut payload = Vec::with_capacity(self.bytes.len());
        let mut add = |key: &[u8], value: &[u8], age: u8| {
            payload.extend_from_slice(&(key.len() as u32 | (u32::from(age) << AGE)).to_le_bytes());
            payload.extend_from_slice(&(value.len() as u32).to_le_bytes());
            payload.extend_from_slice(key);
            payload.extend_from_slice(value);
        };
        let parts = |record: &Record| (self.slice(&record.key), self.slice(&record.value));
        let mut kept = self.kept.iter().filter(is_young).peekable();
        for (key, value) in fresh.iter() {
            while let Some(record) = kept.next_if(|record| self.slice(&record.key) < key.as_slice())
            {
                let (key, value) = parts(record);
                add(key, value, age_of(record));
            }
            let _ = kept.next_if(|record| self.slice(&record.key) == key);
            add(key, value, 0);
        }
        for record in kept {
            let (key, value) = parts(record);
            add(key, value, age_of(record));
        }
        folder.write(system, &self.context, NAME, &payload);
    }

    fn slice(&self, range: &std::ops::Range<u32>) -> &[u8] {
        of(&self.bytes, range)
    }

    fn fresh(&self) -> MutexGuard<'_, BTreeMap<Vec<u8>, Vec<u8>>> {
        self.fresh.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn of<'a>(bytes: &'a [u8], range: &std::ops::Range<u32>) -> &'a [u8] {
    &bytes[range.start as usize..range.end as usize]
}

fn hash(key: &[u8]) -> u64 {
    FxBuildHasher.hash_one(key)
}

/// The bit of the length of a key from which on its age is written.
const AGE: u32 = 24;

/// Where the records in `bytes` are. `None` if they are not what [`Store::save`] writes.
fn index(bytes: &[u8], start: usize) -> Option<Vec<Record>> {
    let number = |at: usize| {
        let bytes = bytes.get(at..at + 4)?;
        Some(u32::from_le_bytes(bytes.try_into().ok()?) as usize)
    };
    let range = |from: usize, to: usize| Some(u32::try_from(from).ok()?..u32::try_from(to).ok()?);
    let mut records = Vec::new();
    let mut at = start;
    while at < bytes.len() {
        let key = at + 8;
        let length = number(at)?;
        let value = key.checked_add(length & ((1 << AGE) - 1))?;
        let end = value.checked_add(number(at + 4)?)?;
        if end > bytes.len() {
            return None;
        }
        records.push(Record {
            key: range(key, value)?,
            value: range(value, end)?,
            used: AtomicBool::new(false),
            age: (length >> AGE) as u8,
        });
        at = end;
    }
    Some(records)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::system::MemorySystem;

    fn context() -> Context {
        Context::new([&b"here"[..]])
    }

    fn open(system: &MemorySystem) -> Store {
        Store::open(system, &CacheFolder::new(Path::new("/state")), context())
    }

    fn save(store: &Store, system: &MemorySystem, all: bool) {
        store.save(system, &CacheFolder::new(Path::new("/state")), all);
    }

    fn get<'a>(store: &'a Store, key: &str) -> Option<&'a str> {
        store.get(key.as_bytes())
    }

    #[test]
    fn records_come_back_in_the_next_process_until_nobody_asks_for_them() {
        let system = MemorySystem::new();
        system.put("/state/x", "");
        let store = open(&system);
        for key in ["b", "a", "c"] {
            store.put(key.as_bytes(), &format!("first {key}"));
        }
        assert_eq!(get(&store, "a"), None);
        save(&store, &system, false);

        let store = open(&system);
        assert_eq!(get(&store, "a"), Some("first a"));
        assert_eq!(get(&store, "b"), Some("first b"));
        store.put(b"b", &"second b");
        store.put(b"d", &"second d");
        save(&store, &system, false);

        for round in 0..OLDEST {
            let store = open(&system);
            assert_eq!(get(&store, "a"), Some("first a"));
            assert_eq!(get(&store, "b"), Some("second b"));
            assert_eq!(get(&store, "d"), Some("second d"));
            store.put(b"e", &round);
            save(&store, &system, false);
        }
        assert_eq!(get(&open(&system), "c"), None);
        assert_eq!(get(&open(&system), "d"), Some("second d"));
    }

    #[test]
    fn a_record_outlives_a_few_saves_that_do_not_ask_for_it() {
        let system = MemorySystem::new();
        system.put("/state/x", "");
        let store = open(&system);
        store.put(b"a", &"first");
        save(&store, &system, false);
        for round in 0..3 * OLDEST {
            let store = open(&system);
            store.put(b"b", &round);
            save(&store, &system, false);
            if round % OLDEST == OLDEST - 1 {
                let store = open(&system);
                assert_eq!(get(&store, "a"), Some("first"), "{round}");
                store.put(b"b", &round);
                save(&store, &system, false);
            }
        }
    }

    #[test]
    fn a_look_drops_nothing() {
        let system = MemorySystem::new();
        system.put("/state/x", "");
        let store = open(&system);
        store.put(b"a", &"first");
        save(&store, &system, true);
        let store = open(&system);
        store.put(b"b", &"second");
        save(&store, &system, true);
        assert_eq!(get(&open(&system), "a"), Some("first"));
    }

    #[test]
    fn whatever_byte_is_broken_nothing_is_found_and_nothing_fails() {
        let system = MemorySystem::new();
        system.put("/state/x", "");
        let store = open(&system);
        store.put(b"a", &"value");
        save(&store, &system, false);
        let path = Path::new("/state/cache/store");
        let good = system.files()[path].clone();
        for index in 0..good.len() {
            let mut broken = good.clone();
            broken[index] ^= 1;
            system.put(path, &broken);
            assert_eq!(get(&open(&system), "a"), None, "byte {index}");
            system.put(path, &good[..index]);
            assert_eq!(get(&open(&system), "a"), None, "cut at {index}");
        }
        system.put(path, &good);
        assert_eq!(get(&open(&system), "a"), Some("value"));
    }
}
