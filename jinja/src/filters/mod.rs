//! The built-in filters, tests and global functions.
//!
//! They know the data model, and of the render in progress what [`State`] offers. Generators are computed when they
//! are made: see `python::generator` for what that changes.

mod attribute;
mod cycle;
mod globals;
mod group;
mod layout;
mod lipsum;
mod markup;
mod method;
mod namespace;
mod numbers;
mod order;
mod python;
mod range;
mod select;
mod sequence;
mod signature;
mod strings;
mod tests;
mod text;

pub use namespace::Namespace;

use values::{Args, Value, ops};

use crate::{Result, State, is_undefined};

/// A filter: the value it is applied to, and its arguments.
pub type FilterFn = fn(&mut State<'_>, &Value, &Args) -> Result<Value>;
/// A test: the value it is applied to, and its arguments.
pub type TestFn = fn(&mut State<'_>, &Value, &Args) -> Result<bool>;

/// The built-in filter called `name`.
pub fn builtin_filter(name: &str) -> Option<FilterFn> {
    Some(match name {
        "abs" => numbers::abs,
        "attr" => attribute::attr,
        "batch" => sequence::batch,
        "capitalize" => strings::capitalize,
        "center" => strings::center,
        "count" | "length" => sequence::length,
        "d" | "default" => default,
        "dictsort" => order::dictsort,
        "e" | "escape" => markup::escape,
        "filesizeformat" => numbers::filesizeformat,
        "first" => sequence::first,
        "float" => numbers::to_float,
        "forceescape" => markup::forceescape,
        "format" => strings::format,
        "groupby" => order::groupby,
        "indent" => layout::indent,
        "int" => numbers::int,
        "items" => sequence::items,
        "join" => sequence::join,
        "last" => sequence::last,
        "list" => sequence::list,
        "lower" => strings::lower,
        "map" => select::map,
        "max" => order::max,
        "min" => order::min,
        "pprint" => layout::pprint,
        "random" => sequence::random,
        "reject" => select::reject,
        "rejectattr" => select::rejectattr,
        "replace" => strings::replace,
        "reverse" => sequence::reverse,
        "round" => numbers::round,
        "safe" => markup::safe,
        "select" => select::select,
        "selectattr" => select::selectattr,
        "slice" => sequence::slice,
        "sort" => order::sort,
        "string" => strings::as_string,
        "striptags" => markup::striptags,
        "sum" => numbers::sum,
        "title" => strings::title,
        "tojson" => markup::tojson,
        "trim" => strings::trim,
        "truncate" => layout::truncate,
        "unique" => order::unique,
        "upper" => strings::upper,
        "urlencode" => markup::urlencode,
        "urlize" => markup::urlize,
        "wordcount" => strings::wordcount,
        "wordwrap" => layout::wordwrap,
        "xmlattr" => markup::xmlattr,
        _ => return None,
    })
}

/// The built-in test called `name`.
pub fn builtin_test(name: &str) -> Option<TestFn> {
    tests::test(name)
}

/// Whether the built-in filter `name` reads the context (`@pass_context`): Jinja2 does not apply these to
/// constants while it compiles.
pub fn reads_context(name: &str) -> bool {
    matches!(
        name,
        "random" | "map" | "select" | "reject" | "selectattr" | "rejectattr"
    )
}

/// The built-in global called `name`: `range`, `dict`, `lipsum`, `cycler`, `joiner`, `namespace`.
pub fn builtin_global(name: &str) -> Option<Value> {
    globals::global(name)
}

/// `{% set object.name = value %}`: `None` if `object` is no namespace.
pub fn set_namespace_attr(object: &Value, name: &str, value: Value) -> Option<Result<()>> {
    Some(
        object
            .downcast::<Namespace>()?
            .set(name, value)
            .map_err(Into::into),
    )
}

/// Calls an object that is defined here (a global function, `cycler.next`, a `joiner`, …): `None` if it is none.
pub fn call_object(state: &mut State<'_>, callable: &Value, args: &Args) -> Option<Result<Value>> {
    globals::call(state, callable, args)
}

/// `object[start:stop:step]` of an object that is defined here: a range, or a tuple that `groupby` made.
/// `None` if it is neither.
pub fn slice_object(
    object: &Value,
    start: &Value,
    stop: &Value,
    step: &Value,
) -> Option<Result<Value>> {
    if let Some(range) = object.downcast::<range::Range>() {
        return Some(range.slice(start, stop, step));
    }
    let tuple = object.downcast::<group::GroupTuple>()?.to_tuple();
    Some(values::attr::get_slice(&tuple, start, stop, step).map_err(Into::into))
}

/// `item in object` of an object that is defined here and knows without listing its items: a range.
/// `None` for all others.
pub fn object_contains(object: &Value, item: &Value) -> Option<Result<bool>> {
    let range = object.downcast::<range::Range>()?;
    Some(range.contains(item).map_err(Into::into))
}

/// `default`, `d`
fn default(_: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    let [default, boolean] = signature::bind(
        "do_default",
        &["value"],
        ["default_value", "boolean"],
        0,
        args,
    )?;
    let replaced = is_undefined(value) || (python::flag(boolean.as_ref())? && !ops::truth(value)?);
    Ok(if replaced {
        default.unwrap_or_else(|| Value::str(""))
    } else {
        value.clone()
    })
}
