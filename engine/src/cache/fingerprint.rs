//! Fingerprints of values: what tells whether two are the same without keeping either.

use values::Value;

/// A hash of a value, or of a list of texts.
pub type Fingerprint = [u8; 16];

/// The fingerprint of `value`; `None` if it holds something that has no content to compare (functions, iterators).
pub fn fingerprint(value: Option<&Value>) -> Option<Fingerprint> {
    let mut hasher = blake3::Hasher::new();
    match value {
        None => {
            hasher.update(b"-");
        }
        Some(value) => feed(value, &mut hasher)?,
    }
    Some(shortened(&hasher))
}

/// The fingerprint of several texts, in order.
pub fn fingerprint_of_parts<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Fingerprint {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        text(b'p', part, &mut hasher);
    }
    shortened(&hasher)
}

fn shortened(hasher: &blake3::Hasher) -> Fingerprint {
    let mut short = Fingerprint::default();
    hasher.finalize_xof().fill(&mut short);
    short
}

fn text(tag: u8, bytes: &[u8], hasher: &mut blake3::Hasher) {
    count(tag, bytes.len(), hasher);
    hasher.update(bytes);
}

fn count(tag: u8, length: usize, hasher: &mut blake3::Hasher) {
    let mut head = [tag; 9];
    head[1..].copy_from_slice(&(length as u64).to_le_bytes());
    hasher.update(&head);
}

fn feed(value: &Value, hasher: &mut blake3::Hasher) -> Option<()> {
    match value {
        Value::Undefined(_) | Value::Object(_) => return None,
        Value::None => {
            hasher.update(b"n");
        }
        Value::Bool(yes) => {
            hasher.update(if *yes { b"t" } else { b"f" });
        }
        Value::Int(number) => text(b'i', &number.to_le_bytes(), hasher),
        Value::BigInt(number) => text(b'I', &number.to_signed_bytes_le(), hasher),
        Value::Float(number) => text(b'd', &number.to_bits().to_le_bytes(), hasher),
        Value::Str(string) => text(b's', string.as_bytes(), hasher),
        Value::Markup(string) => text(b'm', string.as_bytes(), hasher),
        Value::Bytes(bytes) => text(b'b', bytes, hasher),
        Value::List(list) => {
            let items = list.read();
            count(b'l', items.len(), hasher);
            items.iter().try_for_each(|item| feed(item, hasher))?;
        }
        Value::Tuple(items) => {
            count(b'u', items.len(), hasher);
            items.iter().try_for_each(|item| feed(item, hasher))?;
        }
        Value::Dict(dict) | Value::Set(dict) => {
            let items = dict.read();
            let tag = if matches!(value, Value::Set(_)) {
                b'S'
            } else {
                b'D'
            };
            count(tag, items.len(), hasher);
            for (key, item) in items.iter() {
                feed(key.value(), hasher)?;
                feed(item, hasher)?;
            }
        }
        Value::Date(date) => text(b'a', date.isoformat().as_bytes(), hasher),
        Value::DateTime(time) => text(b'A', time.isoformat('T').as_bytes(), hasher),
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_differ_in_type_or_shape_have_other_fingerprints() {
        let list = |items: &[Value]| Value::list(items.to_vec());
        let values = [
            Value::None,
            Value::Bool(false),
            Value::Int(0),
            Value::Float(0.0),
            Value::Float(-0.0),
            Value::str(""),
            Value::str("0"),
            Value::Markup("0".into()),
            list(&[]),
            list(&[Value::str("a"), Value::str("b")]),
            list(&[Value::str("ab")]),
            list(&[list(&[Value::str("a")]), Value::str("b")]),
            Value::tuple([Value::str("a"), Value::str("b")]),
        ];
        let mut prints: Vec<_> = values
            .iter()
            .map(|value| fingerprint(Some(value)).unwrap())
            .collect();
        prints.push(fingerprint(None).unwrap());
        let count = prints.len();
        prints.sort_unstable();
        prints.dedup();
        assert_eq!(prints.len(), count);
        assert_eq!(
            fingerprint(Some(&values[9])),
            fingerprint(Some(&list(&[Value::str("a"), Value::str("b")])))
        );
    }
}
