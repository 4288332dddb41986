//! The syntax tree: what was written, before names are resolved.

use std::sync::Arc;

use values::Value;

use crate::names::Name;
use crate::source::Span;

/// An expression.
#[derive(Debug)]
pub(crate) struct Expr {
    pub(crate) kind: ExprKind,
    pub(crate) span: Span,
    /// How many levels deep the tree below is, for the limit of recursion.
    pub(crate) height: u32,
}

#[derive(Debug)]
pub(crate) enum ExprKind {
    Name(Name),
    Const(Value),
    Tuple(Vec<Expr>),
    List(Vec<Expr>),
    Dict(Vec<(Expr, Expr)>),
    Unary(UnaryOp, Box<Expr>),
    Binary(BinaryOp, Box<(Expr, Expr)>),
    And(Box<(Expr, Expr)>),
    Or(Box<(Expr, Expr)>),
    Compare(Box<Expr>, Vec<(CompareOp, Expr)>),
    Concat(Vec<Expr>),
    Cond(Box<Cond>),
    Getattr(Box<Expr>, Name),
    Getitem(Box<(Expr, Expr)>),
    Slice(Box<[Option<Expr>; 3]>),
    Filter(Box<Apply>),
    Test(Box<Apply>),
    Call(Box<Call>),
    /// `name.attr` as a target of `set`.
    NsRef(Name, Name),
}

impl ExprKind {
    /// What messages call it.
    pub(crate) fn describe(&self) -> &'static str {
        match self {
            Self::Name(_) => "name",
            Self::Const(_) => "const",
            Self::Tuple(_) => "tuple",
            Self::List(_) => "list",
            Self::Dict(_) => "dict",
            Self::Unary(op, _) => match op {
                UnaryOp::Neg => "neg",
                UnaryOp::Pos => "pos",
                UnaryOp::Not => "not",
            },
            Self::Binary(op, _) => op.describe(),
            Self::And(_) => "and",
            Self::Or(_) => "or",
            Self::Compare(..) => "compare",
            Self::Concat(_) => "concat",
            Self::Cond(_) => "condexpr",
            Self::Getattr(..) => "getattr",
            Self::Getitem(_) => "getitem",
            Self::Slice(_) => "slice",
            Self::Filter(_) => "filter",
            Self::Test(_) => "test",
            Self::Call(_) => "call",
            Self::NsRef(..) => "nsref",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnaryOp {
    Neg,
    Pos,
    Not,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BinaryOp {
    Add,
    Sub,
    Mul,
    Div,
    FloorDiv,
    Mod,
    Pow,
}

impl BinaryOp {
    fn describe(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Sub => "sub",
            Self::Mul => "mul",
            Self::Div => "div",
            Self::FloorDiv => "floordiv",
            Self::Mod => "mod",
            Self::Pow => "pow",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CompareOp {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    In,
    NotIn,
}

/// `then if test else otherwise`
#[derive(Debug)]
pub(crate) struct Cond {
    pub(crate) test: Expr,
    pub(crate) then: Expr,
    pub(crate) otherwise: Option<Expr>,
    /// Where the line is that a message names.
    pub(crate) at: u32,
}

/// A filter or a test, applied.
#[derive(Debug)]
pub(crate) struct Apply {
    /// What it is applied to; `None` is the body of a filter block.
    pub(crate) value: Option<Expr>,
    pub(crate) name: Arc<str>,
    pub(crate) args: CallArgs,
    /// Where an unknown name is reported.
    pub(crate) at: u32,
}

#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) callee: Expr,
    pub(crate) args: CallArgs,
}

#[derive(Debug, Default)]
pub(crate) struct CallArgs {
    pub(crate) positional: Vec<Expr>,
    pub(crate) keyword: Vec<(Name, Expr)>,
    pub(crate) star: Option<Expr>,
    pub(crate) double_star: Option<Expr>,
}

impl CallArgs {
    /// All expressions, in the order of Jinja2's tree.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Expr> {
        let keyword = self.keyword.iter().map(|(_, value)| value);
        self.positional
            .iter()
            .chain(keyword)
            .chain(&self.star)
            .chain(&self.double_star)
    }
}

/// What can be assigned to.
#[derive(Debug)]
pub(crate) enum Target {
    Name(Name, Span),
    Ns(Name, Name, Span),
    Tuple(Vec<Target>),
}

impl Target {
    /// Calls `visit` for every plain name.
    pub(crate) fn each_name(&self, visit: &mut impl FnMut(Name, Span)) {
        match self {
            Self::Name(name, span) => visit(*name, *span),
            Self::Ns(..) => {}
            Self::Tuple(items) => {
                for item in items {
                    item.each_name(visit);
                }
            }
        }
    }
}

/// A piece of output.
#[derive(Debug)]
pub(crate) enum Piece {
    Data(Span),
    Expr(Expr),
}

/// A statement and where it is: at the word that it starts with.
#[derive(Debug)]
pub(crate) struct Stmt {
    pub(crate) kind: StmtKind,
    pub(crate) span: Span,
}

#[derive(Debug)]
pub(crate) enum StmtKind {
    Output(Vec<Piece>),
    For(Box<For>),
    If(If),
    With {
        targets: Vec<Target>,
        values: Vec<Expr>,
        body: Vec<Stmt>,
    },
    Autoescape {
        value: Expr,
        body: Vec<Stmt>,
    },
    Block(Box<Block>),
    Extends(Expr),
    Include {
        template: Expr,
        ignore_missing: bool,
        with_context: bool,
    },
    Import {
        template: Expr,
        target: Name,
        with_context: bool,
    },
    FromImport {
        template: Expr,
        names: Vec<(Name, Name)>,
        with_context: bool,
    },
    Macro {
        name: Name,
        signature: Signature,
        body: Vec<Stmt>,
    },
    CallBlock {
        call: Expr,
        signature: Signature,
        body: Vec<Stmt>,
    },
    FilterBlock {
        filter: Expr,
        body: Vec<Stmt>,
    },
    Set {
        target: Target,
        value: Expr,
    },
    SetBlock {
        target: Target,
        filter: Option<Expr>,
        body: Vec<Stmt>,
    },
}

#[derive(Debug)]
pub(crate) struct For {
    pub(crate) target: Target,
    pub(crate) iter: Expr,
    pub(crate) body: Vec<Stmt>,
    pub(crate) otherwise: Vec<Stmt>,
    pub(crate) test: Option<Expr>,
    pub(crate) recursive: bool,
}

#[derive(Debug)]
pub(crate) struct If {
    /// `if` and every `elif`.
    pub(crate) branches: Vec<(Expr, Vec<Stmt>)>,
    pub(crate) otherwise: Vec<Stmt>,
}

#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) name: Name,
    pub(crate) scoped: bool,
    pub(crate) required: bool,
    pub(crate) body: Vec<Stmt>,
}

/// Parameters of a macro or call block; the last ones have the defaults.
#[derive(Debug, Default)]
pub(crate) struct Signature {
    pub(crate) params: Vec<(Name, Span)>,
    pub(crate) defaults: Vec<Expr>,
}
