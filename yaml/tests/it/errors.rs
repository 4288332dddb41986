//! Where errors are, and how they read. Their classes and wording are in the tables, too.

use yaml::{Error, ErrorKind, Mark};

fn failure(text: &str) -> Error {
    yaml::load_document(text).unwrap_err()
}

fn mark(index: usize, line: usize, column: usize) -> Mark {
    Mark {
        index,
        line,
        column,
    }
}

#[test]
fn an_error_has_the_marks_of_the_problem_and_of_what_was_being_read() {
    let error = failure("é:\n  - [a, b\nc: 1\n");
    assert_eq!(error.kind, ErrorKind::Parser);
    assert_eq!(error.problem, "expected ',' or ']', but got ':'");
    assert_eq!(
        error.context.as_deref(),
        Some("while parsing a flow sequence")
    );
    assert_eq!(error.mark, Some(mark(15, 2, 1)));
    assert_eq!(error.context_mark, Some(mark(8, 1, 4)));
}

#[test]
fn an_error_without_context_has_only_one_mark() {
    let error = failure("a: b: c");
    assert_eq!(
        (error.kind, error.context, error.context_mark),
        (ErrorKind::Scanner, None, None)
    );
    assert_eq!(error.mark, Some(mark(4, 0, 4)));
}

#[test]
fn one_line_says_what_is_wrong_and_where() {
    assert_eq!(
        failure("a: b: c").to_string(),
        "mapping values are not allowed here (line 1, column 5)"
    );
    assert_eq!(
        failure("a: 'b").to_string(),
        "while scanning a quoted scalar: found unexpected end of stream (line 1, column 6)"
    );
}

#[test]
fn the_text_that_python_shows_names_the_source() {
    let text = "a: b: c";
    assert_eq!(
        failure(text).to_python(text, "config.yml"),
        "mapping values are not allowed here\n  in \"config.yml\", line 1, column 5:\n    a: b: c\n        ^"
    );
}

#[test]
fn a_forbidden_character_is_named_with_its_place() {
    let text = "é: \u{7}\n";
    let error = failure(text);
    assert_eq!(
        (error.kind, error.mark),
        (ErrorKind::Reader, Some(mark(4, 0, 3)))
    );
    assert_eq!(
        error.to_python(text, "x"),
        "unacceptable character #x0007: special characters are not allowed\n  in \"x\", position 3"
    );
}

#[test]
fn values_that_contain_themselves_are_refused_where_the_alias_is() {
    for (text, column) in [
        ("&a [*a]", 4),
        ("&a {b: *a}", 7),
        ("&a {b: {<<: *a}}", 12),
        ("&a [&b [*a, *b]]", 8),
    ] {
        let error = failure(text);
        assert_eq!(
            (error.kind, error.mark),
            (ErrorKind::Constructor, Some(mark(column, 0, column))),
            "{text}"
        );
        assert!(error.problem.contains("contain themselves"), "{text}");
    }
}

#[test]
fn a_mapping_merged_into_itself_is_only_itself() {
    assert_eq!(
        format!("{:?}", yaml::load("&a {<<: *a, b: 1}").unwrap()),
        "{'b': 1}"
    );
}

#[test]
fn an_escape_for_half_a_character_is_refused() {
    let error = failure(r#""\ud800""#);
    assert_eq!(
        (error.kind, error.mark),
        (ErrorKind::Constructor, Some(mark(3, 0, 3)))
    );
}

#[test]
fn the_first_error_is_the_one_that_pyyaml_meets_first() {
    // Level by level: the date is deeper than the tag behind it.
    assert!(
        failure("a: {b: 2001-02-31}\nc: !x 1\n")
            .problem
            .contains("'!x'")
    );
    // The grammar is checked up to the end before values are built.
    assert_eq!(failure("a: !x 1\nb: ]\n").kind, ErrorKind::Parser);
    // But what is behind a grammar error is not even scanned.
    assert_eq!(failure("a: ]\nb: @\n").kind, ErrorKind::Parser);
}

#[test]
fn values_that_are_no_data_cannot_be_written() {
    let error = yaml::dump(&values::Value::list([values::Value::undefined("x")])).unwrap_err();
    assert_eq!(
        error,
        yaml::DumpError::Unsupported("StrictUndefined".to_owned())
    );
}

#[test]
fn ordered_maps_are_written_so_that_they_are_read_back() {
    for text in [
        "a: !!omap [x: 1, y: {z: 2}]\n",
        "a: !!pairs [x: 1, x: 2, [q]: 3]\n",
    ] {
        let value = yaml::load(text).unwrap();
        let written = yaml::dump_readable(&value).unwrap();
        assert_eq!(yaml::load(&written).unwrap(), value, "{written}");
        assert!(yaml::load(&yaml::dump(&value).unwrap()).is_err());
    }
}
