//! What plugins write into `env/` by themselves, once all is rendered: among the other files before anything is written.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use crate::diagnostics::Diagnostics;
use crate::inputs::{Database, Db};
use crate::plugins::python::env_saved::{Planned, env_saved};
use crate::save::{EnvFile, StateFolder};

/// Adds what plugins write to `files`, and takes out what they remove.
pub(super) fn add_what_plugins_write(
    db: &Database,
    root: &Path,
    files: &mut Vec<(Arc<str>, EnvFile)>,
    diagnostics: &mut Diagnostics,
) {
    let planned: Planned<'_> = files
        .iter()
        .map(|(path, file)| {
            let content = file.content.as_deref().map(Cow::Borrowed);
            (Cow::Borrowed(&**path), (*file.hash.as_bytes(), content))
        })
        .collect();
    let overlay = StateFolder::new(root).path().join("overlay");
    let written = match env_saved(db, &root.join("env"), &overlay, planned) {
        Ok(written) => written,
        Err(failure) => {
            diagnostics.push(failure);
            return;
        }
    };
    for (path, content) in written.files {
        files.retain(|(other, _)| **other != *path);
        if let Some(content) = content {
            let file = EnvFile {
                hash: blake3::hash(&content),
                content: Some(content.into()),
            };
            files.push((path.into(), file));
        }
    }
    files.sort_by(|(a, _), (b, _)| a.cmp(b));
    for (plugin, text) in written.printed {
        db.loader().print(&plugin, &text);
    }
}
