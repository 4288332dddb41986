//! Binding of arguments to parameters, with the errors of Python.

use std::fmt::Write;

use values::{Args, Value};

use crate::{Error, Result};

/// Binds `args` to the parameters `names` of the Python function `function`, of which the first `required` have
/// no default. `implied` are the parameters before them, which Jinja2 fills: they count, and have a name too.
/// The answer has one entry for each of `names`, `None` where the default is to be used.
pub(super) fn bind<const N: usize>(
    function: &str,
    implied: &[&str],
    names: [&str; N],
    required: usize,
    args: &Args,
) -> Result<[Option<Value>; N]> {
    let mut bound: [Option<Value>; N] =
        std::array::from_fn(|index| args.positional.get(index).cloned());
    for (key, value) in &args.keyword {
        let index = names.iter().position(|name| name == key);
        match index.map(|index| &mut bound[index]) {
            Some(slot @ None) => *slot = Some(value.clone()),
            None if !implied.contains(&key.as_str()) => return Err(unexpected(function, key)),
            _ => return Err(multiple(function, key)),
        }
    }
    if args.positional.len() > N {
        let all = implied.len() + N;
        let least = implied.len() + required;
        let given = implied.len() + args.positional.len();
        let range = if required < N {
            format!("from {least} to {all}")
        } else {
            all.to_string()
        };
        let plural = if all == 1 && required == N { "" } else { "s" };
        let were = if given == 1 { "was" } else { "were" };
        return Err(Error::type_error(format!(
            "{function}() takes {range} positional argument{plural} but {given} {were} given"
        )));
    }
    let missing: Vec<_> = (0..required)
        .filter(|index| bound[*index].is_none())
        .map(|index| names[index])
        .collect();
    if missing.is_empty() {
        Ok(bound)
    } else {
        Err(missing_arguments(function, &missing))
    }
}

/// For a function that takes `*args` and `**kwargs`: none of the keywords may name one of the `implied`.
pub(super) fn bind_rest(function: &str, implied: &[&str], args: &Args) -> Result<()> {
    match args
        .keyword
        .iter()
        .find(|(key, _)| implied.contains(&key.as_str()))
    {
        Some((key, _)) => Err(multiple(function, key)),
        None => Ok(()),
    }
}

/// For a built-in function of one argument, which is given already.
pub(super) fn bind_builtin(function: &str, args: &Args) -> Result<()> {
    if !args.keyword.is_empty() {
        return Err(Error::type_error(format!(
            "{function}() takes no keyword arguments"
        )));
    }
    match args.positional.len() {
        0 => Ok(()),
        more => Err(Error::type_error(format!(
            "{function}() takes exactly one argument ({} given)",
            more + 1
        ))),
    }
}

/// For a Python function of one positional-only argument `name`, which is given already.
pub(super) fn bind_positional_only(function: &str, name: &str, args: &Args) -> Result<()> {
    if args.get(name).is_some() {
        return Err(Error::type_error(format!(
            "{function}() got some positional-only arguments passed as keyword arguments: '{name}'"
        )));
    }
    bind::<0>(function, &[name], [], 0, args).map(|_| ())
}

fn unexpected(function: &str, key: &str) -> Error {
    Error::type_error(format!(
        "{function}() got an unexpected keyword argument '{key}'"
    ))
}

fn multiple(function: &str, key: &str) -> Error {
    Error::type_error(format!(
        "{function}() got multiple values for argument '{key}'"
    ))
}

fn missing_arguments(function: &str, names: &[&str]) -> Error {
    let mut listed = String::new();
    for (index, name) in names.iter().enumerate() {
        let separator = match (index, names.len()) {
            (0, _) => "",
            (1, 2) => " and ",
            (_, count) if index + 1 == count => ", and ",
            _ => ", ",
        };
        // Writing to a string does not fail.
        _ = write!(listed, "{separator}'{name}'");
    }
    let plural = if names.len() == 1 { "" } else { "s" };
    Error::type_error(format!(
        "{function}() missing {} required positional argument{plural}: {listed}",
        names.len()
    ))
}
