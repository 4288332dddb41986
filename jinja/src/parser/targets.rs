//! What is assigned to.

use super::Parser;
use super::postfix::Tuple;
use crate::Result;
use crate::ast::{Expr, ExprKind, Target};
use crate::names::Name;
use crate::source::Span;

impl Parser<'_> {
    /// A name that may be assigned to.
    pub(super) fn target_name(&mut self) -> Result<(Name, Span)> {
        let (name, span) = self.name()?;
        if matches!(
            &**self.names.get(name),
            "true" | "false" | "none" | "True" | "False" | "None"
        ) {
            return Err(self.fail_at("can't assign to 'name'", span));
        }
        Ok((name, span))
    }

    /// A name, or a tuple of names.
    pub(super) fn target(&mut self, namespace: bool) -> Result<Target> {
        let expr = self.tuple(Tuple {
            target: true,
            namespace,
            ..Tuple::default()
        })?;
        let (what, span) = (expr.kind.describe(), expr.span);
        target(expr).ok_or_else(|| self.fail_at(format!("can't assign to '{what}'"), span))
    }
}

fn target(expr: Expr) -> Option<Target> {
    match expr.kind {
        ExprKind::Name(name) => Some(Target::Name(name, expr.span)),
        ExprKind::NsRef(name, attr) => Some(Target::Ns(name, attr, expr.span)),
        ExprKind::Tuple(items) => items
            .into_iter()
            .map(target)
            .collect::<Option<_>>()
            .map(Target::Tuple),
        _ => None,
    }
}
