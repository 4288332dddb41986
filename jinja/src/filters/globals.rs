//! The global functions.

use std::any::Any;

use values::dict::Map;
use values::{Args, Dict, Key, Object, Value, iter, methods};

use super::cycle::{Cycler, Joiner};
use super::lipsum;
use super::method::{Method, Receiver};
use super::namespace::Namespace;
use super::range::Range;
use crate::{Error, Result, State};

/// A function, or a class that is called to make an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    /// `range`
    Range,
    /// `dict`
    Dict,
    /// `lipsum`
    Lipsum,
    /// `cycler`
    Cycler,
    /// `joiner`
    Joiner,
    /// `namespace`
    Namespace,
}

/// The global called `name`.
pub(super) fn global(name: &str) -> Option<Value> {
    Some(Value::object(match name {
        "range" => Function::Range,
        "dict" => Function::Dict,
        "lipsum" => Function::Lipsum,
        "cycler" => Function::Cycler,
        "joiner" => Function::Joiner,
        "namespace" => Function::Namespace,
        _ => return None,
    }))
}

/// Calls `callable` if it is an object of this module's.
pub(super) fn call(state: &mut State<'_>, callable: &Value, args: &Args) -> Option<Result<Value>> {
    if let Some(function) = callable.downcast::<Function>() {
        return Some(function.call(state, args));
    }
    if let Some(method) = callable.downcast::<Method>() {
        return Some(method.call(args));
    }
    callable
        .downcast::<Joiner>()
        .map(|joiner| joiner.call(args))
}

impl Function {
    fn call(self, state: &mut State<'_>, args: &Args) -> Result<Value> {
        match self {
            Self::Range => Range::construct(args),
            Self::Dict => Ok(Value::Dict(dict(args)?)),
            Self::Lipsum => lipsum::lipsum(state, args),
            Self::Cycler => Cycler::construct(args),
            Self::Joiner => Joiner::construct(args),
            Self::Namespace => Ok(Value::object(Namespace::new(dict(args)?))),
        }
    }
}

impl Object for Function {
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn type_name(&self) -> &'static str {
        if *self == Self::Lipsum {
            "function"
        } else {
            "type"
        }
    }
    fn repr(&self) -> String {
        match self {
            Self::Range => "<class 'range'>",
            Self::Dict => "<class 'dict'>",
            Self::Lipsum => "<function generate_lorem_ipsum at 0x7f0000000000>",
            Self::Cycler => "<class 'jinja2.utils.Cycler'>",
            Self::Joiner => "<class 'jinja2.utils.Joiner'>",
            Self::Namespace => "<class 'jinja2.utils.Namespace'>",
        }
        .to_owned()
    }
    fn get_attr(&self, name: &str) -> Option<Value> {
        if *self == Self::Dict {
            Receiver::DictClass.method(name)
        } else {
            None
        }
    }
    fn equals(&self, other: &Value) -> Option<bool> {
        // Each time a template names the global it gets a new object.
        Some(other.downcast() == Some(self))
    }
    fn is_callable(&self) -> bool {
        true
    }
}

/// `dict(…)`: from a mapping or from pairs, then from keywords.
fn dict(args: &Args) -> Result<Dict> {
    let mut items = match args.positional.as_slice() {
        [] => Map::new(),
        [Value::Dict(dict)] => dict.read().clone(),
        [source] if methods::has(source, "keys") => {
            return Err(Error::unsupported(format!(
                "dict() of a {}",
                source.type_name()
            )));
        }
        [source] => pairs(source)?,
        more => {
            return Err(Error::type_error(format!(
                "dict expected at most 1 argument, got {}",
                more.len()
            )));
        }
    };
    for (key, value) in &args.keyword {
        items.insert(Key::str(key), value.clone());
    }
    Ok(Dict::new(items))
}

fn pairs(source: &Value) -> Result<Map> {
    let mut items = Map::new();
    for (index, item) in iter::iterate(source)?.enumerate() {
        let item = item?;
        let pair = iter::collect(&item).map_err(|error| match error.kind {
            values::ErrorKind::Type => values::Error::type_error(format!(
                "cannot convert dictionary update sequence element #{index} to a sequence"
            )),
            _ => error,
        })?;
        let [key, value] = pair.as_slice() else {
            let len = pair.len();
            return Err(Error::value_error(format!(
                "dictionary update sequence element #{index} has length {len}; 2 is required"
            )));
        };
        items.insert(Key::new(key.clone())?, value.clone());
    }
    Ok(items)
}

/// `dict.fromkeys(iterable, value=None)`
pub(super) fn dict_fromkeys(args: &Args) -> Result<Value> {
    if !args.keyword.is_empty() {
        return Err(Error::type_error(
            "dict.fromkeys() takes no keyword arguments",
        ));
    }
    let (keys, value) = match args.positional.as_slice() {
        [] => {
            return Err(Error::type_error(
                "fromkeys expected at least 1 argument, got 0",
            ));
        }
        [keys] => (keys, Value::None),
        [keys, value] => (keys, value.clone()),
        more => {
            return Err(Error::type_error(format!(
                "fromkeys expected at most 2 arguments, got {}",
                more.len()
            )));
        }
    };
    let mut items = Map::new();
    for key in iter::iterate(keys)? {
        items.insert(Key::new(key?)?, value.clone());
    }
    Ok(Value::Dict(Dict::new(items)))
}
