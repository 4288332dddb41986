//! A document as a graph of nodes: tags resolved, aliases followed, values not yet built.
//!
//! Nodes are numbered. An alias is the number of its anchor's node, so shared nodes stay shared and a document is
//! never larger than its text.

use std::borrow::Cow;
use std::num::NonZeroU32;

use crate::error::{Mark, Span};
use crate::resolve::Tag;
use crate::token::Style;

/// The number of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Id(u32);

/// A node in the place where it is used.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Use {
    pub(crate) id: Id,
    /// The number, from 1, of the alias by which the node is used.
    alias: Option<NonZeroU32>,
}

impl From<Id> for Use {
    fn from(id: Id) -> Self {
        Self { id, alias: None }
    }
}

/// What a node consists of.
#[derive(Clone, Debug)]
pub(crate) enum Content<'a> {
    Scalar(Cow<'a, str>),
    Sequence(Vec<Use>),
    Mapping(Vec<(Use, Use)>),
}

impl Content<'_> {
    /// What messages call such a node.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Scalar(_) => "scalar",
            Self::Sequence(_) => "sequence",
            Self::Mapping(_) => "mapping",
        }
    }
}

/// A node.
#[derive(Clone, Debug)]
pub(crate) struct GraphNode<'a> {
    pub(crate) tag: Tag<'a>,
    pub(crate) content: Content<'a>,
    pub(crate) style: Style,
    /// The node with its anchor and tag.
    pub(crate) span: Span,
    /// How many collections are inside each other at most, from here on.
    pub(crate) height: usize,
}

/// All nodes of a document.
#[derive(Debug, Default)]
pub(crate) struct Graph<'a> {
    nodes: Vec<GraphNode<'a>>,
    /// Where the aliases are.
    aliases: Vec<Span>,
    /// The collections, each after those inside it and after those that it uses by alias.
    finished: Vec<Id>,
    /// The aliases that are inside what they stand for.
    pub(crate) recursions: Vec<Mark>,
}

impl<'a> Graph<'a> {
    /// An empty graph for a text of `len` bytes.
    pub(crate) fn for_text(len: usize) -> Self {
        Self {
            nodes: Vec::with_capacity((len / 16).clamp(8, 10_000)),
            ..Self::default()
        }
    }

    pub(crate) fn push(&mut self, node: GraphNode<'a>) -> Id {
        // A node takes at least one byte of text; texts over 4 GB are refused before.
        let id = Id(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(node);
        id
    }

    /// Gives the node `id` its content, which is a collection.
    pub(crate) fn finish(&mut self, id: Id, node: GraphNode<'a>) {
        self.nodes[id.index()] = node;
        self.finished.push(id);
    }

    /// The collections, each after those inside it and after those that it uses by alias.
    pub(crate) fn finished(&self) -> &[Id] {
        &self.finished
    }

    pub(crate) fn node(&self, id: Id) -> &GraphNode<'a> {
        &self.nodes[id.index()]
    }

    pub(crate) fn node_mut(&mut self, id: Id) -> &mut GraphNode<'a> {
        &mut self.nodes[id.index()]
    }

    /// The use of a node by an alias.
    pub(crate) fn alias(&mut self, id: Id, span: Span) -> Use {
        self.aliases.push(span);
        Use {
            id,
            alias: u32::try_from(self.aliases.len())
                .ok()
                .and_then(NonZeroU32::new),
        }
    }

    /// Where the node is used: the place of the alias, or of the node itself.
    pub(crate) fn span(&self, used: Use) -> Span {
        let alias = used
            .alias
            .and_then(|number| self.aliases.get(number.get() as usize - 1));
        alias.copied().unwrap_or_else(|| self.node(used.id).span)
    }

    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }
}

impl Id {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}
