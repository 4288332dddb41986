//! Tokens to a graph of nodes: YAML's grammar, tag handles, anchors and aliases.
//!
//! A recursive descent that asks for tokens exactly when `PyYAML` does, because errors of the scanner and of the
//! grammar surface in that order.

mod block;
mod flow;

use std::borrow::Cow;
use std::collections::HashMap;

use crate::error::{Error, ErrorKind, Mark, Span};
use crate::graph::{Content, Graph, GraphNode, Id, Use};
use crate::resolve::{Tag, implicit};
use crate::scanner::Scanner;
use crate::token::{Kind, Style, Token, WrittenTag};

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
        graph: Graph::default(),
        handles: HashMap::new(),
        anchors: HashMap::new(),
        depth: 0,
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

/// What may come where a node is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Context {
    /// Inside brackets: no block collections.
    Flow,
    Block,
    /// As key or value of a block mapping, where a sequence needs no indentation.
    MappingItem,
}

/// What comes before a node.
#[derive(Debug)]
struct Properties<'a> {
    anchor: Option<&'a str>,
    tag: Option<Tag<'a>>,
    span: Option<Span>,
}

#[derive(Debug)]
struct Composer<'a> {
    scanner: Scanner<'a>,
    graph: Graph<'a>,
    handles: HashMap<&'a str, Cow<'a, str>>,
    anchors: HashMap<&'a str, Anchored>,
    depth: usize,
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

    fn single_document(&mut self) -> Result<Option<Id>> {
        let explicit = |kind: &Kind<'a>| kind.is_directive() || matches!(kind, Kind::DocumentStart);
        let mut root = None;
        if self.next_is(explicit)? {
            self.document_start()?;
            root = Some(
                if self.next_is(|kind| {
                    kind.is_directive()
                        || matches!(
                            kind,
                            Kind::DocumentStart | Kind::DocumentEnd | Kind::StreamEnd
                        )
                })? {
                    let mark = self.next_span()?.start;
                    self.empty(mark)
                } else {
                    self.node(Context::Block)?
                },
            );
        } else if !self.next_is(|kind| matches!(kind, Kind::StreamEnd))? {
            self.set_handles(HashMap::new());
            root = Some(self.node(Context::Block)?);
        }
        let Some(root) = root else { return Ok(None) };
        while self.next_is(|kind| matches!(kind, Kind::DocumentEnd))? {
            self.scanner.next()?;
        }
        if !self.next_is(|kind| matches!(kind, Kind::StreamEnd))? {
            let second = self.document_start()?;
            let first = self.graph.node(root.id).span.start;
            return Err(
                Error::new(ErrorKind::Composer, "but found another document", second)
                    .within("expected a single document in the stream", first),
            );
        }
        Ok(Some(root.id))
    }

    /// Directives and `---`. Where they start.
    fn document_start(&mut self) -> Result<Mark> {
        let start = self.next_span()?.start;
        let mut version = false;
        let mut handles = HashMap::new();
        while self.next_is(Kind::is_directive)? {
            let Token { kind, span } = self.scanner.next()?;
            match kind {
                Kind::VersionDirective(_) if version => {
                    return Err(error("found duplicate YAML directive", span.start));
                }
                Kind::VersionDirective(1) => version = true,
                Kind::VersionDirective(_) => {
                    let problem = "found incompatible YAML document (version 1.* is required)";
                    return Err(error(problem, span.start));
                }
                Kind::TagDirective { handle, prefix } => {
                    if handles.insert(handle, prefix).is_some() {
                        return Err(error(
                            format!("duplicate tag handle {}", quoted(handle)),
                            span.start,
                        ));
                    }
                }
                _ => {}
            }
        }
        self.set_handles(handles);
        if !self.next_is(|kind| matches!(kind, Kind::DocumentStart))? {
            let (name, mark) = self.unexpected()?;
            return Err(error(
                format!("expected '<document start>', but found '{name}'"),
                mark,
            ));
        }
        self.scanner.next()?;
        Ok(start)
    }

    fn set_handles(&mut self, handles: HashMap<&'a str, Cow<'a, str>>) {
        self.handles = handles;
        self.handles.entry("!").or_insert(Cow::Borrowed("!"));
        self.handles
            .entry("!!")
            .or_insert(Cow::Borrowed(crate::resolve::PREFIX));
    }

    /// A node, with what comes before it.
    fn node(&mut self, context: Context) -> Result<Use> {
        if self.next_is(|kind| matches!(kind, Kind::Alias(_)))? {
            return self.alias();
        }
        let Properties { anchor, tag, span } = self.properties()?;
        let next = self.scanner.peek()?;
        let start = span.map_or(next.span.start, |span| span.start);
        let is_content = match next.kind {
            Kind::Scalar { .. } | Kind::FlowSequenceStart | Kind::FlowMappingStart => true,
            Kind::BlockSequenceStart | Kind::BlockMappingStart => context != Context::Flow,
            Kind::BlockEntry => context == Context::MappingItem,
            _ => false,
        };
        if !is_content && span.is_none() {
            let what = if context == Context::Flow {
                "flow"
            } else {
                "block"
            };
            let problem = format!(
                "expected the node content, but found '{}'",
                next.kind.name()
            );
            let mark = next.span.start;
            return Err(error(problem, mark).within(format!("while parsing a {what} node"), start));
        }
        if let Some((name, first)) = anchor.and_then(|name| Some((name, self.anchors.get(name)?))) {
            // Only after a scalar's token was taken, as in Python: nothing is read in between.
            let context = format!("found duplicate anchor {}; first occurrence", quoted(name));
            return Err(Error::new(ErrorKind::Composer, "second occurrence", start)
                .within(context, first.start));
        }
        let end = match span {
            Some(span) if !is_content => span.end,
            _ => start,
        };
        let id = self.graph.push(GraphNode {
            tag: Tag::Null,
            content: Content::Scalar(Cow::Borrowed("")),
            style: Style::Plain,
            span: Span { start, end },
            height: 0,
        });
        if let Some(name) = anchor {
            self.anchors.insert(
                name,
                Anchored {
                    id,
                    start,
                    open: true,
                },
            );
        }
        if is_content {
            self.content(id, tag)?;
        } else {
            // An anchor or a tag with nothing behind it.
            let tag = tag.filter(|tag| *tag != Tag::Unspecific);
            self.graph.node_mut(id).tag = tag.unwrap_or_else(|| implicit(""));
        }
        if let Some(anchored) = anchor.and_then(|name| self.anchors.get_mut(name)) {
            anchored.open = false;
        }
        Ok(id.into())
    }

    /// The content of a node whose properties were read; a tag of `None` is to be found out.
    fn content(&mut self, id: Id, tag: Option<Tag<'a>>) -> Result<()> {
        if let Kind::Scalar { .. } = self.scanner.peek()?.kind
            && let Token {
                kind: Kind::Scalar { text, style },
                span,
            } = self.scanner.next()?
        {
            let node = self.graph.node_mut(id);
            node.tag = match tag {
                Some(Tag::Unspecific) => implicit(&text),
                Some(tag) => tag,
                None if style == Style::Plain => implicit(&text),
                None => Tag::Str,
            };
            node.content = Content::Scalar(text);
            node.style = style;
            node.span.end = span.end;
            return Ok(());
        }
        if self.depth >= MAX_DEPTH {
            return Err(too_deep(self.next_span()?.start));
        }
        self.depth += 1;
        let (content, style, end) = match self.scanner.peek()?.kind {
            Kind::FlowSequenceStart => self.flow_sequence()?,
            Kind::FlowMappingStart => self.flow_mapping()?,
            Kind::BlockSequenceStart => self.block_sequence()?,
            Kind::BlockMappingStart => self.block_mapping()?,
            _ => self.indentless_sequence()?,
        };
        self.depth -= 1;
        let default = if matches!(content, Content::Mapping(_)) {
            Tag::Map
        } else {
            Tag::Seq
        };
        self.set_collection(
            id,
            tag.filter(|tag| *tag != Tag::Unspecific).unwrap_or(default),
            content,
            style,
            end,
        )
    }

    fn set_collection(
        &mut self,
        id: Id,
        tag: Tag<'a>,
        mut content: Content<'a>,
        style: Style,
        end: Option<Mark>,
    ) -> Result<()> {
        if let (Content::Mapping(items), false) = (&mut content, self.graph.recursions.is_empty()) {
            items.retain(|(key, value)| !self.is_self_merge(id, *key, *value));
        }
        let height = |item: &Use| self.graph.node(item.id).height;
        let height = 1 + match &content {
            Content::Scalar(_) => 0,
            Content::Sequence(items) => items.iter().map(height).max().unwrap_or(0),
            Content::Mapping(items) => items
                .iter()
                .map(|(k, v)| height(k).max(height(v)))
                .max()
                .unwrap_or(0),
        };
        let node = self.graph.node_mut(id);
        if height > MAX_DEPTH {
            return Err(too_deep(node.span.start));
        }
        node.tag = tag;
        node.content = content;
        node.style = style;
        node.height = height;
        node.span.end = end.unwrap_or(node.span.start);
        Ok(())
    }

    /// Whether an item merges the mapping `id` into itself, which has no effect. If so, its alias is no recursion.
    fn is_self_merge(&mut self, id: Id, key: Use, value: Use) -> bool {
        let found = value.id == id && self.graph.node(key.id).tag == Tag::Merge;
        if found {
            let alias = self.graph.span(value).start;
            self.graph.recursions.retain(|mark| *mark != alias);
        }
        found
    }

    fn alias(&mut self) -> Result<Use> {
        let Token { kind, span } = self.scanner.next()?;
        let name = if let Kind::Alias(name) = kind {
            name
        } else {
            ""
        };
        let Some(anchored) = self.anchors.get(name) else {
            let problem = format!("found undefined alias {}", quoted(name));
            return Err(Error::new(ErrorKind::Composer, problem, span.start));
        };
        if anchored.open {
            self.graph.recursions.push(span.start);
        }
        Ok(self.graph.alias(anchored.id, span))
    }

    /// An anchor and a tag, in either order.
    fn properties(&mut self) -> Result<Properties<'a>> {
        let mut anchor = None;
        let mut tag = None;
        let mut span: Option<Span> = None;
        loop {
            match self.scanner.peek()?.kind {
                Kind::Anchor(_) if anchor.is_none() => {}
                Kind::Tag(_) if tag.is_none() => {}
                _ => break,
            }
            let token = self.scanner.next()?;
            span = Some(Span {
                start: span.map_or(token.span.start, |span| span.start),
                end: token.span.end,
            });
            match token.kind {
                Kind::Anchor(name) => anchor = Some(name),
                Kind::Tag(written) => tag = Some((written, token.span.start)),
                _ => {}
            }
        }
        let tag = match tag {
            Some((written, mark)) => Some(self.full_tag(written, mark, span)?),
            None => None,
        };
        Ok(Properties { anchor, tag, span })
    }

    fn full_tag(&self, written: WrittenTag<'a>, mark: Mark, span: Option<Span>) -> Result<Tag<'a>> {
        let Some(handle) = written.handle else {
            return Ok(Tag::new(written.suffix));
        };
        let Some(prefix) = self.handles.get(handle) else {
            let problem = format!("found undefined tag handle {}", quoted(handle));
            return Err(
                error(problem, mark).within("while parsing a node", span.map(|span| span.start))
            );
        };
        if prefix.as_ref() == crate::resolve::PREFIX {
            return Ok(Tag::standard(written.suffix));
        }
        Ok(Tag::new(Cow::Owned(format!("{prefix}{}", written.suffix))))
    }

    /// A value that is not there.
    fn empty(&mut self, mark: Mark) -> Use {
        let id = self.graph.push(GraphNode {
            tag: Tag::Null,
            content: Content::Scalar(Cow::Borrowed("")),
            style: Style::Plain,
            span: Span {
                start: mark,
                end: mark,
            },
            height: 0,
        });
        id.into()
    }

    /// Where what was used ends.
    fn end_of(&self, item: &Use) -> Mark {
        self.graph.span(*item).end
    }
}

fn too_deep(mark: Mark) -> Error {
    Error::new(
        ErrorKind::Composer,
        format!("more than {MAX_DEPTH} collections are inside each other"),
        mark,
    )
}
