//! `str.format`

use crate::{Args, Error, ErrorKind, Result, Value, attr, escape, repr, unicode};

use super::format_spec;
use super::spec::integer;

/// Where fields come from.
#[derive(Clone, Copy)]
pub(super) enum Fields<'a> {
    /// The arguments of `format`.
    Args(&'a Args),
    /// The argument of `format_map`.
    Mapping(&'a Value),
}

/// A way of filling in templates.
#[derive(Clone, Copy)]
pub(super) struct Template<'a> {
    pub(super) fields: Fields<'a>,
    /// Whether what is filled in is escaped.
    pub(super) escape: bool,
}

/// Whether fields are numbered by hand.
#[derive(Clone, Copy, PartialEq)]
enum Numbering {
    Unknown,
    Automatic(usize),
    Manual,
}

/// One `{name!conversion:spec}`.
struct Field<'a> {
    name: &'a str,
    conversion: Option<char>,
    spec: &'a str,
}

fn invalid<T>(message: &str) -> Result<T> {
    Err(Error::value_error(message))
}

impl Template<'_> {
    pub(super) fn render(self, format: &str) -> Result<String> {
        self.fill(format, &mut Numbering::Unknown, 2)
    }

    fn fill(self, format: &str, numbering: &mut Numbering, depth: usize) -> Result<String> {
        if depth == 0 {
            return invalid("Max string recursion exceeded");
        }
        let mut out = String::with_capacity(format.len() + 16);
        let mut rest = format;
        while let Some(at) = rest.find(['{', '}']) {
            out.push_str(&rest[..at]);
            let brace = rest.as_bytes()[at];
            let after = &rest[at + 1..];
            if after.as_bytes().first() == Some(&brace) {
                out.push(char::from(brace));
                rest = &after[1..];
            } else if brace == b'}' {
                return invalid("Single '}' encountered in format string");
            } else if after.is_empty() {
                return invalid("Single '{' encountered in format string");
            } else {
                let (field, remaining) = parse_field(after)?;
                rest = remaining;
                self.field(&field, numbering, depth, &mut out)?;
            }
        }
        out.push_str(rest);
        Ok(out)
    }

    fn field(
        self,
        field: &Field<'_>,
        numbering: &mut Numbering,
        depth: usize,
        out: &mut String,
    ) -> Result<()> {
        let value = self.lookup(field.name, numbering)?;
        let value = match field.conversion {
            None => value,
            Some('s') => repr::to_str(&value)?.into(),
            Some('r') => repr::try_repr(&value)?.into(),
            Some('a') => {
                let mut ascii = String::new();
                repr::write_ascii(&repr::try_repr(&value)?, &mut ascii);
                ascii.into()
            }
            Some(other) => return Err(self.unknown_conversion(other)),
        };
        let expanded;
        let spec = if field.spec.contains('{') || (self.escape && field.spec.contains('}')) {
            expanded = self.fill(field.spec, numbering, depth - 1)?;
            &expanded
        } else {
            field.spec
        };
        match &value {
            Value::Str(text) | Value::Markup(text) if spec.is_empty() && !self.escape => {
                out.push_str(text);
            }
            Value::Markup(text) if self.escape => {
                if !spec.is_empty() {
                    return invalid("Unsupported format specification for Markup.");
                }
                out.push_str(text);
            }
            _ if self.escape => escape::escape_into(&format_spec(&value, spec)?, out),
            _ => out.push_str(&format_spec(&value, spec)?),
        }
        Ok(())
    }

    fn unknown_conversion(self, conversion: char) -> Error {
        // Markup.format is written in Python, which shows the character as it is.
        Error::value_error(
            if self.escape || (conversion > ' ' && (conversion as u32) < 127) {
                format!("Unknown conversion specifier {conversion}")
            } else {
                format!("Unknown conversion specifier \\x{:x}", conversion as u32)
            },
        )
    }

    /// The first object of a field, by name or number; `first` is the name up to the first `.` or `[`.
    fn start(self, name: &str, first: &str, numbering: &mut Numbering) -> Result<Value> {
        const TO_AUTOMATIC: &str =
            "cannot switch from manual field specification to automatic field numbering";
        const TO_MANUAL: &str =
            "cannot switch from automatic field numbering to manual field specification";
        let position = if first.is_empty() {
            None
        } else {
            number(first)?
        };
        // Markup.format numbers only fields that are empty, and counts only fields that are a number as numbered.
        let (is_automatic, is_manual) = if self.escape {
            (name.is_empty(), position.is_some() && name == first)
        } else {
            (first.is_empty(), position.is_some())
        };
        match *numbering {
            Numbering::Manual if is_automatic => return invalid(TO_AUTOMATIC),
            Numbering::Automatic(_) if is_manual => {
                return invalid(if self.escape { TO_AUTOMATIC } else { TO_MANUAL });
            }
            _ if is_manual => *numbering = Numbering::Manual,
            _ => {}
        }
        match position {
            Some(index) => self.numbered(index),
            None if is_automatic => {
                let index = if let Numbering::Automatic(index) = *numbering {
                    index
                } else {
                    0
                };
                *numbering = Numbering::Automatic(index + 1);
                self.numbered(index)
            }
            None => self.named(first),
        }
    }

    fn lookup(self, name: &str, numbering: &mut Numbering) -> Result<Value> {
        let end = name.find(['.', '[']).unwrap_or(name.len());
        let (first, mut rest) = name.split_at(end);
        let mut value = self.start(name, first, numbering)?;
        while let Some(kind) = rest.chars().next() {
            rest = &rest[1..];
            if kind == '.' {
                let end = rest.find(['.', '[']).unwrap_or(rest.len());
                let attribute = &rest[..end];
                if attribute.is_empty() {
                    return invalid("Empty attribute in format string");
                }
                value = get_attr(&value, attribute)?;
                rest = &rest[end..];
            } else {
                let Some(end) = rest.find(']') else {
                    return invalid("Missing ']' in format string");
                };
                let index = &rest[..end];
                if index.is_empty() {
                    return invalid("Empty attribute in format string");
                }
                let key = number(index)?.map_or_else(|| Value::from(index), Value::from);
                value = attr::get_item(&value, &key)?;
                rest = &rest[end + 1..];
                if !rest.is_empty() && !rest.starts_with(['.', '[']) {
                    return invalid("Only '.' or '[' may follow ']' in format field specifier");
                }
            }
        }
        Ok(value)
    }

    fn numbered(self, index: usize) -> Result<Value> {
        let found = match self.fields {
            Fields::Args(args) => args.positional.get(index).cloned(),
            Fields::Mapping(_) if self.escape => None,
            Fields::Mapping(_) => return invalid("Format string contains positional fields"),
        };
        found.ok_or_else(|| {
            let message = if self.escape {
                "tuple index out of range".to_owned()
            } else {
                format!("Replacement index {index} out of range for positional args tuple")
            };
            Error::new(ErrorKind::Index, message)
        })
    }

    fn named(self, name: &str) -> Result<Value> {
        match self.fields {
            Fields::Args(args) => args
                .get(name)
                .cloned()
                .ok_or_else(|| Error::key(&name.into())),
            Fields::Mapping(mapping) => attr::get_item(mapping, &name.into()),
        }
    }
}

