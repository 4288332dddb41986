//! The built-in filters, tests and global functions.

use values::{Args, Value};

use crate::{Result, State};

/// A filter: the value it is applied to, and its arguments.
pub type FilterFn = fn(&mut State<'_>, &Value, &Args) -> Result<Value>;
/// A test: the value it is applied to, and its arguments.
pub type TestFn = fn(&mut State<'_>, &Value, &Args) -> Result<bool>;

/// The built-in filter called `name`.
pub fn builtin_filter(_name: &str) -> Option<FilterFn> {
    None
}

/// The built-in test called `name`.
pub fn builtin_test(_name: &str) -> Option<TestFn> {
    None
}

/// Whether the built-in filter `name` reads the context (`@pass_context`): Jinja2 does not apply these to
/// constants while it compiles.
pub fn reads_context(name: &str) -> bool {
    matches!(name, "random" | "map" | "select" | "reject" | "selectattr" | "rejectattr")
}

/// The built-in global called `name`: `range`, `dict`, `lipsum`, `cycler`, `joiner`, `namespace`.
pub fn builtin_global(_name: &str) -> Option<Value> {
    None
}

/// `{% set object.name = value %}`: `None` if `object` is no namespace.
pub fn set_namespace_attr(_object: &Value, _name: &str, _value: Value) -> Option<Result<()>> {
    None
}

/// Calls an object that is defined here (a global function, `cycler.next`, a `joiner`, …): `None` if it is none.
pub fn call_object(_state: &mut State<'_>, _callable: &Value, _args: &Args) -> Option<Result<Value>> {
    None
}
