//! Stable sorting that asks the questions that CPython's `sorted` asks, in the same order.
//!
//! The order matters where a comparison fails, because the error names its operands, and where the comparison is
//! no order at all (NaN).

/// Runs of at least this length are merged; what is shorter is sorted by insertion.
const MIN_MERGE: usize = 64;

/// The indices of `keys` in ascending order. `less(a, b)` is `a < b`.
pub(super) fn order<K, E>(keys: &[K], mut less: impl FnMut(&K, &K) -> Result<bool, E>) -> Result<Vec<usize>, E> {
    let mut indices: Vec<usize> = (0..keys.len()).collect();
    let mut less = |a: usize, b: usize| less(&keys[a], &keys[b]);
    let min_run = min_run(keys.len());
    let mut runs = Vec::new();
    let mut start = 0;
    while start < indices.len() {
        let natural = natural_run(&mut indices[start..], &mut less)?;
        let len = natural.max(min_run).min(indices.len() - start);
        insert(&mut indices[start..start + len], natural, &mut less)?;
        runs.push(start..start + len);
        start += len;
    }
    while runs.len() > 1 {
        let mut merged = Vec::with_capacity(runs.len().div_ceil(2));
        for pair in runs.chunks(2) {
            if let [left, right] = pair {
                merge(&mut indices[left.start..right.end], left.len(), &mut less)?;
                merged.push(left.start..right.end);
            } else {
                merged.extend(pair.iter().cloned());
            }
        }
        runs = merged;
    }
    Ok(indices)
}

/// The length below which runs are extended: all of a short list.
fn min_run(mut len: usize) -> usize {
    let mut rest = 0;
    while len >= MIN_MERGE {
        rest |= len & 1;
        len >>= 1;
    }
    len + rest
}

/// The length of the ascending, or strictly descending and then reversed, run at the start.
fn natural_run<E>(items: &mut [usize], less: &mut impl FnMut(usize, usize) -> Result<bool, E>) -> Result<usize, E> {
    if items.len() < 2 {
        return Ok(items.len());
    }
    let descending = less(items[1], items[0])?;
    let mut len = 2;
    while len < items.len() && less(items[len], items[len - 1])? == descending {
        len += 1;
    }
    if descending {
        items[..len].reverse();
    }
    Ok(len)
}

/// Binary insertion of everything behind the first `sorted` items.
fn insert<E>(
    items: &mut [usize],
    sorted: usize,
    less: &mut impl FnMut(usize, usize) -> Result<bool, E>,
) -> Result<(), E> {
    for at in sorted.max(1)..items.len() {
        let (mut low, mut high) = (0, at);
        while low < high {
            let middle = low + (high - low) / 2;
            if less(items[at], items[middle])? {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        items[low..=at].rotate_right(1);
    }
    Ok(())
}

/// Merges the sorted halves `..middle` and `middle..`.
fn merge<E>(
    items: &mut [usize],
    middle: usize,
    less: &mut impl FnMut(usize, usize) -> Result<bool, E>,
) -> Result<(), E> {
    let (left, right) = (items[..middle].to_vec(), items[middle..].to_vec());
    let (mut i, mut j) = (0, 0);
    for slot in items.iter_mut() {
        let take_right = i == left.len() || (j < right.len() && less(right[j], left[i])?);
        *slot = if take_right { right[j] } else { left[i] };
        if take_right { j += 1 } else { i += 1 }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_items_are_sorted_stably() {
        let mut seed = 12_345_u32;
        let keys: Vec<u32> = (0..1000)
            .map(|_| {
                seed = seed.wrapping_mul(1_103_515_245).wrapping_add(12_345);
                (seed >> 16) % 50
            })
            .collect();
        let found = order(&keys, |a, b| Ok::<_, ()>(a < b)).unwrap();
        let mut expected: Vec<usize> = (0..keys.len()).collect();
        expected.sort_by_key(|index| keys[*index]);
        assert_eq!(found, expected);
    }

    #[test]
    fn the_first_two_items_are_compared_first_and_the_later_one_is_the_left_operand() {
        assert_eq!(order(&[1, 2, 3], |a, b| Err::<bool, _>((*a, *b))), Err((2, 1)));
    }
}
