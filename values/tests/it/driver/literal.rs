//! Literals of the trees.

use std::sync::Arc;

use num_bigint::BigInt;
use serde_json::Value as Json;
use values::{Date, DateTime, Value, attr};

fn fields(json: &Json) -> Vec<u32> {
    json.as_array()
        .unwrap()
        .iter()
        .map(|field| field.as_u64().unwrap() as u32)
        .collect()
}

fn date(fields: &[u32]) -> Date {
    Date {
        year: fields[0] as u16,
        month: fields[1] as u8,
        day: fields[2] as u8,
    }
}

fn int(text: &str) -> Value {
    let number = match text.strip_prefix("0x") {
        Some(digits) => BigInt::parse_bytes(digits.as_bytes(), 16),
        None => BigInt::parse_bytes(text.as_bytes(), 10),
    };
    Value::big(number.unwrap())
}

/// `timezone.utc`, which only times have.
pub(super) fn utc() -> Value {
    let time = value(&serde_json::json!([
        "datetime",
        [1, 1, 1, 0, 0, 0, 0],
        0,
        true
    ]));
    attr::get_attr(&time, "tzinfo").unwrap()
}

pub(super) fn value(tree: &Json) -> Value {
    let json = &tree[1];
    match tree[0].as_str().unwrap() {
        "value" => match json {
            Json::Null => Value::None,
            Json::Bool(b) => (*b).into(),
            _ => json.as_str().unwrap().into(),
        },
        "int" => int(json.as_str().unwrap()),
        "float" => json.as_str().unwrap().parse::<f64>().unwrap().into(),
        "bytes" => Value::Bytes(fields(json).into_iter().map(|byte| byte as u8).collect()),
        "date" => Value::Date(Arc::new(date(&fields(json)))),
        "datetime" => {
            let fields = fields(json);
            Value::DateTime(Arc::new(DateTime {
                date: date(&fields),
                hour: fields[3] as u8,
                minute: fields[4] as u8,
                second: fields[5] as u8,
                microsecond: fields[6],
                offset: tree[2].as_i64().map(|offset| offset as i32),
                utc: tree[3].as_bool().unwrap(),
            }))
        }
        "undefined" => Value::undefined(json.as_str().unwrap()),
        other => panic!("literal {other}"),
    }
}
