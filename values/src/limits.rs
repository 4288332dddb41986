//! How large and how deep values may get: beyond this an operation is an error, not an exhausted memory or stack.

use crate::{Error, Result};

/// Containers nested deeper than this are a `RecursionError` (`CPython`'s limit is near 1,000 as well).
pub(crate) const DEPTH: usize = 900;
/// Bytes of a text.
pub(crate) const TEXT: usize = 1 << 28;
/// Items of a list or tuple.
pub(crate) const ITEMS: usize = 1 << 24;
/// Bits of an integer.
pub(crate) const BITS: u64 = 1 << 22;

/// The product of an item's size and a count, if it is below `limit`.
pub(crate) fn product(size: usize, count: usize, limit: usize, what: &str) -> Result<usize> {
    size.checked_mul(count)
        .filter(|total| *total <= limit)
        .ok_or_else(|| Error::too_large(what))
}

/// One level deeper, unless that is too deep; `doing` is the end of the error message.
pub(crate) fn deeper(depth: usize, doing: &str) -> Result<usize> {
    if depth >= DEPTH {
        Err(Error::recursion(doing))
    } else {
        Ok(depth + 1)
    }
}
