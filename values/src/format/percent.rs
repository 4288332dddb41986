//! `%` formatting.

use std::iter::Peekable;
use std::str::Chars;

use num_bigint::{BigInt, Sign};

use crate::ops::Number;
use crate::{Error, Result, Value, attr, convert, escape, limits, ops, repr, slice};

use super::{float, integer};

/// `format % args`
pub fn percent(format: &str, args: &Value) -> Result<String> {
    Formatter::new(args, false).run(format)
}

/// `Markup(format) % args`: what is inserted is escaped.
pub fn percent_markup(format: &str, args: &Value) -> Result<String> {
    Formatter::new(args, true).run(format)
}

struct Formatter<'a> {
    /// What `%(name)s` looks names up in.
    mapping: Option<&'a Value>,
    args: &'a [Value],
    next: usize,
    /// What the last `%(name)` found, until it is used.
    found: Option<Value>,
    escape: bool,
}

/// What stands between `%` and the conversion.
#[derive(Default)]
#[allow(clippy::struct_excessive_bools, reason = "they are independent flags")]
struct Flags {
    left: bool,
    plus: bool,
    space: bool,
    alternate: bool,
    zero: bool,
    width: usize,
    precision: Option<usize>,
}

/// Whether `value[…]` is possible, which makes a value a mapping to `%`.
fn is_mapping(value: &Value, escape: bool) -> bool {
    match value {
        Value::Dict(_) | Value::List(_) | Value::Bytes(_) | Value::Undefined(_) => true,
        // Names of attributes are no items; anything that answers is.
        Value::Object(object) => !escape && object.get_item(&Value::None).is_some(),
        _ => false,
    }
}

impl<'a> Formatter<'a> {
    fn new(args: &'a Value, escape: bool) -> Self {
        let list = match args {
            Value::Tuple(items) => items,
            single => std::slice::from_ref(single),
        };
        Self {
            mapping: is_mapping(args, escape).then_some(args),
            args: list,
            next: 0,
            found: None,
            escape,
        }
    }

    fn argument(&mut self) -> Result<Value> {
        if let Some(found) = self.found.take() {
            self.next = self.args.len();
            return Ok(found);
        }
        let value = self.args.get(self.next).cloned();
        self.next += 1;
        value.ok_or_else(|| Error::type_error("not enough arguments for format string"))
    }

    fn run(mut self, format: &str) -> Result<String> {
        let mut out = String::with_capacity(format.len() + 16);
        let mut rest = format;
        while let Some(at) = rest.find('%') {
            out.push_str(&rest[..at]);
            let mut chars = rest[at + 1..].chars().peekable();
            if chars.next_if_eq(&'%').is_some() {
                out.push('%');
                rest = &rest[at + 2..];
                continue;
            }
            let flags = self.flags(&mut chars)?;
            let kind = chars
                .next()
                .ok_or_else(|| Error::value_error("incomplete format"))?;
            rest = &rest[rest.len() - chars.map(char::len_utf8).sum::<usize>()..];
            let value = self.argument()?;
            let position = || format[..format.len() - rest.len()].chars().count() - 1;
            self.conversion(kind, &flags, &value, position, &mut out)?;
        }
        out.push_str(rest);
        if self.next < self.args.len() && self.mapping.is_none() {
            return Err(Error::type_error(
                "not all arguments converted during string formatting",
            ));
        }
        Ok(out)
    }

