//! The action `ENV_SAVED`: what plugins write into `env/` by themselves, once all is rendered.
//!
//! They write into a folder that lies over `env/`; what is there afterwards is written with all other files, or not at
//! all. What they wrote is kept with what they had read, so that they need not be called again.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::calls::{Request, make};
use super::functions::waiting_for;
use super::keeping::depends_on_what_is_kept;
use super::made::Made;
use super::things::{Thing, things};
use super::{asks, set};
use crate::cache::{Fingerprint, fingerprint_of_parts};
use crate::diagnostics::{Diagnostic, Failure};
use crate::inputs::Db;

/// The hashes of files that are about to be in `env/`, by path below it, with their contents as far as these are known.
pub type Planned<'a> = BTreeMap<Cow<'a, str>, ([u8; 32], Option<Cow<'a, [u8]>>)>;

/// What plugins did.
#[derive(Debug, Default)]
pub struct Written {
    /// Files by path below `env/`; `None`: it is to be no more.
    pub files: Vec<(String, Option<Vec<u8>>)>,
    /// What they printed.
    pub printed: Vec<(Arc<str>, String)>,
}

/// What one function did, as it is kept.
#[derive(Serialize, Deserialize)]
struct Record {
    made: Made,
    /// Files of `env/` that it looked at, as they were to be.
    env: Vec<(String, Option<[u8; 32]>)>,
    /// What it asked for, and what tells whether the answer is the same.
    asked: Vec<(String, Fingerprint)>,
    files: Vec<(String, Option<Vec<u8>>)>,
}

/// Calls all functions that wait for it, with `overlay`, a folder that nobody else uses.
///
/// # Errors
/// If one fails, or writes what cannot be read.
pub fn env_saved(
    db: &dyn Db,
    env: &Path,
    overlay: &Path,
    mut planned: Planned<'_>,
) -> Result<Written, Failure> {
    let mut written = Written::default();
    let mut removed: Vec<String> = Vec::new();
    for (plugin, one) in waiting_for(db, "ENV_SAVED") {
        let target = json!({ "kind": "callback", "plugin": &**plugin, "at": one.at });
        let arguments =
            json!({ "args": [env.display().to_string(), { "t": "config" }], "kwargs": [] });
        let request = Request {
            kind: b'a',
            target: &target,
            arguments: &arguments,
        };
        let key = request.key(db)?;
        let known: Option<Record> = db.store().and_then(|store| store.get(&key));
        let record = if let Some(record) = known.filter(|record| record.holds(db, &planned)) {
            record
        } else {
            let (record, is_complete) = run(db, &request, env, overlay, &planned, &removed)?;
            if let (Some(store), true) = (db.store(), is_complete && record.lasts(db)) {
                store.put(&key, &record);
            }
            if !is_complete {
                db.loader().note_passing();
            }
            record
        };
        written
            .printed
            .push((plugin.clone(), record.made.printed.clone()));
        // The next one finds what this one has left.
        for (path, content) in &record.files {
            if let Some(content) = content {
                let hash = *blake3::hash(content).as_bytes();
                let content = Some(Cow::Owned(content.clone()));
                planned.insert(Cow::Owned(path.clone()), (hash, content));
                removed.retain(|other| other != path);
            } else {
                planned.remove(path.as_str());
                removed.push(path.clone());
            }
        }
        written.files.extend(record.files);
    }
    Ok(written)
}

impl Record {
    /// Whether it is of use to another save.
    fn lasts(&self, db: &dyn Db) -> bool {
        self.made.causes.is_empty() && !depends_on_what_is_kept(db, &self.made)
    }

    fn holds(&self, db: &dyn Db, planned: &Planned<'_>) -> bool {
        let same = |(path, was): &(String, Option<[u8; 32]>)| {
            planned.get(path.as_str()).map(|(hash, _)| *hash) == *was
        };
        let answered = |(with, was): &(String, Fingerprint)| {
            let with = serde_json::from_str(with).ok();
            let answer = with.and_then(|with| answer_with_configuration(db, with));
            answer.is_some_and(|answer| print_of(&answer) == *was)
        };
        self.lasts(db)
            && self.made.holds(db)
            && self.env.iter().all(same)
            && self.asked.iter().all(answered)
    }
}

fn print_of(answer: &Json) -> Fingerprint {
    fingerprint_of_parts([answer.to_string().as_bytes()])
}

/// The answer to a question that was asked with the configuration as it is.
fn answer_with_configuration(db: &dyn Db, mut with: Json) -> Option<Json> {
    let what = with.get("ask")?.as_str()?.to_owned();
    with["config"] = set::configuration(db).ok()?;
    asks::while_called(db, &what, &with).ok()
}

fn run(
    db: &dyn Db,
    request: &Request<'_>,
    env: &Path,
    overlay: &Path,
    planned: &Planned<'_>,
    removed: &[String],
) -> Result<(Record, bool), Failure> {
    let system = db.system();
    let failed = |error: std::io::Error| {
        let message = format!("{} cannot be used: {error}", overlay.display());
        Failure::from(Diagnostic::error("overlay", message))
    };
    let clear = || match system.kind(overlay) {
        Ok(Some(_)) => system.remove_tree(overlay),
        _ => Ok(()),
    };
    clear().map_err(failed)?;
    system.create_folders(overlay).map_err(failed)?;
    for (path, (_, content)) in planned {
        // What is on disk already need not lie over it.
        let on_disk = env.join(&**path);
        let differs = |content: &&[u8]| system.read(&on_disk).ok().as_deref() != Some(*content);
        if let Some(content) = content.as_deref().filter(differs) {
            let path = overlay.join(&**path);
            let folder = path.parent().unwrap_or(overlay);
            system.create_folders(folder).map_err(failed)?;
            system.write(&path, content).map_err(failed)?;
        }
    }
    let mut asked = Vec::new();
    let mut is_complete = true;
    let configuration = set::configuration(db)?;
    let mut answer = |what: &str, with: &Json| {
        let answer = asks::while_called(db, what, with);
        let mut with = with.clone();
        let is_ours = with.get("config") == Some(&configuration);
        match (&answer, with.as_object_mut(), is_ours) {
            (Ok(answer), Some(object), true) => {
                object.remove("config");
                asked.push((with.to_string(), print_of(answer)));
            }
            _ => is_complete = false,
        }
        answer
    };
    let removed = removed.iter().map(|path| env.join(path));
    let lies_over = json!({
        "of": env.display().to_string(),
        "in": overlay.display().to_string(),
        "removed": removed.collect::<Vec<_>>(),
    });
    let made = make(db, request, Some(&lies_over), &mut answer);
    let result = made.and_then(|(made, answer)| {
        let below =
            |path: &String| Some(Path::new(path).strip_prefix(env).ok()?.to_str()?.to_owned());
        let mut files = Vec::new();
        for path in answer.effects.wrote.iter().filter_map(below) {
            let there = overlay.join(&path);
            if matches!(system.kind(&there), Ok(Some(crate::system::FileKind::File))) {
                files.push((path, Some(system.read(&there).map_err(failed)?)));
            }
        }
        files.extend(
            answer
                .effects
                .removed
                .iter()
                .filter_map(below)
                .map(|path| (path, None)),
        );
        let looked_at = things(db, &answer.reads);
        let of_env = looked_at.iter().filter_map(|thing| match thing {
            // Which other files are there is for us to tidy up.
            Thing::Content(path) | Thing::Kind(path) => path.strip_prefix(env).ok()?.to_str(),
            _ => None,
        });
        // What is written may be what was there, with something more.
        let changed = files.iter().map(|(path, _)| path.as_str());
        let env = of_env.chain(changed);
        let env = env.map(|path| (path.to_owned(), planned.get(path).map(|(hash, _)| *hash)));
        let env = env.collect();
        Ok(Record {
            env,
            made: made.without(env_folder(request)),
            asked: Vec::new(),
            files,
        })
    });
    clear().map_err(failed)?;
    let record = Record { asked, ..result? };
    let is_complete = is_complete && record.made.is_complete;
    Ok((record, is_complete))
}

/// The folder `env/`, which is the first argument.
fn env_folder<'a>(request: &'a Request<'_>) -> &'a Path {
    let first = request.arguments["args"].get(0).and_then(Json::as_str);
    Path::new(first.unwrap_or_default())
}
