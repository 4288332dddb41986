//! Values to nodes.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use values::{Date, DateTime, Dict, Value};

use super::graph::{Content, Graph, Node, Text};
use super::{DumpError, sort};
use crate::base64;
use crate::construct::MAX_DIGITS;
use crate::resolve::Tag;

/// The nodes of `value`; its own node is the first. With `readable`, lists of pairs become `!!pairs`.
pub(super) fn represent(value: &Value, readable: bool) -> Result<Graph, DumpError> {
    let mut representer = Representer {
        readable,
        graph: Vec::new(),
        pending: Vec::new(),
        known: HashMap::new(),
    };
    representer.number(value);
    while let Some((number, value)) = representer.pending.pop() {
        representer.graph[number] = representer.node(&value)?;
    }
    Ok(representer.graph)
}

struct Representer {
    readable: bool,
    graph: Graph,
    /// Values that have a number, but no node yet.
    pending: Vec<(usize, Value)>,
    /// The nodes of the objects that were met, by identity.
    known: HashMap<usize, usize>,
}

/// What makes an object the same one. Numbers, texts and the empty tuple have no identity that matters.
fn identity(value: &Value) -> Option<usize> {
    match value {
        Value::List(list) => Some(list.id()),
        Value::Dict(dict) | Value::Set(dict) => Some(dict.id()),
        Value::Tuple(items) if !items.is_empty() => Some(items.as_ptr().addr()),
        Value::Date(date) => Some(Arc::as_ptr(date).addr()),
        Value::DateTime(time) => Some(Arc::as_ptr(time).addr()),
        _ => None,
    }
}

impl Representer {
    /// The number of the node of `value`, which is made later.
    fn number(&mut self, value: &Value) -> usize {
        let identity = identity(value);
        if let Some(known) = identity.and_then(|identity| self.known.get(&identity)) {
            return *known;
        }
        let number = self.graph.len();
        if let Some(identity) = identity {
            self.known.insert(identity, number);
        }
        self.graph.push(Node {
            tag: Tag::Null,
            content: Content::Sequence(Vec::new()),
        });
        self.pending.push((number, value.clone()));
        number
    }

