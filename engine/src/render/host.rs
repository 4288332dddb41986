//! What templates can reach: the bridge from the template engine to the graph.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use indexmap::IndexMap;
use jinja::{Environment, Error, Host, HostFunction, Template};
use values::{Args, Value};

use super::draws::{Draws, Stream};
use super::recall::{Read, ReadLog, Reader};
use super::{failure, filters, functions, python, templates};
use crate::config::{self, Pass, Seen};
use crate::diagnostics::{Diagnostic, Failure, Place};
use crate::inputs::{Db, Project};
use crate::plugins::python::names::{self, FilterNames};

/// How deep renders may nest: patches in patches, templates in patches.
///
/// Python gives up at about forty; deeper than that is a mistake.
const DEPTH_LIMIT: usize = 40;

/// What one render may need of the stack; the template engine keeps to less.
const STACK_OF_ONE_RENDER: usize = 3 << 20;

thread_local! {
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// Whose settings a render sees.
#[derive(Clone, Copy)]
pub(super) enum Scope<'a> {
    /// Those of a pass, as the setting that is being rendered sees them.
    Setting(Reader<'a>),
    /// All rendered settings of a pass.
    Pass(Pass),
    /// These.
    Map(&'a IndexMap<Arc<str>, Value>),
}

/// One render's view of the graph.
pub(super) struct GraphHost<'a> {
    pub(super) db: &'a dyn Db,
    pub(super) scope: Scope<'a>,
    pub(super) draws: Draws,
    /// How many items of values were rendered.
    pub(super) items: Cell<usize>,
    /// Settings whose raw template text was read.
    pub(super) leaks: RefCell<Vec<Arc<str>>>,
    /// Names of patches that were called, in order, each once.
    pub(super) patches: RefCell<Vec<Arc<str>>>,
    /// Whether nothing of plugins may be looked at: this is for one that is being loaded.
    pub(super) is_core_only: bool,
    /// Whether it is a patch that is rendered.
    pub(super) within_patch: bool,
    /// Whether the text is the one that was rendered last.
    pub(super) is_same_text: bool,
    /// Whether the next render comes to something else, since plugins keep something from call to call.
    pub(super) passes: Cell<bool>,
    /// What it has done with objects of plugins.
    pub(super) session: python::Session,
    /// What was read, where that is to be remembered: what is drawn anew each time is not.
    pub(super) reads: Option<ReadLog>,
}

/// The environment that templates are parsed with: Jinja2's, and the names of our filters.
fn environment() -> &'static Environment {
    static ENVIRONMENT: OnceLock<Environment> = OnceLock::new();
    ENVIRONMENT.get_or_init(|| Environment::new().with_host_filters(filters::NAMES))
}

/// The same as plugins have changed the names of filters. There are few such sets of names in the life of a process.
fn environment_with(names: &FilterNames) -> &'static Environment {
    type All = Mutex<HashMap<FilterNames, &'static Environment>>;
    static ALL: OnceLock<All> = OnceLock::new();
    let mut all = ALL
        .get_or_init(Mutex::default)
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    all.entry(names.clone()).or_insert_with(|| {
        let is_there = |name: &&str| !names.gone.iter().any(|gone| gone == name);
        let ours = filters::NAMES.into_iter().filter(is_there);
        let given = names.given.iter().map(String::as_str);
        Box::leak(Box::new(
            Environment::new().with_host_filters(ours.chain(given)),
        ))
    })
}

impl<'a> GraphHost<'a> {
    pub(super) fn new(db: &'a dyn Db, scope: Scope<'a>, draws: Draws) -> Self {
        let remembered = match scope {
            Scope::Setting(_) => true,
            Scope::Pass(_) => db.store().is_some(),
            Scope::Map(_) => false,
        };
        Self {
            is_core_only: false,
            within_patch: false,
            is_same_text: false,
            session: python::Session::default(),
            reads: remembered.then(ReadLog::default),
            db,
            scope,
            draws,
            items: Cell::new(0),
            leaks: RefCell::default(),
            passes: Cell::new(false),
            patches: RefCell::default(),
        }
    }

