//! A render in progress, as filters and callables see it.

mod attributes;
mod blocks;
mod calls;
mod context;
mod expressions;
mod imports;
mod loop_context;
mod loops;
mod macros;
mod ops;
mod slots;
mod statements;

use std::collections::HashMap;
use std::sync::Arc;

use values::{Args, Value};

pub(crate) use self::attributes::missing_attr;
pub(crate) use self::context::{Context, Layer};
pub(crate) use self::imports::Module;
pub(crate) use self::ops::{binary, compare, concat, escape, truth, unary};
use self::slots::{Closure, Frame};
use crate::error::ErrorKind;
use crate::filters;
use crate::program::Program;
use crate::{Environment, Error, Host, Result, Template};

/// How many frames Python would have room for. It nests some 240 macros or 980 includes.
const MAX_FRAMES: usize = 985;
/// How many frames of Python's stack a call takes.
#[derive(Clone, Copy)]
enum Weight {
    /// An included or extended template, or a block: a generator that another one drives.
    Generator = 1,
    /// `self.name()` or `super()`.
    Reference = 3,
    /// A macro, or another turn of a recursive loop.
    Function = 4,
}

/// A render in progress.
pub struct State<'a> {
    environment: &'a Environment,
    host: &'a dyn Host,
    /// The context of the template that is running.
    context: Arc<Context>,
    /// What is written now.
    out: Output,
    /// What was written before, and goes on when the current capture ends.
    outputs: Vec<Output>,
    /// How many frames Python would have in use.
    frames: usize,
    /// What the host said, so that it is asked once.
    variables: HashMap<Arc<str>, Option<Value>>,
    globals: HashMap<Arc<str>, Option<Value>>,
    /// Templates that were imported without context.
    modules: Vec<(Arc<Program>, Value)>,
    /// Filters of the host that were applied to constants.
    once: HashMap<(usize, u32), (Arc<Program>, Value)>,
}

/// What was written.
#[derive(Debug, Default)]
struct Output {
    text: String,
    /// In how many pieces: an error message tells.
    pieces: usize,
    /// Something that is no text was written: an error as soon as the pieces are put together.
    unwritable: Option<Error>,
}

impl Output {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.pieces += 1;
    }
    fn append(&mut self, other: &Self) {
        self.text.push_str(&other.text);
        self.pieces += other.pieces;
        if self.unwritable.is_none() {
            self.unwritable.clone_from(&other.unwritable);
        }
    }
    fn finish(self) -> Result<String> {
        self.unwritable.map_or(Ok(self.text), Err)
    }
}

/// Renders a template in a fresh context.
pub(crate) fn render(
    environment: &Environment,
    host: &dyn Host,
    template: &Template,
) -> Result<String> {
    let mut state = State::new(environment, host);
    let program = template.program();
    state.out.text.reserve(program.source.text.len());
    let made = Arc::clone(&state.context.made);
    state.context = Context::new(program, Layer::Variables, &made);
    let context = Arc::clone(&state.context);
    let result = state.run_root(program, &context);
    made.take_apart();
    result?;
    state.out.finish()
}

impl<'a> State<'a> {
    pub(crate) fn new(environment: &'a Environment, host: &'a dyn Host) -> Self {
        Self {
            environment,
            host,
            context: Context::nowhere(),
            out: Output::default(),
            outputs: Vec::new(),
            frames: 0,
            variables: HashMap::new(),
            globals: HashMap::new(),
            modules: Vec::new(),
            once: HashMap::new(),
        }
    }

