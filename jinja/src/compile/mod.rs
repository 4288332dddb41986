//! From the syntax tree to a program: names become slots, constants are folded, and what Jinja2 finds wrong while
//! it compiles is found here, in the same order.

mod access;
mod apply;
mod expressions;
mod fold;
mod inheritance;
mod loops;
mod macros;
mod scan;
mod slots;
mod statements;
mod symbols;

use std::sync::Arc;

use self::scan::Event;
use self::slots::Open;
use self::symbols::Scopes;
use crate::ast;
use crate::error::ErrorKind;
use crate::names::{Name, Names};
use crate::parser::Tree;
use crate::program::{Function, FunctionId, Program};
use crate::source::{Source, Span};
use crate::{Environment, Error, Result};

/// Compiles a parsed template.
pub(crate) fn compile(environment: &Environment, source: Source, tree: Tree) -> Result<Program> {
    let Tree { body, names } = tree;
    let mut compiler = Compiler {
        environment,
        source: &source,
        names,
        functions: Vec::new(),
        open: Vec::new(),
        scopes: Scopes::default(),
        autoescape: false,
        volatile: false,
        inheritance: Inheritance::default(),
        folding: 0,
        undeclared_params: None,
        refused: None,
        once: 0,
    };
    let (root, blocks) = compiler.template(&body)?;
    let Compiler {
        names,
        functions,
        refused,
        ..
    } = compiler;
    if let Some((_, error)) = refused {
        return Err(error);
    }
    Ok(Program {
        source,
        names,
        functions,
        root,
        blocks,
    })
}

/// The blocks of a template, in the order in which they were written.
type Blocks = Vec<(Arc<str>, FunctionId)>;

/// What is known about the place that is being compiled.
#[derive(Clone, Copy, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a question of its own about the same place"
)]
struct Frame {
    /// The root, or an `if` in it.
    toplevel: bool,
    /// The root itself.
    rootlevel: bool,
    /// Inside of an `if` or a conditional expression: unknown filters are errors only when they are reached.
    soft: bool,
    /// Output only if nothing was extended.
    output_check: bool,
    /// Output goes to a buffer.
    buffered: bool,
    /// In a macro, a call block or a recursive loop.
    in_function: bool,
}

impl Frame {
    /// The frame of a scope inside of this one.
    fn inner(self) -> Self {
        Self {
            toplevel: false,
            rootlevel: false,
            soft: false,
            ..self
        }
    }
    fn soft(self) -> Self {
        Self {
            rootlevel: false,
            soft: true,
            ..self
        }
    }
}

/// What is known about the template's parent.
#[derive(Debug, Default)]
struct Inheritance {
    /// Whether there is any `extends`.
    any: bool,
    /// How many there were up to here.
    count: usize,
    /// Whether one of these is always run.
    known: bool,
}

struct Compiler<'t> {
    environment: &'t Environment,
    source: &'t Source,
    names: Names,
    functions: Vec<Function>,
    /// The functions around this place, innermost last.
    open: Vec<Open>,
    scopes: Scopes,
    autoescape: bool,
    /// Inside of `{% autoescape %}` with a value that is not known.
    volatile: bool,
    inheritance: Inheritance,
    /// How many of the expressions around this one are tried as constants.
    folding: u32,
    /// While defaults are compiled: parameters that may not be set yet.
    undeclared_params: Option<Vec<(u32, Name)>>,
    /// What Python would say to the code that Jinja2 generates, by the phase in which it says so.
    refused: Option<(u8, Error)>,
    once: u32,
}

impl Compiler<'_> {
    fn fail(&self, message: impl Into<String>, span: Span) -> Error {
        self.source.error(ErrorKind::Assertion, message, span)
    }

    /// Notes that Python refuses the code. Errors of earlier phases win.
    fn refuse(&mut self, phase: u8, message: impl Into<String>, span: Span) {
        if self
            .refused
            .as_ref()
            .is_none_or(|(other, _)| *other > phase)
        {
            self.refused = Some((
                phase,
                self.source.error(ErrorKind::PythonSyntax, message, span),
            ));
        }
    }

    fn template(&mut self, body: &[ast::Stmt]) -> Result<(FunctionId, Blocks)> {
        let blocks = self.find_blocks(body)?;
        let special = self.names.find("self");
        let uses_self = !scan::undeclared(body, &[special]).is_empty();

        self.open_function(0);
        self.scopes.enter();
        if let (true, Some(name)) = (uses_self, special) {
            self.scopes.parameter(name);
            self.function().self_slot = Some(self.slot(0, name));
        }
        self.scopes.statements(body);
        let frame = Frame {
            toplevel: true,
            rootlevel: true,
            output_check: self.inheritance.any,
            ..Frame::default()
        };
        let loads = self.loads();
        let code = self.body(body, frame)?;
        self.scopes.leave();
        let root = self.close_function(loads, code);

        let mut compiled = Vec::with_capacity(blocks.len());
        for block in blocks {
            let id = self.block_function(block)?;
            compiled.push((Arc::clone(self.names.get(block.name)), id));
        }
        Ok((root, compiled))
    }

    /// All blocks, in the order in which they were written.
    fn find_blocks<'a>(&mut self, body: &'a [ast::Stmt]) -> Result<Vec<&'a ast::Block>> {
        let mut blocks: Vec<&ast::Block> = Vec::new();
        let mut duplicate = None;
        let mut extends = false;
        scan::walk(body, &mut |event| {
            match event {
                Event::Block(block, span) => {
                    if duplicate.is_none() && blocks.iter().any(|other| other.name == block.name) {
                        duplicate = Some((block.name, span));
                    }
                    blocks.push(block);
                }
                Event::Extends => extends = true,
                _ => {}
            }
            true
        });
        self.inheritance.any = extends;
        match duplicate {
            Some((name, span)) => {
                let name = values::repr::str_repr(self.names.get(name));
                Err(self.fail(format!("block {name} defined twice"), span))
            }
            None => Ok(blocks),
        }
    }

    fn block_function(&mut self, block: &ast::Block) -> Result<FunctionId> {
        let specials = [self.names.find("self"), self.names.find("super")];
        let used = scan::undeclared(&block.body, &specials);
        self.open_function(0);
        self.scopes.enter();
        for name in used {
            self.scopes.parameter(name);
            let slot = self.slot(0, name);
            if Some(name) == specials[0] {
                self.function().self_slot = Some(slot);
            } else {
                let block = Arc::clone(self.names.get(block.name));
                self.function().super_slot = Some((slot, block));
            }
        }
        self.scopes.statements(&block.body);
        let loads = self.loads();
        let code = self.body(&block.body, Frame::default())?;
        self.scopes.leave();
        Ok(self.close_function(loads, code))
    }
}
