//! Questions about a syntax tree that take a walk through all of it.

use super::symbols::each_name;
use crate::ast::{Block, Expr, Piece, Stmt, StmtKind, Target};
use crate::names::Name;
use crate::source::Span;

/// What a walk meets.
pub(super) enum Event<'t> {
    Load(Name),
    /// A name that is assigned: by `set`, or as the target of a loop.
    Store(Name, Span),
    /// A name that `with` or a signature introduces.
    Param(Name),
    Block(&'t Block, Span),
    Extends,
}

/// Visits statements and what is in them, in the order of Jinja2's tree. `visit` says whether to go into a block.
pub(super) fn walk<'t>(body: &'t [Stmt], visit: &mut dyn FnMut(Event<'t>) -> bool) {
    for stmt in body {
        walk_statement(stmt, visit);
    }
}

fn walk_statement<'t>(stmt: &'t Stmt, visit: &mut dyn FnMut(Event<'t>) -> bool) {
    match &stmt.kind {
        StmtKind::Output(pieces) => {
            for piece in pieces {
                if let Piece::Expr(expr) = piece {
                    loads(expr, visit);
                }
            }
        }
        StmtKind::For(node) => {
            stores(&node.target, visit);
            loads(&node.iter, visit);
            walk(&node.body, visit);
            walk(&node.otherwise, visit);
            if let Some(test) = &node.test {
                loads(test, visit);
            }
        }
        StmtKind::If(node) => {
            for (test, body) in &node.branches {
                loads(test, visit);
                walk(body, visit);
            }
            walk(&node.otherwise, visit);
        }
        StmtKind::With {
            targets,
            values,
            body,
        } => {
            for target in targets {
                target.each_name(&mut |name, _| {
                    visit(Event::Param(name));
                });
            }
            for value in values {
                loads(value, visit);
            }
            walk(body, visit);
        }
        StmtKind::Autoescape { value, body } => {
            loads(value, visit);
            walk(body, visit);
        }
        StmtKind::Block(block) => {
            if visit(Event::Block(block, stmt.span)) {
                walk(&block.body, visit);
            }
        }
        StmtKind::Extends(template) => {
            visit(Event::Extends);
            loads(template, visit);
        }
        StmtKind::Include { template, .. }
        | StmtKind::Import { template, .. }
        | StmtKind::FromImport { template, .. } => loads(template, visit),
        StmtKind::Macro {
            signature, body, ..
        } => {
            params(signature, visit);
            walk(body, visit);
        }
        StmtKind::CallBlock {
            call,
            signature,
            body,
        } => {
            loads(call, visit);
            params(signature, visit);
            walk(body, visit);
        }
        StmtKind::FilterBlock { filter, body } => {
            walk(body, visit);
            loads(filter, visit);
        }
        StmtKind::Set { target, value } => {
            stores(target, visit);
            loads(value, visit);
        }
        StmtKind::SetBlock {
            target,
            filter,
            body,
        } => {
            stores(target, visit);
            if let Some(filter) = filter {
                loads(filter, visit);
            }
            walk(body, visit);
        }
    }
}

fn loads<'t>(expr: &Expr, visit: &mut dyn FnMut(Event<'t>) -> bool) {
    each_name(expr, &mut |name| {
        visit(Event::Load(name));
    });
}

fn stores<'t>(target: &Target, visit: &mut dyn FnMut(Event<'t>) -> bool) {
    target.each_name(&mut |name, span| {
        visit(Event::Store(name, span));
    });
}

fn params<'t>(signature: &crate::ast::Signature, visit: &mut dyn FnMut(Event<'t>) -> bool) {
    for (name, _) in &signature.params {
        visit(Event::Param(*name));
    }
    for default in &signature.defaults {
        loads(default, visit);
    }
}

/// Which of `wanted` are read before anything assigns them, blocks left aside.
pub(super) fn undeclared(body: &[Stmt], wanted: &[Option<Name>]) -> Vec<Name> {
    let mut wanted: Vec<Name> = wanted.iter().flatten().copied().collect();
    let mut found = Vec::new();
    if wanted.is_empty() {
        return found;
    }
    walk(body, &mut |event| {
        match event {
            Event::Load(name) if wanted.contains(&name) && !found.contains(&name) => {
                found.push(name);
            }
            Event::Store(name, _) | Event::Param(name) => wanted.retain(|other| *other != name),
            _ => {}
        }
        false
    });
    found
}
