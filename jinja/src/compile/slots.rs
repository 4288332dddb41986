//! Functions and their slots.

use super::Compiler;
use super::symbols::Origin;
use crate::names::Name;
use crate::program::{
    Function, FunctionId, Load, LoadSource, Locals, Scope, SlotId, SlotKind, Stmt,
};
use crate::source::Span;

/// How many loops Python nests in one function.
const MAX_LOOPS: u32 = 20;

/// A function that is being compiled.
#[derive(Debug)]
pub(super) struct Open {
    /// Variables of this level and higher ones are its own.
    entry_level: u32,
    function: Function,
    /// The slots by what Jinja2 would call them. Scopes of one level share their slots, as they do in Python.
    slots: Vec<(u32, Name)>,
    loops: u32,
}

impl Compiler<'_> {
    pub(super) fn open_function(&mut self, entry_level: u32) {
        self.open.push(Open {
            entry_level,
            function: Function::default(),
            slots: Vec::new(),
            loops: 0,
        });
    }

    /// The innermost function.
    pub(super) fn function(&mut self) -> &mut Function {
        if self.open.is_empty() {
            self.open_function(0);
        }
        let last = self.open.len() - 1;
        &mut self.open[last].function
    }

    pub(super) fn close_function(&mut self, loads: Vec<Load>, body: Vec<Stmt>) -> FunctionId {
        let mut function = self
            .open
            .pop()
            .map(|open| open.function)
            .unwrap_or_default();
        function.loads = loads;
        function.body = body;
        self.functions.push(function);
        self.functions.len() as u32 - 1
    }

    /// Counts a loop in the innermost function; to be undone with [`Self::leave_loop`].
    pub(super) fn enter_loop(&mut self, span: Span) {
        let Some(open) = self.open.last_mut() else {
            return;
        };
        open.loops += 1;
        if open.loops > MAX_LOOPS {
            self.refuse(2, "too many statically nested blocks", span);
        }
    }

    pub(super) fn leave_loop(&mut self) {
        if let Some(open) = self.open.last_mut() {
            open.loops = open.loops.saturating_sub(1);
        }
    }

    /// The slot of the variable `name` of a level, as the innermost function sees it.
    pub(super) fn slot(&mut self, level: u32, name: Name) -> SlotId {
        self.slot_in(self.open.len().saturating_sub(1), level, name)
    }

    fn slot_in(&mut self, index: usize, level: u32, name: Name) -> SlotId {
        let key = (level, name);
        if let Some(slot) = self.open[index]
            .slots
            .iter()
            .position(|other| *other == key)
        {
            return slot as SlotId;
        }
        let kind = if index == 0 || self.open[index].entry_level <= level {
            SlotKind::Local
        } else {
            let outer = self.slot_in(index - 1, level, name);
            let kind = &mut self.open[index - 1].function.slots[outer as usize];
            if *kind == SlotKind::Local {
                *kind = SlotKind::Shared;
            }
            SlotKind::Outer(outer)
        };
        let open = &mut self.open[index];
        open.slots.push(key);
        open.function.slots.push(kind);
        open.slots.len() as SlotId - 1
    }

    /// The slot of a name that the scopes know.
    pub(super) fn known_slot(&mut self, name: Name) -> Option<SlotId> {
        let (level, _) = self.scopes.find(name)?;
        Some(self.slot(level, name))
    }

    /// What happens when the innermost scope is entered.
    pub(super) fn loads(&mut self) -> Vec<Load> {
        let level = self.scopes.level();
        let symbols: Vec<_> = self
            .scopes
            .top()
            .iter()
            .map(|symbol| (symbol.name, symbol.origin))
            .collect();
        let mut loads = Vec::with_capacity(symbols.len());
        for (name, origin) in symbols {
            let source = match origin {
                Origin::Parameter => continue,
                Origin::Context => LoadSource::Context,
                Origin::Outer(outer) => LoadSource::Slot(self.slot(outer, name)),
                Origin::Missing => LoadSource::Missing,
            };
            loads.push(Load {
                slot: self.slot(level, name),
                source,
            });
        }
        loads
    }

    /// What is missing after the innermost scope.
    pub(super) fn leaves(&mut self) -> Vec<SlotId> {
        let level = self.scopes.level();
        let names: Vec<_> = self.scopes.top().iter().map(|symbol| symbol.name).collect();
        names
            .into_iter()
            .map(|name| self.slot(level, name))
            .collect()
    }

    /// Puts a scope together and leaves it.
    pub(super) fn close_scope(&mut self, loads: Vec<Load>, body: Vec<Stmt>) -> Scope {
        let leave = self.leaves();
        self.scopes.leave();
        Scope { loads, body, leave }
    }

    /// Everything that was assigned around this place.
    pub(super) fn locals(&mut self) -> Locals {
        let stored = self.scopes.stored();
        stored
            .into_iter()
            .map(|(name, level)| (name, self.slot(level, name)))
            .collect()
    }
}
