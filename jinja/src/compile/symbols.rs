//! Which names a scope knows, and where their values come from.
//!
//! A scope is analysed before it is compiled. Whether a name is first read or first assigned decides what it is
//! when the scope is entered: a name that is read first, and that no outer scope knows, comes from the context; one
//! that is assigned first is missing, or starts as what the outer scope has.

use crate::ast::{CallArgs, Expr, ExprKind, Piece, Stmt, StmtKind, Target};
use crate::names::Name;

/// What a name starts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// Set by whoever enters the scope.
    Parameter,
    /// The context.
    Context,
    /// The same name in the scope of this level.
    Outer(u32),
    Missing,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Symbol {
    pub(super) name: Name,
    pub(super) origin: Origin,
    pub(super) stored: bool,
}

/// The names of one scope. Scopes form a stack: the level is the index.
#[derive(Debug, Default)]
pub(super) struct Symbols {
    list: Vec<Symbol>,
}

impl Symbols {
    pub(super) fn iter(&self) -> impl Iterator<Item = &Symbol> {
        self.list.iter()
    }
    pub(super) fn get(&self, name: Name) -> Option<&Symbol> {
        self.list.iter().find(|symbol| symbol.name == name)
    }
    fn index(&self, name: Name) -> Option<usize> {
        self.list.iter().position(|symbol| symbol.name == name)
    }
}

/// The scopes around the place that is being compiled, and the analysis of the innermost.
#[derive(Debug, Default)]
pub(super) struct Scopes {
    stack: Vec<Symbols>,
}

impl Scopes {
    pub(super) fn enter(&mut self) {
        self.stack.push(Symbols::default());
    }
    pub(super) fn leave(&mut self) {
        self.stack.pop();
    }
    pub(super) fn level(&self) -> u32 {
        self.stack.len().saturating_sub(1) as u32
    }
    /// The innermost scope.
    pub(super) fn top(&self) -> &Symbols {
        const EMPTY: &Symbols = &Symbols { list: Vec::new() };
        self.stack.last().unwrap_or(EMPTY)
    }
    /// The innermost scope that knows `name`: its level and the symbol.
    pub(super) fn find(&self, name: Name) -> Option<(u32, &Symbol)> {
        let levels = self.stack.iter().enumerate().rev();
        levels
            .map(|(level, symbols)| (level as u32, symbols))
            .find_map(|(level, s)| Some((level, s.get(name)?)))
    }
    /// The same without the innermost scope.
    fn find_outer(&self, name: Name) -> Option<u32> {
        let outer = &self.stack[..self.stack.len().saturating_sub(1)];
        outer
            .iter()
            .rposition(|symbols| symbols.get(name).is_some())
            .map(|level| level as u32)
    }
    /// The names that were assigned in any of the scopes, each with the level of the innermost scope that knows it.
    pub(super) fn stored(&self) -> Vec<(Name, u32)> {
        let mut found: Vec<(Name, u32)> = Vec::new();
        for symbols in self.stack.iter().rev() {
            for symbol in symbols.iter().filter(|symbol| symbol.stored) {
                if found.iter().all(|(name, _)| *name != symbol.name) {
                    let level = self.find(symbol.name).map_or(0, |(level, _)| level);
                    found.push((symbol.name, level));
                }
            }
        }
        found
    }

    /// The parameters of all scopes, with their levels.
    pub(super) fn parameters(&self) -> Vec<(u32, Name)> {
        let levels = self.stack.iter().enumerate();
        let all = levels
            .flat_map(|(level, symbols)| symbols.iter().map(move |symbol| (level as u32, symbol)));
        all.filter(|(_, s)| s.origin == Origin::Parameter)
            .map(|(level, s)| (level, s.name))
            .collect()
    }

    fn define(&mut self, name: Name, origin: Origin, stored: bool) {
        let Some(top) = self.stack.last_mut() else {
            return;
        };
        match top.index(name) {
            Some(index) => {
                top.list[index].origin = origin;
                top.list[index].stored |= stored;
            }
            None => top.list.push(Symbol {
                name,
                origin,
                stored,
            }),
        }
    }

    pub(super) fn parameter(&mut self, name: Name) {
        self.define(name, Origin::Parameter, true);
    }

    fn load(&mut self, name: Name) {
        if self.find(name).is_none() {
            self.define(name, Origin::Context, false);
        }
    }

    fn store(&mut self, name: Name) {
        let outer = self.find_outer(name);
        let Some(top) = self.stack.last_mut() else {
            return;
        };
        if let Some(index) = top.index(name) {
            top.list[index].stored = true;
        } else {
            let origin = outer.map_or(Origin::Missing, Origin::Outer);
            top.list.push(Symbol {
                name,
                origin,
                stored: true,
            });
        }
    }

