//! Constants.
//!
//! Jinja2 works out constant expressions while it compiles. Seldom that can be seen, but it can: an error in
//! something that is never reached, an unknown filter behind `true or`, a host's filter that is not pure.

use values::Value;

use super::Compiler;
use super::expressions::Lowered;
use crate::ast::BinaryOp;
use crate::error::ErrorKind;
use crate::program::Expr;
use crate::source::Span;
use crate::{Error, Host, Result, State, Template};

impl Compiler<'_> {
    /// The value of a constant, where filters and tests may be applied to it.
    pub(super) fn applicable(&self, lowered: &Lowered) -> Option<Value> {
        if self.volatile {
            None
        } else {
            lowered.value.clone()
        }
    }

    /// What an operation makes of constants; nothing if it fails, or if not all are known.
    pub(super) fn known(
        operands: &[&Lowered],
        operation: impl FnOnce(&[Value]) -> Result<Value>,
    ) -> Option<Value> {
        let values: Option<Vec<_>> = operands
            .iter()
            .map(|operand| operand.value.clone())
            .collect();
        operation(&values?).ok()
    }

    /// Lets filters and tests work on constants.
    pub(super) fn with_state<T>(&self, work: impl FnOnce(&mut State<'_>) -> T) -> T {
        let mut state = State::new(self.environment, &Nowhere);
        state.set_autoescape(self.autoescape);
        work(&mut state)
    }

    /// A literal.
    pub(super) fn constant(value: Value, span: Span) -> Lowered {
        let expr = Self::const_expr(&value, span).unwrap_or_else(|| Expr::Const(value.clone()));
        Lowered {
            expr,
            value: Some(value),
            constant: true,
        }
    }

    /// An operation whose value may be known: then that takes its place, as long as it is immutable.
    /// Not where nobody knows about autoescaping: there, constants are only printed as such.
    pub(super) fn folded(
        &self,
        expr: Expr,
        value: Option<Value>,
        constant: bool,
        span: Span,
    ) -> Lowered {
        let simple = value
            .as_ref()
            .filter(|_| !self.volatile)
            .and_then(|value| Self::const_expr(value, span));
        Lowered {
            expr: simple.unwrap_or(expr),
            value,
            constant,
        }
    }

    fn const_expr(value: &Value, span: Span) -> Option<Expr> {
        match value {
            // Jinja2 writes the value to its Python code, where there is no such name.
            Value::Float(float) if !float.is_finite() => {
                let name = if float.is_nan() { "nan" } else { "inf" };
                Some(Expr::Raise(
                    ErrorKind::PythonName,
                    format!("name '{name}' is not defined").into(),
                    span,
                ))
            }
            _ => is_simple(value).then(|| Expr::Const(value.clone())),
        }
    }
}

fn is_simple(value: &Value) -> bool {
    match value {
        Value::None
        | Value::Bool(_)
        | Value::Int(_)
        | Value::BigInt(_)
        | Value::Str(_)
        | Value::Markup(_) => true,
        Value::Float(float) => float.is_finite(),
        Value::Tuple(items) => items.iter().all(is_simple),
        _ => false,
    }
}

/// An error for operations whose result may be too large to be worked out in advance.
pub(super) fn affordable(op: BinaryOp, left: &Value, right: &Value) -> Result<()> {
    let small = |value: &Value, limit: i64| match value {
        Value::Int(i) => (-limit..=limit).contains(i),
        Value::Float(_) | Value::Bool(_) => true,
        _ => false,
    };
    let fine = match op {
        BinaryOp::Pow => small(left, 1 << 32) && small(right, 256),
        BinaryOp::Mul => {
            let repeated = |a: &Value, b: &Value| !matches!(a, Value::Int(_)) && small(b, 256);
            (small(left, i64::MAX - 1) && small(right, i64::MAX - 1))
                || repeated(left, right)
                || repeated(right, left)
        }
        _ => true,
    };
    if fine {
        Ok(())
    } else {
        Err(Error::unsupported("too large a constant"))
    }
}

/// There is no host while a template is compiled.
struct Nowhere;

impl Host for Nowhere {
    fn variable(&self, _name: &str) -> Result<Option<Value>> {
        Ok(None)
    }
    fn global(&self, _name: &str) -> Option<Value> {
        None
    }
    fn template(&self, _name: &str) -> Result<Option<Template>> {
        Ok(None)
    }
    fn call_function(&self, name: &str, _args: &values::Args) -> Result<Value> {
        Err(Error::unsupported(format!(
            "the function '{name}' while compiling"
        )))
    }
    fn call_filter(&self, name: &str, _value: &Value, _args: &values::Args) -> Result<Value> {
        Err(Error::unsupported(format!(
            "the filter '{name}' while compiling"
        )))
    }
}
