//! Merge keys (`<<`): the items of a mapping with those of other mappings in front.

use std::rc::Rc;

use super::{Constructor, Result, error};
use crate::graph::{Content, Id, Use};
use crate::resolve::Tag;

/// How many items all merge keys of a document may add up to. Merging lists of merged mappings multiplies: a text
/// of a few lines could ask for more than any memory holds.
const LIMIT: usize = 1_000_000;

/// How many merges may be inside each other without having been met on a higher level of the document.
const MAX_DEPTH: usize = 100;

impl Constructor<'_, '_> {
    /// The items of a mapping, merged ones first, so that its own ones override them without changing the order.
    /// The keys `=` are plain text from here on.
    pub(super) fn mapping_items(&mut self, id: Id) -> Result<Rc<[(Use, Use)]>> {
        if let Some(items) = self.merged.get(&id.index()) {
            return Ok(Rc::clone(items));
        }
        let Content::Mapping(items) = &self.graph.node(id).content else {
            return Err(self.wrong_content(id, "mapping"));
        };
        let items: Rc<[_]> = items.as_slice().into();
        let mut has_merge = false;
        for (key, _) in items.iter() {
            match self.graph.node(key.id).tag {
                Tag::Merge => has_merge = true,
                Tag::Value => self.graph.node_mut(key.id).tag = Tag::Str,
                _ => {}
            }
        }
        if !has_merge {
            return Ok(items);
        }
        self.merge_depth += 1;
        if self.merge_depth > MAX_DEPTH {
            let problem = format!("more than {MAX_DEPTH} merges are inside each other");
            return Err(error(problem, self.graph.node(id).span.start));
        }
        let mut merged = Vec::new();
        let mut own = Vec::new();
        for &(key, value) in items.iter() {
            if self.graph.node(key.id).tag == Tag::Merge {
                self.merge(id, value.id, &mut merged)?;
            } else {
                own.push((key, value));
            }
        }
        merged.append(&mut own);
        self.merge_depth -= 1;
        self.merged_items += merged.len();
        let items: Rc<[_]> = merged.into();
        self.check_limit(id, 0)?;
        self.merged.insert(id.index(), Rc::clone(&items));
        Ok(items)
    }

    /// Appends what the value of a merge key adds to the mapping `id`.
    fn merge(&mut self, id: Id, value: Id, merged: &mut Vec<(Use, Use)>) -> Result<()> {
        let start = self.graph.node(id).span.start;
        let node = self.graph.node(value);
        let sources = match &node.content {
            Content::Mapping(_) => vec![Use::from(value)],
            Content::Sequence(sources) => sources.clone(),
            Content::Scalar(_) => {
                let problem =
                    "expected a mapping or list of mappings for merging, but found scalar";
                return Err(
                    error(problem, node.span.start).within("while constructing a mapping", start)
                );
            }
        };
        // Empty mappings count as well: the work is what is limited.
        self.merged_items += sources.len();
        let mut parts = Vec::with_capacity(sources.len());
        let mut len = merged.len();
        for source in &sources {
            let node = self.graph.node(source.id);
            if !matches!(node.content, Content::Mapping(_)) {
                let problem = format!(
                    "expected a mapping for merging, but found {}",
                    node.content.name()
                );
                return Err(
                    error(problem, node.span.start).within("while constructing a mapping", start)
                );
            }
            let items = self.mapping_items(source.id)?;
            len += items.len();
            self.check_limit(id, len)?;
            parts.push(items);
        }
        // The first source wins, so it comes last.
        for items in parts.iter().rev() {
            merged.extend_from_slice(items);
        }
        Ok(())
    }

    fn check_limit(&self, id: Id, more: usize) -> Result<()> {
        if self.merged_items + more > LIMIT {
            let problem = format!("merge keys (<<) add up to more than {LIMIT} items");
            return Err(error(problem, self.graph.node(id).span.start));
        }
        Ok(())
    }
}
