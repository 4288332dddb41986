//! Subscripts with integers and slices, as positions.

use crate::{Error, ErrorKind, Result, Value, ops};

/// The position that the index `value` means in a sequence of `len` items. `kind` is for the `IndexError`.
pub(crate) fn position(index: isize, len: usize, message: &str) -> Result<usize> {
    let position = if index < 0 {
        index.checked_add_unsigned(len)
    } else {
        Some(index)
    };
    position
        .and_then(|position| usize::try_from(position).ok())
        .filter(|position| *position < len)
        .ok_or_else(|| Error::new(ErrorKind::Index, message))
}

/// A slice of a sequence of known length: the first position, the step, and how many positions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Range {
    pub(crate) start: usize,
    pub(crate) step: isize,
    pub(crate) count: usize,
}

impl Range {
    /// Python's rules for what is left out, negative, or beyond the ends.
    pub(crate) fn new(start: &Value, stop: &Value, step: &Value, len: usize) -> Result<Self> {
        let step = slice_index(step)?.unwrap_or(1);
        if step == 0 {
            return Err(Error::value_error("slice step cannot be zero"));
        }
        let step = step.max(-isize::MAX);
        let len = len as isize;
        let clamp = |index: isize| {
            let index = if index < 0 {
                index.saturating_add(len)
            } else {
                index
            };
            if step < 0 {
                index.clamp(-1, len - 1)
            } else {
                index.clamp(0, len)
            }
        };
        let (first, last) = if step < 0 { (len - 1, -1) } else { (0, len) };
        let start = slice_index(start)?.map_or(first, clamp);
        let stop = slice_index(stop)?.map_or(last, clamp);
        let distance = if step < 0 { start - stop } else { stop - start };
        let count = if distance > 0 {
            (distance as usize - 1) / step.unsigned_abs() + 1
        } else {
            0
        };
        Ok(Self {
            start: usize::try_from(start).unwrap_or(0),
            step,
            count,
        })
    }

    /// The positions, in order.
    pub(crate) fn positions(self) -> impl Iterator<Item = usize> {
        (0..self.count).map(move |index| {
            (self.start as isize).wrapping_add(self.step.wrapping_mul(index as isize)) as usize
        })
    }

    /// The items at the positions.
    pub(crate) fn of<T: Clone>(self, items: &[T]) -> Vec<T> {
        match items.get(self.start..self.start + self.count) {
            Some(part) if self.step == 1 => part.to_vec(),
            _ => self
                .positions()
                .filter_map(|position| items.get(position).cloned())
                .collect(),
        }
    }

    /// The characters at the positions.
    pub(crate) fn of_text(self, text: &str) -> String {
        if self.step == 1 {
            let start = offset(text, self.start);
            let end = start + offset(&text[start..], self.count);
            return text[start..end].to_owned();
        }
        if text.is_ascii() {
            return self
                .positions()
                .filter_map(|position| text.as_bytes().get(position))
                .map(|b| char::from(*b))
                .collect();
        }
        let chars: Vec<char> = text.chars().collect();
        self.positions()
            .filter_map(|position| chars.get(position))
            .collect()
    }
}

/// The byte offset of the character number `index`, or the end.
pub(crate) fn offset(text: &str, index: usize) -> usize {
    if text.is_ascii() {
        return index.min(text.len());
    }
    text.char_indices()
        .nth(index)
        .map_or(text.len(), |(offset, _)| offset)
}

pub(crate) fn slice_index(value: &Value) -> Result<Option<isize>> {
    match value {
        Value::None => Ok(None),
        _ => ops::index(value).map(Some).ok_or_else(|| {
            Error::type_error("slice indices must be integers or None or have an __index__ method")
        }),
    }
}
