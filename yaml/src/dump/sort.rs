//! Sorting dictionaries by key, as Python's `sorted` does it.

use std::cmp::Ordering;

use values::{Value, ops};

type Item = (Value, Value);

/// `items` in the order of their keys; as they are, if Python cannot compare the keys.
pub(super) fn by_key(mut items: Vec<Item>) -> Vec<Item> {
    if items.iter().all(|(key, _)| matches!(key, Value::Str(_))) {
        // By code point, which is the order of UTF-8.
        items.sort_by(|(a, _), (b, _)| a.as_str().cmp(&b.as_str()));
        return items;
    }
    match merge_sort(&items) {
        Some(sorted) => sorted,
        None => items,
    }
}

/// A stable sort that gives up at the first pair that cannot be compared. The library's may panic where `<` is no
/// order, as with NaN.
fn merge_sort(items: &[Item]) -> Option<Vec<Item>> {
    if items.len() < 2 {
        return Some(items.to_vec());
    }
    let (left, right) = items.split_at(items.len() / 2);
    let mut left = merge_sort(left)?.into_iter().peekable();
    let mut right = merge_sort(right)?.into_iter().peekable();
    let mut sorted = Vec::with_capacity(items.len());
    while let (Some((a, _)), Some((b, _))) = (left.peek(), right.peek()) {
        let right_is_less = ops::compare(b, a, "<").ok()? == Some(Ordering::Less);
        sorted.extend(if right_is_less {
            right.next()
        } else {
            left.next()
        });
    }
    sorted.extend(left);
    sorted.extend(right);
    Some(sorted)
}