    /// Runs the analyses of branches of which at most one is taken.
    fn branches(&mut self, branches: &[&dyn Fn(&mut Self)]) {
        let before = self.top().list.clone();
        let mut added: Vec<Symbol> = Vec::new();
        let mut stored: Vec<Name> = Vec::new();
        for branch in branches {
            branch(self);
            let Some(top) = self.stack.last_mut() else {
                return;
            };
            for (index, symbol) in top.list.iter().enumerate() {
                let old = before.get(index);
                if symbol.stored && !old.is_some_and(|old| old.stored) {
                    stored.push(symbol.name);
                }
                if old.is_none() {
                    match added.iter_mut().find(|other| other.name == symbol.name) {
                        Some(other) => {
                            other.origin = symbol.origin;
                            other.stored |= symbol.stored;
                        }
                        None => added.push(*symbol),
                    }
                }
            }
            top.list.clear();
            top.list.extend_from_slice(&before);
        }
        if let Some(top) = self.stack.last_mut() {
            top.list.append(&mut added);
        }
        // What only some branch assigns starts as what it is outside.
        for name in stored {
            let origin = self.find_outer(name).map_or(Origin::Context, Origin::Outer);
            self.define(name, origin, true);
        }
    }

    pub(super) fn statements(&mut self, body: &[Stmt]) {
        for stmt in body {
            self.statement(stmt);
        }
    }

    fn statement(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::Output(pieces) => {
                for piece in pieces {
                    if let Piece::Expr(expr) = piece {
                        self.expr(expr);
                    }
                }
            }
            StmtKind::For(node) => self.expr(&node.iter),
            StmtKind::If(node) => self.if_branches(&node.branches, &node.otherwise),
            StmtKind::With { values, .. } => {
                for value in values {
                    self.expr(value);
                }
            }
            StmtKind::Autoescape { .. } | StmtKind::Block(_) => {}
            StmtKind::Extends(template) | StmtKind::Include { template, .. } => self.expr(template),
            StmtKind::Import {
                template, target, ..
            } => {
                self.expr(template);
                self.store(*target);
            }
            StmtKind::FromImport {
                template, names, ..
            } => {
                self.expr(template);
                for (_, alias) in names {
                    self.store(*alias);
                }
            }
            StmtKind::Macro { name, .. } => self.store(*name),
            StmtKind::CallBlock { call, .. } => self.expr(call),
            StmtKind::FilterBlock { filter, .. } => self.expr(filter),
            StmtKind::Set { target, value } => {
                self.expr(value);
                self.target(target, false);
            }
            StmtKind::SetBlock { target, .. } => self.target(target, false),
        }
    }

    fn if_branches(&mut self, branches: &[(Expr, Vec<Stmt>)], otherwise: &[Stmt]) {
        let Some(((test, body), rest)) = branches.split_first() else {
            return;
        };
        self.expr(test);
        // All `elif` together are one branch, and each is an `if` of its own in it.
        self.branches(&[
            &|scopes| scopes.statements(body),
            &|scopes| {
                for branch in rest {
                    scopes.if_branches(std::slice::from_ref(branch), &[]);
                }
            },
            &|scopes| scopes.statements(otherwise),
        ]);
    }

    /// The names of a target: parameters of the scope, or assigned in it.
    pub(super) fn target(&mut self, target: &Target, parameter: bool) {
        match target {
            Target::Name(name, _) if parameter => self.parameter(*name),
            Target::Name(name, _) => self.store(*name),
            Target::Ns(name, ..) => self.load(*name),
            Target::Tuple(items) => {
                for item in items {
                    self.target(item, parameter);
                }
            }
        }
    }

    /// The names that an expression reads.
    pub(super) fn expr(&mut self, expr: &Expr) {
        each_name(expr, &mut |name| self.load(name));
    }
}

/// Calls `visit` for every name that an expression reads, in the order of Jinja2's tree.
pub(super) fn each_name(expr: &Expr, visit: &mut dyn FnMut(Name)) {
    let args = |args: &CallArgs, visit: &mut dyn FnMut(Name)| {
        args.iter().for_each(|arg| each_name(arg, visit));
    };
    match &expr.kind {
        ExprKind::Name(name) => visit(*name),
        ExprKind::Const(_) | ExprKind::NsRef(..) => {}
        ExprKind::Tuple(items) | ExprKind::List(items) | ExprKind::Concat(items) => {
            for item in items {
                each_name(item, visit);
            }
        }
        ExprKind::Dict(items) => {
            for (key, value) in items {
                each_name(key, visit);
                each_name(value, visit);
            }
        }
        ExprKind::Unary(_, operand) | ExprKind::Getattr(operand, _) => each_name(operand, visit),
        ExprKind::Binary(_, both)
        | ExprKind::And(both)
        | ExprKind::Or(both)
        | ExprKind::Getitem(both) => {
            each_name(&both.0, visit);
            each_name(&both.1, visit);
        }
        ExprKind::Compare(first, rest) => {
            each_name(first, visit);
            for (_, operand) in rest {
                each_name(operand, visit);
            }
        }
        ExprKind::Cond(cond) => {
            each_name(&cond.test, visit);
            each_name(&cond.then, visit);
            if let Some(otherwise) = &cond.otherwise {
                each_name(otherwise, visit);
            }
        }
        ExprKind::Slice(parts) => parts
            .iter()
            .flatten()
            .for_each(|part| each_name(part, visit)),
        ExprKind::Filter(apply) | ExprKind::Test(apply) => {
            if let Some(value) = &apply.value {
                each_name(value, visit);
            }
            args(&apply.args, visit);
        }
        ExprKind::Call(call) => {
            each_name(&call.callee, visit);
            args(&call.args, visit);
        }
    }
}
