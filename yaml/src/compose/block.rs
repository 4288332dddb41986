//! Collections that are laid out by indentation.

use super::{Composer, Context, Result, error};
use crate::error::{Error, Mark};
use crate::graph::{Content, Use};
use crate::token::{Kind, Style, Token};

/// A collection's content, how it is written, and where it ends.
pub(super) type Collected<'a> = (Content<'a>, Style, Option<Mark>);

fn ends_mapping_item(kind: &Kind<'_>) -> bool {
    matches!(kind, Kind::Key | Kind::Value | Kind::BlockEnd)
}

impl<'a> Composer<'a> {
    fn expect_block_end(&mut self, context: &str, start: Mark) -> Result<()> {
        if !self.next_is(|kind| matches!(kind, Kind::BlockEnd))? {
            return Err(self.no_block_end(context, start)?);
        }
        self.scanner.next()?;
        Ok(())
    }

    fn no_block_end(&mut self, context: &str, start: Mark) -> Result<Error> {
        let (name, mark) = self.unexpected()?;
        Ok(error(format!("expected <block end>, but found '{name}'"), mark).within(context, start))
    }

    pub(super) fn block_sequence(&mut self) -> Result<Collected<'a>> {
        let start = self.scanner.next()?.span.start;
        let mut items = Vec::new();
        while self.next_is(|kind| matches!(kind, Kind::BlockEntry))? {
            let Token { span, .. } = self.scanner.next()?;
            let nothing = self.next_is(|kind| matches!(kind, Kind::BlockEntry | Kind::BlockEnd))?;
            items.push(if nothing {
                self.empty(span.end)
            } else {
                self.node(Context::Block)?
            });
        }
        self.expect_block_end("while parsing a block collection", start)?;
        let end = items.last().map(|item| self.end_of(item));
        Ok((Content::Sequence(items), Style::Block, end))
    }

    /// A sequence whose dashes are at the column of the mapping around it.
    pub(super) fn indentless_sequence(&mut self) -> Result<Collected<'a>> {
        let mut items = Vec::new();
        while self.next_is(|kind| matches!(kind, Kind::BlockEntry))? {
            let Token { span, .. } = self.scanner.next()?;
            let nothing =
                self.next_is(|kind| matches!(kind, Kind::BlockEntry) || ends_mapping_item(kind))?;
            items.push(if nothing {
                self.empty(span.end)
            } else {
                self.node(Context::Block)?
            });
        }
        let end = items.last().map(|item| self.end_of(item));
        Ok((Content::Sequence(items), Style::Block, end))
    }

    pub(super) fn block_mapping(&mut self) -> Result<Collected<'a>> {
        let start = self.scanner.next()?.span.start;
        let mut items: Vec<(Use, Use)> = Vec::new();
        while self.next_is(|kind| matches!(kind, Kind::Key))? {
            let key = self.block_mapping_item()?;
            let value = if self.next_is(|kind| matches!(kind, Kind::Value))? {
                self.block_mapping_item()?
            } else {
                let mark = self.next_span()?.start;
                self.empty(mark)
            };
            items.push((key, value));
        }
        self.expect_block_end("while parsing a block mapping", start)?;
        let end = items.last().map(|(_, value)| self.end_of(value));
        Ok((Content::Mapping(items), Style::Block, end))
    }

    /// What follows the key or value indicator, which is next.
    fn block_mapping_item(&mut self) -> Result<Use> {
        let Token { span, .. } = self.scanner.next()?;
        if self.next_is(ends_mapping_item)? {
            return Ok(self.empty(span.end));
        }
        self.node(Context::MappingItem)
    }
}
