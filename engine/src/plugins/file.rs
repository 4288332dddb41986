//! What the file of a YAML plugin says.

use std::cell::OnceCell;
use std::sync::Arc;

use super::declaration::Declaration;
use super::document::{Source, yaml_document};
use super::{kept, yaml};
use crate::diagnostics::{Diagnostic, Failure, Owner};
use crate::inputs::{Db, File};
use crate::profile::{Work, measured};

/// Name and version.
pub(super) type Identity = (Arc<str>, Option<Arc<str>>);

/// All that a plugin's file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PluginFile {
    /// Who it is; `None` if there is no file.
    pub(super) identity: Result<Option<Identity>, Failure>,
    /// What it declares.
    pub(super) declaration: Arc<Declaration>,
    /// What is wrong with that.
    pub(super) problems: Vec<Failure>,
}

/// What a file says, as an earlier process has read it, or read now.
#[salsa::tracked]
pub(super) fn plugin_file(db: &dyn Db, file: File) -> Arc<PluginFile> {
    if let Some(kept) = kept::of(db, file) {
        return Arc::new(kept);
    }
    let path = file.path(db);
    // Nobody knows whose file it is before it is read.
    let whose = OnceCell::new();
    let owner = || {
        let stem = || path.file_stem().unwrap_or_default().to_string_lossy();
        let name: Option<&Arc<str>> = whose.get();
        Some(Owner::Plugin(
            name.cloned().unwrap_or_else(|| stem().into()),
        ))
    };
    let said = measured(
        db.profile(),
        Work::Declaration,
        &path.to_string_lossy(),
        owner,
        || {
            let said = read(source(db, file));
            if let Ok(Some((name, _))) = &said.identity {
                let _ = whose.set(name.clone());
            }
            said
        },
    );
    kept::keep(db, file, &said);
    Arc::new(said)
}

fn read(source: Result<Option<Arc<Source>>, Failure>) -> PluginFile {
    let nothing = |identity| PluginFile {
        identity,
        declaration: Arc::default(),
        problems: Vec::new(),
    };
    let source = match source {
        Ok(Some(source)) => source,
        Ok(None) => return nothing(Ok(None)),
        Err(failure) => return nothing(Err(failure)),
    };
    let (name, version, remark) = match yaml::identity(&source) {
        Ok(identity) => identity,
        Err(diagnostic) => return nothing(Err(diagnostic.into())),
    };
    let (declaration, problems) = yaml::declaration(&source, &name);
    let problems = remark.into_iter().chain(problems);
    PluginFile {
        identity: Ok(Some((name, version))),
        declaration: Arc::new(declaration),
        problems: problems.map(Failure::from).collect(),
    }
}

/// Name and version of the plugin in a file, `None` if there is no file. Changes only when these do.
#[salsa::tracked]
pub(super) fn identity(db: &dyn Db, file: File) -> Result<Option<Identity>, Failure> {
    plugin_file(db, file).identity.clone()
}

/// The parsed file; what is wrong with it is an alert, since the other plugins go on without it.
pub(super) fn source(db: &dyn Db, file: File) -> Result<Option<Arc<Source>>, Failure> {
    yaml_document(db, file).clone().map_err(|failure| {
        let alert = Diagnostic {
            severity: crate::Severity::Alert,
            ..(*failure).clone()
        };
        alert.note("the plugin in this file is left out").into()
    })
}

/// What the YAML plugin in a file declares, and what is wrong with it. With an alert, it is not used at all
/// (but for unknown keys, which are only pointed out). Changes only when that does.
#[salsa::tracked]
pub fn declaration_of(db: &dyn Db, file: File) -> Result<Arc<Declaration>, Vec<Failure>> {
    let said = plugin_file(db, file);
    if said
        .problems
        .iter()
        .any(|problem| problem.code == "plugin-type")
    {
        Err(said.problems.clone())
    } else {
        Ok(said.declaration.clone())
    }
}
