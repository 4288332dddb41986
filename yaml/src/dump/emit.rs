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

/// What is still to be written.
#[derive(Clone, Copy, Debug)]
enum Work {
    Node(usize, Place),
    /// An item of a sequence, with its dash.
    Item(usize),
    /// A key and its value.
    Pair(usize, usize),
    /// The value of a key behind `?`.
    Value(usize),
    /// The end of a collection: the indentation around it.
    Outdent(Option<usize>),
}

/// The text of the document whose root is the first node.
pub(super) fn emit(graph: &Graph, anchors: &[Option<usize>]) -> String {
    let written = vec![false; graph.len()];
    let work = vec![Work::Node(0, Place::Root)];
    let mut emitter = Emitter {
        graph,
        anchors,
        written,
        work,
        writer: Writer::new(),
    };
    while let Some(work) = emitter.work.pop() {
        emitter.step(work);
    }
    emitter.writer.finish()
}

struct Emitter<'g> {
    graph: &'g Graph,
    anchors: &'g [Option<usize>],
    /// Which nodes were written, so that an alias is enough from then on.
    written: Vec<bool>,
    /// What is still to be written, next one last.
    work: Vec<Work>,
    writer: Writer,
}

impl<'g> Emitter<'g> {
    fn step(&mut self, work: Work) {
        match work {
            Work::Node(number, place) => self.node(number, place),
            Work::Item(number) => {
                self.writer.start_line();
                self.writer.item_indicator("-");
                self.node(number, Place::Item);
            }
            Work::Pair(key, value) => self.pair(key, value),
            Work::Value(number) => {
                self.writer.start_line();
                self.writer.item_indicator(":");
                self.node(number, Place::MappingItem);
            }
            Work::Outdent(indent) => self.writer.indent = indent,
        }
    }

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
                self.scalar(&node.tag, text.as_str(), *literal, place);
            }
            Content::Sequence(items) => {
                self.collection_tag(&node.tag, &Tag::Seq);
                if items.is_empty() {
                    self.empty("[", "]");
                } else {
                    self.sequence(items, place);
                }
            }
            Content::Mapping(items) => {
                self.collection_tag(&node.tag, &Tag::Map);
                if items.is_empty() {
                    self.empty("{", "}");
                } else {
                    self.mapping(items);
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

    /// Indents what comes one level further, until the work that is due now is done; `root`: how far, at the root.
    fn indent(&mut self, root: usize) {
        let outer = self.writer.indent;
        self.work.push(Work::Outdent(outer));
        self.writer.indent = Some(outer.map_or(root, |outer| outer + INDENT));
    }

    fn sequence(&mut self, items: &'g [usize], place: Place) {
        // The value of a key on the same line needs no indentation of its own.
        if place != Place::MappingItem || self.writer.only_indented {
            self.indent(0);
        }
        self.work
            .extend(items.iter().rev().map(|item| Work::Item(*item)));
    }

    fn mapping(&mut self, items: &'g [(usize, usize)]) {
        self.indent(0);
        self.work.extend(
            items
                .iter()
                .rev()
                .map(|(key, value)| Work::Pair(*key, *value)),
        );
    }

    fn pair(&mut self, key: usize, value: usize) {
        self.writer.start_line();
        if self.is_simple_key(key) {
            // A scalar, an alias, or an empty collection: nothing is left to do behind it.
            self.node(key, Place::SimpleKey);
            self.writer.indicator(":", false);
            self.work.push(Work::Node(value, Place::MappingItem));
        } else {
            self.writer.item_indicator("?");
            self.work.push(Work::Value(value));
            self.node(key, Place::MappingItem);
        }
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
        let outer = self.writer.indent;
        self.writer.indent = Some(outer.map_or(INDENT, |outer| outer + INDENT));
        match style {
            Style::Plain => self.writer.plain(text, !is_key, place == Place::Root),
            Style::SingleQuoted => self.writer.single_quoted(text, !is_key),
            Style::DoubleQuoted => self.writer.double_quoted(text, !is_key),
            Style::Literal => self.writer.literal(text),
        }
        self.writer.indent = outer;
    }
}
