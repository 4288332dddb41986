//! The grammar of collections: what comes next in one that is open.

use super::{Composer, Result, error};
use crate::error::{Error, Mark, Span};
use crate::graph::{Id, Use};
use crate::resolve::Tag;
use crate::token::{Kind, Token};

/// What may come where a node is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Context {
    /// Inside brackets: no block collections.
    Flow,
    Block,
    /// As key or value of a block mapping, where a sequence needs no indentation.
    MappingItem,
}

/// The kinds of collections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    BlockSequence,
    /// A sequence whose dashes are at the column of the mapping around it.
    IndentlessSequence,
    BlockMapping,
    FlowSequence,
    FlowMapping,
    /// `[key: value]`: a mapping of one item as item of a sequence.
    SinglePair,
}

/// A collection whose end was not reached yet.
#[derive(Debug)]
pub(super) struct Open<'a> {
    pub(super) id: Id,
    pub(super) anchor: Option<&'a str>,
    pub(super) tag: Tag<'a>,
    pub(super) shape: Shape,
    /// Where it starts, behind its properties.
    pub(super) start: Mark,
    /// What it contains so far; in a mapping, keys and values in turns.
    pub(super) items: Vec<Use>,
    /// Whether the last item is a key that nothing says to be one: it has no value.
    pub(super) lone_key: bool,
}

/// What comes next in a collection.
#[derive(Clone, Copy, Debug)]
pub(super) enum Next {
    Node(Context),
    /// An item that is not there.
    Nothing(Mark),
    /// A key and a value that are one item.
    Pair,
    /// Nothing: where it ends, if there is something to see there.
    End(Option<Mark>),
}

/// What a collection of a shape ends with, or its items do.
fn is_end(kind: &Kind<'_>, shape: Shape) -> bool {
    match shape {
        Shape::BlockSequence => matches!(kind, Kind::BlockEntry | Kind::BlockEnd),
        Shape::IndentlessSequence => {
            matches!(
                kind,
                Kind::BlockEntry | Kind::Key | Kind::Value | Kind::BlockEnd
            )
        }
        Shape::BlockMapping => matches!(kind, Kind::Key | Kind::Value | Kind::BlockEnd),
        Shape::FlowSequence | Shape::SinglePair => matches!(kind, Kind::FlowSequenceEnd),
        Shape::FlowMapping => matches!(kind, Kind::FlowMappingEnd),
    }
}

impl<'a> Composer<'a> {
    /// Reads up to what comes next in `open`.
    pub(super) fn advance(&mut self, open: &mut Open<'a>) -> Result<Next> {
        let is_key_due = open.items.len().is_multiple_of(2);
        match open.shape {
            Shape::BlockSequence => {
                if self.next_is(|kind| matches!(kind, Kind::BlockEntry))? {
                    return self.after_indicator(open.shape, Context::Block);
                }
                self.block_end("while parsing a block collection", open.start)
            }
            Shape::IndentlessSequence => {
                if self.next_is(|kind| matches!(kind, Kind::BlockEntry))? {
                    return self.after_indicator(open.shape, Context::Block);
                }
                Ok(Next::End(None))
            }
            Shape::BlockMapping if is_key_due => {
                if self.next_is(|kind| matches!(kind, Kind::Key))? {
                    return self.after_indicator(open.shape, Context::MappingItem);
                }
                self.block_end("while parsing a block mapping", open.start)
            }
            Shape::BlockMapping => {
                if self.next_is(|kind| matches!(kind, Kind::Value))? {
                    return self.after_indicator(open.shape, Context::MappingItem);
                }
                Ok(Next::Nothing(self.next_span()?.start))
            }
            Shape::SinglePair if open.items.len() == 2 => {
                // The end is only noticed when the next token is there.
                self.next_span()?;
                Ok(Next::End(None))
            }
            Shape::SinglePair if is_key_due => self.after_indicator(open.shape, Context::Flow),
            Shape::FlowMapping | Shape::SinglePair if !is_key_due => {
                let lone_key = std::mem::take(&mut open.lone_key);
                if !lone_key && self.next_is(|kind| matches!(kind, Kind::Value))? {
                    return self.after_indicator(open.shape, Context::Flow);
                }
                Ok(Next::Nothing(self.next_span()?.start))
            }
            Shape::FlowSequence | Shape::FlowMapping | Shape::SinglePair => self.flow_item(open),
        }
    }

    /// Takes the indicator that is next (`-`, `?`, `:`, or the unwritten one before a key).
    fn after_indicator(&mut self, shape: Shape, context: Context) -> Result<Next> {
        let Token { kind, span } = self.scanner.next()?;
        let is_flow = context == Context::Flow;
        let before_value = is_flow && matches!(kind, Kind::Key);
        let nothing = self.next_is(|kind| {
            is_end(kind, shape)
                || (is_flow && matches!(kind, Kind::FlowEntry))
                || (before_value && matches!(kind, Kind::Value))
        })?;
        Ok(if nothing {
            Next::Nothing(span.end)
        } else {
            Next::Node(context)
        })
    }

    /// The next item in brackets or braces, behind its comma.
    fn flow_item(&mut self, open: &mut Open<'a>) -> Result<Next> {
        let (what, closing) = if open.shape == Shape::FlowMapping {
            ("mapping", '}')
        } else {
            ("sequence", ']')
        };
        let shape = open.shape;
        let at_end = |kind: &Kind<'a>| is_end(kind, shape);
        if !self.next_is(at_end)? {
            if !open.items.is_empty() {
                self.separator(what, closing, open.start)?;
            }
            if self.next_is(|kind| matches!(kind, Kind::Key))? {
                return match shape {
                    Shape::FlowMapping => self.after_indicator(shape, Context::Flow),
                    _ => Ok(Next::Pair),
                };
            }
            if !self.next_is(at_end)? {
                // A key alone, even where `:` follows, as on a later line: that is an error at the next item.
                open.lone_key = shape == Shape::FlowMapping;
                return Ok(Next::Node(Context::Flow));
            }
        }
        let Token {
            span: Span { end, .. },
            ..
        } = self.scanner.next()?;
        Ok(Next::End(Some(end)))
    }

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

    /// Takes the end of a block collection.
    fn block_end(&mut self, context: &str, start: Mark) -> Result<Next> {
        if !self.next_is(|kind| matches!(kind, Kind::BlockEnd))? {
            return Err(self.no_block_end(context, start)?);
        }
        self.scanner.next()?;
        Ok(Next::End(None))
    }

    fn no_block_end(&mut self, context: &str, start: Mark) -> Result<Error> {
        let (name, mark) = self.unexpected()?;
        Ok(error(format!("expected <block end>, but found '{name}'"), mark).within(context, start))
    }
}
