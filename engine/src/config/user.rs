//! The user's layer: `config.yml`, and environment variables for what is in it.

use std::path::PathBuf;
use std::sync::Arc;

use values::{List, Value};

use super::layers::{Layer, Raw, override_from_environment};
use super::obsolete;
use crate::diagnostics::{Diagnostic, Failure, Owner, Place};
use crate::inputs::{Content, Db, Project};
use crate::plugins::{
    self,
    document::{Source, yaml_document},
};

/// Where `config.yml` is.
pub fn config_file(db: &dyn Db) -> PathBuf {
    Project::get(db).root(db).join("config.yml")
}

/// Where `config.json` of older days would be.
fn json_file(db: &dyn Db) -> PathBuf {
    Project::get(db).root(db).join("config.json")
}

fn is_there(db: &dyn Db, path: &std::path::Path) -> bool {
    !matches!(db.file(path).content(db), Content::Absent)
}

/// Whether there is a configuration.
pub fn exists(db: &dyn Db) -> bool {
    is_there(db, &config_file(db)) || is_there(db, &json_file(db))
}

fn source(db: &dyn Db) -> Result<Option<Arc<Source>>, Failure> {
    let (yaml, json) = (config_file(db), json_file(db));
    if !is_there(db, &json) {
        return yaml_document(db, db.file(&yaml)).clone();
    }
    if is_there(db, &yaml) {
        let message = format!("both {} and {} exist", json.display(), yaml.display());
        return Err(Diagnostic::error("two-configs", message)
            .hint("keep one of them")
            .into());
    }
    yaml_document(db, db.file(&json)).clone()
}

/// Where something in `config.yml` is.
pub(super) fn place(db: &dyn Db, path: &[&str]) -> Option<Place> {
    Some(source(db).ok()??.place(path, true))
}

/// A file of settings: texts as keys.
pub(super) fn top_level(source: &Source, owner: &Owner) -> Result<Layer, Failure> {
    let wrong = |message: String, hint: &str| {
        Failure::from(
            Diagnostic::error("config-type", message)
                .at(source.place(&[], false))
                .of(owner.clone())
                .hint(hint),
        )
    };
    let Value::Dict(dict) = &source.document.value else {
        let found = crate::plugins::kind(&source.document.value);
        let hint =
            "write `KEY: value` lines; to begin anew, remove the file and run `tutor config save`";
        return Err(wrong(
            format!("the configuration must be a mapping, found {found}"),
            hint,
        ));
    };
    let read = dict.read();
    read.iter()
        .map(|(key, value)| {
            if let Some(name) = key.value().as_str() {
                value.freeze();
                Ok((
                    Arc::from(name),
                    Raw {
                        value: value.clone(),
                        owner: owner.clone(),
                    },
                ))
            } else {
                let key = values::repr::repr(key.value());
                Err(wrong(
                    format!("names of settings must be texts, found {key}"),
                    "quote it",
                ))
            }
        })
        .collect()
}

/// The user's layer. Without a file it is empty.
#[salsa::tracked]
pub fn user_layer(db: &dyn Db) -> Result<Layer, Failure> {
    let mut layer = match source(db)? {
        Some(source) => top_level(&source, &Owner::User)?,
        None => Layer::default(),
    };
    obsolete::upgrade(&mut layer, |name| plugins::is_installed(db, name))?;
    override_from_environment(db, &mut layer)?;
    if let Some(plugins) = Project::get(db).plugins(db) {
        let list = List::new(
            plugins
                .iter()
                .map(|name| Value::Str(name.clone()))
                .collect(),
        );
        list.freeze();
        layer.insert(
            "PLUGINS".into(),
            Raw {
                value: Value::List(list),
                owner: Owner::CommandLine,
            },
        );
    }
    Ok(layer)
}

/// The value that a text on the command line or in the environment stands for: YAML, or else the text itself.
///
/// # Errors
/// Where the text parses as YAML but cannot be built (an unknown tag).
pub fn parse_value(text: &str) -> Result<Value, Unreadable> {
    match yaml::load(text) {
        Ok(value) => Ok(value),
        Err(error) => match error.kind {
            yaml::ErrorKind::Scanner | yaml::ErrorKind::Parser => Ok(Value::str(text)),
            _ => Err(Unreadable(error)),
        },
    }
}

/// A text that is YAML, but no value.
#[derive(Clone, Debug)]
pub struct Unreadable(yaml::Error);

impl Unreadable {
    /// What is wrong, without quoting the value.
    pub fn problem_without_value(&self) -> &str {
        match self.0.kind {
            yaml::ErrorKind::Reader => "it has a character that YAML does not allow",
            yaml::ErrorKind::Composer => "it has an unknown alias, or more than one document",
            _ if self.0.problem.contains("hashable") => {
                "a key must be a text (quote a template: KEY=\"{{ X }}\")"
            }
            _ => "it has an unknown tag, or a value that cannot be built",
        }
    }
}
