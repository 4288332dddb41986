//! Filters that change one text.

use values::{Args, Dict, Key, Value, ops};

use super::python::{argument_error, call_method, given, index, soft_text, string, text};
use super::signature::{bind, bind_positional_only, bind_rest};
use super::text::chars::{is_space, is_word};
use crate::{Result, State};

/// `string`
pub(super) fn as_string(_: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    bind_positional_only("soft_str", "s", args)?;
    soft_text(value)
}

/// `upper`
pub(super) fn upper(_: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    bind::<0>("do_upper", &["s"], [], 0, args)?;
    call_method(&soft_text(value)?, "upper", [])
}

/// `lower`
pub(super) fn lower(_: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    bind::<0>("do_lower", &["s"], [], 0, args)?;
    call_method(&soft_text(value)?, "lower", [])
}

/// `capitalize`
pub(super) fn capitalize(_: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    bind::<0>("do_capitalize", &["s"], [], 0, args)?;
    call_method(&soft_text(value)?, "capitalize", [])
}

/// `title`: the first letter of each word in upper case. Words start after space, hyphens and opening brackets.
pub(super) fn title(_: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    bind::<0>("do_title", &["s"], [], 0, args)?;
    let separates = |c: char| is_space(c) || matches!(c, '-' | '(' | '{' | '[' | '<');
    let text = string(value)?;
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(first) = rest.chars().next() {
        // Separators form words of their own.
        let apart = separates(first);
        let end = rest.find(|c| separates(c) != apart).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(end);
        out.extend(first.to_uppercase());
        out.push_str(&word[first.len_utf8()..].to_lowercase());
        rest = behind;
    }
    Ok(out.into())
}

/// `trim`
pub(super) fn trim(_: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    let [chars] = bind("do_trim", &["value"], ["chars"], 0, args)?;
    call_method(&soft_text(value)?, "strip", [chars.unwrap_or(Value::None)])
}

/// `center`
pub(super) fn center(_: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    let [width] = bind("do_center", &["value"], ["width"], 0, args)?;
    call_method(
        &soft_text(value)?,
        "center",
        [width.unwrap_or(Value::Int(80))],
    )
}

/// `replace`
pub(super) fn replace(state: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    let [old, new, count] = bind(
        "do_replace",
        &["eval_ctx", "s"],
        ["old", "new", "count"],
        2,
        args,
    )?;
    let (old, new) = (old.unwrap_or(Value::None), new.unwrap_or(Value::None));
    let count = given(count).unwrap_or(Value::Int(-1));
    let arguments = |subject: Value, old: Value, new: Value| {
        index(&count)?;
        call_method(&subject, "replace", [old, new, count.clone()])
    };
    if !state.autoescape() {
        return arguments(text(value)?, text(&old)?, text(&new)?);
    }
    let is_markup = |value: &Value| matches!(value, Value::Markup(_));
    let subject = if is_markup(&old) || (is_markup(&new) && !is_markup(value)) {
        values::escape::escape(value)?
    } else {
        soft_text(value)?
    };
    arguments(subject, soft_text(&old)?, soft_text(&new)?)
}

/// `wordcount`
pub(super) fn wordcount(_: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    bind::<0>("do_wordcount", &["s"], [], 0, args)?;
    let text = string(value)?;
    Ok(text
        .split(|c| !is_word(c))
        .filter(|word| !word.is_empty())
        .count()
        .into())
}

/// `format`: `value % args`
pub(super) fn format(_: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    bind_rest("do_format", &["value"], args)?;
    if !args.positional.is_empty() && !args.keyword.is_empty() {
        return Err(argument_error(
            "can't handle positional and keyword arguments at the same time",
        ));
    }
    let with = if args.keyword.is_empty() {
        Value::tuple(args.positional.clone())
    } else {
        Value::Dict(Dict::new(
            args.keyword
                .iter()
                .map(|(key, value)| (Key::str(key), value.clone()))
                .collect(),
        ))
    };
    Ok(ops::modulo(&soft_text(value)?, &with)?)
}