    fn flags(&mut self, chars: &mut Peekable<Chars<'_>>) -> Result<Flags> {
        let mut flags = Flags::default();
        if chars.next_if_eq(&'(').is_some() {
            self.lookup(chars)?;
        }
        while let Some(flag) = chars.next_if(|c| matches!(c, '-' | '+' | ' ' | '#' | '0')) {
            match flag {
                '-' => flags.left = true,
                '+' => flags.plus = true,
                ' ' => flags.space = true,
                '#' => flags.alternate = true,
                _ => flags.zero = true,
            }
        }
        if chars.next_if_eq(&'*').is_some() {
            let width = self.star("width too big")?;
            flags.left |= width < 0;
            flags.width = width.unsigned_abs();
        } else {
            flags.width = digits(chars, "width too big", isize::MAX as usize)?.unwrap_or(0);
        }
        if chars.next_if_eq(&'.').is_some() {
            flags.precision = Some(if chars.next_if_eq(&'*').is_some() {
                usize::try_from(self.star("precision too big")?).unwrap_or(0)
            } else {
                digits(chars, "precision too big", i32::MAX as usize)?.unwrap_or(0)
            });
        }
        chars.next_if(|c| matches!(c, 'h' | 'l' | 'L'));
        limits::product(
            flags.width.max(flags.precision.unwrap_or(0)),
            1,
            limits::TEXT,
            "the text",
        )?;
        Ok(flags)
    }

    /// Reads a name up to its closing parenthesis, and looks it up.
    fn lookup(&mut self, chars: &mut Peekable<Chars<'_>>) -> Result<()> {
        let mapping = self
            .mapping
            .ok_or_else(|| Error::type_error("format requires a mapping"))?;
        let (mut name, mut depth) = (String::new(), 1);
        for c in chars.by_ref() {
            match c {
                '(' => depth += 1,
                ')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                self.found = Some(attr::get_item(mapping, &Value::from(name))?);
                return Ok(());
            }
            name.push(c);
        }
        Err(Error::value_error("incomplete format key"))
    }

    /// A width or precision that is an argument.
    fn star(&mut self, too_big: &str) -> Result<isize> {
        let value = self.argument()?;
        match value {
            _ if self.escape => Err(Error::type_error("* wants int")),
            Value::BigInt(_) => Err(Error::overflow(match too_big {
                "width too big" => "Python int too large to convert to C ssize_t",
                _ => "Python int too large to convert to C int",
            })),
            value => ops::index(&value).ok_or_else(|| Error::type_error("* wants int")),
        }
    }

    fn conversion(
        &self,
        kind: char,
        flags: &Flags,
        value: &Value,
        position: impl Fn() -> usize,
        out: &mut String,
    ) -> Result<()> {
        match kind {
            's' | 'r' | 'a' => {
                let text = self.text(kind, value)?;
                let end = flags
                    .precision
                    .map_or(text.len(), |precision| slice::offset(&text, precision));
                flags.pad("", "", &text[..end], ' ', out);
            }
            'c' => flags.pad("", "", &self.character(value)?.to_string(), ' ', out),
            'd' | 'i' | 'u' | 'o' | 'x' | 'X' => self.integer(kind, flags, value, out)?,
            'e' | 'E' | 'f' | 'F' | 'g' | 'G' => {
                let number = self.float(value)?;
                let precision = flags.precision.unwrap_or(6);
                let style = float::Style {
                    kind,
                    precision,
                    alternate: flags.alternate,
                    dot_zero: false,
                };
                let text = float::text(number, style)?;
                let negative = number.is_sign_negative() && !number.is_nan();
                flags.number(negative, "", &text, out);
            }
            _ => {
                return Err(Error::value_error(format!(
                    "unsupported format character '{}' (0x{:x}) at index {}",
                    if (' '..='~').contains(&kind) {
                        kind
                    } else {
                        '?'
                    },
                    kind as u32,
                    position()
                )));
            }
        }
        Ok(())
    }

    fn text(&self, kind: char, value: &Value) -> Result<String> {
        let text = match kind {
            's' if self.escape => {
                return Ok(escape::escape(value)?
                    .as_str()
                    .unwrap_or_default()
                    .to_owned());
            }
            's' => return repr::to_str(value),
            _ if self.escape => escape::escape_str(&repr::try_repr(value)?).into_owned(),
            _ => repr::try_repr(value)?,
        };
        if kind == 'r' {
            return Ok(text);
        }
        let mut out = String::with_capacity(text.len());
        repr::write_ascii(&text, &mut out);
        Ok(out)
    }

