//! Nodes to lines: the layout of collections, and the choice of quotes.

use super::analyze::{Analysis, analyze};
use super::graph::{Content, Graph, Node};
use super::write::Writer;
use crate::resolve::{Tag, implicit};

/// How far one level is indented.
const INDENT: usize = 2;

/// A key that is longer than this, tag and anchor included, is marked with `?`.
const KEY_LIMIT: usize = 128;

/// Where a node stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Root,
    Item,
    /// The key of an item, on one line.
    SimpleKey,
    /// A value, or a key behind `?`.
    MappingItem,
}

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Literal,
}

/// The text of the document with the root `root`.
pub(super) fn emit(graph: &Graph, anchors: &[Option<usize>], root: usize) -> String {
    let mut emitter = Emitter {
        graph,
        anchors,
        written: vec![false; graph.len()],
        writer: Writer::new(),
    };
    emitter.node(root, Place::Root);
    emitter.writer.finish()
}

struct Emitter<'g> {
    graph: &'g Graph,
    anchors: &'g [Option<usize>],
    /// Which nodes were written, so that an alias is enough from then on.
    written: Vec<bool>,
    writer: Writer,
}

impl<'g> Emitter<'g> {
    fn anchor(&self, number: usize) -> Option<String> {
        self.anchors[number].map(|anchor| format!("id{anchor:03}"))
    }

    fn node(&mut self, number: usize, place: Place) {
        let anchor = self.anchor(number);
        if let Some(anchor) = anchor {
            if self.written[number] {
                self.writer.indicator(&format!("*{anchor}"), true);
                return;
            }
            self.writer.indicator(&format!("&{anchor}"), true);
        }
        self.written[number] = true;
        let node = &self.graph[number];
        match &node.content {
            Content::Scalar { text, literal } => {
                self.scalar(&node.tag, text.as_str(), *literal, place)
            }
            Content::Sequence(items) => {
                self.collection_tag(&node.tag, &Tag::Seq);
                if items.is_empty() {
                    self.empty("[", "]")
                } else {
                    self.sequence(items, place)
                }
            }
            Content::Mapping(items) => {
                self.collection_tag(&node.tag, &Tag::Map);
                if items.is_empty() {
                    self.empty("{", "}")
                } else {
                    self.mapping(items)
                }
            }
        }
    }

    fn collection_tag(&mut self, tag: &Tag<'_>, default: &Tag<'_>) {
        if tag != default {
            self.writer.indicator(&tag.short(), true);
        }
    }

    fn empty(&mut self, opening: &str, closing: &str) {
        self.writer.opening(opening);
        self.writer.indicator(closing, false);
    }

    /// Indents what `inner` writes one level further; `by` is the indentation at the root.
    fn indented(&mut self, by: usize, inner: impl FnOnce(&mut Self)) {
        let outer = self.writer.indent;
        self.writer.indent = Some(outer.map_or(by, |outer| outer + INDENT));
        inner(self);
        self.writer.indent = outer;
    }

    fn sequence(&mut self, items: &'g [usize], place: Place) {
        let write = |emitter: &mut Self| {
            for item in items {
                emitter.writer.start_line();
                emitter.writer.item_indicator("-");
                emitter.node(*item, Place::Item);
            }
        };
        // The value of a key on the same line needs no indentation of its own.
        let indentless =
            matches!(place, Place::MappingItem | Place::SimpleKey) && !self.writer.only_indented;
        if indentless {
            write(self)
        } else {
            self.indented(0, write)
        }
    }

    fn mapping(&mut self, items: &'g [(usize, usize)]) {
        self.indented(0, |emitter| {
            for (key, value) in items {
                emitter.writer.start_line();
                if emitter.is_simple_key(*key) {
                    emitter.node(*key, Place::SimpleKey);
                    emitter.writer.indicator(":", false);
                } else {
                    emitter.writer.item_indicator("?");
                    emitter.node(*key, Place::MappingItem);
                    emitter.writer.start_line();
                    emitter.writer.item_indicator(":");
                }
                emitter.node(*value, Place::MappingItem);
            }
        });
    }

    /// Whether the next thing to write, a key, is short enough and on one line.
    fn is_simple_key(&self, number: usize) -> bool {
        let anchor = self.anchor(number).map_or(0, |anchor| anchor.len());
        if self.anchors[number].is_some() && self.written[number] {
            return anchor < KEY_LIMIT;
        }
        let Node { tag, content } = &self.graph[number];
        let len = match content {
            Content::Scalar { text, .. } => match analyze(text.as_str()) {
                Analysis { len: 0, .. }
                | Analysis {
                    multiline: true, ..
                } => return false,
                Analysis { len, .. } => len,
            },
            Content::Sequence(items) if items.is_empty() => 0,
            Content::Mapping(items) if items.is_empty() => 0,
            _ => return false,
        };
        anchor + tag.short().len() + len < KEY_LIMIT
    }

    fn scalar(&mut self, tag: &Tag<'_>, text: &str, literal: bool, place: Place) {
        let is_key = place == Place::SimpleKey;
        let analysis = analyze(text);
        // Whether the tag is the one that the text has without and with quotes.
        let implied_plain = *tag == implicit(text);
        let implied_quoted = *tag == Tag::Str;
        let on_key_line = !is_key || !(analysis.len == 0 || analysis.multiline);
        let style = if !literal && implied_plain && on_key_line && analysis.allows_plain {
            Style::Plain
        } else if literal && !is_key && analysis.allows_literal {
            Style::Literal
        } else if !literal && analysis.allows_single_quoted && !(is_key && analysis.multiline) {
            Style::SingleQuoted
        } else {
            Style::DoubleQuoted
        };
        if !(if style == Style::Plain {
            implied_plain
        } else {
            implied_quoted
        }) {
            self.writer.indicator(&tag.short(), true);
        }
        self.indented(INDENT, |emitter| match style {
            Style::Plain => emitter.writer.plain(text, !is_key, place == Place::Root),
            Style::SingleQuoted => emitter.writer.single_quoted(text, !is_key),
            Style::DoubleQuoted => emitter.writer.double_quoted(text, !is_key),
            Style::Literal => emitter.writer.literal(text),
        });
    }
}
