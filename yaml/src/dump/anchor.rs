//! Anchors: names for the nodes that occur more than once.

use super::graph::{Content, Graph};

/// The number of each node's anchor, in the order in which second occurrences are met; `None` for most.
pub(super) fn anchors(graph: &Graph, root: usize) -> Vec<Option<usize>> {
    let mut counter = Counter {
        graph,
        seen: vec![false; graph.len()],
        anchors: vec![None; graph.len()],
        last: 0,
    };
    counter.visit(root);
    counter.anchors
}

struct Counter<'g> {
    graph: &'g Graph,
    seen: Vec<bool>,
    anchors: Vec<Option<usize>>,
    last: usize,
}

impl Counter<'_> {
    /// Goes as deep as the nodes are inside each other, which was limited when they were made.
    fn visit(&mut self, number: usize) {
        if self.seen[number] {
            if self.anchors[number].is_none() {
                self.last += 1;
                self.anchors[number] = Some(self.last);
            }
            return;
        }
        self.seen[number] = true;
        match &self.graph[number].content {
            Content::Scalar { .. } => {}
            Content::Sequence(items) => items.iter().for_each(|item| self.visit(*item)),
            Content::Mapping(items) => {
                for (key, value) in items {
                    self.visit(*key);
                    self.visit(*value);
                }
            }
        }
    }
}
