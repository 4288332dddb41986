//! A document with the places of its parts, for messages that say where something was written.

use std::collections::HashSet;
use std::sync::Arc;

use values::Value;

use crate::error::{Mark, Span};
use crate::graph::{Content, Graph, Id, Use};
use crate::resolve::Tag;
use crate::token::Style;

/// A value, and where its parts were written.
#[derive(Clone, Debug)]
pub struct Document {
    /// The value.
    pub value: Value,
    /// The outermost node. For a text without a document, an empty scalar at its start.
    pub root: Node,
}

/// A part of a document. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where it is, with its anchor and tag; for an alias, where the alias is.
    pub span: Span,
    /// How it is written; for an alias, what it stands for.
    pub style: Style,
    /// What it contains.
    pub children: Children,
}

/// What a node contains.
#[derive(Clone, Debug)]
pub enum Children {
    /// Nothing: a text, number, ….
    Scalar,
    /// The items of a list.
    Sequence(Arc<[Node]>),
    /// The items of a dictionary, as written: merged items are inside the value of their merge key.
    Mapping(Arc<[Entry]>),
}

/// An item of a dictionary.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key, if it is a text.
    pub key: Option<Arc<str>>,
    /// Where the key is.
    pub key_span: Span,
    /// Whether the key is `<<`: the items of its value are items of this dictionary, too.
    pub is_merge: bool,
    /// The value.
    pub node: Node,
}

/// A step from a collection to one of its items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathItem<'p> {
    /// The value at a text key.
    Key(&'p str),
    /// The item of a list, counted from 0.
    Index(usize),
}

impl<'p> From<&'p str> for PathItem<'p> {
    fn from(key: &'p str) -> Self {
        Self::Key(key)
    }
}

impl From<usize> for PathItem<'_> {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

impl Document {
    /// The node at the end of `path`.
    pub fn find(&self, path: &[PathItem<'_>]) -> Option<&Node> {
        self.root.find(path)
    }

    /// The item at the end of a path of text keys.
    pub fn entry(&self, path: &[&str]) -> Option<&Entry> {
        let (last, path) = path.split_last()?;
        path.iter()
            .try_fold(&self.root, |node, key| Some(&node.entry(key)?.node))?
            .entry(last)
    }
}

impl Node {
    /// The node at the end of `path`, starting here.
    pub fn find(&self, path: &[PathItem<'_>]) -> Option<&Node> {
        path.iter().try_fold(self, |node, step| match step {
            PathItem::Key(key) => Some(&node.entry(key)?.node),
            PathItem::Index(index) => node.items().get(*index),
        })
    }

    /// The item of this dictionary at a text key: the one that counts, if the key is there twice. If only a merged
    /// dictionary has the key, the item there.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.search(key, &mut HashSet::new())
    }

    /// Looks for `key` here and in what is merged; `seen` are the dictionaries that do not have it, since merges of
    /// merges can reach one dictionary in very many ways.
    fn search(&self, key: &str, seen: &mut HashSet<usize>) -> Option<&Entry> {
        let entries = self.entries();
        if entries.is_empty() || !seen.insert(entries.as_ptr().addr()) {
            return None;
        }
        let own = entries
            .iter()
            .rev()
            .find(|entry| entry.key.as_deref() == Some(key));
        own.or_else(|| {
            entries
                .iter()
                .rev()
                .filter(|entry| entry.is_merge)
                .find_map(|entry| {
                    let node = &entry.node;
                    let sources = std::iter::once(node).chain(node.items());
                    sources
                        .into_iter()
                        .find_map(|source| source.search(key, seen))
                })
        })
    }

    /// The items, if this is a list.
    pub fn items(&self) -> &[Node] {
        match &self.children {
            Children::Sequence(items) => items,
            _ => &[],
        }
    }

    /// The items, if this is a dictionary.
    pub fn entries(&self) -> &[Entry] {
        match &self.children {
            Children::Mapping(entries) => entries,
            _ => &[],
        }
    }
}

/// The root of a text without a document.
pub(crate) fn nothing() -> Node {
    let mark = Mark::default();
    Node {
        span: Span {
            start: mark,
            end: mark,
        },
        style: Style::Plain,
        children: Children::Scalar,
    }
}

/// The tree of nodes below `root`; `values` are the values of all nodes.
pub(crate) fn tree(graph: &Graph<'_>, values: &[Option<Value>], root: Id) -> Node {
    let mut builder = Builder {
        graph,
        values,
        children: vec![Children::Scalar; graph.len()],
    };
    for id in graph.finished() {
        builder.children[id.index()] = builder.children_of(*id);
    }
    builder.node(root.into())
}

struct Builder<'b, 'a> {
    graph: &'b Graph<'a>,
    values: &'b [Option<Value>],
    /// What was built already; an alias has the same children as its anchor.
    children: Vec<Children>,
}

impl Builder<'_, '_> {
    fn node(&self, used: Use) -> Node {
        let style = self.graph.node(used.id).style;
        let children = self.children[used.id.index()].clone();
        Node {
            span: self.graph.span(used),
            style,
            children,
        }
    }

    fn children_of(&self, id: Id) -> Children {
        match &self.graph.node(id).content {
            Content::Scalar(_) => Children::Scalar,
            Content::Sequence(items) => {
                Children::Sequence(items.iter().map(|item| self.node(*item)).collect())
            }
            Content::Mapping(items) => Children::Mapping(
                items
                    .iter()
                    .map(|(key, value)| self.entry(*key, *value))
                    .collect(),
            ),
        }
    }

    fn entry(&self, key: Use, value: Use) -> Entry {
        let text = match self.values.get(key.id.index()) {
            Some(Some(Value::Str(text))) => Some(text.clone()),
            _ => None,
        };
        Entry {
            key: text,
            key_span: self.graph.span(key),
            is_merge: self.graph.node(key.id).tag == Tag::Merge,
            node: self.node(value),
        }
    }
}
