//! Where the parts of a document are.

use yaml::{Children, PathItem, Span, Style};

/// The text at a span, and the line and column where it starts, counted from 1 as editors do.
fn at(text: &str, span: Span) -> (&str, usize, usize) {
    (
        &text[span.start.index..span.end.index],
        span.start.line + 1,
        span.start.column + 1,
    )
}

const PLUGIN: &str = "\
name: myplugin
config:
  set:
    FOO: 1
    BAR: [a, 'b']   # comment
  add: {X: \"y\"}
patches:
  one: |
    text
    more

  two: >-
    folded
hooks:
- lms
-  - cms
# end
";

#[test]
fn an_entry_is_found_by_its_keys() {
    let document = yaml::load_document(PLUGIN).unwrap();
    let foo = document.entry(&["config", "set", "FOO"]).unwrap();
    assert_eq!(at(PLUGIN, foo.key_span), ("FOO", 4, 5));
    assert_eq!(at(PLUGIN, foo.node.span), ("1", 4, 10));
    assert_eq!(foo.key.as_deref(), Some("FOO"));
    assert!(document.entry(&["config", "set", "BAZ"]).is_none());
    assert!(document.entry(&["name", "x"]).is_none());
    assert!(document.entry(&[]).is_none());
}

#[test]
fn nodes_know_how_they_are_written_and_where_they_end() {
    let document = yaml::load_document(PLUGIN).unwrap();
    let node = |path: &[&str]| document.entry(path).unwrap().node.clone();
    let shown = |path: &[&str]| {
        let node = node(path);
        (node.style, at(PLUGIN, node.span).0.to_owned())
    };
    assert_eq!(
        shown(&["config", "set", "BAR"]),
        (Style::Flow, "[a, 'b']".to_owned())
    );
    assert_eq!(
        shown(&["config", "add", "X"]),
        (Style::DoubleQuoted, "\"y\"".to_owned())
    );
    assert_eq!(
        shown(&["patches", "two"]),
        (Style::Folded, ">-\n    folded\n".to_owned())
    );
    assert_eq!(shown(&["patches", "one"]).0, Style::Literal);
    assert_eq!(
        shown(&["hooks"]),
        (Style::Block, "- lms\n-  - cms".to_owned())
    );
    let quoted = document
        .find(&["config".into(), "set".into(), "BAR".into(), 1.into()])
        .unwrap();
    assert_eq!(
        (quoted.style, at(PLUGIN, quoted.span).0),
        (Style::SingleQuoted, "'b'")
    );
    let nested = document
        .find(&["hooks".into(), 1.into(), PathItem::Index(0)])
        .unwrap();
    assert_eq!(at(PLUGIN, nested.span), ("cms", 16, 6));
    assert!(document.find(&["hooks".into(), 7.into()]).is_none());
}

#[test]
fn the_last_of_two_equal_keys_is_the_one_that_is_found() {
    let document = yaml::load_document("a: 1\nb: 2\na: 3\n").unwrap();
    assert_eq!(document.entry(&["a"]).unwrap().node.span.start.line, 2);
    assert_eq!(format!("{:?}", document.value), "{'a': 3, 'b': 2}");
}

#[test]
fn columns_count_characters_and_offsets_count_bytes() {
    let text = "\u{feff}é: {ü: x}\r\nb: y\r\n";
    let document = yaml::load_document(text).unwrap();
    let x = document.entry(&["é", "ü"]).unwrap().node.span;
    assert_eq!(
        (
            x.start.line,
            x.start.column,
            &text[x.start.index..x.end.index]
        ),
        (0, 7, "x")
    );
    let y = document.entry(&["b"]).unwrap().node.span;
    assert_eq!(
        (
            y.start.line,
            y.start.column,
            &text[y.start.index..y.end.index]
        ),
        (1, 3, "y")
    );
}

#[test]
fn an_alias_is_where_it_is_written_with_the_content_of_its_anchor() {
    let text = "base: &b {x: 1}\nuse: *b\n";
    let document = yaml::load_document(text).unwrap();
    let alias = &document.entry(&["use"]).unwrap().node;
    assert_eq!(at(text, alias.span), ("*b", 2, 6));
    assert_eq!(
        at(text, document.entry(&["use", "x"]).unwrap().node.span),
        ("1", 1, 14)
    );
    assert_eq!(
        at(text, document.entry(&["base"]).unwrap().node.span).0,
        "&b {x: 1}"
    );
}

#[test]
fn a_merged_item_is_found_where_it_comes_from() {
    let text = "b: &b {x: 1, y: 2}\nc: &c {x: 3, z: 4}\nd:\n  <<: [*b, *c]\n  y: 5\n";
    let document = yaml::load_document(text).unwrap();
    let shown = |key| at(text, document.entry(&["d", key]).unwrap().node.span).0;
    assert_eq!((shown("x"), shown("y"), shown("z")), ("1", "5", "4"));
    let merge = &document.entry(&["d"]).unwrap().node.entries()[0];
    assert!(merge.is_merge && merge.key.is_none());
}

#[test]
fn keys_that_are_no_texts_have_no_key() {
    let document = yaml::load_document("1: a\nyes: b\n'1': c\n").unwrap();
    let keys: Vec<_> = document
        .root
        .entries()
        .iter()
        .map(|entry| entry.key.as_deref())
        .collect();
    assert_eq!(keys, [None, None, Some("1")]);
}

#[test]
fn a_text_without_document_has_an_empty_root() {
    let document = yaml::load_document("# nothing\n").unwrap();
    assert!(matches!(document.root.children, Children::Scalar));
    assert_eq!(format!("{:?}", document.value), "None");
}
