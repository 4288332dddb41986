//! The format specification mini-language: parsing, and padding.

use crate::{Error, Result, Value, limits, unicode};

/// A parsed format specification.
#[derive(Clone, Debug)]
pub(super) struct Spec {
    pub(super) fill: char,
    pub(super) align: char,
    pub(super) sign: Option<char>,
    /// `z`: no negative zero.
    pub(super) positive_zero: bool,
    /// `#`
    pub(super) alternate: bool,
    pub(super) width: usize,
    /// `,` or `_`
    pub(super) separator: Option<char>,
    pub(super) precision: Option<usize>,
    pub(super) kind: Option<char>,
}

/// `'x'`, or its code point if it is not printable ASCII.
pub(super) fn quoted(c: char) -> String {
    if c > ' ' && (c as u32) < 128 {
        format!("'{c}'")
    } else {
        format!("'\\x{:x}'", c as u32)
    }
}

pub(super) fn unknown_code(kind: char, value: &Value) -> Error {
    Error::value_error(format!(
        "Unknown format code {} for object of type '{}'",
        quoted(kind),
        value.full_type_name()
    ))
}

/// Reads digits, of any script.
pub(super) fn integer(
    chars: &mut std::iter::Peekable<std::str::Chars<'_>>,
) -> Result<Option<usize>> {
    let mut number = None;
    while let Some(digit) = chars.peek().copied().and_then(unicode::decimal) {
        chars.next();
        let value = number
            .unwrap_or(0_usize)
            .checked_mul(10)
            .and_then(|number| number.checked_add(digit as usize));
        match value.filter(|value| isize::try_from(*value).is_ok()) {
            Some(value) => number = Some(value),
            None => {
                return Err(Error::value_error(
                    "Too many decimal digits in format string",
                ));
            }
        }
    }
    Ok(number)
}

impl Spec {
    /// Parses the specification `text` for `value`, whose type aligns to `default_align`.
    pub(super) fn parse(text: &str, default_align: char, value: &Value) -> Result<Self> {
        let is_align = |c: &char| matches!(c, '<' | '>' | '=' | '^');
        let mut spec = Self {
            fill: ' ',
            align: default_align,
            sign: None,
            positive_zero: false,
            alternate: false,
            width: 0,
            separator: None,
            precision: None,
            kind: None,
        };
        let mut chars = text.chars().peekable();
        let (first, second) = (text.chars().next(), text.chars().nth(1));
        let (mut filled, mut aligned) = (false, false);
        if let (Some(fill), Some(align)) = (first, second.filter(is_align)) {
            (spec.fill, spec.align, filled, aligned) = (fill, align, true, true);
            chars.next();
            chars.next();
        } else if let Some(align) = chars.next_if(is_align) {
            (spec.align, aligned) = (align, true);
        }
        spec.sign = chars.next_if(|c| matches!(c, ' ' | '+' | '-'));
        spec.positive_zero = chars.next_if_eq(&'z').is_some();
        spec.alternate = chars.next_if_eq(&'#').is_some();
        if !filled && chars.next_if_eq(&'0').is_some() {
            spec.fill = '0';
            if !aligned && default_align == '>' {
                spec.align = '=';
            }
        }
        spec.width = integer(&mut chars)?.unwrap_or(0);
        spec.separator = chars.next_if_eq(&',');
        let both = || Err(Error::value_error("Cannot specify both ',' and '_'."));
        if chars.next_if_eq(&'_').is_some() {
            if spec.separator.is_some() {
                return both();
            }
            spec.separator = Some('_');
        }
        if chars.peek() == Some(&',') && spec.separator == Some('_') {
            return both();
        }
        if chars.next_if_eq(&'.').is_some() {
            spec.precision = integer(&mut chars)?;
            if spec.precision.is_none() {
                return Err(Error::value_error("Format specifier missing precision"));
            }
        }
        spec.kind = chars.next();
        if chars.next().is_some() {
            return Err(Error::value_error(format!(
                "Invalid format specifier '{text}' for object of type '{}'",
                value.full_type_name()
            )));
        }
        spec.check_separator(value)?;
        Ok(spec)
    }

    fn check_separator(&self, value: &Value) -> Result<()> {
        let kind = self.kind.or(value.as_str().map(|_| 's'));
        match (self.separator, kind) {
            (None, _) | (Some(_), None | Some('d' | 'e' | 'f' | 'g' | 'E' | 'G' | '%' | 'F')) => {
                Ok(())
            }
            (Some('_'), Some('b' | 'o' | 'x' | 'X')) => Ok(()),
            (Some(separator), Some(kind)) => Err(Error::value_error(format!(
                "Cannot specify '{separator}' with {}.",
                quoted(kind)
            ))),
        }
    }

    /// Pads a text that is `length` characters long, left (`<`) of the fill by default.
    pub(super) fn pad(&self, text: &str, length: usize) -> Result<String> {
        let padding = self.width.saturating_sub(length);
        limits::product(padding, self.fill.len_utf8(), limits::TEXT, "the text")?;
        let left = match self.align {
            '>' | '=' => padding,
            '^' => padding / 2,
            _ => 0,
        };
        let mut out = String::with_capacity(text.len() + padding * self.fill.len_utf8());
        out.extend(std::iter::repeat_n(self.fill, left));
        out.push_str(text);
        out.extend(std::iter::repeat_n(self.fill, padding - left));
        Ok(out)
    }

    /// Formats a text.
    pub(super) fn text(&self, text: &str, value: &Value) -> Result<String> {
        let not_allowed = |what: &str| {
            Err(Error::value_error(format!(
                "{what} not allowed in string format specifier"
            )))
        };
        match self.kind {
            None | Some('s') => {}
            Some(kind) => return Err(unknown_code(kind, value)),
        }
        match self.sign {
            Some(' ') => return not_allowed("Space"),
            Some(_) => return not_allowed("Sign"),
            None => {}
        }
        if self.positive_zero {
            return not_allowed("Negative zero coercion (z)");
        }
        if self.alternate {
            return not_allowed("Alternate form (#)");
        }
        if self.align == '=' {
            return not_allowed("'=' alignment");
        }
        let end = self.precision.map_or(text.len(), |precision| {
            crate::slice::offset(text, precision)
        });
        let text = &text[..end];
        self.pad(text, text.chars().count())
    }
}
