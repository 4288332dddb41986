//! What comes before or instead of a node: anchors, tags, aliases.

use std::borrow::Cow;

use super::{Composer, Result, error, quoted};
use crate::error::{Error, ErrorKind, Mark, Span};
use crate::graph::{Id, Use};
use crate::resolve::Tag;
use crate::token::{Kind, Token, WrittenTag};

/// What comes before a node.
#[derive(Debug)]
pub(super) struct Properties<'a> {
    pub(super) anchor: Option<&'a str>,
    pub(super) tag: Option<Tag<'a>>,
    pub(super) span: Option<Span>,
}

impl<'a> Composer<'a> {
    /// Whether an item merges the mapping `id` into itself, which has no effect. If so, its alias is no recursion.
    pub(super) fn is_self_merge(&mut self, id: Id, key: Use, value: Use) -> bool {
        let found = value.id == id && self.graph.node(key.id).tag == Tag::Merge;
        if found {
            let alias = self.graph.span(value).start;
            self.graph.recursions.retain(|mark| *mark != alias);
        }
        found
    }

    pub(super) fn alias(&mut self) -> Result<Use> {
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
    pub(super) fn properties(&mut self) -> Result<Properties<'a>> {
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
        let prefix = match (self.handles.get(handle), handle) {
            (Some(prefix), _) => prefix.as_ref(),
            (None, "!") => "!",
            (None, "!!") => crate::resolve::PREFIX,
            (None, _) => {
                let problem = format!("found undefined tag handle {}", quoted(handle));
                let start = span.map(|span| span.start);
                return Err(error(problem, mark).within("while parsing a node", start));
            }
        };
        if prefix == crate::resolve::PREFIX {
            return Ok(Tag::standard(written.suffix));
        }
        Ok(Tag::new(Cow::Owned(format!("{prefix}{}", written.suffix))))
    }
}
