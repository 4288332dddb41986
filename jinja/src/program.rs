//! The compiled template: names are slots, and what can be known beforehand is known.
//!
//! Jinja2 compiles a template to Python functions whose variables are called `l_<level>_<name>`. What a name means
//! follows from the scoping rules of both: here too a template is a set of functions with slots, and an inner
//! function shares the slots of the outer one that it mentions.

use std::sync::Arc;

use values::Value;

use crate::ast::{BinaryOp, CompareOp, UnaryOp};
use crate::error::ErrorKind;
use crate::filters::{FilterFn, TestFn};
use crate::names::{Name, Names};
use crate::source::{Source, Span};

/// The number of a function within its program.
pub(crate) type FunctionId = u32;
/// The number of a slot within its function.
pub(crate) type SlotId = u32;

/// A compiled template.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) source: Source,
    pub(crate) names: Names,
    pub(crate) functions: Vec<Function>,
    pub(crate) root: FunctionId,
    /// In the order in which they were written.
    pub(crate) blocks: Vec<(Arc<str>, FunctionId)>,
}

/// A unit with slots of its own.
#[derive(Debug, Default)]
pub(crate) struct Function {
    pub(crate) slots: Vec<SlotKind>,
    pub(crate) loads: Vec<Load>,
    pub(crate) body: Vec<Stmt>,
    /// The slot of `self`, in roots and blocks.
    pub(crate) self_slot: Option<SlotId>,
    /// The slot of `super` and the block's name, in blocks.
    pub(crate) super_slot: Option<(SlotId, Arc<str>)>,
    pub(crate) kind: FunctionKind,
    /// Jinja2 makes a generator of a macro, call block or recursive loop that includes without context.
    pub(crate) is_generator: bool,
}

/// What a function is besides its body.
#[derive(Debug, Default)]
pub(crate) enum FunctionKind {
    /// The root, or a block.
    #[default]
    Plain,
    Macro(MacroCode),
    /// The body of a recursive loop.
    Loop(Box<ForLoop>),
    /// The `if` of a loop.
    LoopFilter {
        target: Target,
        test: Expr,
        item: Expr,
    },
}

/// The signature of a macro or a call block.
#[derive(Debug)]
pub(crate) struct MacroCode {
    /// `None` for call blocks.
    pub(crate) name: Option<Arc<str>>,
    pub(crate) params: Vec<Param>,
    pub(crate) caller: Option<SlotId>,
    pub(crate) kwargs: Option<SlotId>,
    pub(crate) varargs: Option<SlotId>,
    /// Whether the body mentions `caller` at all.
    pub(crate) accesses_caller: bool,
    /// Whether `caller` is one of the parameters.
    pub(crate) explicit_caller: bool,
}

#[derive(Debug)]
pub(crate) struct Param {
    pub(crate) name: Name,
    pub(crate) slot: SlotId,
    pub(crate) default: Option<Expr>,
}

/// Where a slot lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SlotKind {
    Local,
    /// Local, and shared with inner functions.
    Shared,
    /// A slot of the outer function.
    Outer(SlotId),
}

/// What a slot is set to when its scope is entered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Load {
    pub(crate) slot: SlotId,
    pub(crate) source: LoadSource,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum LoadSource {
    /// What the context has, which is looked up when it is needed.
    Context,
    Slot(SlotId),
    Missing,
}

/// A scope inside of a function.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    pub(crate) loads: Vec<Load>,
    pub(crate) body: Vec<Stmt>,
    /// Slots that are missing afterwards.
    pub(crate) leave: Vec<SlotId>,
}

/// Whether output is escaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Escape {
    No,
    Yes,
    /// As the context says at that time.
    Dynamic,
}