    fn character(&self, value: &Value) -> Result<char> {
        let error = || Error::type_error("%c requires int or char");
        match value {
            _ if self.escape => Err(error()),
            Value::Str(text) | Value::Markup(text) => {
                let mut chars = text.chars();
                chars
                    .next()
                    .filter(|_| chars.next().is_none())
                    .ok_or_else(error)
            }
            _ => match ops::number(value).and_then(Number::big) {
                Some(number) => integer::character(&number),
                None => Err(error()),
            },
        }
    }

    fn float(&self, value: &Value) -> Result<f64> {
        match value {
            Value::Undefined(undefined) => Err(Error::undefined(undefined)),
            _ if self.escape => convert::to_float(value),
            _ => match ops::number(value) {
                Some(number) => number.float(),
                None => Err(Error::type_error(format!(
                    "must be real number, not {}",
                    value.full_type_name()
                ))),
            },
        }
    }

    fn integer(&self, kind: char, flags: &Flags, value: &Value, out: &mut String) -> Result<()> {
        let decimal = matches!(kind, 'd' | 'i' | 'u');
        let required = |what: &str, name: &str| {
            Err(Error::type_error(format!(
                "%{kind} format: {what} is required, not {name}"
            )))
        };
        let number: BigInt = match ops::number(value) {
            _ if self.escape && decimal => convert::to_int(value)?,
            _ if self.escape => return required("an integer", "_MarkupEscapeHelper"),
            Some(Number::Float(float)) if decimal => convert::float_to_int(float)?,
            Some(Number::Float(_)) => return required("an integer", "float"),
            Some(number) => number
                .big()
                .map(std::borrow::Cow::into_owned)
                .unwrap_or_default(),
            None => match value {
                Value::Undefined(undefined) if decimal => return Err(Error::undefined(undefined)),
                _ if decimal => return required("a real number", value.full_type_name()),
                _ => return required("an integer", value.full_type_name()),
            },
        };
        let (base, prefix) = match kind {
            'o' => (8, "0o"),
            'x' => (16, "0x"),
            'X' => (16, "0X"),
            _ => (10, ""),
        };
        let mut digits = integer::digits(&number, base)?;
        if kind == 'X' {
            digits.make_ascii_uppercase();
        }
        if let Some(precision) = flags.precision {
            digits.insert_str(0, &"0".repeat(precision.saturating_sub(digits.len())));
        }
        let prefix = if flags.alternate { prefix } else { "" };
        flags.number(number.sign() == Sign::Minus, prefix, &digits, out);
        Ok(())
    }
}

impl Flags {
    fn number(&self, negative: bool, prefix: &str, digits: &str, out: &mut String) {
        let sign = match (negative, self.plus, self.space) {
            (true, _, _) => "-",
            (false, true, _) => "+",
            (false, false, true) => " ",
            _ => "",
        };
        self.pad(sign, prefix, digits, if self.zero { '0' } else { ' ' }, out);
    }

    /// Zeros go between the sign and the digits, spaces in front or, with `-`, behind.
    fn pad(&self, sign: &str, prefix: &str, text: &str, fill: char, out: &mut String) {
        let length = sign.len() + prefix.len() + text.chars().count();
        let padding = self.width.saturating_sub(length);
        let pad = |when: bool, fill: char, out: &mut String| {
            if when {
                out.extend(std::iter::repeat_n(fill, padding));
            }
        };
        pad(!self.left && fill == ' ', ' ', out);
        out.push_str(sign);
        out.push_str(prefix);
        pad(!self.left && fill == '0', '0', out);
        out.push_str(text);
        pad(self.left, ' ', out);
    }
}

fn digits(chars: &mut Peekable<Chars<'_>>, too_big: &str, limit: usize) -> Result<Option<usize>> {
    let mut number = None;
    while let Some(digit) = chars.peek().and_then(|c| c.to_digit(10)) {
        chars.next();
        let value = number
            .unwrap_or(0_usize)
            .checked_mul(10)
            .and_then(|number| number.checked_add(digit as usize));
        match value.filter(|value| *value <= limit) {
            Some(value) => number = Some(value),
            None => return Err(Error::value_error(too_big)),
        }
    }
    Ok(number)
}