    /// The environment that it is parsed with.
    pub(super) fn environment(&self) -> &'static Environment {
        if self.knows_plugins() {
            let names = names::template_filters(self.db);
            if *names != FilterNames::default() {
                return environment_with(names);
            }
        }
        environment()
    }

    /// Notes that something was read that cannot be compared later.
    pub(super) fn note_other(&self) {
        if let Some(reads) = &self.reads {
            reads.note_other();
        }
    }

    /// Notes that the next render comes to something else.
    pub(super) fn note_passing(&self) {
        self.passes.set(true);
        Project::get(self.db).states(self.db);
        self.note_other();
    }

    /// Whether plugins are known already: which ones there are depends on what is rendered before.
    pub(super) fn knows_plugins(&self) -> bool {
        !self.is_core_only
            && !matches!(self.scope, Scope::Setting((pass, _)) if pass.pass == Pass::Bootstrap)
    }

    /// Fails where plugins are not known yet: templates may be theirs.
    pub(super) fn needs_plugins(&self) -> Result<(), Error> {
        if self.knows_plugins() {
            return Ok(());
        }
        Err(Error::unsupported(
            "templates cannot be read here: which plugins there are is not known yet",
        ))
    }

    /// Notes that something was read.
    pub(super) fn note(&self, read: impl FnOnce() -> Read<Arc<str>>) {
        if let Some(reads) = &self.reads {
            reads.note(read());
        }
    }

    /// The stream for one draw of `what` with `arguments`.
    pub(super) fn stream(&self, what: &str, arguments: &str) -> Result<Stream, Error> {
        self.note(|| Read::Secret);
        self.draws.stream(self.db, what, arguments)
    }

    /// Where a path leads to. See [`crate::inputs::Location`].
    pub(super) fn location(&self, path: &str) -> Option<PathBuf> {
        self.note(|| Read::Location(path.into()));
        self.db.location(Path::new(path)).target(self.db).clone()
    }

    /// Renders a parsed template. `place` finds what the template's own lines are called.
    pub(super) fn render(
        &self,
        template: &Template,
        place: impl Fn(&Error) -> Place,
    ) -> Result<String, Failure> {
        let depth = DEPTH.get();
        if depth >= DEPTH_LIMIT {
            let message = format!("renders nest more than {DEPTH_LIMIT} deep");
            return Err(Diagnostic::error("too-deep", message)
                .at(place(&Error::unsupported("")))
                .hint("a patch or template probably includes itself")
                .into());
        }
        DEPTH.set(depth + 1);
        let result = stacker::maybe_grow(STACK_OF_ONE_RENDER, 2 * STACK_OF_ONE_RENDER, || {
            python::within(self, || self.environment().render(template, self))
        });
        DEPTH.set(depth);
        result.map_err(|error| failure::of(self, &error, place))
    }

    /// The names that the scope knows, for "did you mean".
    pub(super) fn names(&self) -> Vec<Arc<str>> {
        match self.scope {
            Scope::Setting((pass, _)) => {
                config::names_matching(self.db, pass.pass, None, None).to_vec()
            }
            Scope::Pass(pass) => config::names_matching(self.db, pass, None, None).to_vec(),
            Scope::Map(map) => map.keys().cloned().collect(),
        }
    }

    /// The settings whose names begin and end in a certain way, as this render sees them.
    pub(super) fn matching(
        &self,
        prefix: Option<Arc<str>>,
        suffix: Option<Arc<str>>,
    ) -> Result<Vec<Value>, Error> {
        let pass = match self.scope {
            Scope::Setting((pass, _)) => pass.pass,
            Scope::Pass(pass) => pass,
            Scope::Map(map) => {
                return Ok(map
                    .iter()
                    .filter(|(name, _)| {
                        prefix
                            .as_deref()
                            .is_none_or(|prefix| name.starts_with(prefix))
                    })
                    .filter(|(name, _)| {
                        suffix
                            .as_deref()
                            .is_none_or(|suffix| name.ends_with(suffix))
                    })
                    .map(|(_, value)| value.clone())
                    .collect());
            }
        };
        self.note(|| Read::Names(prefix.clone(), suffix.clone()));
        let names = config::names_matching(self.db, pass, prefix, suffix);
        names
            .iter()
            .filter_map(|name| self.variable(name).transpose())
            .collect()
    }

    /// A value of a setting that is still to be rendered: its template text may end up in another one.
    fn leak(&self, name: &str, value: &Value) {
        let mut leaks = self.leaks.borrow_mut();
        if has_template(value) && !leaks.iter().any(|leak| **leak == *name) {
            leaks.push(name.into());
        }
    }
}

