//! Primaries, and what comes after them: attributes, subscripts, calls, filters and tests.

use std::sync::Arc;

use values::Value;

use super::Parser;
use crate::Result;
use crate::ast::{Apply, Call, CallArgs, Expr, ExprKind, UnaryOp};
use crate::lexer::{Kind, Token};
use crate::source::Span;

/// How a list of expressions without delimiters is read.
#[derive(Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is asked on its own")]
pub(super) struct Tuple {
    /// `a if b` only in parentheses.
    pub(super) unconditional: bool,
    /// In parentheses, where nothing at all is a tuple.
    pub(super) parentheses: bool,
    /// Only primaries: what can be assigned to.
    pub(super) target: bool,
    /// `name.attr` is a target.
    pub(super) namespace: bool,
}

impl Parser<'_> {
    /// One expression, or a tuple of them.
    pub(super) fn tuple(&mut self, mode: Tuple) -> Result<Expr> {
        let start = self.span().start;
        let mut items = Vec::new();
        let mut is_tuple = false;
        loop {
            if is_tuple {
                self.expect(Kind::Comma)?;
            }
            if matches!(
                self.kind(),
                Kind::VariableEnd | Kind::BlockEnd | Kind::RParen
            ) {
                break;
            }
            items.push(if mode.target {
                self.nested(|parser| parser.primary(mode.namespace))?
            } else if mode.unconditional {
                self.unconditional()?
            } else {
                self.expression()?
            });
            if self.kind() != Kind::Comma {
                break;
            }
            is_tuple = true;
        }
        if !is_tuple {
            if let Some(only) = items.pop() {
                return Ok(only);
            }
            if !mode.parentheses {
                let found = self.describe(self.current());
                return Err(self.fail(format!("Expected an expression, got {found}")));
            }
        }
        let height = items.iter().map(|item| item.height).max().unwrap_or(0);
        self.node(ExprKind::Tuple(items), self.since(start), height)
    }

    /// A name, a literal, or something in brackets.
    pub(super) fn primary(&mut self, namespace: bool) -> Result<Expr> {
        let token = self.current();
        let kind = match token.kind {
            Kind::Name => {
                self.next();
                match self.text(token) {
                    "true" | "True" => ExprKind::Const(Value::Bool(true)),
                    "false" | "False" => ExprKind::Const(Value::Bool(false)),
                    "none" | "None" => ExprKind::Const(Value::None),
                    _ if namespace && self.skip(Kind::Dot) => {
                        let (attr, _) = self.name()?;
                        ExprKind::NsRef(self.intern(token), attr)
                    }
                    _ => ExprKind::Name(self.intern(token)),
                }
            }
            Kind::String => ExprKind::Const(self.strings()),
            Kind::Integer | Kind::Float => {
                self.next();
                ExprKind::Const(self.tokens.values[token.value as usize].clone())
            }
            Kind::LParen => {
                self.next();
                let mut inner = self.tuple(Tuple {
                    parentheses: true,
                    ..Tuple::default()
                })?;
                self.expect(Kind::RParen)?;
                inner.span = self.since(token.start);
                return Ok(inner);
            }
            Kind::LBracket => return self.list(),
            Kind::LBrace => return self.dict(),
            _ => {
                let found = self.describe(token);
                return Err(self.fail(format!("unexpected {found}")));
            }
        };
        self.node(kind, self.since(token.start), 0)
    }

    /// Adjacent strings are one.
    fn strings(&mut self) -> Value {
        let token = self.next();
        let first = self.tokens.values[token.value as usize].clone();
        if self.kind() != Kind::String {
            return first;
        }
        let mut text = first.as_str().unwrap_or_default().to_owned();
        while self.kind() == Kind::String {
            let token = self.next();
            text += self.tokens.values[token.value as usize]
                .as_str()
                .unwrap_or_default();
        }
        Value::str(text)
    }

    fn list(&mut self) -> Result<Expr> {
        let start = self.next().start;
        let mut items = Vec::new();
        while self.kind() != Kind::RBracket {
            if !items.is_empty() {
                self.expect(Kind::Comma)?;
                if self.kind() == Kind::RBracket {
                    break;
                }
            }
            items.push(self.expression()?);
        }
        self.expect(Kind::RBracket)?;
        let height = items.iter().map(|item| item.height).max().unwrap_or(0);
        self.node(ExprKind::List(items), self.since(start), height)
    }

    fn dict(&mut self) -> Result<Expr> {
        let start = self.next().start;
        let mut items: Vec<(Expr, Expr)> = Vec::new();
        while self.kind() != Kind::RBrace {
            if !items.is_empty() {
                self.expect(Kind::Comma)?;
                if self.kind() == Kind::RBrace {
                    break;
                }
            }
            let key = self.expression()?;
            self.expect(Kind::Colon)?;
            items.push((key, self.expression()?));
        }
        self.expect(Kind::RBrace)?;
        let height = items
            .iter()
            .map(|(k, v)| k.height.max(v.height))
            .max()
            .unwrap_or(0);
        self.node(ExprKind::Dict(items), self.since(start), height)
    }

    /// Attributes, subscripts and calls.
    pub(super) fn postfix(&mut self, mut expr: Expr) -> Result<Expr> {
        loop {
            expr = match self.kind() {
                Kind::Dot => self.attribute(expr)?,
                Kind::LBracket => self.subscript(expr)?,
                Kind::LParen => self.call(expr)?,
                _ => return Ok(expr),
            };
        }
    }

    /// Filters and tests.
    pub(super) fn filters(&mut self, mut expr: Expr) -> Result<Expr> {
        loop {
            expr = match self.kind() {
                Kind::Pipe => {
                    self.next();
                    self.filter(Some(expr))?
                }
                Kind::Name if self.is_name("is") => self.test(expr)?,
                Kind::LParen => self.call(expr)?,
                _ => return Ok(expr),
            };
        }
    }

    fn attribute(&mut self, expr: Expr) -> Result<Expr> {
        self.next();
        let token = self.next();
        let (start, height) = (expr.span.start, expr.height);
        let kind = match token.kind {
            Kind::Name => ExprKind::Getattr(Box::new(expr), self.intern(token)),
            Kind::Integer => {
                let index = ExprKind::Const(self.tokens.values[token.value as usize].clone());
                let index = self.node(index, token.span(), 0)?;
                ExprKind::Getitem(Box::new((expr, index)))
            }
            _ => return Err(self.fail_at("expected name or number", token.span())),
        };
        self.node(kind, self.since(start), height)
    }

    fn subscript(&mut self, expr: Expr) -> Result<Expr> {
        let start = self.next().start;
        let mut items = Vec::new();
        while self.kind() != Kind::RBracket {
            if !items.is_empty() {
                self.expect(Kind::Comma)?;
            }
            items.push(self.subscript_item()?);
        }
        self.expect(Kind::RBracket)?;
        let key = if items.len() == 1 {
            items.remove(0)
        } else {
            let height = items.iter().map(|item| item.height).max().unwrap_or(0);
            self.node(ExprKind::Tuple(items), self.since(start), height)?
        };
        let (start, height) = (expr.span.start, expr.height.max(key.height));
        self.node(
            ExprKind::Getitem(Box::new((expr, key))),
            self.since(start),
            height,
        )
    }

    /// An index or a slice.
    fn subscript_item(&mut self) -> Result<Expr> {
        let start = self.span().start;
        let mut parts = [None, None, None];
        if self.kind() != Kind::Colon {
            let index = self.expression()?;
            if self.kind() != Kind::Colon {
                return Ok(index);
            }
            parts[0] = Some(index);
        }
        self.next();
        let ends = |parser: &Self| matches!(parser.kind(), Kind::RBracket | Kind::Comma);
        if self.kind() != Kind::Colon && !ends(self) {
            parts[1] = Some(self.expression()?);
        }
        if self.skip(Kind::Colon) && !ends(self) {
            parts[2] = Some(self.expression()?);
        }
        let height = parts
            .iter()
            .flatten()
            .map(|part| part.height)
            .max()
            .unwrap_or(0);
        self.node(ExprKind::Slice(Box::new(parts)), self.since(start), height)
    }

    fn call(&mut self, callee: Expr) -> Result<Expr> {
        let (args, height) = self.call_args()?;
        let (start, height) = (callee.span.start, height.max(callee.height));
        self.node(
            ExprKind::Call(Box::new(Call { callee, args })),
            self.since(start),
            height,
        )
    }

    /// A name that may contain dots.
    fn dotted(&mut self) -> Result<(Arc<str>, Token)> {
        let token = self.expect(Kind::Name)?;
        let mut name = self.text(token).to_owned();
        while self.skip(Kind::Dot) {
            let part = self.expect(Kind::Name)?;
            name.push('.');
            name += self.text(part);
        }
        Ok((name.into(), token))
    }

    /// A filter, from its name on.
    pub(super) fn filter(&mut self, value: Option<Expr>) -> Result<Expr> {
        let (name, token) = self.dotted()?;
        let (args, height) = if self.kind() == Kind::LParen {
            self.call_args()?
        } else {
            (CallArgs::default(), 0)
        };
        let start = value.as_ref().map_or(token.start, |value| value.span.start);
        let height = height.max(value.as_ref().map_or(0, |value| value.height));
        let apply = Apply {
            value,
            name,
            args,
            at: token.start,
        };
        self.node(ExprKind::Filter(Box::new(apply)), self.since(start), height)
    }

    fn test(&mut self, value: Expr) -> Result<Expr> {
        let at = self.next().start;
        let negated = self.skip_name("not");
        let (name, _) = self.dotted()?;
        let (args, height) = if self.kind() == Kind::LParen {
            self.call_args()?
        } else if self.test_argument_follows() {
            if self.is_name("is") {
                return Err(self.fail("You cannot chain multiple tests with is"));
            }
            let argument = self.nested(|parser| {
                let primary = parser.primary(false)?;
                parser.postfix(primary)
            })?;
            let height = argument.height;
            (
                CallArgs {
                    positional: vec![argument],
                    ..CallArgs::default()
                },
                height,
            )
        } else {
            (CallArgs::default(), 0)
        };
        let (start, height) = (value.span.start, height.max(value.height));
        let span: Span = self.since(start);
        let apply = Apply {
            value: Some(value),
            name,
            args,
            at,
        };
        let test = self.node(ExprKind::Test(Box::new(apply)), span, height)?;
        if negated {
            let height = test.height;
            return self.node(ExprKind::Unary(UnaryOp::Not, Box::new(test)), span, height);
        }
        Ok(test)
    }

    fn test_argument_follows(&self) -> bool {
        match self.kind() {
            Kind::Name => !matches!(self.text(self.current()), "else" | "or" | "and"),
            Kind::String | Kind::Integer | Kind::Float | Kind::LBracket | Kind::LBrace => true,
            _ => false,
        }
    }
}
