//! The variables of a running function.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use values::Value;

use super::Context;
use crate::Template;
use crate::program::{Function, FunctionId, Load, LoadSource, Program, SlotId, SlotKind};

/// What a slot holds.
#[derive(Clone, Debug, Default)]
pub(crate) enum Var {
    #[default]
    Missing,
    /// What the context has under the slot's name; not looked up yet.
    Context,
    Value(Value),
}

/// A variable that functions share.
pub(crate) type Cell = Arc<Mutex<Var>>;

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Debug)]
enum Slot {
    Own(Var),
    Shared(Cell),
}

/// A function together with the variables and the context of the place where it was defined.
#[derive(Clone, Debug)]
pub(crate) struct Closure {
    pub(crate) program: Arc<Program>,
    pub(crate) function: FunctionId,
    pub(crate) context: Arc<Context>,
    cells: Arc<[Cell]>,
    /// Whether the template had been extended by then.
    extended: bool,
}

impl Closure {
    /// A root or a block, which has nothing around it.
    pub(crate) fn plain(
        program: Arc<Program>,
        function: FunctionId,
        context: Arc<Context>,
    ) -> Self {
        Self {
            program,
            function,
            context,
            cells: Arc::from([]),
            extended: false,
        }
    }
    /// Its code.
    pub(crate) fn code(&self) -> &Function {
        &self.program.functions[self.function as usize]
    }
}

/// The variables of one call of a function.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) program: Arc<Program>,
    pub(crate) context: Arc<Context>,
    slots: Vec<Slot>,
    /// The template that the root extended.
    pub(crate) parent: Option<Template>,
    /// The same for functions inside of the root.
    extended: bool,
    /// How many outputs were put aside when it was called.
    pub(crate) outputs: usize,
    /// What a filter block captured.
    pub(crate) captured: Value,
}

impl Frame {
    pub(crate) fn new(closure: &Closure, outputs: usize) -> Self {
        let mut cells = closure.cells.iter();
        let slots = closure.code().slots.iter().map(|kind| match kind {
            SlotKind::Local => Slot::Own(Var::Missing),
            SlotKind::Shared => {
                let cell = Cell::default();
                closure.context.made.note_cell(&cell);
                Slot::Shared(cell)
            }
            SlotKind::Outer(_) => Slot::Shared(cells.next().cloned().unwrap_or_default()),
        });
        Self {
            program: Arc::clone(&closure.program),
            context: Arc::clone(&closure.context),
            slots: slots.collect(),
            parent: None,
            extended: closure.extended,
            outputs,
            captured: Value::None,
        }
    }

    /// Defines the function here.
    pub(crate) fn closure(&self, function: FunctionId) -> Closure {
        let kinds = &self.program.functions[function as usize].slots;
        let cells = kinds.iter().filter_map(|kind| match kind {
            SlotKind::Outer(outer) => Some(match self.slots.get(*outer as usize) {
                Some(Slot::Shared(cell)) => Arc::clone(cell),
                _ => Cell::default(),
            }),
            _ => None,
        });
        Closure {
            program: Arc::clone(&self.program),
            function,
            context: Arc::clone(&self.context),
            cells: cells.collect(),
            extended: self.extended(),
        }
    }

    /// Whether the template shows its blocks only.
    pub(crate) fn extended(&self) -> bool {
        self.extended || self.parent.is_some()
    }

    pub(crate) fn get(&self, slot: SlotId) -> Var {
        match self.slots.get(slot as usize) {
            Some(Slot::Own(var)) => var.clone(),
            Some(Slot::Shared(cell)) => lock(cell).clone(),
            None => Var::Missing,
        }
    }

    pub(crate) fn set(&mut self, slot: SlotId, var: Var) {
        match self.slots.get_mut(slot as usize) {
            Some(Slot::Own(own)) => *own = var,
            Some(Slot::Shared(cell)) => *lock(cell) = var,
            None => {}
        }
    }

    pub(crate) fn enter(&mut self, loads: &[Load]) {
        for load in loads {
            let var = match load.source {
                LoadSource::Context => Var::Context,
                LoadSource::Slot(slot) => self.get(slot),
                LoadSource::Missing => Var::Missing,
            };
            self.set(load.slot, var);
        }
    }

    pub(crate) fn leave(&mut self, slots: &[SlotId]) {
        for slot in slots {
            self.set(*slot, Var::Missing);
        }
    }
}
