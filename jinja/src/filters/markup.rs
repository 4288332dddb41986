//! Filters for HTML, URLs and JSON.

use std::cmp::Ordering;

use values::object::elsewhere_within;
use values::{Args, Dict, Value, attr, escape, iter, json, ops, repr};

use super::group::GroupTuple;
use super::python::{
    argument_error, attribute_error, call_method, flag, given, is_elsewhere, is_there_a, markup,
    string, text, unpack_pair,
};
use super::signature::{bind, bind_positional_only};
use super::text::{html, links, url};
use crate::{Error, Result, State, is_undefined};

/// `escape`, `e`
pub(super) fn escape(_: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    bind_positional_only("escape", "s", args)?;
    Ok(escape::escape(value)?)
}

/// `forceescape`: a `Markup` is escaped too.
pub(super) fn forceescape(_: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    bind::<0>("do_forceescape", &["value"], [], 0, args)?;
    Ok(escape::escape(&text(value)?)?)
}

/// `safe`
pub(super) fn safe(_: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    bind::<0>("do_mark_safe", &["value"], [], 0, args)?;
    if matches!(value, Value::Markup(_)) {
        Ok(value.clone())
    } else {
        Ok(markup(string(value)?))
    }
}

/// `striptags`
pub(super) fn striptags(_: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    bind::<0>("do_striptags", &["value"], [], 0, args)?;
    Ok(html::strip_tags(&string(value)?).into())
}

/// `xmlattr`
pub(super) fn xmlattr(state: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    let [autospace] = bind("do_xmlattr", &["eval_ctx", "d"], ["autospace"], 0, args)?;
    let there = is_elsewhere(value).then(|| call_method(value, "items", []));
    let value = &match there {
        Some(items) => Value::Dict(values::methods::new_dict(&Args::positional([items?]))?),
        None => value.clone(),
    };
    let Value::Dict(dict) = value else {
        return Err(attribute_error(value, "items"));
    };
    let mut attributes = Vec::new();
    for (key, value) in dict.read().iter() {
        if matches!(value, Value::None) || is_undefined(value) {
            continue;
        }
        let key = key.value();
        let Some(name) = key.as_str() else {
            return Err(Error::type_error(if matches!(key, Value::Bytes(_)) {
                "cannot use a string pattern on a bytes-like object".to_owned()
            } else {
                format!(
                    "expected string or bytes-like object, got '{}'",
                    key.type_name()
                )
            }));
        };
        if name.contains([' ', '\t', '\n', '\r', '\x0b', '\x0c', '/', '>', '=']) {
            return Err(Error::value_error(format!(
                "Invalid character in attribute name: {}",
                repr::repr(key)
            )));
        }
        let escaped = |value: &Value| string(&escape::escape(value)?);
        attributes.push(format!("{}=\"{}\"", escaped(key)?, escaped(value)?));
    }
    let mut out = attributes.join(" ");
    if !out.is_empty() && (autospace.is_none() || flag(autospace.as_ref())?) {
        out.insert(0, ' ');
    }
    Ok(if state.autoescape() {
        markup(out)
    } else {
        out.into()
    })
}

/// `urlencode`: a text as a part of a path, pairs as a query.
pub(super) fn urlencode(_: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    bind::<0>("do_urlencode", &["value"], [], 0, args)?;
    let quote = |value: &Value, for_query: bool| -> Result<String> {
        Ok(match value {
            Value::Bytes(bytes) => url::quote(bytes, for_query),
            _ => url::quote(string(value)?.as_bytes(), for_query),
        })
    };
    if value.as_str().is_some() {
        return Ok(quote(value, false)?.into());
    }
    let there = is_there_a(value, "dict").then(|| call_method(value, "items", []));
    let value = &there.transpose()?.unwrap_or_else(|| value.clone());
    let mut pairs = Vec::new();
    if let Value::Dict(dict) = value {
        for (key, value) in dict.read().iter() {
            pairs.push(format!(
                "{}={}",
                quote(key.value(), true)?,
                quote(value, true)?
            ));
        }
    } else {
        let items = match iter::iterate(value) {
            Ok(items) => items,
            Err(error) if error.kind == values::ErrorKind::Type => {
                return Ok(quote(value, false)?.into());
            }
            Err(error) => return Err(error.into()),
        };
        for item in items {
            let (key, value) = unpack_pair(&item?)?;
            pairs.push(format!("{}={}", quote(&key, true)?, quote(&value, true)?));
        }
    }
    Ok(pairs.join("&").into())
}

