//! `str` and `repr`.

mod float;
mod text;

use std::sync::Arc;

use num_bigint::BigInt;

use crate::dict::Map;
use crate::object::elsewhere;
use crate::views::View;
use crate::{Error, Result, Value, limits};

pub use float::float_repr;
pub(crate) use float::{digits, round_digits, write_fixed};
pub use text::str_repr;
pub(crate) use text::{bytes_repr, write_ascii};

/// Integers with more decimal digits are not printed, since Python 3.11.
const INT_DIGITS: usize = 4300;

/// `repr(value)`. Undefined values print as `Undefined`, as in Jinja2.
///
/// Where Python would raise (containers nested too deeply, integers of more than 4300 digits), something shorter is
/// returned; [`try_repr`] raises.
pub fn repr(value: &Value) -> String {
    let mut out = String::new();
    let mut writer = Writer {
        out: &mut out,
        active: Vec::new(),
        lenient: true,
    };
    // A lenient writer has nothing to complain about.
    let _ = writer.value(value);
    out
}

/// `repr(value)`
///
/// # Errors
/// `RecursionError` and `ValueError`, where Python's `repr` raises them.
pub fn try_repr(value: &Value) -> Result<String> {
    let mut out = String::new();
    write_repr(value, &mut out)?;
    Ok(out)
}

/// Appends `repr(value)` to `out`.
///
/// # Errors
/// As [`try_repr`].
pub fn write_repr(value: &Value, out: &mut String) -> Result<()> {
    Writer {
        out,
        active: Vec::new(),
        lenient: false,
    }
    .value(value)
}

/// `str(value)`.
///
/// # Errors
/// Of an undefined value, and as [`try_repr`].
pub fn to_str(value: &Value) -> Result<String> {
    let mut out = String::new();
    write_str(value, &mut out)?;
    Ok(out)
}

/// `str(value)`, shared if the value is a text.
///
/// # Errors
/// As [`to_str`].
pub fn to_shared_str(value: &Value) -> Result<Arc<str>> {
    match value {
        Value::Str(text) | Value::Markup(text) => Ok(text.clone()),
        _ => to_str(value).map(Into::into),
    }
}

/// Appends `str(value)` to `out`.
///
/// # Errors
/// Of an undefined value, and as [`try_repr`].
pub fn write_str(value: &Value, out: &mut String) -> Result<()> {
    match value {
        Value::Str(text) | Value::Markup(text) => out.push_str(text),
        Value::Undefined(undefined) => return Err(Error::undefined(undefined)),
        Value::Date(date) => out.push_str(&date.isoformat()),
        Value::DateTime(time) => out.push_str(&time.isoformat(' ')),
        Value::Object(object) if !object.as_any().is::<View>() => {
            match elsewhere("str", &[value]) {
                Some(text) => write_str(&text?, out)?,
                None => out.push_str(&object.str()),
            }
        }
        _ => return write_repr(value, out),
    }
    Ok(())
}

/// The decimal digits of an integer.
///
/// # Errors
/// `ValueError` if there are more than 4300 of them.
pub(crate) fn big_digits(big: &BigInt) -> Result<String> {
    let error = || {
        Error::value_error(format!(
            "Exceeds the limit ({INT_DIGITS} digits) for integer string conversion; \
             use sys.set_int_max_str_digits() to increase the limit"
        ))
    };
    // log2(10) is less than 10/3: so many bits need more digits.
    if big.bits() > INT_DIGITS as u64 * 10 / 3 + 1 {
        return Err(error());
    }
    let digits = big.to_string();
    if digits.trim_start_matches('-').len() > INT_DIGITS {
        Err(error())
    } else {
        Ok(digits)
    }
}

struct Writer<'a> {
    out: &'a mut String,
    /// The containers that are being written: one that contains itself prints as `[...]`.
    active: Vec<usize>,
    lenient: bool,
}

