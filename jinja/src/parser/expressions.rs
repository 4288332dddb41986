//! Expressions: operators by precedence.

use super::{MAX_HEIGHT, Parser};
use crate::Result;
use crate::ast::{BinaryOp, CompareOp, Cond, Expr, ExprKind, UnaryOp};
use crate::lexer::Kind;
use crate::source::Span;

/// Binding strength, weakest first. All binary operators associate to the left, `**` too.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Or,
    And,
    Not,
    Compare,
    Sum,
    Concat,
    Product,
    Power,
    Unary,
}

impl Level {
    fn tighter(self) -> Self {
        match self {
            Self::Or => Self::And,
            Self::And => Self::Not,
            Self::Not => Self::Compare,
            Self::Compare => Self::Sum,
            Self::Sum => Self::Concat,
            Self::Concat => Self::Product,
            Self::Product => Self::Power,
            Self::Power | Self::Unary => Self::Unary,
        }
    }
}

impl Parser<'_> {
    /// Any expression.
    pub(super) fn expression(&mut self) -> Result<Expr> {
        self.nested(Self::conditional)
    }

    /// An expression that is not `a if b`, unless in parentheses.
    pub(super) fn unconditional(&mut self) -> Result<Expr> {
        self.nested(|parser| parser.binary(Level::Or))
    }

    fn conditional(&mut self) -> Result<Expr> {
        let start = self.span().start;
        let mut at = start;
        let mut then = self.binary(Level::Or)?;
        while self.skip_name("if") {
            let test = self.binary(Level::Or)?;
            let otherwise = if self.skip_name("else") {
                Some(self.expression()?)
            } else {
                None
            };
            let height = otherwise
                .as_ref()
                .map_or(0, |expr| expr.height)
                .max(test.height)
                .max(then.height);
            let cond = ExprKind::Cond(Box::new(Cond {
                test,
                then,
                otherwise,
                at,
            }));
            then = self.node(cond, self.since(start), height)?;
            at = self.span().start;
        }
        Ok(then)
    }

    /// A node above subtrees of at most `height`.
    pub(super) fn node(&self, kind: ExprKind, span: Span, height: u32) -> Result<Expr> {
        if height >= MAX_HEIGHT {
            return Err(self.too_deep());
        }
        Ok(Expr {
            kind,
            span,
            height: height + 1,
        })
    }

    fn pair(
        &self,
        make: impl FnOnce(Box<(Expr, Expr)>) -> ExprKind,
        left: Expr,
        right: Expr,
    ) -> Result<Expr> {
        let (span, height) = (left.span.to(right.span), left.height.max(right.height));
        self.node(make(Box::new((left, right))), span, height)
    }

    /// Operators that bind at least as strongly as `level`.
    fn binary(&mut self, level: Level) -> Result<Expr> {
        let start = self.span();
        if level <= Level::Not && self.is_name("not") {
            let operand = self.not(start)?;
            return self.continue_binary(operand, level, Level::And);
        }
        let first = self.unary(true)?;
        self.continue_binary(first, level, Level::Power)
    }

    fn not(&mut self, start: Span) -> Result<Expr> {
        self.next();
        let operand = self.nested(|parser| parser.binary(Level::Not))?;
        let (span, height) = (start.to(operand.span), operand.height);
        self.node(
            ExprKind::Unary(UnaryOp::Not, Box::new(operand)),
            span,
            height,
        )
    }

    /// Goes on after `left` with operators between the levels `weakest` and `strongest`.
    fn continue_binary(
        &mut self,
        mut left: Expr,
        weakest: Level,
        strongest: Level,
    ) -> Result<Expr> {
        let mut strongest = strongest;
        loop {
            let Some(level) = self.operator_level() else {
                return Ok(left);
            };
            if level < weakest || level > strongest {
                return Ok(left);
            }
            // What follows binds no stronger than what was just made.
            strongest = level;
            left = match level {
                Level::Compare => self.compare(left)?,
                Level::Concat => self.concat(left)?,
                _ => self.simple_binary(left, level)?,
            };
        }
    }

    /// The level of the binary operator that is current.
    fn operator_level(&self) -> Option<Level> {
        Some(match self.kind() {
            Kind::Name => match self.text(self.current()) {
                "or" => Level::Or,
                "and" => Level::And,
                "in" => Level::Compare,
                "not" if self.token_is_name(self.look(), "in") => Level::Compare,
                _ => return None,
            },
            Kind::Eq | Kind::Ne | Kind::Lt | Kind::LtEq | Kind::Gt | Kind::GtEq => Level::Compare,
            Kind::Add | Kind::Sub => Level::Sum,
            Kind::Tilde => Level::Concat,
            Kind::Mul | Kind::Div | Kind::FloorDiv | Kind::Mod => Level::Product,
            Kind::Pow => Level::Power,
            _ => return None,
        })
    }

    fn simple_binary(&mut self, left: Expr, level: Level) -> Result<Expr> {
        let op = match self.next().kind {
            Kind::Add => BinaryOp::Add,
            Kind::Sub => BinaryOp::Sub,
            Kind::Mul => BinaryOp::Mul,
            Kind::Div => BinaryOp::Div,
            Kind::FloorDiv => BinaryOp::FloorDiv,
            Kind::Mod => BinaryOp::Mod,
            Kind::Pow => BinaryOp::Pow,
            _ => {
                let right = self.binary(level.tighter())?;
                let make = if level == Level::Or {
                    ExprKind::Or
                } else {
                    ExprKind::And
                };
                return self.pair(make, left, right);
            }
        };
        let right = self.binary(level.tighter())?;
        self.pair(|both| ExprKind::Binary(op, both), left, right)
    }

    fn compare(&mut self, left: Expr) -> Result<Expr> {
        let (mut span, mut height) = (left.span, left.height);
        let mut operands = Vec::new();
        while self.operator_level() == Some(Level::Compare) {
            let op = match self.next().kind {
                Kind::Eq => CompareOp::Eq,
                Kind::Ne => CompareOp::Ne,
                Kind::Lt => CompareOp::Lt,
                Kind::LtEq => CompareOp::Le,
                Kind::Gt => CompareOp::Gt,
                Kind::GtEq => CompareOp::Ge,
                _ if self.tokens.list[self.at - 1].end - self.tokens.list[self.at - 1].start
                    == 3 =>
                {
                    self.next();
                    CompareOp::NotIn
                }
                _ => CompareOp::In,
            };
            let operand = self.binary(Level::Sum)?;
            span = span.to(operand.span);
            height = height.max(operand.height);
            operands.push((op, operand));
        }
        self.node(ExprKind::Compare(Box::new(left), operands), span, height)
    }

    fn concat(&mut self, left: Expr) -> Result<Expr> {
        let (mut span, mut height) = (left.span, left.height);
        let mut items = vec![left];
        while self.skip(Kind::Tilde) {
            let item = self.binary(Level::Product)?;
            span = span.to(item.span);
            height = height.max(item.height);
            items.push(item);
        }
        self.node(ExprKind::Concat(items), span, height)
    }

    /// A sign, or a primary with its attributes, calls and filters.
    pub(super) fn unary(&mut self, with_filters: bool) -> Result<Expr> {
        let start = self.span();
        let op = match self.kind() {
            Kind::Sub => Some(UnaryOp::Neg),
            Kind::Add => Some(UnaryOp::Pos),
            _ => None,
        };
        let expr = if let Some(op) = op {
            self.next();
            let operand = self.nested(|parser| parser.unary(false))?;
            let (span, height) = (start.to(operand.span), operand.height);
            self.node(ExprKind::Unary(op, Box::new(operand)), span, height)?
        } else {
            self.primary(false)?
        };
        let expr = self.postfix(expr)?;
        if with_filters {
            self.filters(expr)
        } else {
            Ok(expr)
        }
    }
}
