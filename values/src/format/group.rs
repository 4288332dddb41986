//! A formatted number: sign, prefix, grouped digits and the rest, padded.

use crate::{Result, limits};

use super::spec::Spec;

/// The parts of a number that are about to be put together.
#[derive(Debug)]
pub(super) struct Parts<'a> {
    pub(super) negative: bool,
    /// `0x`
    pub(super) prefix: &'a str,
    /// The digits before the point, which are grouped.
    pub(super) digits: &'a str,
    /// The point, the digits after it, the exponent, `%`.
    pub(super) rest: &'a str,
    /// How many digits there are between two separators.
    pub(super) group: usize,
}

impl Spec {
    /// Puts the parts together, with sign, separators and padding.
    pub(super) fn number(&self, parts: &Parts<'_>) -> Result<String> {
        limits::product(self.width, self.fill.len_utf8(), limits::TEXT, "the text")?;
        let sign = match (parts.negative, self.sign) {
            (true, _) => "-",
            (false, Some('+')) => "+",
            (false, Some(' ')) => " ",
            _ => "",
        };
        // Zeros between sign and digits are digits: they are grouped, too.
        let others = sign.len() + parts.prefix.len() + parts.rest.chars().count();
        let zeros = self.fill == '0' && self.align == '=';
        let digits = if parts.digits.is_empty() {
            String::new()
        } else {
            let minimum = if zeros {
                self.width.saturating_sub(others)
            } else {
                0
            };
            group(parts.digits, minimum, self.separator, parts.group)
        };
        let length = others + digits.len();
        if self.align == '=' {
            let padding = std::iter::repeat_n(self.fill, self.width.saturating_sub(length));
            let mut out = [sign, parts.prefix].concat();
            out.extend(padding);
            out.push_str(&digits);
            out.push_str(parts.rest);
            return Ok(out);
        }
        self.pad(&[sign, parts.prefix, &digits, parts.rest].concat(), length)
    }
}

/// Puts a separator between groups of digits, and zeros in front, until they are at least `minimum` characters.
fn group(digits: &str, minimum: usize, separator: Option<char>, size: usize) -> String {
    let Some(separator) = separator else {
        let mut out = "0".repeat(minimum.saturating_sub(digits.len()));
        out.push_str(digits);
        return out;
    };
    let mut reversed: Vec<u8> = Vec::with_capacity(minimum.max(digits.len() * 4 / 3));
    let mut rest = digits.bytes().rev();
    let mut in_group = 0;
    loop {
        let digit = match rest.next() {
            Some(digit) => digit,
            // A separator is followed by a digit even if that makes the number one wider than asked for.
            None if reversed.len() < minimum => b'0',
            None => break,
        };
        if in_group == size {
            reversed.push(separator as u8);
            in_group = 0;
        }
        reversed.push(digit);
        in_group += 1;
    }
    reversed
        .iter()
        .rev()
        .map(|byte| char::from(*byte))
        .collect()
}
