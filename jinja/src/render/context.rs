//! Where the names of a template come from that it does not set itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, Weak};

use values::Value;

use super::slots::{Cell, Var, lock};
use crate::Result;
use crate::program::{FunctionId, Program};

type Vars = BTreeMap<Arc<str>, Value>;

/// What is below the variables that a template sets.
#[derive(Clone, Debug)]
pub(crate) enum Layer {
    /// What the host gives to the render, and globals.
    Variables,
    /// Globals only: the imported template knows nothing of who imports it.
    Globals,
    /// What another template had set, above what it saw itself.
    Over(Arc<(Vars, Layer)>),
}

/// A block of a template.
#[derive(Clone, Debug)]
pub(crate) struct BlockCode {
    pub(crate) program: Arc<Program>,
    pub(crate) function: FunctionId,
}

impl PartialEq for BlockCode {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.program, &other.program) && self.function == other.function
    }
}

/// What a render has made that may hold itself: a macro knows the variables around it, and is one of them. It is taken
/// apart when the render is over; otherwise it would stay for ever.
#[derive(Debug, Default)]
pub(crate) struct Made {
    contexts: Mutex<Vec<Weak<Context>>>,
    cells: Mutex<Vec<Weak<Mutex<Var>>>>,
}

impl Made {
    /// Notes a variable that functions share.
    pub(crate) fn note_cell(&self, cell: &Cell) {
        lock(&self.cells).push(Arc::downgrade(cell));
    }

    fn note_context(&self, context: &Arc<Context>) {
        lock(&self.contexts).push(Arc::downgrade(context));
    }

    /// Takes everything apart. The render is over: nobody looks at it any more.
    pub(crate) fn take_apart(&self) {
        for context in std::mem::take(&mut *lock(&self.contexts)) {
            if let Some(context) = context.upgrade() {
                // What goes may hold the context itself: not while it is locked.
                let _gone = std::mem::take(&mut *lock(&context.vars));
            }
        }
        for cell in std::mem::take(&mut *lock(&self.cells)) {
            if let Some(cell) = cell.upgrade() {
                let _gone = std::mem::take(&mut *lock(&cell));
            }
        }
    }
}

/// The variables of a template and of those that it extends.
#[derive(Debug)]
pub(crate) struct Context {
    /// What the render that it belongs to has made.
    pub(crate) made: Arc<Made>,
    /// The name of the template that was rendered.
    pub(crate) name: Option<Arc<str>>,
    layer: Layer,
    vars: Mutex<Vars>,
    exported: Mutex<BTreeSet<Arc<str>>>,
    /// Of each block the one that is shown, and after it those that `super` finds.
    blocks: Mutex<BTreeMap<Arc<str>, Vec<BlockCode>>>,
    /// What the innermost `{% autoescape %}` says; whether that is true is asked when it matters.
    autoescape: Arc<Mutex<Value>>,
}

impl Context {
    /// A context for a template, in the render that has `made` others.
    pub(crate) fn new(program: &Arc<Program>, layer: Layer, made: &Arc<Made>) -> Arc<Self> {
        let blocks = program.blocks.iter().map(|(name, function)| {
            (
                Arc::clone(name),
                vec![BlockCode {
                    program: Arc::clone(program),
                    function: *function,
                }],
            )
        });
        Self::noted(Self {
            made: Arc::clone(made),
            name: program.source.name.clone(),
            layer,
            vars: Mutex::default(),
            exported: Mutex::default(),
            blocks: Mutex::new(blocks.collect()),
            autoescape: Arc::new(Mutex::new(Value::Bool(false))),
        })
    }

    fn noted(self) -> Arc<Self> {
        let context = Arc::new(self);
        context.made.note_context(&context);
        context
    }

    /// A context that belongs to no template: a render begins.
    pub(crate) fn nowhere() -> Arc<Self> {
        Arc::new(Self {
            made: Arc::default(),
            name: None,
            layer: Layer::Globals,
            vars: Mutex::default(),
            exported: Mutex::default(),
            blocks: Mutex::default(),
            autoescape: Arc::new(Mutex::new(Value::Bool(false))),
        })
    }

    /// A context that sees all of this one, and `locals`.
    pub(crate) fn derived(&self, locals: Vars) -> Arc<Self> {
        Self::noted(Self {
            made: Arc::clone(&self.made),
            name: self.name.clone(),
            layer: self.snapshot(locals),
            vars: Mutex::default(),
            exported: Mutex::default(),
            blocks: Mutex::new(lock(&self.blocks).clone()),
            autoescape: Arc::clone(&self.autoescape),
        })
    }

    /// All that this context sees at this time, and `locals` above it.
    pub(crate) fn snapshot(&self, locals: Vars) -> Layer {
        let vars = lock(&self.vars);
        if vars.is_empty() && locals.is_empty() {
            return self.layer.clone();
        }
        let mut all = vars.clone();
        all.extend(locals);
        Layer::Over(Arc::new((all, self.layer.clone())))
    }

    /// What the templates themselves have set, or the layer at the bottom, which has to be asked then.
    pub(crate) fn lookup(&self, name: &str) -> Result<Value, bool> {
        if let Some(value) = lock(&self.vars).get(name) {
            return Ok(value.clone());
        }
        let mut layer = &self.layer;
        loop {
            match layer {
                Layer::Variables => return Err(true),
                Layer::Globals => return Err(false),
                Layer::Over(over) => match over.0.get(name) {
                    Some(value) => return Ok(value.clone()),
                    None => layer = &over.1,
                },
            }
        }
    }

    pub(crate) fn set(&self, name: Arc<str>, value: Value) {
        lock(&self.vars).insert(name, value);
    }
    /// Names with an underscore in front are never exported.
    pub(crate) fn export(&self, name: Arc<str>) {
        if !name.starts_with('_') {
            lock(&self.exported).insert(name);
        }
    }
    pub(crate) fn unexport(&self, name: &str) {
        lock(&self.exported).remove(name);
    }
    /// What a template that imports this one gets.
    pub(crate) fn exports(&self) -> Vars {
        let (vars, exported) = (lock(&self.vars), lock(&self.exported));
        let found = exported
            .iter()
            .filter_map(|name| Some((Arc::clone(name), vars.get(name)?.clone())));
        found.collect()
    }

    /// Adds the blocks of a template that is extended.
    pub(crate) fn extend(&self, program: &Arc<Program>) {
        let mut blocks = lock(&self.blocks);
        for (name, function) in &program.blocks {
            let code = BlockCode {
                program: Arc::clone(program),
                function: *function,
            };
            blocks.entry(Arc::clone(name)).or_default().push(code);
        }
    }
    /// The block `name` and those below it.
    pub(crate) fn blocks(&self, name: &str) -> Vec<BlockCode> {
        lock(&self.blocks).get(name).cloned().unwrap_or_default()
    }
    /// How many blocks are called `name`.
    pub(crate) fn block_count(&self, name: &str) -> usize {
        lock(&self.blocks).get(name).map_or(0, Vec::len)
    }
    /// The block that is shown.
    pub(crate) fn first_block(&self, name: &str) -> Option<BlockCode> {
        lock(&self.blocks).get(name)?.first().cloned()
    }

    pub(crate) fn autoescape(&self) -> Result<bool> {
        super::truth(&self.autoescape_value())
    }
    pub(crate) fn autoescape_value(&self) -> Value {
        lock(&self.autoescape).clone()
    }
    pub(crate) fn set_autoescape(&self, value: Value) {
        *lock(&self.autoescape) = value;
    }
}