#[derive(Debug)]
pub(crate) enum Stmt {
    /// Template text.
    Text(Span),
    /// Text that is not in the source as it is.
    Fixed(Arc<str>),
    Print(Expr, Span, Escape),
    /// Only as long as there is no parent.
    UnlessExtended(Vec<Stmt>),
    If(Vec<(Expr, Span, Vec<Stmt>)>, Vec<Stmt>),
    For(Box<ForStmt>),
    Set(Box<Set>),
    SetBlock(Box<SetBlock>),
    With(Box<With>),
    Macro(Box<MacroStmt>),
    CallBlock(Box<CallBlock>),
    FilterBlock(Box<FilterBlock>),
    Autoescape(Box<Autoescape>),
    Include(Box<Include>),
    Import(Box<Import>),
    FromImport(Box<FromImport>),
    Extends(Box<Extends>),
    Block(Box<BlockStmt>),
    Raise(ErrorKind, &'static str, Span),
}

#[derive(Debug)]
pub(crate) enum Target {
    Slot(SlotId),
    Ns {
        slot: SlotId,
        name: Name,
        attr: Name,
    },
    Tuple(Vec<Target>),
}

#[derive(Debug)]
pub(crate) struct ForStmt {
    pub(crate) iter: Expr,
    pub(crate) span: Span,
    pub(crate) filter: Option<FunctionId>,
    pub(crate) code: ForCode,
}

#[derive(Debug)]
pub(crate) enum ForCode {
    Inline(ForLoop),
    Recursive(FunctionId, Escape),
}

#[derive(Debug)]
pub(crate) struct ForLoop {
    pub(crate) target: Target,
    pub(crate) target_span: Span,
    pub(crate) iter_span: Span,
    pub(crate) loop_slot: Option<SlotId>,
    pub(crate) scope: Scope,
    pub(crate) otherwise: Option<Scope>,
}

#[derive(Debug)]
pub(crate) struct Set {
    pub(crate) target: Target,
    pub(crate) value: Expr,
    pub(crate) span: Span,
    /// Slots that have to hold namespaces.
    pub(crate) namespaces: Vec<(SlotId, Name)>,
    pub(crate) exports: Vec<(Name, SlotId)>,
}

#[derive(Debug)]
pub(crate) struct SetBlock {
    pub(crate) target: Target,
    pub(crate) scope: Scope,
    pub(crate) filter: Option<Expr>,
    pub(crate) span: Span,
    pub(crate) exports: Vec<(Name, SlotId)>,
}

#[derive(Debug)]
pub(crate) struct With {
    pub(crate) values: Vec<(Target, Expr, Span)>,
    pub(crate) scope: Scope,
}

#[derive(Debug)]
pub(crate) struct MacroStmt {
    pub(crate) function: FunctionId,
    pub(crate) name: Name,
    pub(crate) slot: SlotId,
    pub(crate) toplevel: bool,
}

#[derive(Debug)]
pub(crate) struct CallBlock {
    pub(crate) function: FunctionId,
    pub(crate) call: Call,
    pub(crate) span: Span,
}

#[derive(Debug)]
pub(crate) struct FilterBlock {
    pub(crate) scope: Scope,
    pub(crate) filter: Expr,
    pub(crate) span: Span,
}

#[derive(Debug)]
pub(crate) struct Autoescape {
    pub(crate) value: Expr,
    pub(crate) scope: Scope,
}

/// The names that were assigned so far, for the templates that see them.
pub(crate) type Locals = Vec<(Name, SlotId)>;

#[derive(Debug)]
pub(crate) struct Include {
    pub(crate) template: Expr,
    pub(crate) span: Span,
    pub(crate) selection: Selection,
    pub(crate) ignore_missing: bool,
    /// `None`: without context.
    pub(crate) locals: Option<Locals>,
    pub(crate) buffered: bool,
}

/// What an included name may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Selection {
    One,
    Many,
    Either,
}

#[derive(Debug)]
pub(crate) struct Import {
    pub(crate) template: Expr,
    pub(crate) span: Span,
    pub(crate) locals: Option<Locals>,
    pub(crate) target: Name,
    pub(crate) slot: SlotId,
    pub(crate) toplevel: bool,
}

