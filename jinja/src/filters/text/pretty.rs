//! `pprint.pformat(value)`: like `repr`, but broken into lines of 80 characters, dictionaries sorted.
//!
//! Depth is limited, as it is in Python by its stack.

use std::sync::Arc;

use values::{Args, Error, ErrorKind, Result, Value, methods, repr, sort};

use super::chars::{is_space, length};

/// The longest line that is aimed at.
const WIDTH: i64 = 80;

/// How deep containers may be nested.
const MAX_DEPTH: usize = 300;

/// `pprint.pformat(value)`
pub(in crate::filters) fn format(value: &Value) -> Result<String> {
    let mut printer = Printer {
        out: String::new(),
        open: Vec::new(),
    };
    printer.write(
        value,
        Place {
            indent: 0,
            allowance: 0,
            level: 0,
        },
    )?;
    Ok(printer.out)
}

/// Where a value is written.
#[derive(Clone, Copy)]
struct Place {
    /// The column.
    indent: i64,
    /// How many characters follow on the last line.
    allowance: i64,
    /// How many containers are around it.
    level: usize,
}

struct Printer {
    out: String,
    /// The containers that are being written, outermost first, by identity.
    open: Vec<usize>,
}

impl Printer {
    /// Writes a value, on one line where that fits.
    fn write(&mut self, value: &Value, place: Place) -> Result<()> {
        let id = identity(value);
        if id.is_some_and(|id| self.open.contains(&id)) {
            self.out.push_str(&recursion(value));
            return Ok(());
        }
        let line = one_line(value, &mut self.open.clone())?;
        let room = WIDTH - place.indent - place.allowance;
        if length(&line) as i64 <= room {
            self.out.push_str(&line);
            return Ok(());
        }
        self.open.extend(id);
        let inside = Place {
            level: place.level + 1,
            ..place
        };
        match value {
            Value::Dict(dict) => {
                let items: Vec<_> = dict
                    .read()
                    .iter()
                    .map(|(k, v)| (k.value().clone(), v.clone()))
                    .collect();
                self.dict(&items, inside)?;
            }
            Value::List(list) => self.items("[", &list.to_vec(), "]", inside)?,
            Value::Tuple(items) => self.items(
                "(",
                items,
                if items.len() == 1 { ",)" } else { ")" },
                inside,
            )?,
            Value::Set(set) if !set.is_empty() => {
                let items: Vec<_> = set.read().keys().map(|key| key.value().clone()).collect();
                self.items("{", &sorted(&items), "}", inside)?;
            }
            Value::Str(text) if !text.is_empty() => self.text(text, inside)?,
            Value::Bytes(bytes) if bytes.len() > 4 => self.bytes(bytes, inside),
            _ => self.out.push_str(&line),
        }
        if id.is_some() {
            self.open.pop();
        }
        Ok(())
    }

    fn new_line(&mut self, indent: i64) {
        self.out.push('\n');
        self.out
            .extend(std::iter::repeat_n(' ', indent.max(0) as usize));
    }

    fn dict(&mut self, items: &[(Value, Value)], place: Place) -> Result<()> {
        self.out.push('{');
        let keys = items.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>();
        let order = order(&keys);
        let indent = place.indent + 1;
        for (count, index) in order.into_iter().enumerate() {
            if count > 0 {
                self.out.push(',');
                self.new_line(indent);
            }
            let (key, value) = &items[index];
            let key = one_line(key, &mut self.open.clone())?;
            self.out.push_str(&key);
            self.out.push_str(": ");
            let allowance = if count + 1 == items.len() {
                place.allowance + 1
            } else {
                1
            };
            self.write(
                value,
                Place {
                    indent: indent + length(&key) as i64 + 2,
                    allowance,
                    ..place
                },
            )?;
        }
        self.out.push('}');
        Ok(())
    }

    fn items(&mut self, open: &str, items: &[Value], close: &str, place: Place) -> Result<()> {
        self.out.push_str(open);
        let indent = place.indent + 1;
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.out.push(',');
                self.new_line(indent);
            }
            let allowance = if index + 1 == items.len() {
                place.allowance + close.len() as i64
            } else {
                1
            };
            self.write(
                item,
                Place {
                    indent,
                    allowance,
                    ..place
                },
            )?;
        }
        self.out.push_str(close);
        Ok(())
    }

    /// A text, as several literals next to each other; in parentheses where it is alone.
    fn text(&mut self, text: &Arc<str>, place: Place) -> Result<()> {
        let alone = place.level == 1;
        let extra = i64::from(alone);
        let (indent, allowance) = (place.indent + extra, place.allowance + extra);
        let width = WIDTH - indent;
        let fits = |literal: &str, last: bool| {
            length(literal) as i64 <= if last { width - allowance } else { width }
        };
        let lines = split_lines(text)?;
        let mut chunks = Vec::new();
        for (number, line) in lines.iter().enumerate() {
            let last_line = number + 1 == lines.len();
            let whole = repr::str_repr(line);
            if fits(&whole, last_line) {
                chunks.push(whole);
                continue;
            }
            let parts = words(line);
            let mut current = String::new();
            for (index, part) in parts.iter().enumerate() {
                let candidate = current.clone() + part;
                if fits(
                    &repr::str_repr(&candidate),
                    last_line && index + 1 == parts.len(),
                ) {
                    current = candidate;
                } else {
                    if !current.is_empty() {
                        chunks.push(repr::str_repr(&current));
                    }
                    (*part).clone_into(&mut current);
                }
            }
            if !current.is_empty() {
                chunks.push(repr::str_repr(&current));
            }
        }
        let parentheses = alone && chunks.len() > 1;
        self.literals(&chunks, indent, parentheses);
        Ok(())
    }

    fn bytes(&mut self, bytes: &[u8], place: Place) {
        let alone = place.level == 1;
        let extra = i64::from(alone);
        let (indent, allowance) = (place.indent + extra, place.allowance + extra);
        let literal = |bytes: &[u8]| repr::repr(&Value::Bytes(bytes.into()));
        let mut width = WIDTH - indent;
        let mut chunks = Vec::new();
        let mut start = 0;
        for at in (0..bytes.len()).step_by(4) {
            let end = (at + 4).min(bytes.len());
            if at == bytes.len() / 4 * 4 {
                width -= allowance;
            }
            if literal(&bytes[start..end]).len() as i64 > width {
                if start < at {
                    chunks.push(literal(&bytes[start..at]));
                }
                start = at;
            }
        }
        chunks.push(literal(&bytes[start..]));
        self.literals(&chunks, indent, alone);
    }

    fn literals(&mut self, chunks: &[String], indent: i64, parentheses: bool) {
        self.out.push_str(if parentheses { "(" } else { "" });
        for (index, chunk) in chunks.iter().enumerate() {
            if index > 0 {
                self.new_line(indent);
            }
            self.out.push_str(chunk);
        }
        self.out.push_str(if parentheses { ")" } else { "" });
    }
}

