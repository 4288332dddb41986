//! Anchors: names for the nodes that occur more than once.

use super::graph::{Content, Graph};
use super::{DumpError, MAX_DEPTH};

/// The number of each node's anchor, in the order in which second occurrences are met; `None` for most.
///
/// # Errors
/// [`DumpError::TooDeep`]
pub(super) fn anchors(graph: &Graph) -> Result<Vec<Option<usize>>, DumpError> {
    let mut seen = vec![false; graph.len()];
    let mut anchors = vec![None; graph.len()];
    let mut last = 0;
    // What is still to be met, next one last, and how many collections are around it.
    let mut stack = vec![(0, 0)];
    while let Some((number, depth)) = stack.pop() {
        if seen[number] {
            if anchors[number].is_none() {
                last += 1;
                anchors[number] = Some(last);
            }
            continue;
        }
        seen[number] = true;
        if depth > MAX_DEPTH {
            return Err(DumpError::TooDeep);
        }
        let inside = depth + 1;
        match &graph[number].content {
            Content::Scalar { .. } => {}
            Content::Sequence(items) => {
                stack.extend(items.iter().rev().map(|item| (*item, inside)));
            }
            Content::Mapping(items) => {
                stack.extend(
                    items
                        .iter()
                        .rev()
                        .flat_map(|(key, value)| [(*value, inside), (*key, inside)]),
                );
            }
        }
    }
    Ok(anchors)
}
