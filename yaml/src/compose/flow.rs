//! Collections in brackets and braces.

use super::block::Collected;
use super::{Composer, Context, Result, error};
use crate::error::{Mark, Span};
use crate::graph::{Content, GraphNode, Use};
use crate::resolve::Tag;
use crate::token::{Kind, Style, Token};

impl<'a> Composer<'a> {
    /// Takes the comma between two items.
    fn separator(&mut self, what: &str, closing: char, start: Mark) -> Result<()> {
        if self.next_is(|kind| matches!(kind, Kind::FlowEntry))? {
            self.scanner.next()?;
            return Ok(());
        }
        let (name, mark) = self.unexpected()?;
        let problem = format!("expected ',' or '{closing}', but got '{name}'");
        Err(error(problem, mark).within(format!("while parsing a flow {what}"), start))
    }

    pub(super) fn flow_sequence(&mut self) -> Result<Collected<'a>> {
        let is_end = |kind: &Kind<'a>| matches!(kind, Kind::FlowSequenceEnd);
        let start = self.scanner.next()?.span.start;
        let mut items = Vec::new();
        while !self.next_is(is_end)? {
            if !items.is_empty() {
                self.separator("sequence", ']', start)?;
            }
            if self.next_is(|kind| matches!(kind, Kind::Key))? {
                items.push(self.single_pair()?);
            } else if !self.next_is(is_end)? {
                items.push(self.node(Context::Flow)?);
            } else {
                break;
            }
        }
        let end = self.scanner.next()?.span.end;
        Ok((Content::Sequence(items), Style::Flow, Some(end)))
    }

    pub(super) fn flow_mapping(&mut self) -> Result<Collected<'a>> {
        let is_end = |kind: &Kind<'a>| matches!(kind, Kind::FlowMappingEnd);
        let start = self.scanner.next()?.span.start;
        let mut items = Vec::new();
        while !self.next_is(is_end)? {
            if !items.is_empty() {
                self.separator("mapping", '}', start)?;
            }
            if self.next_is(|kind| matches!(kind, Kind::Key))? {
                items.push(self.pair(is_end)?);
            } else if !self.next_is(is_end)? {
                // A key alone. Even where `:` follows, as on a later line: that is an error at the next item.
                let key = self.node(Context::Flow)?;
                let mark = self.next_span()?.start;
                items.push((key, self.empty(mark)));
            } else {
                break;
            }
        }
        let end = self.scanner.next()?.span.end;
        Ok((Content::Mapping(items), Style::Flow, Some(end)))
    }

    /// A key, which is next, and its value.
    fn pair(&mut self, is_end: impl Fn(&Kind<'a>) -> bool) -> Result<(Use, Use)> {
        let Token { span, .. } = self.scanner.next()?;
        let no_key =
            |kind: &Kind<'a>| matches!(kind, Kind::Value | Kind::FlowEntry) || is_end(kind);
        let key = if self.next_is(no_key)? {
            self.empty(span.end)
        } else {
            self.node(Context::Flow)?
        };
        if !self.next_is(|kind| matches!(kind, Kind::Value))? {
            let mark = self.next_span()?.start;
            return Ok((key, self.empty(mark)));
        }
        let Token { span, .. } = self.scanner.next()?;
        let no_value = |kind: &Kind<'a>| matches!(kind, Kind::FlowEntry) || is_end(kind);
        let value = if self.next_is(no_value)? {
            self.empty(span.end)
        } else {
            self.node(Context::Flow)?
        };
        Ok((key, value))
    }

    /// `[key: value]`: a mapping of one item as item of a sequence.
    fn single_pair(&mut self) -> Result<Use> {
        if self.depth >= super::MAX_DEPTH {
            return Err(super::too_deep(self.next_span()?.start));
        }
        self.depth += 1;
        let start = self.next_span()?.start;
        let pair = self.pair(|kind| matches!(kind, Kind::FlowSequenceEnd))?;
        // The end of the mapping is only noticed when the next token is there.
        self.next_span()?;
        self.depth -= 1;
        let end = self.end_of(&pair.1);
        let id = self.graph.push(GraphNode {
            tag: Tag::Map,
            content: Content::Mapping(Vec::new()),
            style: Style::Flow,
            span: Span { start, end: start },
            height: 0,
        });
        self.set_collection(
            id,
            Tag::Map,
            Content::Mapping(vec![pair]),
            Style::Flow,
            Some(end),
        )?;
        Ok(id.into())
    }
}
