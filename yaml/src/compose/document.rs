//! Documents in a stream: directives, markers, tag handles.

use std::borrow::Cow;
use std::collections::HashMap;

use super::collection::Context;
use super::{Composer, Result, error, quoted};
use crate::error::{Error, ErrorKind, Mark};
use crate::graph::Id;
use crate::resolve::implicit;
use crate::token::{Kind, Style, Token};

impl<'a> Composer<'a> {
    /// The document of a stream that may have only one.
    pub(super) fn single_document(&mut self) -> Result<Option<Id>> {
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
                    self.scalar(mark, mark, implicit(""), Cow::Borrowed(""), Style::Plain)
                } else {
                    self.node(Context::Block)?
                },
            );
        } else if !self.next_is(|kind| matches!(kind, Kind::StreamEnd))? {
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
                    let earlier = handles.insert(handle, prefix);
                    if earlier.is_some() {
                        let problem = format!("duplicate tag handle {}", quoted(handle));
                        return Err(error(problem, span.start));
                    }
                }
                _ => {}
            }
        }
        self.handles = handles;
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
}
