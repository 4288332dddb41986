//! `hash`.

use std::hash::{Hash, Hasher};

use num_traits::ToPrimitive;

use crate::Value;

use super::integers::float_to_int;

/// Tuples nested deeper feed nothing: equal values still feed the same.
const DEPTH: usize = 32;

/// Feeds `hash(value)`: equal values feed the same. The value is known to be hashable.
pub fn hash<H: Hasher>(value: &Value, state: &mut H) {
    hash_at(value, state, 0);
}

fn hash_at<H: Hasher>(value: &Value, state: &mut H, depth: usize) {
    match value {
        Value::Str(text) | Value::Markup(text) => text.hash(state),
        Value::Int(i) => state.write_i64(*i),
        Value::Bool(b) => state.write_i64((*b).into()),
        Value::BigInt(big) => big.hash(state),
        Value::Float(float) => match (float.trunc() == *float)
            .then(|| float_to_int(*float))
            .flatten()
        {
            Some(big) => match big.to_i64() {
                Some(small) => state.write_i64(small),
                None => big.hash(state),
            },
            None => state.write_u64(float.to_bits()),
        },
        Value::Bytes(bytes) => bytes.hash(state),
        Value::Tuple(items) => {
            state.write_usize(items.len());
            if depth < DEPTH {
                items
                    .iter()
                    .for_each(|item| hash_at(item, state, depth + 1));
            }
        }
        Value::Date(date) => date.hash(state),
        Value::DateTime(time) => time.hash_into(state),
        Value::Object(object) if object.is_elsewhere() => match object.as_text() {
            Some(text) => text.hash(state),
            None => match crate::object::elsewhere("hash", &[value]) {
                Some(Ok(Value::Int(hash))) => state.write_i64(hash),
                _ => state.write_u8(0),
            },
        },
        // Objects may be equal to others whose address differs. Containers and undefined values are no keys.
        Value::None
        | Value::Object(_)
        | Value::Undefined(_)
        | Value::List(_)
        | Value::Dict(_)
        | Value::Set(_) => state.write_u8(0),
    }
}