    fn node(&mut self, value: &Value) -> Result<Node, DumpError> {
        let scalar = |tag, text: Cow<'static, str>| Node {
            tag,
            content: Content::Scalar {
                text: Text::Own(text),
                literal: false,
            },
        };
        Ok(match value {
            Value::None => scalar(Tag::Null, "null".into()),
            Value::Bool(true) => scalar(Tag::Bool, "true".into()),
            Value::Bool(false) => scalar(Tag::Bool, "false".into()),
            Value::Int(number) => scalar(Tag::Int, number.to_string().into()),
            Value::BigInt(number) => {
                // Each digit takes more than three bits: no need to convert what is far too long.
                let too_long = number.bits() > 4 * MAX_DIGITS as u64;
                let text = if too_long {
                    String::new()
                } else {
                    number.to_string()
                };
                if too_long || text.trim_start_matches('-').len() > MAX_DIGITS {
                    return Err(DumpError::TooManyDigits);
                }
                scalar(Tag::Int, text.into())
            }
            Value::Float(number) => scalar(Tag::Float, float(*number)),
            Value::Str(text) => Node {
                tag: Tag::Str,
                content: Content::Scalar {
                    text: Text::Shared(text.clone()),
                    literal: false,
                },
            },
            Value::Markup(text) => {
                let text = self.number(&Value::Str(text.clone()));
                let tag = Tag::OtherStandard("python/object/new:markupsafe.Markup".into());
                Node {
                    tag,
                    content: Content::Sequence(vec![text]),
                }
            }
            Value::Bytes(bytes) => Node {
                tag: Tag::Binary,
                content: Content::Scalar {
                    text: Text::Own(base64::encode(bytes).into()),
                    literal: true,
                },
            },
            Value::Date(date) => scalar(Tag::Timestamp, iso_date(**date).into()),
            Value::DateTime(time) => scalar(Tag::Timestamp, iso_time(time).into()),
            Value::List(list) => {
                let items = list.to_vec();
                if self.readable && is_pairs(&items) {
                    self.pairs(&items)
                } else {
                    self.sequence(Tag::Seq, &items)
                }
            }
            Value::Tuple(items) => self.sequence(Tag::OtherStandard("python/tuple".into()), items),
            Value::Dict(dict) => self.mapping(Tag::Map, dict),
            Value::Set(dict) => self.mapping(Tag::Set, dict),
            Value::Undefined(_) | Value::Object(_) => {
                return Err(DumpError::Unsupported(value.type_name().to_owned()));
            }
        })
    }

    /// A list of pairs as `!!pairs`: a sequence of mappings of one item each.
    fn pairs(&mut self, items: &[Value]) -> Node {
        let mut numbers = Vec::with_capacity(items.len());
        for item in items {
            if let Value::Tuple(pair) = item {
                let pair = (self.number(&pair[0]), self.number(&pair[1]));
                numbers.push(self.graph.len());
                self.graph.push(Node {
                    tag: Tag::Map,
                    content: Content::Mapping(vec![pair]),
                });
            }
        }
        Node {
            tag: Tag::OtherStandard("pairs".into()),
            content: Content::Sequence(numbers),
        }
    }

    fn sequence(&mut self, tag: Tag<'static>, items: &[Value]) -> Node {
        let items = items.iter().map(|item| self.number(item)).collect();
        Node {
            tag,
            content: Content::Sequence(items),
        }
    }

    /// A dictionary, sorted by key if the keys can be sorted. A set is a dictionary without values.
    fn mapping(&mut self, tag: Tag<'static>, dict: &Dict) -> Node {
        let is_set = tag == Tag::Set;
        let items = dict
            .read()
            .iter()
            .map(|(key, value)| (key.value().clone(), value.clone()))
            .collect();
        let pairs = sort::by_key(items)
            .iter()
            .map(|(key, value)| {
                let key = self.number(key);
                (key, self.number(if is_set { &Value::None } else { value }))
            })
            .collect();
        Node {
            tag,
            content: Content::Mapping(pairs),
        }
    }
}

/// Whether this is what `!!omap` and `!!pairs` are read as.
fn is_pairs(items: &[Value]) -> bool {
    !items.is_empty()
        && items
            .iter()
            .all(|item| matches!(item, Value::Tuple(pair) if pair.len() == 2))
}

fn float(number: f64) -> Cow<'static, str> {
    if number.is_nan() {
        return ".nan".into();
    }
    if number.is_infinite() {
        return if number > 0.0 { ".inf" } else { "-.inf" }.into();
    }
    let text = values::repr::float_repr(number);
    // `1e+16` would be read as text.
    if text.contains('.') {
        text.into()
    } else {
        text.replacen('e', ".0e", 1).into()
    }
}

fn iso_date(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year, date.month, date.day)
}

/// `isoformat(' ')`
fn iso_time(time: &DateTime) -> String {
    let (date, hour, minute) = (iso_date(time.date), time.hour, time.minute);
    let fraction = match time.microsecond {
        0 => String::new(),
        microsecond => format!(".{microsecond:06}"),
    };
    let zone = time.offset.map(|offset| {
        let sign = if offset < 0 { '-' } else { '+' };
        let seconds = offset.unsigned_abs();
        let rest = if seconds % 60 == 0 {
            String::new()
        } else {
            format!(":{:02}", seconds % 60)
        };
        format!("{sign}{:02}:{:02}{rest}", seconds / 3600, seconds / 60 % 60)
    });
    format!(
        "{date} {hour:02}:{minute:02}:{:02}{fraction}{}",
        time.second,
        zone.unwrap_or_default()
    )
}
