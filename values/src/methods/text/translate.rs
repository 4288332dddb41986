//! `str.translate` and `str.maketrans`.

use crate::dict::Map;
use crate::{Args, Dict, Error, ErrorKind, Key, Result, Value, attr, limits, ops};

use super::super::params;
use super::text_argument;

/// `text.translate(table)`
pub(super) fn translate(text: &str, table: &Value) -> Result<String> {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match attr::get_item(table, &Value::Int(i64::from(c as u32))) {
            Ok(Value::None) => {}
            Ok(mapped) => push(&mapped, &mut out)?,
            Err(error) if matches!(error.kind, ErrorKind::Key | ErrorKind::Index) => out.push(c),
            Err(error) => return Err(error),
        }
        limits::product(out.len(), 1, limits::TEXT, "the text")?;
    }
    Ok(out)
}

fn push(mapped: &Value, out: &mut String) -> Result<()> {
    if let Some(text) = mapped.as_str() {
        out.push_str(text);
        return Ok(());
    }
    let code = ops::index(mapped)
        .ok_or_else(|| Error::type_error("character mapping must return integer, None or str"))?;
    let code = u32::try_from(code).ok().filter(|code| *code < 0x11_0000);
    let code =
        code.ok_or_else(|| Error::value_error("character mapping must be in range(0x110000)"))?;
    out.push(
        char::from_u32(code)
            .ok_or_else(|| Error::unsupported("a lone surrogate in a text: not supported"))?,
    );
    Ok(())
}

fn code(c: char) -> Result<Key> {
    Key::new(Value::Int(i64::from(c as u32)))
}

/// `str.maketrans(…)`
pub(super) fn maketrans(args: &Args) -> Result<Value> {
    let values = params::positional("str", "maketrans", args, 1, 3)?;
    let mut map = Map::new();
    if let [table] = values {
        let Value::Dict(table) = table else {
            return Err(Error::type_error(
                "if you give only one argument to maketrans it must be a dict",
            ));
        };
        for (key, value) in table.read().iter() {
            let key = match key.value() {
                Value::Str(text) | Value::Markup(text) => {
                    let mut chars = text.chars();
                    match (chars.next(), chars.next()) {
                        (Some(c), None) => code(c)?,
                        _ => {
                            return Err(Error::value_error(
                                "string keys in translate table must be of length 1",
                            ));
                        }
                    }
                }
                Value::Int(_) | Value::BigInt(_) | Value::Bool(_) => key.clone(),
                _ => {
                    return Err(Error::type_error(
                        "keys in translate table must be strings or integers",
                    ));
                }
            };
            map.insert(key, value.clone());
        }
        return Ok(Value::Dict(Dict::new(map)));
    }
    let from = text_argument(&values[0], |_| {
        "first maketrans argument must be a string if there is a second argument".to_owned()
    });
    let argument = |index: usize| {
        text_argument(&values[index], |kind| {
            format!("maketrans() argument {} must be str, not {kind}", index + 1)
        })
    };
    let to = argument(1)?;
    let removed = if values.len() > 2 { argument(2)? } else { "" };
    let from = from?;
    if from.chars().count() != to.chars().count() {
        return Err(Error::value_error(
            "the first two maketrans arguments must have equal length",
        ));
    }
    for (from, to) in from.chars().zip(to.chars()) {
        map.insert(code(from)?, Value::Int(i64::from(to as u32)));
    }
    for c in removed.chars() {
        map.insert(code(c)?, Value::None);
    }
    Ok(Value::Dict(Dict::new(map)))
}