/// How many items a value may have, all levels together, aliases counted each time: more is an attack, or a mistake.
pub(super) const ITEM_LIMIT: usize = 1_000_000;

/// Whether rendering `value` could change more than a final line break. A value beyond [`ITEM_LIMIT`] counts as one
/// that could: rendering it says what is wrong.
pub fn has_template(value: &Value) -> bool {
    fn find(value: &Value, left: &mut usize) -> bool {
        if *left == 0 {
            return true;
        }
        *left -= 1;
        match value {
            // Most have no brace at all.
            Value::Str(text) => {
                text.contains('{')
                    && ["{{", "{%", "{#"]
                        .iter()
                        .any(|delimiter| text.contains(delimiter))
            }
            Value::List(list) => list.read().iter().any(|item| find(item, left)),
            Value::Dict(dict) => dict.read().values().any(|item| find(item, left)),
            _ => false,
        }
    }
    find(value, &mut ITEM_LIMIT.clone())
}

/// The value of a query, or its failure carried through the template engine.
pub(super) fn carry<T>(result: Result<T, Failure>) -> Result<T, Error> {
    result.map_err(|failure| Error::host(failure.message.clone(), Arc::new(failure)))
}

impl Host for GraphHost<'_> {
    fn variable(&self, name: &str) -> Result<Option<Value>, Error> {
        match self.scope {
            Scope::Map(map) => Ok(map.get(name).cloned()),
            Scope::Pass(pass) => {
                self.note(|| Read::Setting(name.into()));
                carry(config::value_of(self.db, pass, name))
            }
            Scope::Setting((pass, reader)) => match pass.see(reader, name) {
                Seen::Nothing => {
                    self.note(|| Read::Setting(name.into()));
                    Ok(None)
                }
                Seen::Rendered(outcome) => {
                    self.note(|| Read::Setting(name.into()));
                    carry(outcome.value.clone())
                }
                Seen::Raw(raw) => {
                    self.note(|| Read::Raw(name.into()));
                    self.leak(name, &raw.value);
                    Ok(Some(raw.value.clone()))
                }
            },
        }
    }

    fn global(&self, name: &str) -> Option<Value> {
        if self.knows_plugins() {
            self.note(|| Read::Global(name.into()));
            if let Some(value) = python::global(self, name) {
                return Some(value);
            }
            if let Some(value) = names::data_of(self.db, name) {
                return Some(value.clone());
            }
            if !names::is_there(self.db, name) {
                return None;
            }
        }
        functions::constant(self.db, name)
            .or_else(|| functions::is_function(name).then(|| HostFunction::value(name)))
    }

    fn template(&self, name: &str) -> Result<Option<Template>, Error> {
        self.needs_plugins()?;
        self.note(|| Read::Template(name.into()));
        carry(templates::compiled(self.db, name))
    }

    fn call_function(&self, name: &str, args: &Args) -> Result<Value, Error> {
        python::call(self, name, args).unwrap_or_else(|| functions::call(self, name, args))
    }

    fn call_filter(&self, name: &str, value: &Value, args: &Args) -> Result<Value, Error> {
        python::filter(self, name, value, args)
            .unwrap_or_else(|| filters::call(self, name, value, args))
    }

    fn random_below(&self, bound: u64) -> Result<u64, Error> {
        Ok(self.stream("random", &bound.to_string())?.below(bound))
    }
}

/// Counts how often something was asked for.
pub(super) type Counters = RefCell<HashMap<String, u64>>;
