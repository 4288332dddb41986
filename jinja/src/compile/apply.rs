//! Filters, tests and calls.

use std::sync::Arc;

use values::{Args, Value};

use super::expressions::Lowered;
use super::{Compiler, Frame};
use crate::ast;
use crate::filters;
use crate::names::Name;
use crate::program::{Call, CallArgs, Expr, Filter, FilterRef, Test};
use crate::source::Span;
use crate::{Error, Result};

/// Words that Python does not take as the name of a keyword argument; Jinja2 passes these in a dictionary.
const PYTHON_KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
    "with", "yield",
];

/// Compiled arguments, and their values where all are constants.
struct LoweredArgs {
    args: CallArgs,
    values: Option<Args>,
    constant: bool,
}

impl Compiler<'_> {
    pub(super) fn filter(
        &mut self,
        node: &ast::Apply,
        span: Span,
        frame: Frame,
    ) -> Result<Lowered> {
        let function = if self.environment.is_host_filter(&node.name) {
            FilterRef::Host
        } else {
            filters::builtin_filter(&node.name).map_or(FilterRef::Unknown, FilterRef::BuiltIn)
        };
        if matches!(function, FilterRef::Unknown) && !frame.soft {
            // What Jinja2 folds before it gets here still fails first.
            return Err(self.unknown("filter", &node.name, node.at));
        }
        let value = match &node.value {
            Some(value) => self.lower(value, frame)?,
            None => Lowered::dynamic(Expr::Captured(self.escape())),
        };
        let lowered = self.args(&node.args, false, frame)?;
        let constant = value.constant && lowered.constant && !self.volatile;
        let known = match (function, self.applicable(&value), &lowered.values) {
            (FilterRef::BuiltIn(function), Some(value), Some(args))
                if !filters::reads_context(&node.name) =>
            {
                self.with_state(|state| function(state, &value, args)).ok()
            }
            _ => None,
        };
        let filter = Filter {
            value: value.expr,
            name: Arc::clone(&node.name),
            function,
            args: lowered.args,
            span,
        };
        let expr = Expr::Filter(Box::new(filter));
        if matches!(function, FilterRef::Host) && constant {
            self.once += 1;
            return Ok(Lowered {
                expr: Expr::Once(Box::new(expr), self.once),
                value: None,
                constant,
            });
        }
        let constant = constant && matches!(function, FilterRef::BuiltIn(_));
        Ok(self.folded(expr, known, constant, span))
    }

    pub(super) fn test(&mut self, node: &ast::Apply, span: Span, frame: Frame) -> Result<Lowered> {
        let function = filters::builtin_test(&node.name);
        if function.is_none() && !frame.soft {
            return Err(self.unknown("test", &node.name, node.at));
        }
        let value = match &node.value {
            Some(value) => self.lower(value, frame)?,
            None => Lowered::dynamic(Expr::Const(Value::None)),
        };
        let lowered = self.args(&node.args, false, frame)?;
        let constant = value.constant && lowered.constant && function.is_some();
        let known = match (function, self.applicable(&value), &lowered.values) {
            (Some(function), Some(value), Some(args)) => self
                .with_state(|state| function(state, &value, args))
                .ok()
                .map(Value::Bool),
            _ => None,
        };
        let test = Test {
            value: value.expr,
            name: Arc::clone(&node.name),
            function,
            args: lowered.args,
            span,
        };
        Ok(self.folded(Expr::Test(Box::new(test)), known, constant, span))
    }

    fn unknown(&self, what: &str, name: &str, at: u32) -> Error {
        let end = at + name.len() as u32;
        self.fail(
            format!("No {what} named {}.", values::repr::str_repr(name)),
            Span::new(at, end),
        )
    }

    pub(super) fn call(
        &mut self,
        node: &ast::Call,
        span: Span,
        with_caller: bool,
        frame: Frame,
    ) -> Result<Call> {
        let callee = self.expr(&node.callee, frame)?;
        let args = self.args(&node.args, with_caller, frame)?.args;
        Ok(Call { callee, args, span })
    }

    fn args(
        &mut self,
        node: &ast::CallArgs,
        with_caller: bool,
        frame: Frame,
    ) -> Result<LoweredArgs> {
        let mut constant = true;
        let mut values = Some(Args::default());
        let mut args = CallArgs::default();
        for arg in &node.positional {
            let arg = self.lower(arg, frame)?;
            constant &= arg.constant;
            match (&mut values, arg.value.clone()) {
                (Some(values), Some(value)) => values.positional.push(value),
                _ => values = None,
            }
            args.positional.push(arg.expr);
        }
        let is_keyword = |name: &Name| PYTHON_KEYWORDS.contains(&&**self.names.get(*name));
        args.in_dict = node.keyword.iter().any(|(name, _)| is_keyword(name));
        for (index, (name, arg)) in node.keyword.iter().enumerate() {
            let text = Arc::clone(self.names.get(*name));
            let repeated = node.keyword[..index].iter().any(|(other, _)| other == name)
                || (with_caller && &*text == "caller");
            if repeated && !args.in_dict {
                self.refuse(2, format!("keyword argument repeated: {text}"), arg.span);
            }
            let arg = self.lower(arg, frame)?;
            constant &= arg.constant;
            match (&mut values, arg.value.clone()) {
                (Some(values), Some(value)) => values.keyword.push((text.to_string(), value)),
                _ => values = None,
            }
            args.keyword.push((*name, arg.expr));
        }
        for (from, to) in [
            (&node.star, &mut args.star),
            (&node.double_star, &mut args.double_star),
        ] {
            if let Some(arg) = from {
                // Worked out when it is needed: too rare to be folded.
                values = None;
                constant = false;
                *to = Some(self.expr(arg, frame)?);
            }
        }
        Ok(LoweredArgs {
            args,
            values,
            constant,
        })
    }
}
