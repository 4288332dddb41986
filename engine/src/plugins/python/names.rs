//! Names that plugins give to templates: variables and filters.
//!
//! As long as plugins only add items, these are known without Python. Where a function changes the list, or somebody
//! clears it, Python says what it comes to; what stands behind a name is a call, as ever.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Value as Json, json};
use values::Value;

use super::calls::call;
use super::functions::{changer_of, items};
use super::value::value;
use crate::diagnostics::{Diagnostic, Failure, Owner};
use crate::hooks::{self, Name};
use crate::inputs::Db;

/// The filter of functions and values.
pub const VARIABLES: &str = "ENV_TEMPLATE_VARIABLES";
/// The filter of template filters.
pub const FILTERS: &str = "ENV_TEMPLATE_FILTERS";

/// Variables that Tutor sets once plugins have given theirs.
const LAST_VARIABLES: [&str; 2] = ["iter_values_named", "patch"];
/// The same of filters.
const LAST_FILTERS: [&str; 1] = ["walk_templates"];

/// Names that the core gives by `ENV_TEMPLATE_VARIABLES`.
const OF_CORE: [&str; 10] = [
    "HOST_USER_ID",
    "TUTOR_APP",
    "TUTOR_BRANCH_IS_MAIN",
    "TUTOR_VERSION",
    "TUTOR_VERSION_MAJOR",
    "TUTOR_VERSION_MINOR",
    "iter_cms_celery_parameters",
    "iter_lms_celery_parameters",
    "iter_mounted_directories",
    "iter_mounts",
];
/// Names that templates know by themselves.
const OF_JINJA: [&str; 6] = ["cycler", "dict", "joiner", "lipsum", "namespace", "range"];

/// What a name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Given {
    /// What the core gives.
    Core,
    Data(Value),
    /// Something that is no data: it is called, or looked at, in Python. What there is to say of it, if that is known.
    Thing(Option<Arc<str>>),
}

/// A name, with whose it is; the core's have no plugin.
type One = (Arc<str>, Option<Arc<str>>, Given);

/// All names that a filter comes to, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Names {
    all: Vec<One>,
    /// Where the last of each name is.
    last: FxHashMap<Arc<str>, usize>,
    /// Whether these are all, the core's, too.
    is_whole: bool,
}

impl Names {
    fn new(all: Vec<One>, is_whole: bool) -> Self {
        let last = all.iter().enumerate();
        Self {
            last: last.map(|(at, (name, ..))| (name.clone(), at)).collect(),
            all,
            is_whole,
        }
    }

    fn get(&self, name: &str) -> Option<&One> {
        self.last.get(name).map(|at| &self.all[*at])
    }

    /// Whether a name of the core is there as the core gives it.
    fn keeps(&self, name: &str) -> bool {
        !self.is_whole || matches!(self.get(name), Some((_, _, Given::Core)))
    }
}

#[salsa::tracked]
fn given<'db>(db: &'db dyn Db, hook: Name<'db>) -> Result<Names, Failure> {
    let hook = &**hook.text(db);
    let declared = if hook == VARIABLES {
        hooks::declared_variables(db)
    } else {
        hooks::declared_filters(db)
    };
    let things: Vec<_> = items(db, hook).collect();
    let is_data = |name: &str| declared.iter().any(|(setting, _)| *setting.name == *name);
    // Which of the two comes last, nobody tells but Python.
    let is_mixed = things.iter().any(|(name, ..)| is_data(name));
    if changer_of(db, hook).is_some() || is_mixed {
        return asked(db, hook).map(|all| Names::new(all, true));
    }
    let data = declared.iter().map(|(setting, owner)| {
        let plugin = match owner {
            Owner::Plugin(plugin) => Some(plugin.clone()),
            _ => None,
        };
        let value = setting.value.clone();
        (setting.name.clone(), plugin, Given::Data(value))
    });
    let things = things.into_iter().map(|(name, plugin, one)| {
        let thing = Given::Thing(one.handle.clone());
        (name.into(), Some(plugin.clone()), thing)
    });
    Ok(Names::new(data.chain(things).collect(), false))
}

/// What Python says that a filter comes to.
fn asked(db: &dyn Db, hook: &str) -> Result<Vec<One>, Failure> {
    let target = json!({ "kind": "names", "name": hook });
    let called = call(db, &target, &Json::Null)?;
    let one = |said: &Json| {
        let [name, plugin, what, data] = &said.as_array()?[..] else {
            return None;
        };
        let given = match (what.as_str()?, value(data)) {
            ("core", _) => Given::Core,
            ("data", Some(value)) => {
                value.freeze();
                Given::Data(value)
            }
            _ => Given::Thing(None),
        };
        Some((
            name.as_str()?.into(),
            plugin.as_str().map(Into::into),
            given,
        ))
    };
    let all = called.result.as_array().into_iter().flatten();
    Ok(all.filter_map(one).collect())
}

fn names<'db>(db: &'db dyn Db, hook: &str) -> Option<&'db Names> {
    // If it fails, the save stops: see `problems`.
    given(db, Name::new(db, Arc::from(hook))).as_ref().ok()
}

/// The plugin that gives templates the name `name`, if that is no data.
pub fn variable_of<'db>(db: &'db dyn Db, name: &str) -> Option<&'db str> {
    match variable(db, name)? {
        (_, plugin, Given::Thing(_)) => Some(plugin.as_deref().unwrap_or_default()),
        _ => None,
    }
}

