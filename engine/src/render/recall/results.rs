//! What settings, patches and templates came to, as it is kept.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use values::Value;

use super::super::templates::Told;
use super::{ReadLog, Reader, Reads, is_same_text, keep, key, of_text, recall, with_prints};
use crate::cache::{Stored, fingerprint};
use crate::config::{Outcome, Pass, Raw};
use crate::diagnostics::Failure;
use crate::hooks::PatchKey;
use crate::inputs::Db;

#[derive(Serialize, Deserialize)]
struct SettingResult<'a> {
    #[serde(borrow)]
    value: Stored<'a>,
    leaks: Vec<&'a str>,
}

#[derive(Serialize, Deserialize)]
struct PatchResult<'a> {
    text: &'a str,
    patches: Vec<&'a str>,
}

#[derive(Serialize, Deserialize)]
struct TemplateResult<'a> {
    hash: [u8; 32],
    #[serde(borrow)]
    patches: Vec<&'a str>,
}

/// Whether a plugin's patch has the text that was rendered last.
pub(in crate::render) fn is_patch_the_same<'db>(
    db: &'db dyn Db,
    patch: PatchKey<'db>,
    source: &str,
) -> bool {
    let key = key_of_patch(db, patch);
    is_same_text::<PatchResult<'_>>(db, &key, Some(of_text(source)))
}

/// Whether a template, and those that it includes, have the text that was rendered last.
pub(in crate::render) fn is_template_the_same(db: &dyn Db, name: &str) -> bool {
    is_same_text::<TemplateResult<'_>>(db, &key(db, b't', &[name]), None)
}

/// A setting of the full pass, as an earlier process rendered it.
pub(in crate::render) fn setting(reader: Reader<'_>, name: &str, raw: &Raw) -> Option<Outcome> {
    let db = reader.0.db;
    db.store()?;
    let key = key(db, b's', &[name]);
    let (result, reads): (SettingResult<'_>, _) =
        recall(db, &key, fingerprint(Some(&raw.value)), Some(reader))?;
    let leaks = result.leaks.into_iter().map(Into::into).collect();
    Some(Outcome::new(Ok(Some(result.value.value()?)), leaks, reads))
}

/// What a rendered setting came to; kept, if it is one of the full pass.
pub(in crate::render) fn outcome(
    reader: Reader<'_>,
    name: &str,
    raw: &Raw,
    log: ReadLog,
    value: Result<Value, Failure>,
    leaks: Vec<Arc<str>>,
) -> Outcome {
    let (pass, _) = reader;
    // While a failure is there, everything is rendered again: it is seldom, and soon mended.
    let reads = match &value {
        Ok(_) => with_prints(pass.db, Some(reader), log),
        Err(_) => Reads {
            beyond: true,
            ..Reads::default()
        },
    };
    if let (Pass::Full, Some(store), Ok(value)) = (pass.pass, pass.db.store(), &value)
        && let (Some(source), Some(value)) = (fingerprint(Some(&raw.value)), Stored::of(value))
    {
        let leaks = leaks.iter().map(|name| &**name).collect();
        let result = SettingResult { value, leaks };
        let key = key(pass.db, b's', &[name]);
        keep(store, &key, Some(source), &reads, &result);
    }
    Outcome::new(value.map(Some), leaks, reads)
}

fn key_of_patch<'db>(db: &'db dyn Db, patch: PatchKey<'db>) -> Vec<u8> {
    let contributor = patch.contributor(db);
    let nth = contributor.nth.to_string();
    key(db, b'p', &[patch.patch(db), &contributor.plugin, &nth])
}

/// A plugin's patch, as an earlier process rendered it: the text, and the patches that it called.
pub(in crate::render) fn patch<'db>(
    db: &'db dyn Db,
    patch: PatchKey<'db>,
    source: &str,
) -> Option<(Arc<str>, Vec<Arc<str>>)> {
    db.store()?;
    let key = key_of_patch(db, patch);
    let (result, _): (PatchResult<'_>, _) = recall(db, &key, Some(of_text(source)), None)?;
    let patches = result.patches.into_iter().map(Into::into).collect();
    Some((result.text.into(), patches))
}

/// Keeps a plugin's patch.
pub(in crate::render) fn keep_patch<'db>(
    db: &'db dyn Db,
    patch: PatchKey<'db>,
    source: &str,
    log: ReadLog,
    text: &str,
    patches: &[Arc<str>],
) {
    if let Some(store) = db.store() {
        let reads = with_prints(db, None, log);
        let key = key_of_patch(db, patch);
        let patches = patches.iter().map(|name| &**name).collect();
        let result = PatchResult { text, patches };
        keep(store, &key, Some(of_text(source)), &reads, &result);
    }
}

/// What is known of what a template came to in an earlier process.
pub(in crate::render) fn template(db: &dyn Db, name: &str) -> Option<Told> {
    let key = key(db, b't', &[name]);
    let (result, _) = recall::<TemplateResult<'_>>(db, &key, None, None)?;
    Some(Told {
        hash: result.hash,
        patches: result.patches.into_iter().map(Into::into).collect(),
    })
}

/// Keeps the hash of what a template came to, and the patches that it called.
pub(in crate::render) fn keep_template(
    db: &dyn Db,
    name: &str,
    log: ReadLog,
    content: &[u8],
    patches: &[Arc<str>],
) {
    if let Some(store) = db.store() {
        let reads = with_prints(db, None, log);
        let result = TemplateResult {
            hash: *blake3::hash(content).as_bytes(),
            patches: patches.iter().map(|name| &**name).collect(),
        };
        keep(store, &key(db, b't', &[name]), None, &reads, &result);
    }
}
