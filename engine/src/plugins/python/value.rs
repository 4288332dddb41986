//! Values as engine and host say them to each other: JSON, with tags for what JSON cannot say.

use num_bigint::BigInt;
use serde_json::{Value as Json, json};
use values::{Dict, Key, List, Value};

/// The value that `json` stands for; `None` if the host does not keep to the protocol.
pub fn value(json: &Json) -> Option<Value> {
    Some(match json {
        Json::Null => Value::None,
        Json::Bool(yes) => Value::Bool(*yes),
        Json::Number(number) => match number.as_i64() {
            Some(number) => Value::Int(number),
            None => Value::Float(number.as_f64()?),
        },
        Json::String(text) => Value::str(text.as_str()),
        Json::Array(items) => Value::List(List::new(all(items)?)),
        Json::Object(object) => {
            let tag = object.get("t")?.as_str()?;
            return tagged(tag, object.get("v")?);
        }
    })
}

/// How `value` is said; `None` for what has no form: functions, objects.
pub fn json(value: &Value) -> Option<Json> {
    let all = |items: &[Value]| items.iter().map(json).collect::<Option<Vec<_>>>();
    let tagged = |tag: &str, said: Json| json!({ "t": tag, "v": said });
    Some(match value {
        Value::Undefined(_) | Value::Object(_) => return None,
        Value::None => Json::Null,
        Value::Bool(yes) => json!(yes),
        Value::Int(number) => json!(number),
        Value::BigInt(number) => tagged("int", json!(number.to_string())),
        Value::Float(number) if number.is_finite() => json!(number),
        Value::Float(number) if number.is_nan() => tagged("float", json!("nan")),
        Value::Float(number) if *number > 0.0 => tagged("float", json!("inf")),
        Value::Float(_) => tagged("float", json!("-inf")),
        Value::Str(text) | Value::Markup(text) => json!(**text),
        Value::Bytes(bytes) => {
            use base64::Engine;
            let engine = base64::engine::general_purpose::STANDARD;
            tagged("bytes", json!(engine.encode(bytes)))
        }
        Value::List(list) => Json::Array(all(&list.to_vec())?),
        Value::Tuple(items) => tagged("tuple", Json::Array(all(items)?)),
        Value::Dict(dict) => {
            let items = dict.read().clone();
            let pairs = items
                .iter()
                .map(|(key, item)| Some(json!([json(key.value())?, json(item)?])));
            tagged("dict", Json::Array(pairs.collect::<Option<_>>()?))
        }
        Value::Set(dict) => {
            let items = dict.read().clone();
            let keys = items.keys().map(|key| json(key.value()));
            tagged("set", Json::Array(keys.collect::<Option<_>>()?))
        }
        Value::Date(date) => tagged("date", json!(date.isoformat())),
        Value::DateTime(time) => tagged("datetime", json!(time.isoformat('T'))),
    })
}

fn all(items: &[Json]) -> Option<Vec<Value>> {
    items.iter().map(value).collect()
}

fn tagged(tag: &str, json: &Json) -> Option<Value> {
    Some(match tag {
        "dict" => {
            let pairs = json.as_array()?.iter().map(|pair| {
                let [key, item] = &pair.as_array()?[..] else {
                    return None;
                };
                Some((Key::new(value(key)?).ok()?, value(item)?))
            });
            Value::Dict(Dict::new(pairs.collect::<Option<_>>()?))
        }
        "set" => {
            let keys = json
                .as_array()?
                .iter()
                .map(|key| Some((Key::new(value(key)?).ok()?, Value::None)));
            Value::Set(Dict::new(keys.collect::<Option<_>>()?))
        }
        "markup" => Value::Markup(json.as_str()?.into()),
        "tuple" => Value::tuple(all(json.as_array()?)?),
        "int" => Value::big(json.as_str()?.parse::<BigInt>().ok()?),
        "float" => Value::Float(match json.as_str()? {
            "nan" => f64::NAN,
            "inf" => f64::INFINITY,
            "-inf" => f64::NEG_INFINITY,
            other => other.parse().ok()?,
        }),
        "bytes" => {
            use base64::Engine;
            let engine = base64::engine::general_purpose::STANDARD;
            Value::Bytes(engine.decode(json.as_str()?).ok()?.into())
        }
        // Dates are what YAML makes of them.
        "date" | "datetime" => yaml::load(json.as_str()?).ok()?,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_say_what_json_cannot() {
        let said = json!([
            null, true, 1, 1.5, "text", ["nested"],
            {"t": "dict", "v": [["b", 1], [2, {"t": "tuple", "v": [1, 2]}]]},
            {"t": "int", "v": "123456789012345678901234567890"},
            {"t": "float", "v": "inf"},
            {"t": "bytes", "v": "aGVsbG8="},
            {"t": "date", "v": "2001-12-14"},
        ]);
        assert_eq!(json(&value(&said).unwrap()).unwrap(), said);
        let found = values::repr::repr(&value(&said).unwrap());
        assert_eq!(
            found,
            "[None, True, 1, 1.5, 'text', ['nested'], {'b': 1, 2: (1, 2)}, 123456789012345678901234567890, inf, b'hello', datetime.date(2001, 12, 14)]"
        );
    }

    #[test]
    fn what_is_not_in_the_protocol_is_nothing() {
        for said in [
            json!({"a": 1}),
            json!({"t": "lambda", "v": 1}),
            json!([{"t": "int"}]),
        ] {
            assert_eq!(value(&said), None, "{said}");
        }
    }
}