/// What there is to say of the thing that templates know as `name`, as JSON, if that is known without asking Python.
pub fn handle_of<'db>(db: &'db dyn Db, name: &str) -> Option<&'db str> {
    match variable(db, name)? {
        (_, _, Given::Thing(handle)) => handle.as_deref(),
        _ => None,
    }
}

/// What templates know as `name`.
fn variable<'db>(db: &'db dyn Db, name: &str) -> Option<&'db One> {
    if LAST_VARIABLES.contains(&name) {
        return None;
    }
    names(db, VARIABLES)?.get(name)
}

/// The data that a plugin gives templates by the name `name`.
pub fn data_of<'db>(db: &'db dyn Db, name: &str) -> Option<&'db Value> {
    match variable(db, name)? {
        (_, _, Given::Data(value)) => Some(value),
        _ => None,
    }
}

/// Whether nobody has taken the variable `name` away that the core gives.
pub fn is_there(db: &dyn Db, name: &str) -> bool {
    !OF_CORE.contains(&name) || names(db, VARIABLES).is_none_or(|names| names.keeps(name))
}

/// The plugin that gives templates the filter `name`.
pub fn filter_of<'db>(db: &'db dyn Db, name: &str) -> Option<&'db str> {
    if LAST_FILTERS.contains(&name) {
        return None;
    }
    match names(db, FILTERS)?.get(name)? {
        (_, _, Given::Core) => None,
        (_, plugin, _) => Some(plugin.as_deref().unwrap_or_default()),
    }
}

/// The filters that templates know, as plugins have changed them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct FilterNames {
    /// The names that plugins give, sorted.
    pub given: Vec<String>,
    /// The core's that somebody has taken away.
    pub gone: Vec<String>,
}

/// What plugins have changed about filters of templates.
#[salsa::tracked]
pub fn template_filters(db: &dyn Db) -> FilterNames {
    let Some(names) = names(db, FILTERS) else {
        return FilterNames::default();
    };
    let all = names.all.iter();
    let given = all.filter(|(_, _, given)| *given != Given::Core);
    let mut given: Vec<_> = given.map(|(name, ..)| name.to_string()).collect();
    given.sort();
    given.dedup();
    let of_core = crate::render::FILTERS.into_iter();
    let gone = of_core
        .filter(|name| !LAST_FILTERS.contains(name) && names.get(name).is_none())
        .filter(|_| names.is_whole);
    FilterNames {
        gone: gone.map(str::to_owned).collect(),
        given,
    }
}

/// What is wrong with names, and what is worth saying: several give the same.
pub fn problems(db: &dyn Db) -> Vec<Failure> {
    let mut problems = Vec::new();
    for (hook, what, last) in [
        (VARIABLES, "variables", &LAST_VARIABLES[..]),
        (FILTERS, "filters", &LAST_FILTERS[..]),
    ] {
        let names = match given(db, Name::new(db, Arc::from(hook))) {
            Ok(names) => names,
            Err(failure) => {
                problems.push(failure.clone());
                continue;
            }
        };
        let mut seen: FxHashMap<&str, String> = FxHashMap::default();
        let mut told = FxHashSet::default();
        for (name, plugin, _) in &names.all {
            let Some(plugin) = plugin else {
                seen.insert(name, String::from("the core"));
                continue;
            };
            let owner = format!("plugin '{plugin}'");
            let before = seen.insert(name, owner.clone());
            let before =
                before.or_else(|| of_others(hook, name, names.is_whole).map(str::to_owned));
            if last.contains(&&**name) {
                problems.push(without_effect(what, name, plugin));
            } else if let Some(before) = before.filter(|_| told.insert((name, plugin))) {
                problems.push(conflict(what, name, &before, plugin));
            }
        }
    }
    problems
}

/// Who gives a name before plugins do.
fn of_others(hook: &str, name: &str, is_whole: bool) -> Option<&'static str> {
    let (core, jinja) = if hook == VARIABLES {
        (OF_CORE.contains(&name), OF_JINJA.contains(&name))
    } else {
        let core = crate::render::FILTERS.contains(&name) && !LAST_FILTERS.contains(&name);
        (core, jinja::filters::builtin_filter(name).is_some())
    };
    // Those that are still there are in the whole list.
    (core && !is_whole)
        .then_some("the core")
        .or(jinja.then_some("Jinja2"))
}

fn conflict(what: &str, name: &str, before: &str, plugin: &Arc<str>) -> Failure {
    // Tutor's own words first: people search for them.
    let message = format!(
        "Found conflicting template {what} named '{name}': {before} and plugin '{plugin}' both give it; that of plugin \
         '{plugin}' is used"
    );
    let warning = Diagnostic::warning("template-name-conflict", message);
    warning.of(Owner::Plugin(plugin.clone())).into()
}

fn without_effect(what: &str, name: &str, plugin: &Arc<str>) -> Failure {
    let message = format!(
        "'{name}' among the template {what} of plugin '{plugin}' has no effect: Tutor sets its own after those of plugins"
    );
    let warning = Diagnostic::warning("template-name-conflict", message);
    warning
        .of(Owner::Plugin(plugin.clone()))
        .hint("give it another name")
        .into()
}
