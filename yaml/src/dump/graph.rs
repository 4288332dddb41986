//! The nodes of a document that is to be written.

use std::borrow::Cow;
use std::sync::Arc;

use crate::resolve::Tag;

/// The text of a scalar.
#[derive(Clone, Debug)]
pub(super) enum Text {
    Shared(Arc<str>),
    Own(Cow<'static, str>),
}

impl Text {
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Shared(text) => text,
            Self::Own(text) => text,
        }
    }
}

/// What a node consists of; nodes are meant by their numbers.
#[derive(Clone, Debug)]
pub(super) enum Content {
    Scalar {
        text: Text,
        /// Whether it asks for a block scalar (`|`).
        literal: bool,
    },
    Sequence(Vec<usize>),
    Mapping(Vec<(usize, usize)>),
}

/// A node.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) tag: Tag<'static>,
    pub(super) content: Content,
}

/// All nodes.
pub(super) type Graph = Vec<Node>;
