//! What the scanner finds in the text.

use std::borrow::Cow;

use crate::error::{Mark, Span};

/// How a node is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// A scalar without quotes; also an empty value.
    Plain,
    /// A scalar in single quotes.
    SingleQuoted,
    /// A scalar in double quotes.
    DoubleQuoted,
    /// A block scalar that keeps its line breaks: `|`.
    Literal,
    /// A block scalar whose lines are joined: `>`.
    Folded,
    /// A collection that is laid out by indentation.
    Block,
    /// A collection in brackets or braces.
    Flow,
}

/// One token and its place.
#[derive(Clone, Debug)]
pub(crate) struct Token<'a> {
    pub(crate) kind: Kind<'a>,
    pub(crate) span: Span,
}

impl<'a> Token<'a> {
    pub(crate) fn new(kind: Kind<'a>, start: Mark, end: Mark) -> Self {
        Self {
            kind,
            span: Span { start, end },
        }
    }
}

/// A tag as it is written.
#[derive(Clone, Debug)]
pub(crate) struct WrittenTag<'a> {
    /// `!`, `!!` or `!name!`; none for `!<…>` and for `!` alone.
    pub(crate) handle: Option<&'a str>,
    pub(crate) suffix: Cow<'a, str>,
}

/// The kinds of tokens.
#[derive(Clone, Debug)]
pub(crate) enum Kind<'a> {
    StreamEnd,
    /// `%YAML`, with the major version.
    VersionDirective(u64),
    TagDirective {
        handle: &'a str,
        prefix: Cow<'a, str>,
    },
    /// A directive that means nothing to us.
    OtherDirective,
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    BlockEntry,
    FlowEntry,
    Key,
    Value,
    Alias(&'a str),
    Anchor(&'a str),
    Tag(WrittenTag<'a>),
    Scalar {
        text: Cow<'a, str>,
        style: Style,
    },
}

impl Kind<'_> {
    /// What messages call the token.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::StreamEnd => "<stream end>",
            Self::VersionDirective(_) | Self::TagDirective { .. } | Self::OtherDirective => {
                "<directive>"
            }
            Self::DocumentStart => "<document start>",
            Self::DocumentEnd => "<document end>",
            Self::BlockSequenceStart => "<block sequence start>",
            Self::BlockMappingStart => "<block mapping start>",
            Self::BlockEnd => "<block end>",
            Self::FlowSequenceStart => "[",
            Self::FlowSequenceEnd => "]",
            Self::FlowMappingStart => "{",
            Self::FlowMappingEnd => "}",
            Self::BlockEntry => "-",
            Self::FlowEntry => ",",
            Self::Key => "?",
            Self::Value => ":",
            Self::Alias(_) => "<alias>",
            Self::Anchor(_) => "<anchor>",
            Self::Tag(_) => "<tag>",
            Self::Scalar { .. } => "<scalar>",
        }
    }

    pub(crate) fn is_directive(&self) -> bool {
        matches!(
            self,
            Self::VersionDirective(_) | Self::TagDirective { .. } | Self::OtherDirective
        )
    }
}