/// The value on one line: `repr`, but with sorted dictionaries.
fn one_line(value: &Value, open: &mut Vec<usize>) -> Result<String> {
    if !matches!(value, Value::Dict(_) | Value::List(_) | Value::Tuple(_)) {
        return Ok(repr::repr(value));
    }
    let Some(id) = identity(value) else {
        return Ok(repr::repr(value));
    };
    if open.contains(&id) {
        return Ok(recursion(value));
    }
    if open.len() >= MAX_DEPTH {
        return Err(Error::new(
            ErrorKind::Recursion,
            "maximum recursion depth exceeded while calling a Python object",
        ));
    }
    open.push(id);
    let line = match value {
        Value::Dict(dict) => {
            let (keys, values): (Vec<_>, Vec<_>) = dict
                .read()
                .iter()
                .map(|(k, v)| (k.value().clone(), v.clone()))
                .unzip();
            let mut parts = Vec::with_capacity(keys.len());
            for index in order(&keys) {
                parts.push(format!(
                    "{}: {}",
                    one_line(&keys[index], open)?,
                    one_line(&values[index], open)?
                ));
            }
            format!("{{{}}}", parts.join(", "))
        }
        Value::List(list) => {
            let parts = list
                .to_vec()
                .iter()
                .map(|item| one_line(item, open))
                .collect::<Result<Vec<_>>>()?;
            format!("[{}]", parts.join(", "))
        }
        Value::Tuple(items) => {
            let parts = items
                .iter()
                .map(|item| one_line(item, open))
                .collect::<Result<Vec<_>>>()?;
            format!(
                "({}{})",
                parts.join(", "),
                if parts.len() == 1 { "," } else { "" }
            )
        }
        _ => repr::repr(value),
    };
    open.pop();
    Ok(line)
}

/// What tells a container from all others; empty tuples contain nothing that could recur.
fn identity(value: &Value) -> Option<usize> {
    match value {
        Value::List(list) => Some(list.id()),
        Value::Dict(dict) | Value::Set(dict) => Some(dict.id()),
        Value::Tuple(items) if !items.is_empty() => Some(Arc::as_ptr(items).addr()),
        _ => None,
    }
}

fn recursion(value: &Value) -> String {
    format!(
        "<Recursion on {} with id={}>",
        value.type_name(),
        identity(value).unwrap_or_default()
    )
}

/// The order in which `pprint` writes keys: Python's own where there is one, else by type.
fn order(keys: &[Value]) -> Vec<usize> {
    let keyed = keys.iter().cloned().zip(0..).collect();
    if let Ok(sorted) = sort::sort_keyed(keyed, false) {
        return sorted.into_iter().map(|(_, index)| index).collect();
    }
    // Keys of several types are few, and comparing them may be no order that a library's sort could rely on.
    let mut order: Vec<usize> = Vec::with_capacity(keys.len());
    for (index, key) in keys.iter().enumerate() {
        let less =
            |other: &Value| sort::less(key, other).unwrap_or_else(|_| class(key) < class(other));
        let at = order
            .iter()
            .position(|other| less(&keys[*other]))
            .unwrap_or(order.len());
        order.insert(at, index);
    }
    order
}

fn sorted(items: &[Value]) -> Vec<Value> {
    order(items)
        .into_iter()
        .map(|index| items[index].clone())
        .collect()
}

/// The class as `str(type(value))` names it.
fn class(value: &Value) -> String {
    format!("<class '{}'>", value.full_type_name())
}

/// `text.splitlines(True)`
fn split_lines(text: &Arc<str>) -> Result<Vec<String>> {
    let lines = methods::call(
        &Value::Str(text.clone()),
        "splitlines",
        &Args::positional([Value::Bool(true)]),
    )?;
    let lines = values::iter::collect(&lines)?;
    Ok(lines
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect())
}

/// Words, each with the white space behind it.
fn words(line: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = line;
    while !rest.is_empty() {
        let word = rest.find(is_space).unwrap_or(rest.len());
        let end = rest[word..]
            .find(|c| !is_space(c))
            .map_or(rest.len(), |space| word + space);
        let (first, behind) = rest.split_at(end);
        words.push(first);
        rest = behind;
    }
    words
}
