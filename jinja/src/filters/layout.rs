//! Filters that break text into lines, or cut it.

use std::cmp::Ordering;

use values::object::elsewhere_within;
use values::{Args, Value, attr, escape, methods, ops, repr};

use super::python::{attribute_error, call_method, flag, given, index, markup, string};
use super::signature::bind;
use super::text::{pretty, wrap};
use crate::{Error, ErrorKind, Result, State};

/// How many bytes of indention a text may get.
const MAX_TEXT: usize = 1 << 28;

/// `text.splitlines()`
fn lines(text: &Value) -> Result<Vec<Value>> {
    Ok(values::iter::collect(&call_method(
        text,
        "splitlines",
        [],
    )?)?)
}

/// `a OP b`
fn holds(a: &Value, op: &str, b: &Value) -> Result<bool> {
    let order = ops::compare(a, b, op)?;
    Ok(match op {
        "<=" => matches!(order, Some(Ordering::Less | Ordering::Equal)),
        _ => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
    })
}

/// `indent`
pub(super) fn indent(_: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    let [width, first, blank] = bind("do_indent", &["s"], ["width", "first", "blank"], 0, args)?;
    let width = width.unwrap_or(Value::Int(4));
    let indention = if width.as_str().is_some() {
        width
    } else {
        ops::mul(&Value::str(" "), &width).map_err(Error::from)?
    };
    let indent = string(&indention)?;
    let is_markup = matches!(value, Value::Markup(_));
    // A plain text is escaped where it meets an indention that is markup.
    let escapes = !is_markup && matches!(indention, Value::Markup(_));
    let piece = |text: &str| {
        if escapes {
            escape::escape_str(text).into_owned()
        } else {
            text.to_owned()
        }
    };
    let text = add_newline(value)?;
    let lines = lines(&text)?;
    let blank = flag(blank.as_ref())?;
    let added = lines.len().saturating_mul(indent.len());
    if added > MAX_TEXT {
        return Err(values::Error::too_large("the indented text").into());
    }
    let mut out = String::with_capacity(text.as_str().map_or(0, str::len) + added);
    for (number, line) in lines.iter().filter_map(Value::as_str).enumerate() {
        if number == 0 {
            out.push_str(&if blank { piece(line) } else { line.to_owned() });
            continue;
        }
        out.push('\n');
        if blank || !line.is_empty() {
            out.push_str(&indent);
        }
        out.push_str(&piece(line));
    }
    let mut out_is_markup = is_markup || (escapes && blank);
    if flag(first.as_ref())? {
        if escapes && !out_is_markup {
            out = piece(&out);
        }
        out.insert_str(0, &indent);
        out_is_markup |= escapes;
    }
    Ok(if out_is_markup {
        markup(out)
    } else {
        out.into()
    })
}

/// `value += "\n"`
fn add_newline(value: &Value) -> Result<Value> {
    match value {
        Value::Str(text) => Ok(format!("{text}\n").into()),
        Value::Markup(text) => Ok(markup(format!("{text}\n"))),
        // A list takes the newline as an item, and is no text all the same.
        Value::List(_) => Err(attribute_error(value, "splitlines")),
        _ => match ops::add(value, &Value::str("\n")) {
            Ok(sum) => Ok(sum),
            Err(error) => Err(values::Error::new(
                error.kind,
                error.message.replace("for +:", "for +=:"),
            )
            .into()),
        },
    }
}

/// `truncate`
pub(super) fn truncate(_: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    let names = ["length", "killwords", "end", "leeway"];
    let [length, killwords, end, leeway] = bind("do_truncate", &["env", "s"], names, 0, args)?;
    let length = length.unwrap_or(Value::Int(255));
    let end = end.unwrap_or_else(|| Value::str("..."));
    let leeway = given(leeway).unwrap_or(Value::Int(5));
    let end_length: Value = ops::len(&end)?.into();
    assert_at_least("length", &length, &end_length)?;
    assert_at_least("leeway", &leeway, &Value::Int(0))?;
    let own_length: Value = ops::len(value)?.into();
    if holds(&own_length, "<=", &ops::add(&length, &leeway)?)? {
        return Ok(value.clone());
    }
    let killwords = flag(killwords.as_ref())?;
    let kept = ops::sub(&length, &end_length)?;
    let mut kept = attr::get_slice(value, &Value::None, &kept, &Value::None)?;
    if !killwords {
        let words = call_method(&kept, "rsplit", [Value::str(" "), Value::Int(1)])?;
        kept = attr::get_item(&words, &Value::Int(0))?;
    }
    Ok(ops::add(&kept, &end)?)
}

/// `assert value >= least`
fn assert_at_least(name: &str, value: &Value, least: &Value) -> Result<()> {
    if holds(value, ">=", least)? {
        return Ok(());
    }
    let message = format!(
        "expected {name} >= {}, got {}",
        string(least)?,
        string(value)?
    );
    Err(Error::new(ErrorKind::PythonAssertion, message))
}

/// `wordwrap`
pub(super) fn wordwrap(_: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    let names = [
        "width",
        "break_long_words",
        "wrapstring",
        "break_on_hyphens",
    ];
    let [width, break_long_words, wrapstring, break_on_hyphens] =
        bind("do_wordwrap", &["environment", "s"], names, 0, args)?;
    let width = width.unwrap_or(Value::Int(79));
    let wrapstring = given(wrapstring).unwrap_or_else(|| Value::str("\n"));
    if !methods::has(&wrapstring, "join") {
        return Err(attribute_error(&wrapstring, "join"));
    }
    let join = |lines: Vec<Value>| call_method(&wrapstring, "join", [Value::list(lines)]);
    let yes = |value: &Option<Value>| value.as_ref().map_or(Ok(true), ops::truth);
    let long_word = || {
        if !yes(&break_long_words)? {
            return Ok(wrap::LongWord::Kept);
        }
        let at_hyphen = yes(&break_on_hyphens)?;
        match width {
            Value::Float(width) if width >= 1.0 => Err(Error::type_error(
                "slice indices must be integers or None or have an __index__ method",
            )),
            _ => Ok(if at_hyphen {
                wrap::LongWord::CutAtHyphen
            } else {
                wrap::LongWord::Cut
            }),
        }
    };
    let hyphens = matches!(break_on_hyphens, None | Some(Value::Bool(true)));
    let mut paragraphs = Vec::new();
    for line in lines(value)? {
        if holds(&width, "<=", &Value::Int(0))? {
            return Err(Error::value_error(format!(
                "invalid width {} (must be > 0)",
                repr::repr(&width)
            )));
        }
        let columns = match width {
            Value::Float(width) if width.is_nan() => {
                return Err(Error::unsupported(
                    "wordwrap() to a width of NaN: it does not end in Python",
                ));
            }
            Value::Float(width) => width as usize,
            _ => usize::try_from(index(&width)?).unwrap_or(usize::MAX),
        };
        let wrapped = wrap::wrap(&string(&line)?, columns, hyphens, long_word)?;
        paragraphs.push(join(wrapped.into_iter().map(Value::from).collect())?);
    }
    join(paragraphs)
}

/// `pprint`
pub(super) fn pprint(_: &mut State<'_>, value: &Value, args: &Args) -> Result<Value> {
    bind::<0>("do_pprint", &["value"], [], 0, args)?;
    if let Some(text) = elsewhere_within("pprint", &[value], &Args::default()) {
        return Ok(text?);
    }
    Ok(pretty::format(value)?.into())
}
