//! The values of scalars.

use values::Value;

use super::{Constructor, Result, error, number};
use crate::base64;
use crate::graph::{Content, GraphNode};
use crate::resolve::Tag;
use crate::timestamp::Parts;

impl Constructor<'_, '_> {
    /// The value of a node whose tag is not that of a collection.
    pub(super) fn scalar(&self, node: &GraphNode<'_>) -> Result<Value> {
        let start = node.span.start;
        let fail = |problem: String| Err(error(problem, start));
        match &node.tag {
            Tag::Str => Ok(Value::str(self.text(node)?)),
            Tag::Null => self.text(node).map(|_| Value::None),
            Tag::Bool => {
                let text = self.text(node)?;
                match text.to_lowercase().as_str() {
                    "yes" | "true" | "on" => Ok(Value::Bool(true)),
                    "no" | "false" | "off" => Ok(Value::Bool(false)),
                    _ => fail(format!("{} is not a boolean", values::repr::str_repr(text))),
                }
            }
            Tag::Int => number::int(self.text(node)?).or_else(fail),
            Tag::Float => number::float(self.text(node)?)
                .map(Value::Float)
                .or_else(fail),
            Tag::Binary => {
                let text = self.text(node)?;
                if let Some(problem) = ascii_problem(text) {
                    return fail(format!(
                        "failed to convert base64 data into ascii: {problem}"
                    ));
                }
                match base64::decode(text) {
                    Ok(bytes) => Ok(Value::Bytes(bytes.into())),
                    Err(problem) => fail(format!("failed to decode base64 data: {problem}")),
                }
            }
            Tag::Timestamp => {
                let text = self.text(node)?;
                let text = text.strip_suffix('\n').unwrap_or(text);
                match Parts::parse(text) {
                    Some(parts) => parts.value().or_else(|problem| fail(problem.to_owned())),
                    None => fail(format!(
                        "{} is not a timestamp",
                        values::repr::str_repr(text)
                    )),
                }
            }
            other => {
                let tag = values::repr::str_repr(&other.full());
                fail(format!(
                    "could not determine a constructor for the tag {tag}"
                ))
            }
        }
    }

    /// The text of a scalar; for a mapping with a key `=`, of the value there.
    fn text<'n>(&'n self, node: &'n GraphNode<'_>) -> Result<&'n str> {
        let mut node = node;
        loop {
            match &node.content {
                Content::Scalar(text) => return Ok(text),
                Content::Mapping(items) => {
                    // No node contains itself, so this ends.
                    let is_value = |key| self.graph.node(key).tag == Tag::Value;
                    if let Some((_, value)) = items.iter().find(|(key, _)| is_value(key.id)) {
                        node = self.graph.node(value.id);
                        continue;
                    }
                }
                Content::Sequence(_) => {}
            }
            let problem = format!("expected a scalar node, but found {}", node.content.name());
            return Err(error(problem, node.span.start));
        }
    }
}

/// What Python says about a text that is not ASCII.
fn ascii_problem(text: &str) -> Option<String> {
    let mut others = text.chars().enumerate().filter(|(_, c)| !c.is_ascii());
    let (first, c) = others.next()?;
    let mut last = first;
    for (position, _) in others {
        if position > last + 1 {
            break;
        }
        last = position;
    }
    let what = if first == last {
        let c = match u32::from(c) {
            code @ ..=0xff => format!("\\x{code:02x}"),
            code @ ..=0xffff => format!("\\u{code:04x}"),
            code => format!("\\U{code:08x}"),
        };
        format!("character '{c}' in position {first}")
    } else {
        format!("characters in position {first}-{last}")
    };
    Some(format!(
        "'ascii' codec can't encode {what}: ordinal not in range(128)"
    ))
}
