//! What a distribution says of itself.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;

use super::paths::{absolute, target};
use crate::inputs::{Content, Db};

/// Name and version, as they are written; `None` where they are not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) name: Option<Arc<str>>,
    pub(super) version: Option<Arc<str>>,
}

/// Whether the folder has metadata at all.
pub(super) fn is_there(db: &dyn Db, folder: &Path) -> bool {
    !matches!(headers(db, folder), Content::Absent)
}

/// Name and version of the distribution whose metadata are in `folder`.
pub(super) fn identity(db: &dyn Db, folder: &Path) -> Identity {
    let bytes = headers(db, folder).bytes().unwrap_or_default();
    let text = String::from_utf8_lossy(bytes);
    let mut identity = Identity::default();
    // The description follows after an empty line.
    for line in text.lines().take_while(|line| !line.is_empty()) {
        let Some((key, value)) = line.split_once(':') else {
            continue;
        };
        let value = value.trim();
        let field = match &*key.to_ascii_lowercase() {
            "name" => &mut identity.name,
            "version" => &mut identity.version,
            _ => continue,
        };
        if field.is_none() && !value.is_empty() {
            *field = Some(value.into());
        }
    }
    identity
}

fn headers<'a>(db: &'a dyn Db, folder: &Path) -> &'a Content {
    match db.file(&folder.join("METADATA")).content(db) {
        Content::Absent => db.file(&folder.join("PKG-INFO")).content(db),
        content => content,
    }
}

/// Whether the distribution is used from where its sources are, so that editing them changes it.
/// `sites` are the folders where installers put their notes.
pub(super) fn is_editable(db: &dyn Db, folder: &Path, sites: &[std::path::PathBuf]) -> bool {
    if folder
        .extension()
        .is_some_and(|suffix| suffix == "egg-info")
    {
        folder
            .parent()
            .is_some_and(|sources| is_linked(db, sources, sites))
    } else {
        let note = db.file(&folder.join("direct_url.json")).content(db);
        let origin = note.text().and_then(|text| serde_json::from_str(text).ok());
        origin.is_some_and(|origin: Origin<'_>| origin.dir_info.is_some_and(|info| info.editable))
    }
}

/// `direct_url.json`: where something was installed from.
#[derive(Deserialize)]
struct Origin<'a> {
    #[serde(borrow, rename = "url")]
    _url: Option<Cow<'a, str>>,
    dir_info: Option<DirInfo>,
}

#[derive(Deserialize)]
struct DirInfo {
    #[serde(default)]
    editable: bool,
}

/// Whether an `*.egg-link` of `setup.py develop` leads to the folder `sources`.
fn is_linked(db: &dyn Db, sources: &Path, sites: &[std::path::PathBuf]) -> bool {
    sites.iter().any(|site| {
        let entries = db
            .folder(site)
            .listing(db)
            .iter()
            .flat_map(|list| list.iter());
        let mut links = entries.filter(|entry| entry.name.ends_with(".egg-link"));
        links.any(|link| {
            let content = db.file(&site.join(&*link.name)).content(db);
            let line = content.text().and_then(|text| text.lines().next());
            line.is_some_and(|line| {
                let linked = absolute(site, line.trim());
                linked == sources || target(db, &linked) == target(db, sources)
            })
        })
    })
}