    /// The environment.
    pub fn environment(&self) -> &'a Environment {
        self.environment
    }
    /// The host.
    pub fn host(&self) -> &'a dyn Host {
        self.host
    }
    /// Whether autoescaping is on at this place (only inside `{% autoescape true %}`).
    pub fn autoescape(&self) -> bool {
        self.context.autoescape().unwrap_or(false)
    }
    pub(crate) fn set_autoescape(&self, on: bool) {
        self.context.set_autoescape(Value::Bool(on));
    }
    /// Applies the filter `name`, as `map` does by name.
    ///
    /// # Errors
    /// `TemplateRuntimeError` if there is no such filter.
    pub fn apply_filter(&mut self, name: &str, value: &Value, args: &Args) -> Result<Value> {
        if self.environment.is_host_filter(name) {
            return self.host.call_filter(name, value, args);
        }
        match filters::builtin_filter(name) {
            Some(filter) => filter(self, value, args),
            None => Err(no_such("filter", name, "")),
        }
    }
    /// Applies the test `name`, as `select` does by name.
    ///
    /// # Errors
    /// `TemplateRuntimeError` if there is no such test.
    pub fn apply_test(&mut self, name: &str, value: &Value, args: &Args) -> Result<bool> {
        match filters::builtin_test(name) {
            Some(test) => test(self, value, args),
            None => Err(no_such("test", name, "")),
        }
    }
    /// Whether there is a filter called `name`.
    pub fn has_filter(&self, name: &str) -> bool {
        self.environment.is_host_filter(name) || filters::builtin_filter(name).is_some()
    }
    /// Whether there is a test called `name`.
    pub fn has_test(&self, name: &str) -> bool {
        filters::builtin_test(name).is_some()
    }

    /// What a context has under a name.
    fn resolve(&mut self, context: &Context, name: &Arc<str>) -> Result<Option<Value>> {
        let has_variables = match context.lookup(name) {
            Ok(value) => return Ok(Some(value)),
            Err(has_variables) => has_variables,
        };
        if has_variables {
            let found = if let Some(known) = self.variables.get(name) {
                known.clone()
            } else {
                let found = self.host.variable(name)?;
                self.variables.insert(Arc::clone(name), found.clone());
                found
            };
            if found.is_some() {
                return Ok(found);
            }
        }
        if let Some(known) = self.globals.get(name) {
            return Ok(known.clone());
        }
        let found = self
            .host
            .global(name)
            .or_else(|| filters::builtin_global(name));
        self.globals.insert(Arc::clone(name), found.clone());
        Ok(found)
    }

    /// Runs `work` one call deeper, in another context.
    fn deeper<T>(
        &mut self,
        weight: Weight,
        context: &Arc<Context>,
        work: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        if self.frames >= MAX_FRAMES {
            return Err(too_deep());
        }
        let outer = std::mem::replace(&mut self.context, Arc::clone(context));
        self.frames += weight as usize;
        let result = crate::stack::with_room(|| work(self));
        self.frames -= weight as usize;
        self.context = outer;
        result
    }

    /// Runs `work` and returns what it wrote.
    fn capture(&mut self, work: impl FnOnce(&mut Self) -> Result<()>) -> Result<String> {
        self.capture_output(work)?.finish()
    }

    fn capture_output(&mut self, work: impl FnOnce(&mut Self) -> Result<()>) -> Result<Output> {
        self.outputs.push(std::mem::take(&mut self.out));
        let result = work(self);
        let outer = self.outputs.pop().unwrap_or_default();
        let written = std::mem::replace(&mut self.out, outer);
        result.map(|()| written)
    }

    /// Runs a template in a context, and then those that it extends.
    fn run_root(&mut self, program: &Arc<Program>, context: &Arc<Context>) -> Result<()> {
        let mut program = Arc::clone(program);
        // Each template that is extended is a level of Python's stack.
        for _ in 0..MAX_FRAMES {
            let closure = Closure::plain(Arc::clone(&program), program.root, Arc::clone(context));
            let mut frame = Frame::new(&closure, self.outputs.len());
            self.deeper(Weight::Generator, context, |state| {
                state.run_plain(&closure, &mut frame)
            })?;
            match frame.parent.take() {
                Some(parent) => program = Arc::clone(parent.program()),
                None => return Ok(()),
            }
        }
        Err(too_deep())
    }

    /// Runs a root or a block.
    fn run_plain(&mut self, closure: &Closure, frame: &mut Frame) -> Result<()> {
        let code = closure.code();
        Self::bind_references(code, frame);
        frame.enter(&code.loads);
        self.run(frame, &code.body)
    }
}

/// The error of a macro that Jinja2 makes a generator of.
fn generator() -> Error {
    Error::unsupported(
        "`include … without context` inside of a macro, call block or recursive loop: Jinja2 makes no text of it, \
         but a generator; import the template instead",
    )
}

fn too_deep() -> Error {
    values::Error::new(
        values::ErrorKind::Recursion,
        "maximum recursion depth exceeded",
    )
    .into()
}

/// The error for a filter or test that is unknown when it is reached.
fn no_such(what: &str, name: &str, found: &str) -> Error {
    let name = values::repr::str_repr(name);
    Error::new(
        ErrorKind::TemplateRuntime,
        format!("No {what} named {name}{found}."),
    )
}
