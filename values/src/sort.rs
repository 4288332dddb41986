//! Python's sort: stable, and with its way of asking, so that mixed types raise the same `TypeError`s.

use std::cmp::Ordering;

use crate::{Result, Value, ops};

/// Up to this length the comparisons, too, are the same as `CPython`'s.
const RUN: usize = 63;

/// `sorted(values, reverse=reverse)`
pub fn sort(values: Vec<Value>, reverse: bool) -> Result<Vec<Value>> {
    sort_by(values, reverse, less)
}

/// `sorted(items, key=…, reverse=reverse)`: each item comes with its key.
pub fn sort_keyed<T>(items: Vec<(Value, T)>, reverse: bool) -> Result<Vec<(Value, T)>> {
    sort_by(items, reverse, |a, b| less(&a.0, &b.0))
}

/// `a < b`
pub fn less(a: &Value, b: &Value) -> Result<bool> {
    Ok(ops::compare(a, b, "<")? == Some(Ordering::Less))
}

fn sort_by<T>(
    items: Vec<T>,
    reverse: bool,
    less: impl Fn(&T, &T) -> Result<bool>,
) -> Result<Vec<T>> {
    // Positions are sorted, for merging needs copies.
    let count = items.len();
    let mut order: Vec<usize> = (0..count).collect();
    if reverse {
        order.reverse();
    }
    let less = |a: usize, b: usize| less(&items[a], &items[b]);
    let mut size = if count <= RUN { count.max(1) } else { 32 };
    for run in order.chunks_mut(size) {
        insertion_sort(run, &less)?;
    }
    while size < count {
        let mut merged = Vec::with_capacity(count);
        for pair in order.chunks(size * 2) {
            let (left, right) = pair.split_at(size.min(pair.len()));
            merge(left, right, &less, &mut merged)?;
        }
        order = merged;
        size *= 2;
    }
    if reverse {
        order.reverse();
    }
    let mut items: Vec<Option<T>> = items.into_iter().map(Some).collect();
    Ok(order
        .into_iter()
        .filter_map(|index| items[index].take())
        .collect())
}

fn insertion_sort(run: &mut [usize], less: &impl Fn(usize, usize) -> Result<bool>) -> Result<()> {
    let start = sorted_prefix(run, less)?;
    for end in start..run.len() {
        let pivot = run[end];
        let (mut low, mut high) = (0, end);
        while low < high {
            let middle = low + (high - low) / 2;
            if less(pivot, run[middle])? {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        run[low..=end].rotate_right(1);
    }
    Ok(())
}

/// The length of the run that is sorted already; one that is sorted downwards is turned round first.
fn sorted_prefix(run: &mut [usize], less: &impl Fn(usize, usize) -> Result<bool>) -> Result<usize> {
    if run.len() < 2 {
        return Ok(run.len());
    }
    let descending = less(run[1], run[0])?;
    let mut length = 2;
    while length < run.len() && less(run[length], run[length - 1])? == descending {
        length += 1;
    }
    if descending {
        run[..length].reverse();
    }
    Ok(length)
}

fn merge(
    left: &[usize],
    right: &[usize],
    less: &impl Fn(usize, usize) -> Result<bool>,
    out: &mut Vec<usize>,
) -> Result<()> {
    let (mut left, mut right) = (left, right);
    while let ([a, rest_left @ ..], [b, rest_right @ ..]) = (left, right) {
        if less(*b, *a)? {
            out.push(*b);
            right = rest_right;
        } else {
            out.push(*a);
            left = rest_left;
        }
    }
    out.extend_from_slice(left);
    out.extend_from_slice(right);
    Ok(())
}