impl Writer<'_> {
    /// Only containers here: what recurses should need little stack.
    fn value(&mut self, value: &Value) -> Result<()> {
        match value {
            Value::List(list) => {
                self.nested(list.id(), "[", "]", &|this| this.items(list.read().iter()))
            }
            Value::Tuple(items) => {
                let close = if items.len() == 1 { ",)" } else { ")" };
                self.nested(
                    Arc::as_ptr(items).cast::<()>().addr(),
                    "(",
                    close,
                    &|this| this.items(items.iter()),
                )
            }
            Value::Dict(dict) => self.nested(dict.id(), "{", "}", &|this| this.dict(&dict.read())),
            Value::Set(set) if !set.is_empty() => self.nested(set.id(), "{", "}", &|this| {
                this.items(set.read().keys().map(crate::Key::value))
            }),
            Value::Object(object) => match object.as_any().downcast_ref::<View>() {
                Some(view) => self.view(view, Arc::as_ptr(object).cast::<()>().addr()),
                None => self.scalar(value),
            },
            _ => self.scalar(value),
        }
    }

    #[inline(never)]
    fn scalar(&mut self, value: &Value) -> Result<()> {
        match value {
            Value::Undefined(_) => self.out.push_str("Undefined"),
            Value::Bool(b) => self.out.push_str(if *b { "True" } else { "False" }),
            Value::Int(i) => put!(self.out, "{i}"),
            Value::BigInt(big) => match big_digits(big) {
                Ok(digits) => self.out.push_str(&digits),
                Err(_) if self.lenient => put!(self.out, "0x{:x}", **big),
                Err(error) => return Err(error),
            },
            Value::Float(float) => self.out.push_str(&float_repr(*float)),
            Value::Str(text) => text::write_repr(text, self.out),
            Value::Markup(text) => {
                self.out.push_str("Markup(");
                text::write_repr(text, self.out);
                self.out.push(')');
            }
            Value::Bytes(bytes) => self.out.push_str(&bytes_repr(bytes)),
            Value::Set(_) => self.out.push_str("set()"),
            Value::Date(date) => self.out.push_str(&date.repr()),
            Value::DateTime(time) => self.out.push_str(&time.repr()),
            Value::Object(object) => match elsewhere("repr", &[value]) {
                Some(Ok(text)) => self.out.push_str(text.as_str().unwrap_or_default()),
                Some(Err(error)) if !self.lenient => return Err(error),
                _ => self.out.push_str(&object.repr()),
            },
            Value::None | Value::List(_) | Value::Tuple(_) | Value::Dict(_) => {
                self.out.push_str("None");
            }
        }
        Ok(())
    }

    /// A view's own repetition shows without its name.
    fn view(&mut self, view: &View, id: usize) -> Result<()> {
        if self.active.contains(&id) {
            self.out.push_str("...");
            return Ok(());
        }
        self.out.push_str(view.kind.type_name());
        self.out.push('(');
        let items = view.items();
        self.nested(id, "[", "]", &|this| this.items(items.iter()))?;
        self.out.push(')');
        Ok(())
    }

    fn nested(
        &mut self,
        id: usize,
        open: &str,
        close: &str,
        body: &dyn Fn(&mut Self) -> Result<()>,
    ) -> Result<()> {
        self.out.push_str(open);
        if self.active.contains(&id) {
            self.out.push_str("...");
            // A tuple of one item has no comma here.
            self.out.push_str(close.trim_start_matches(','));
            return Ok(());
        }
        match limits::deeper(self.active.len(), " while getting the repr of an object") {
            Ok(_) => {
                self.active.push(id);
                body(self)?;
                self.active.pop();
            }
            Err(_) if self.lenient => self.out.push_str("..."),
            Err(error) => return Err(error),
        }
        self.out.push_str(close);
        Ok(())
    }

    fn items<'a>(&mut self, items: impl Iterator<Item = &'a Value>) -> Result<()> {
        for (index, item) in items.enumerate() {
            if index > 0 {
                self.out.push_str(", ");
            }
            self.value(item)?;
        }
        Ok(())
    }

    fn dict(&mut self, items: &Map) -> Result<()> {
        for (index, (key, value)) in items.iter().enumerate() {
            if index > 0 {
                self.out.push_str(", ");
            }
            self.value(key.value())?;
            self.out.push_str(": ");
            self.value(value)?;
        }
        Ok(())
    }
}
