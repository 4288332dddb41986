//! Functions that expressions may call.

use values::{
    Args, Dict, Key, Result, Value, convert, escape, format, iter, json, methods, ops, repr, sort,
};

pub(super) fn call(name: &str, args: &Args) -> Result<Value> {
    let none = Value::None;
    let first = args.positional.first().unwrap_or(&none);
    Ok(match name {
        "repr" => repr::try_repr(first)?.into(),
        "str" if args.is_empty() => "".into(),
        "str" => repr::to_str(first)?.into(),
        "bool" => ops::truth(first)?.into(),
        "len" => ops::len(first)?.into(),
        "list" if args.is_empty() => Value::list([]),
        "list" => Value::list(iter::collect(first)?),
        "tuple" => Value::tuple(iter::collect(first)?),
        "set" if args.is_empty() => Value::Set(Dict::default()),
        "set" => {
            let keys = iter::collect(first)?
                .into_iter()
                .map(|item| Ok((Key::new(item)?, Value::None)));
            Value::Set(Dict::new(keys.collect::<Result<_>>()?))
        }
        "dict" => methods::new_dict(args)?.into(),
        "sorted" => {
            let reverse = args.get("reverse").map_or(Ok(false), ops::truth)?;
            Value::list(sort::sort(iter::collect(first)?, reverse)?)
        }
        "float" => convert::to_float(first)?.into(),
        "int" => match args.positional.get(1) {
            Some(base) => {
                convert::int_from_str(first.as_str().unwrap(), base.as_i64().unwrap() as u32)?
                    .into()
            }
            None => convert::to_int(first)?.into(),
        },
        "format" => format::format_spec(first, args.positional[1].as_str().unwrap())?.into(),
        "gen" => iter::generator(
            "generator",
            "<generator object gen>".into(),
            args.positional.clone(),
            None,
        ),
        "nest" => {
            let mut value = Value::None;
            for _ in 0..args.positional[1].as_i64().unwrap() {
                value = match first.as_str().unwrap() {
                    "list" => Value::list([value]),
                    "tuple" => Value::tuple([value]),
                    _ => Dict::from_pairs([("a", value)]).into(),
                };
            }
            value
        }
        "Markup" => Value::Markup(repr::to_shared_str(first)?),
        "escape" => escape::escape(first)?,
        "unescape" => escape::unescape(first.as_str().unwrap())?.into(),
        "dumps" => {
            let switch = |name: &str, default: bool| args.get(name).map_or(Ok(default), ops::truth);
            let options = json::Options {
                sort_keys: switch("sort_keys", false)?,
                keep_unicode: !switch("ensure_ascii", true)?,
                indent: args.get("indent").and_then(|indent| match indent {
                    Value::Int(width) => Some(" ".repeat(*width as usize)),
                    other => other.as_str().map(str::to_owned),
                }),
            };
            json::dumps(first, &options)?.into()
        }
        _ => panic!("function {name}"),
    })
}
