//! What is wrong with what plugins contribute, or worth saying of it.

use std::path::{Component, Path};
use std::sync::Arc;

use super::{Name, Owned, TemplateRoot, applied, filter, text_of, texts_of};
use crate::diagnostics::{Diagnostic, Failure, Owner};
use crate::inputs::Db;
use crate::plugins::Target;
use crate::plugins::python::{functions, names};
use crate::render;

/// The filters that a save reads.
const FILTERS: [&str; 10] = [
    "CONFIG_DEFAULTS",
    "CONFIG_OVERRIDES",
    "CONFIG_UNIQUE",
    "CONFIG_USER",
    "ENV_PATCHES",
    "ENV_PATTERNS_IGNORE",
    "ENV_PATTERNS_INCLUDE",
    "ENV_TEMPLATE_ROOTS",
    "ENV_TEMPLATE_TARGETS",
    "MOUNTED_DIRECTORIES",
];

/// All of it.
pub fn problems(db: &dyn Db) -> Vec<Failure> {
    let mut problems: Vec<Failure> = Vec::new();
    problems.extend(functions::problem_with_loading(db).cloned());
    for filter in FILTERS {
        if functions::changer_of(db, filter).is_some() {
            let applied = applied(db, Name::new(db, Arc::from(filter)));
            problems.extend(applied.as_ref().err().cloned());
            problems.extend(functions::effects_of(db, filter));
        }
    }
    problems.extend(names::problems(db));
    problems.extend(patterns(db).into_iter().map(Failure::from));
    problems.extend(places(db).into_iter().map(Failure::from));
    problems
}

/// Regular expressions that are none, or that are Python's alone.
fn patterns(db: &dyn Db) -> Vec<Diagnostic> {
    let ignore = filter(db, "ENV_PATTERNS_IGNORE", |one| &one.ignore, text_of);
    let include = filter(db, "ENV_PATTERNS_INCLUDE", |one| &one.include, text_of);
    let directories = filter(
        db,
        "MOUNTED_DIRECTORIES",
        |one| &one.mounted_directories,
        texts_of,
    );
    let directories = directories
        .into_iter()
        .map(|((_, pattern), owner)| (pattern, owner));
    let of = |filter: &'static str, all: Vec<Owned<Arc<str>>>| {
        let wrong = all.into_iter().filter_map(move |(pattern, owner)| {
            let why = render::problem_with_pattern(&pattern)?;
            let message =
                format!("'{pattern}' in {filter} cannot be used as a regular expression: {why}");
            let error = Diagnostic::error("pattern", message).of(owner);
            Some(error.hint("write it in another way"))
        });
        wrong.collect::<Vec<_>>()
    };
    let mut wrong = of("ENV_PATTERNS_IGNORE", ignore);
    wrong.extend(of("ENV_PATTERNS_INCLUDE", include));
    wrong.extend(of("MOUNTED_DIRECTORIES", directories.collect()));
    wrong
}

/// Template roots that are not there, and targets that lead out of `env/`.
fn places(db: &dyn Db) -> Vec<Diagnostic> {
    let mut remarks = Vec::new();
    for (root, owner) in super::template_roots(db) {
        let TemplateRoot::Folder(folder) = root else {
            continue;
        };
        if *owner != Owner::Core && db.folder(folder).listing(db).is_none() {
            let message = format!(
                "{} in ENV_TEMPLATE_ROOTS is no folder: no templates come from there",
                folder.display()
            );
            let warning = Diagnostic::warning("template-root", message).of(owner.clone());
            remarks.push(warning.hint("create it, or correct the path"));
        }
    }
    let targets = filter(
        db,
        "ENV_TEMPLATE_TARGETS",
        |one| &one.targets,
        |value| {
            let (prefix, destination) = texts_of(value)?;
            Some(Target {
                prefix,
                destination,
            })
        },
    );
    for (Target { destination, .. }, owner) in targets {
        if leads_out(&destination) {
            let message = format!(
                "the destination '{destination}' in ENV_TEMPLATE_TARGETS leads out of env/: files are written there all the \
                 same, as by Tutor"
            );
            let warning = Diagnostic::warning("template-target", message).of(owner);
            remarks.push(warning.hint("name a folder below env/, such as 'plugins'"));
        }
    }
    remarks
}

fn leads_out(destination: &str) -> bool {
    let mut depth = 0_i32;
    Path::new(destination).components().any(|part| {
        match part {
            Component::RootDir | Component::Prefix(_) => return true,
            Component::ParentDir => depth -= 1,
            Component::Normal(_) => depth += 1,
            Component::CurDir => {}
        }
        depth < 0
    })
}