#[derive(Debug)]
pub(crate) struct FromImport {
    pub(crate) template: Expr,
    pub(crate) span: Span,
    pub(crate) locals: Option<Locals>,
    /// Name, alias, and where it goes.
    pub(crate) names: Vec<(Name, Name, SlotId)>,
    pub(crate) toplevel: bool,
}

#[derive(Debug)]
pub(crate) struct Extends {
    pub(crate) template: Expr,
    pub(crate) span: Span,
    /// An error if there is a parent already.
    pub(crate) check: bool,
}

#[derive(Debug)]
pub(crate) struct BlockStmt {
    pub(crate) name: Arc<str>,
    pub(crate) span: Span,
    /// For scoped blocks.
    pub(crate) locals: Option<Locals>,
    pub(crate) required: bool,
    pub(crate) unless_extended: bool,
}

#[derive(Debug)]
pub(crate) enum Expr {
    Const(Value),
    /// A variable that is undefined where its slot is missing.
    Var(SlotId, Name, Span),
    /// A variable that Jinja2 believes to be set.
    Param(SlotId, Name),
    Tuple(Vec<Expr>),
    List(Vec<Expr>),
    Dict(Vec<(Expr, Expr)>, Span),
    Unary(UnaryOp, Box<Expr>, Span),
    Binary(BinaryOp, Box<(Expr, Expr)>, Span),
    And(Box<(Expr, Expr)>, Span),
    Or(Box<(Expr, Expr)>, Span),
    Compare(Box<Compare>),
    /// The flag: markup if one of them is.
    Concat(Vec<Expr>, bool, Span),
    Cond(Box<Cond>),
    Getattr(Box<Expr>, Name, Span),
    Getitem(Box<(Expr, Expr)>, Span),
    Slice(Box<Slice>),
    Filter(Box<Filter>),
    Test(Box<Test>),
    Call(Box<Call>),
    /// The text of the filter block around it.
    Captured(Escape),
    /// Worked out once a render: Jinja2 applies filters to constants while it compiles.
    Once(Box<Expr>, u32),
    Raise(ErrorKind, Arc<str>, Span),
}

#[derive(Debug)]
pub(crate) struct Compare {
    pub(crate) first: Expr,
    pub(crate) rest: Vec<(CompareOp, Expr)>,
    pub(crate) span: Span,
}

#[derive(Debug)]
pub(crate) struct Cond {
    pub(crate) test: Expr,
    pub(crate) then: Expr,
    /// The other value, or the message of the undefined one.
    pub(crate) otherwise: Result<Expr, Arc<str>>,
    pub(crate) span: Span,
}

#[derive(Debug)]
pub(crate) struct Slice {
    pub(crate) value: Expr,
    pub(crate) parts: [Option<Expr>; 3],
    pub(crate) span: Span,
}

#[derive(Debug)]
pub(crate) struct Filter {
    pub(crate) value: Expr,
    pub(crate) name: Arc<str>,
    pub(crate) function: FilterRef,
    pub(crate) args: CallArgs,
    pub(crate) span: Span,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum FilterRef {
    BuiltIn(FilterFn),
    Host,
    /// An error when it is reached.
    Unknown,
}

#[derive(Debug)]
pub(crate) struct Test {
    pub(crate) value: Expr,
    pub(crate) name: Arc<str>,
    pub(crate) function: Option<TestFn>,
    pub(crate) args: CallArgs,
    pub(crate) span: Span,
}

#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) callee: Expr,
    pub(crate) args: CallArgs,
    pub(crate) span: Span,
}

#[derive(Debug, Default)]
pub(crate) struct CallArgs {
    pub(crate) positional: Vec<Expr>,
    pub(crate) keyword: Vec<(Name, Expr)>,
    pub(crate) star: Option<Expr>,
    pub(crate) double_star: Option<Expr>,
    /// Passed in a dictionary, in which the last of several values of a name wins.
    pub(crate) in_dict: bool,
}
