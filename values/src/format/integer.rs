//! Format specifications of integers.

use num_bigint::{BigInt, Sign};

use crate::ops::Number;
use crate::repr::big_digits;
use crate::{Error, Result, Value};

use super::group::Parts;
use super::spec::{Spec, unknown_code};

/// The digits of an integer in a base; the sign is apart.
pub(super) fn digits(number: &BigInt, base: u32) -> Result<String> {
    let magnitude = BigInt::from_biguint(Sign::Plus, number.magnitude().clone());
    match base {
        10 => big_digits(&magnitude),
        _ => Ok(magnitude.to_str_radix(base)),
    }
}

/// The character with this code point.
pub(super) fn character(number: &BigInt) -> Result<char> {
    let code = u32::try_from(number).ok().filter(|code| *code < 0x11_0000);
    let code = code.ok_or_else(|| Error::overflow("%c arg not in range(0x110000)"))?;
    char::from_u32(code)
        .ok_or_else(|| Error::unsupported("a lone surrogate in a text: not supported"))
}

pub(super) fn format(number: Number<'_>, spec: &Spec, value: &Value) -> Result<String> {
    let kind = spec.kind.unwrap_or('d');
    if matches!(kind, 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%') {
        return super::float::format(number.float()?, spec, value);
    }
    if !matches!(kind, 'b' | 'c' | 'd' | 'o' | 'x' | 'X' | 'n') {
        return Err(unknown_code(kind, value));
    }
    if spec.precision.is_some() {
        return Err(Error::value_error(
            "Precision not allowed in integer format specifier",
        ));
    }
    if spec.positive_zero {
        return Err(Error::value_error(
            "Negative zero coercion (z) not allowed in integer format specifier",
        ));
    }
    let Some(number) = number.big() else {
        return Err(unknown_code(kind, value));
    };
    if kind == 'c' {
        return format_character(&number, spec);
    }
    let (base, prefix, group) = match kind {
        'b' => (2, "0b", 4),
        'o' => (8, "0o", 4),
        'x' => (16, "0x", 4),
        'X' => (16, "0X", 4),
        _ => (10, "", 3),
    };
    let mut digits = digits(&number, base)?;
    if kind == 'X' {
        digits.make_ascii_uppercase();
    }
    spec.number(&Parts {
        negative: number.sign() == Sign::Minus,
        prefix: if spec.alternate { prefix } else { "" },
        digits: &digits,
        rest: "",
        group,
    })
}

fn format_character(number: &BigInt, spec: &Spec) -> Result<String> {
    let not_allowed = |what: &str| {
        Err(Error::value_error(format!(
            "{what} not allowed with integer format specifier 'c'"
        )))
    };
    if spec.sign.is_some() {
        return not_allowed("Sign");
    }
    if spec.alternate {
        return not_allowed("Alternate form (#)");
    }
    if i64::try_from(number).is_err() {
        return Err(Error::overflow("Python int too large to convert to C long"));
    }
    let text = character(number)?.to_string();
    spec.number(&Parts {
        negative: false,
        prefix: "",
        digits: "",
        rest: &text,
        group: 3,
    })
}
