//! Values as JSON, the same as `tests/codec.py` writes and reads: plain JSON for `None`, booleans and texts, an
//! object with the type's name for everything else. Lists, dictionaries, sets, tuples and dates have an `id`, and
//! the same object a second time is `{"ref": id}`.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Value as Json, json};
use values::dict::Map;
use values::{Date, DateTime, Dict, Key, List, Value};

fn hex(bytes: &[u8]) -> String {
    let digit = |number: u8| char::from_digit(number.into(), 16).unwrap_or('?');
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

#[derive(Default)]
struct Encoder {
    ids: HashMap<usize, usize>,
}

/// The JSON of a value.
pub(crate) fn encode(value: &Value) -> Json {
    Encoder::default().encode(value)
}

impl Encoder {
    fn encode(&mut self, value: &Value) -> Json {
        let identity = match value {
            Value::List(list) => list.id(),
            Value::Dict(dict) | Value::Set(dict) => dict.id(),
            Value::Tuple(items) if !items.is_empty() => items.as_ptr().addr(),
            Value::Date(date) => Arc::as_ptr(date).addr(),
            Value::DateTime(time) => Arc::as_ptr(time).addr(),
            _ => 0,
        };
        let next = self.ids.len() + 1;
        if identity != 0 {
            if let Some(id) = self.ids.get(&identity) {
                return json!({ "ref": id });
            }
            self.ids.insert(identity, next);
        }
        match value {
            Value::None => Json::Null,
            Value::Bool(flag) => json!(flag),
            Value::Str(text) => json!(text.as_ref()),
            Value::Int(number) => json!({ "int": number.to_string() }),
            Value::BigInt(number) => json!({ "int": number.to_string() }),
            Value::Float(number) if number.is_nan() => json!({ "float": "nan" }),
            Value::Float(number) => json!({ "float": format!("{:016x}", number.to_bits()) }),
            Value::Bytes(bytes) => {
                json!({ "bytes": hex(bytes) })
            }
            Value::List(list) => {
                let items: Vec<_> = list.to_vec().iter().map(|item| self.encode(item)).collect();
                json!({ "list": items, "id": next })
            }
            Value::Tuple(items) => {
                let items: Vec<_> = items.iter().map(|item| self.encode(item)).collect();
                json!({ "tuple": items, "id": next })
            }
            Value::Dict(dict) => {
                let items: Vec<_> = dict
                    .read()
                    .iter()
                    .map(|(key, value)| json!([self.encode(key.value()), self.encode(value)]))
                    .collect();
                json!({ "dict": items, "id": next })
            }
            Value::Set(dict) => {
                // Python's sets have no order that could be compared.
                let mut items: Vec<_> = dict
                    .read()
                    .keys()
                    .map(|key| self.encode(key.value()))
                    .collect();
                items.sort_by_key(ToString::to_string);
                json!({ "set": items, "id": next })
            }
            Value::Date(date) => json!({ "date": [date.year, date.month, date.day], "id": next }),
            Value::DateTime(time) => json!({
                "datetime": [
                    time.date.year, time.date.month, time.date.day, time.hour, time.minute, time.second,
                    time.microsecond,
                ],
                "offset": time.offset,
                "utc": time.utc,
                "id": next,
            }),
            other => json!({ "unexpected": other.type_name() }),
        }
    }
}

#[derive(Default)]
struct Decoder {
    objects: HashMap<u64, Value>,
}

/// The value of a JSON.
pub(crate) fn decode(json: &Json) -> Result<Value, String> {
    Decoder::default().decode(json)
}

impl Decoder {
    fn decode(&mut self, json: &Json) -> Result<Value, String> {
        match json {
            Json::Null => return Ok(Value::None),
            Json::Bool(flag) => return Ok(Value::Bool(*flag)),
            Json::String(text) => return Ok(Value::str(text.as_str())),
            _ => {}
        }
        if let Some(id) = json["ref"].as_u64() {
            return self
                .objects
                .get(&id)
                .cloned()
                .ok_or_else(|| format!("no object {id}"));
        }
        let value = self.object(json)?;
        if let Some(id) = json["id"].as_u64() {
            self.objects.insert(id, value.clone());
        }
        Ok(value)
    }

    fn all(&mut self, items: &[Json]) -> Result<Vec<Value>, String> {
        items.iter().map(|item| self.decode(item)).collect()
    }

    fn object(&mut self, json: &Json) -> Result<Value, String> {
        let Some((kind, content)) = json
            .as_object()
            .and_then(|object| object.iter().find(|(key, _)| !is_detail(key)))
        else {
            return Err(format!("not a value: {json}"));
        };
        let text = content.as_str().unwrap_or_default();
        let items = content.as_array().map(Vec::as_slice).unwrap_or_default();
        let number = |i: usize| items[i].as_u64().unwrap_or_default();
        let date = || Date {
            year: number(0) as u16,
            month: number(1) as u8,
            day: number(2) as u8,
        };
        Ok(match kind.as_str() {
            "int" => Value::big(text.parse().map_err(|_| format!("not an int: {text}"))?),
            "float" if text == "nan" => Value::Float(f64::NAN),
            "float" => Value::Float(f64::from_bits(
                u64::from_str_radix(text, 16).map_err(|error| error.to_string())?,
            )),
            "bytes" => {
                let pairs = text
                    .as_bytes()
                    .chunks(2)
                    .map(|pair| std::str::from_utf8(pair).unwrap_or(""));
                let bytes: Result<Vec<u8>, _> =
                    pairs.map(|pair| u8::from_str_radix(pair, 16)).collect();
                Value::Bytes(bytes.map_err(|error| error.to_string())?.into())
            }
            "markup" => Value::Markup(text.into()),
            "list" => Value::List(List::new(self.all(items)?)),
            "tuple" => Value::tuple(self.all(items)?),
            "dict" => {
                let mut map = Map::new();
                for item in items {
                    let key = self.decode(&item[0])?;
                    map.insert(
                        Key::new(key).map_err(|error| error.message)?,
                        self.decode(&item[1])?,
                    );
                }
                Value::Dict(Dict::new(map))
            }
            "set" => {
                let mut map = Map::new();
                for item in items {
                    map.insert(
                        Key::new(self.decode(item)?).map_err(|error| error.message)?,
                        Value::None,
                    );
                }
                Value::Set(Dict::new(map))
            }
            "date" => Value::Date(date().into()),
            "datetime" => Value::DateTime(
                DateTime {
                    date: date(),
                    hour: number(3) as u8,
                    minute: number(4) as u8,
                    second: number(5) as u8,
                    microsecond: number(6) as u32,
                    offset: json["offset"].as_i64().map(|offset| offset as i32),
                    utc: json["utc"].as_bool().unwrap_or_default(),
                }
                .into(),
            ),
            _ => return Err(format!("not a value: {json}")),
        })
    }
}

/// Whether a key of the JSON object says more about a value, rather than what type it has.
fn is_detail(key: &str) -> bool {
    matches!(key, "id" | "offset" | "utc")
}
