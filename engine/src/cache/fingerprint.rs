//! Fingerprints of values: what tells whether two are the same without keeping either.

use values::Value;

/// A hash of a value, or of a list of texts.
pub type Fingerprint = [u8; 16];

/// The fingerprint of `value`; `None` if it holds something that has no content to compare (functions, iterators).
pub fn fingerprint(value: Option<&Value>) -> Option<Fingerprint> {
    let mut content = Vec::new();
    match value {
        None => content.push(b'-'),
        Some(value) => feed(value, &mut content)?,
    }
    Some(shortened(&content))
}

/// The fingerprint of several texts, in order.
pub fn fingerprint_of_parts<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Fingerprint {
    let mut content = Vec::new();
    for part in parts {
        text(b'p', part, &mut content);
    }
    shortened(&content)
}

/// The hash of `content`, in one piece: values are short, and a hasher that is fed costs more than they do.
fn shortened(content: &[u8]) -> Fingerprint {
    let mut short = Fingerprint::default();
    let length = short.len();
    short.copy_from_slice(&blake3::hash(content).as_bytes()[..length]);
    short
}

fn text(tag: u8, bytes: &[u8], content: &mut Vec<u8>) {
    count(tag, bytes.len(), content);
    content.extend_from_slice(bytes);
}

fn count(tag: u8, length: usize, content: &mut Vec<u8>) {
    content.push(tag);
    content.extend_from_slice(&(length as u64).to_le_bytes());
}

fn feed(value: &Value, content: &mut Vec<u8>) -> Option<()> {
    match value {
        Value::Undefined(_) | Value::Object(_) => return None,
        Value::None => content.push(b'n'),
        Value::Bool(yes) => content.push(if *yes { b't' } else { b'f' }),
        Value::Int(number) => text(b'i', &number.to_le_bytes(), content),
        Value::BigInt(number) => text(b'I', &number.to_signed_bytes_le(), content),
        Value::Float(number) => text(b'd', &number.to_bits().to_le_bytes(), content),
        Value::Str(string) => text(b's', string.as_bytes(), content),
        Value::Markup(string) => text(b'm', string.as_bytes(), content),
        Value::Bytes(bytes) => text(b'b', bytes, content),
        Value::List(list) => {
            let items = list.read();
            count(b'l', items.len(), content);
            items.iter().try_for_each(|item| feed(item, content))?;
        }
        Value::Tuple(items) => {
            count(b'u', items.len(), content);
            items.iter().try_for_each(|item| feed(item, content))?;
        }
        Value::Dict(dict) | Value::Set(dict) => {
            let items = dict.read();
            let tag = if matches!(value, Value::Set(_)) {
                b'S'
            } else {
                b'D'
            };
            count(tag, items.len(), content);
            for (key, item) in items.iter() {
                feed(key.value(), content)?;
                feed(item, content)?;
            }
        }
        Value::Date(date) => text(b'a', date.isoformat().as_bytes(), content),
        Value::DateTime(time) => text(b'A', time.isoformat('T').as_bytes(), content),
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
