//! Tokens to a graph of nodes: YAML's grammar, tag handles, anchors and aliases.
//!
//! Tokens are asked for exactly when `PyYAML` does, because errors of the scanner and of the grammar surface in that
//! order. Open collections are on a stack of our own: no text exhausts the thread's.

mod collection;
mod document;
mod properties;

use std::borrow::Cow;
use std::collections::HashMap;

use crate::error::{Error, ErrorKind, Mark, Span};
use crate::graph::{Content, Graph, GraphNode, Id, Use};
use crate::resolve::{Tag, implicit};
use crate::scanner::Scanner;
use crate::token::{Kind, Style, Token};
use collection::{Context, Next, Open, Shape};
use properties::Properties;

type Result<T> = std::result::Result<T, Error>;

/// How many collections may be inside each other. `PyYAML` fails at 494 with Python's recursion limit.
pub(crate) const MAX_DEPTH: usize = 500;

/// The single document of `text`; without a root if there is none.
pub(crate) fn compose(text: &str) -> Result<(Graph<'_>, Option<Id>)> {
    if u32::try_from(text.len()).is_err() {
        return Err(Error::new(
            ErrorKind::Reader,
            "the text is larger than 4 GB",
            Mark::default(),
        ));
    }
    let mut composer = Composer {
        scanner: Scanner::new(text),
        graph: Graph::for_text(text.len()),
        handles: HashMap::new(),
        anchors: HashMap::new(),
    };
    let root = composer.single_document()?;
    Ok((composer.graph, root))
}

fn error(problem: impl Into<String>, mark: Mark) -> Error {
    Error::new(ErrorKind::Parser, problem, mark)
}

fn quoted(text: &str) -> String {
    values::repr::str_repr(text)
}

/// The node that an anchor names.
#[derive(Clone, Copy, Debug)]
struct Anchored {
    id: Id,
    start: Mark,
    /// Whether its end was not reached yet.
    open: bool,
}

#[derive(Debug)]
struct Composer<'a> {
    scanner: Scanner<'a>,
    graph: Graph<'a>,
    /// The tag handles that directives define.
    handles: HashMap<&'a str, Cow<'a, str>>,
    anchors: HashMap<&'a str, Anchored>,
}