/// `getattr`, with the `AttributeError` that Python raises.
fn get_attr(value: &Value, name: &str) -> Result<Value> {
    attr::get_attr(value, name).ok_or_else(|| match value {
        Value::Undefined(undefined) => Error::undefined(undefined),
        _ => Error::new(
            ErrorKind::Attribute,
            format!(
                "'{}' object has no attribute '{name}'",
                value.full_type_name()
            ),
        ),
    })
}

/// The number that a name is, if it is only digits.
fn number(name: &str) -> Result<Option<usize>> {
    if name.chars().any(|c| unicode::decimal(c).is_none()) {
        return Ok(None);
    }
    integer(&mut name.chars().peekable())
}

/// Parses what follows `{`; the answer includes what follows the closing brace.
fn parse_field(text: &str) -> Result<(Field<'_>, &str)> {
    let mut in_brackets = false;
    let mut end = None;
    for (at, c) in text.char_indices() {
        match c {
            ']' => in_brackets = false,
            _ if in_brackets => {}
            '[' => in_brackets = true,
            '{' => return invalid("unexpected '{' in field name"),
            '}' | ':' | '!' => {
                end = Some((at, c));
                break;
            }
            _ => {}
        }
    }
    let Some((at, end)) = end else {
        return invalid("expected '}' before end of string");
    };
    let name = &text[..at];
    let mut rest = &text[at + 1..];
    let mut conversion = None;
    if end == '}' {
        return Ok((
            Field {
                name,
                conversion,
                spec: "",
            },
            rest,
        ));
    }
    if end == '!' {
        let mut chars = rest.chars();
        conversion = chars.next();
        if conversion.is_none() {
            return invalid("end of string while looking for conversion specifier");
        }
        rest = chars.as_str();
        match chars.next() {
            Some('}') => {
                return Ok((
                    Field {
                        name,
                        conversion,
                        spec: "",
                    },
                    chars.as_str(),
                ));
            }
            Some(':') => rest = chars.as_str(),
            Some(_) => return invalid("expected ':' after conversion specifier"),
            None => {}
        }
    }
    let mut depth = 1;
    for (at, byte) in rest.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Ok((
                Field {
                    name,
                    conversion,
                    spec: &rest[..at],
                },
                &rest[at + 1..],
            ));
        }
    }
    invalid("unmatched '{' in format spec")
}