/// `urlize`
pub(super) fn urlize(state: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    let names = [
        "trim_url_limit",
        "nofollow",
        "target",
        "rel",
        "extra_schemes",
    ];
    let [limit, nofollow, target, rel, extra_schemes] =
        bind("do_urlize", &["eval_ctx", "value"], names, 0, args)?;
    let rel = match given(rel) {
        Some(rel) if ops::truth(&rel)? => match rel.as_str() {
            Some(text) => text.to_owned(),
            None => return Err(attribute_error(&rel, "split")),
        },
        _ => String::new(),
    };
    let mut words: Vec<&str> = rel
        .split(super::text::chars::is_space)
        .filter(|word| !word.is_empty())
        .collect();
    if flag(nofollow.as_ref())? {
        words.push("nofollow");
    }
    words.push("noopener");
    words.sort_unstable();
    words.dedup();
    let mut attributes = format!(" rel=\"{}\"", escape::escape_str(&words.join(" ")));
    let mut schemes = Vec::new();
    if let Some(extra) = given(extra_schemes) {
        for scheme in iter::iterate(&extra)? {
            let scheme = scheme?;
            let Some(text) = scheme.as_str() else {
                let name = scheme.type_name();
                return Err(Error::type_error(format!(
                    "expected string or bytes-like object, got '{name}'"
                )));
            };
            if !links::is_scheme(text) {
                let shown = repr::repr(&scheme);
                return Err(argument_error(format!(
                    "{shown} is not a valid URI scheme prefix."
                )));
            }
            schemes.push(text.to_owned());
        }
    }
    let text = string(&escape::escape(value)?)?;
    if let Some(target) = given(target)
        && ops::truth(&target)?
    {
        let target = string(&escape::escape(&target)?)?;
        for part in [" target=\"", &target, "\""] {
            attributes.push_str(part);
        }
    }
    let limit = given(limit);
    // Only what is shown of an address is measured, so a limit that is no number matters only then.
    let shorten = |address: &str| -> Result<String> {
        let Some(limit) = &limit else {
            return Ok(address.to_owned());
        };
        let address = Value::str(address);
        if ops::compare(&ops::len(&address)?.into(), limit, ">")? != Some(Ordering::Greater) {
            return string(&address);
        }
        let start = attr::get_slice(&address, &Value::None, limit, &Value::None)?;
        Ok(string(&start)? + "...")
    };
    let options = links::Options {
        shorten: &shorten,
        attributes,
        extra_schemes: schemes,
    };
    let out = links::link(&text, &options)?;
    Ok(if state.autoescape() {
        markup(out)
    } else {
        out.into()
    })
}

/// `tojson`: JSON that can stand in HTML.
pub(super) fn tojson(_: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    let [indent] = bind("do_tojson", &["eval_ctx", "value"], ["indent"], 0, args)?;
    let indent = match given(indent) {
        // A text has nothing to indent, whatever with.
        _ if value.as_str().is_some() => None,
        None => None,
        Some(text) if text.as_str().is_some() => Some(string(&text)?),
        Some(count) => Some(string(&ops::mul(&Value::str(" "), &count)?)?),
    };
    let indentation = indent.as_deref().map_or(Value::None, Value::str);
    let there = elsewhere_within("json", &[value, &indentation], &Args::default());
    let options = json::Options {
        sort_keys: true,
        indent,
        keep_unicode: false,
    };
    let text = match there {
        Some(text) => string(&text?)?,
        None => json::dumps(&plain(value, 0), &options)?,
    };
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("\\u003c"),
            '>' => out.push_str("\\u003e"),
            '&' => out.push_str("\\u0026"),
            '\'' => out.push_str("\\u0027"),
            _ => out.push(c),
        }
    }
    Ok(markup(out))
}

/// The value with the tuples that `groupby` makes as plain ones, which are all that JSON knows.
fn plain(value: &Value, depth: usize) -> Value {
    const MAX_DEPTH: usize = 100;
    let holds_groups = |items: &[Value]| {
        items
            .iter()
            .any(|item| item.downcast::<GroupTuple>().is_some())
    };
    match value {
        _ if depth > MAX_DEPTH => value.clone(),
        Value::List(list) if holds_groups(&list.read()) => Value::list(
            list.to_vec()
                .iter()
                .map(|item| plain(item, depth + 1))
                .collect::<Vec<_>>(),
        ),
        Value::Dict(dict) => {
            let items = dict.read().clone();
            let nested =
                |value: &Value| matches!(value, Value::List(_) | Value::Dict(_) | Value::Object(_));
            if !items.values().any(nested) {
                return value.clone();
            }
            let changed = items
                .iter()
                .map(|(key, value)| (key.clone(), plain(value, depth + 1)));
            Value::Dict(Dict::new(changed.collect()))
        }
        _ => match value.downcast::<GroupTuple>() {
            Some(group) => group.to_tuple(),
            None => value.clone(),
        },
    }
}