impl<'a> Composer<'a> {
    fn next_is(&mut self, wanted: impl Fn(&Kind<'a>) -> bool) -> Result<bool> {
        Ok(wanted(&self.scanner.peek()?.kind))
    }

    fn next_span(&mut self) -> Result<Span> {
        Ok(self.scanner.peek()?.span)
    }

    /// The name that messages give the next token, and where it is.
    fn unexpected(&mut self) -> Result<(&'static str, Mark)> {
        let token = self.scanner.peek()?;
        Ok((token.kind.name(), token.span.start))
    }

    /// A node, with all that is inside.
    fn node(&mut self, context: Context) -> Result<Use> {
        let mut stack = Vec::new();
        let mut found = self.begin(context, &mut stack)?;
        loop {
            let Some(open) = stack.last_mut() else {
                // Only a scalar or an alias can be there: a collection would be open, or was returned.
                return found.ok_or_else(|| too_deep(Mark::default()));
            };
            open.items.extend(found.take());
            match self.advance(open)? {
                Next::Node(context) => found = self.begin(context, &mut stack)?,
                Next::Nothing(mark) => {
                    found = Some(self.scalar(
                        mark,
                        mark,
                        implicit(""),
                        Cow::Borrowed(""),
                        Style::Plain,
                    ));
                }
                Next::Pair => {
                    let start = self.next_span()?.start;
                    self.open(&mut stack, Shape::SinglePair, start, start, None, Tag::Map)?;
                }
                Next::End(end) => {
                    if let Some(open) = stack.pop() {
                        let used = self.close(open, end)?;
                        if stack.is_empty() {
                            return Ok(used);
                        }
                        found = Some(used);
                    }
                }
            }
        }
    }

    /// The beginning of a node: all of it, or `None` if it is a collection, which then is on the stack.
    fn begin(&mut self, context: Context, stack: &mut Vec<Open<'a>>) -> Result<Option<Use>> {
        if self.next_is(|kind| matches!(kind, Kind::Alias(_)))? {
            return self.alias().map(Some);
        }
        let Properties { anchor, tag, span } = self.properties()?;
        let next = self.scanner.peek()?;
        let start = span.map_or(next.span.start, |span| span.start);
        let content_start = next.span.start;
        let shape = match next.kind {
            Kind::FlowSequenceStart => Some(Shape::FlowSequence),
            Kind::FlowMappingStart => Some(Shape::FlowMapping),
            Kind::BlockSequenceStart if context != Context::Flow => Some(Shape::BlockSequence),
            Kind::BlockMappingStart if context != Context::Flow => Some(Shape::BlockMapping),
            Kind::BlockEntry if context == Context::MappingItem => Some(Shape::IndentlessSequence),
            _ => None,
        };
        let is_scalar = matches!(next.kind, Kind::Scalar { .. });
        if shape.is_none() && !is_scalar && span.is_none() {
            let what = if context == Context::Flow {
                "flow"
            } else {
                "block"
            };
            let problem = format!(
                "expected the node content, but found '{}'",
                next.kind.name()
            );
            return Err(
                error(problem, content_start).within(format!("while parsing a {what} node"), start)
            );
        }
        if let Some((name, first)) = anchor.and_then(|name| Some((name, self.anchors.get(name)?))) {
            let context = format!("found duplicate anchor {}; first occurrence", quoted(name));
            return Err(Error::new(ErrorKind::Composer, "second occurrence", start)
                .within(context, first.start));
        }
        if let Some(shape) = shape {
            if shape != Shape::IndentlessSequence {
                self.scanner.next()?;
            }
            let tag = tag.unwrap_or(Tag::Unspecific);
            self.open(stack, shape, start, content_start, anchor, tag)?;
            return Ok(None);
        }
        let (text, style, end) = if is_scalar
            && let Token {
                kind: Kind::Scalar { text, style },
                span,
            } = self.scanner.next()?
        {
            (text, style, span.end)
        } else {
            // An anchor or a tag with nothing behind it.
            (
                Cow::Borrowed(""),
                Style::Plain,
                span.map_or(start, |span| span.end),
            )
        };
        let tag = match tag {
            // A lone `!` asks to find out even what is in quotes.
            Some(Tag::Unspecific) => implicit(&text),
            Some(tag) => tag,
            None if style == Style::Plain => implicit(&text),
            None => Tag::Str,
        };
        let used = self.scalar(start, end, tag, text, style);
        if let Some(name) = anchor {
            self.anchors.insert(
                name,
                Anchored {
                    id: used.id,
                    start,
                    open: false,
                },
            );
        }
        Ok(Some(used))
    }

    fn scalar(
        &mut self,
        start: Mark,
        end: Mark,
        tag: Tag<'a>,
        text: Cow<'a, str>,
        style: Style,
    ) -> Use {
        let content = Content::Scalar(text);
        self.graph
            .push(GraphNode {
                tag,
                content,
                style,
                span: Span { start, end },
                height: 0,
            })
            .into()
    }

    /// Opens a collection.
    fn open(
        &mut self,
        stack: &mut Vec<Open<'a>>,
        shape: Shape,
        node_start: Mark,
        start: Mark,
        anchor: Option<&'a str>,
        tag: Tag<'a>,
    ) -> Result<()> {
        if stack.len() >= MAX_DEPTH {
            return Err(too_deep(node_start));
        }
        let is_mapping = matches!(
            shape,
            Shape::BlockMapping | Shape::FlowMapping | Shape::SinglePair
        );
        let tag = match tag {
            Tag::Unspecific if is_mapping => Tag::Map,
            Tag::Unspecific => Tag::Seq,
            tag => tag,
        };
        let id = self
            .scalar(
                node_start,
                node_start,
                Tag::Null,
                Cow::Borrowed(""),
                Style::Plain,
            )
            .id;
        if let Some(name) = anchor {
            self.anchors.insert(
                name,
                Anchored {
                    id,
                    start: node_start,
                    open: true,
                },
            );
        }
        stack.push(Open {
            id,
            anchor,
            tag,
            shape,
            start,
            items: Vec::new(),
            lone_key: false,
        });
        Ok(())
    }

    /// Makes the node of a collection that was read; `end`: where it ends, if not with its last item.
    fn close(&mut self, open: Open<'a>, end: Option<Mark>) -> Result<Use> {
        let Open {
            id,
            anchor,
            tag,
            shape,
            items,
            ..
        } = open;
        let height = 1 + items
            .iter()
            .map(|item| self.graph.node(item.id).height)
            .max()
            .unwrap_or(0);
        let start = self.graph.node(id).span.start;
        if height > MAX_DEPTH {
            return Err(too_deep(start));
        }
        let end = end
            .or_else(|| Some(self.graph.span(*items.last()?).end))
            .unwrap_or(start);
        let is_block = matches!(
            shape,
            Shape::BlockSequence | Shape::IndentlessSequence | Shape::BlockMapping
        );
        let content = match shape {
            Shape::BlockSequence | Shape::IndentlessSequence | Shape::FlowSequence => {
                Content::Sequence(items)
            }
            Shape::BlockMapping | Shape::FlowMapping | Shape::SinglePair => {
                let mut pairs: Vec<_> = items
                    .chunks_exact(2)
                    .map(|pair| (pair[0], pair[1]))
                    .collect();
                if !self.graph.recursions.is_empty() {
                    pairs.retain(|(key, value)| !self.is_self_merge(id, *key, *value));
                }
                Content::Mapping(pairs)
            }
        };
        let style = if is_block { Style::Block } else { Style::Flow };
        self.graph.finish(
            id,
            GraphNode {
                tag,
                content,
                style,
                span: Span { start, end },
                height,
            },
        );
        if let Some(anchored) = anchor.and_then(|name| self.anchors.get_mut(name)) {
            anchored.open = false;
        }
        Ok(id.into())
    }
}

fn too_deep(mark: Mark) -> Error {
    Error::new(
        ErrorKind::Composer,
        format!("more than {MAX_DEPTH} collections are inside each other"),
        mark,
    )
}
