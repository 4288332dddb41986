//! No text and no value exhausts the stack, the memory, or patience.

use std::fmt::Write;

use values::{List, Value};
use yaml::{DumpError, ErrorKind};

#[test]
fn collections_inside_each_other_are_limited_as_in_python() {
    let nested = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
    // PyYAML reads 494 levels, and writes 329.
    let value = yaml::load(&nested(494)).unwrap();
    assert_eq!(yaml::dump(&value), Err(DumpError::TooDeep));
    assert_eq!(
        yaml::load(&nested(501)).unwrap_err().kind,
        ErrorKind::Composer
    );
    let value = yaml::load(&nested(329)).unwrap();
    assert_eq!(
        yaml::dump(&value).unwrap(),
        format!("{}[]\n", "- ".repeat(328))
    );
}

#[test]
fn deep_texts_of_all_kinds_are_refused() {
    let deep = 100_000;
    let block: String = (0..2000).fold(String::new(), |mut text, i| {
        let _ = writeln!(text, "{:i$}a:", "");
        text
    });
    let texts = [
        block,
        "- ".repeat(deep),
        "? ".repeat(deep),
        "[".repeat(deep),
        "{a: ".repeat(deep),
        "[a: ".repeat(deep),
    ];
    for text in texts {
        let error = yaml::load_document(&text).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Composer, "{}", &text[..20]);
    }
}

#[test]
fn aliases_cannot_build_what_nesting_may_not() {
    let mut text = "- &a0 []\n".to_owned();
    for i in 1..50_000 {
        let _ = writeln!(text, "- &a{i} [*a{}]", i - 1);
    }
    assert_eq!(yaml::load(&text).unwrap_err().kind, ErrorKind::Composer);
}

#[test]
fn a_billion_laughs_stay_a_few_lists() {
    let mut text = "a0: &a0 [lol]\n".to_owned();
    for i in 1..100 {
        let alias = format!("*a{}", i - 1);
        let _ = writeln!(text, "a{i}: &a{i} [{}]", vec![alias; 9].join(", "));
    }
    let document = yaml::load_document(&text).unwrap();
    assert_eq!(document.root.entries().len(), 100);
    let dumped = yaml::dump(&document.value).unwrap();
    assert!(dumped.len() < 20_000);
    assert_eq!(yaml::dump(&yaml::load(&dumped).unwrap()).unwrap(), dumped);
}

#[test]
fn merging_merged_mappings_again_and_again_is_refused() {
    let mut text = "a0: &a0 {x: 1, y: 2}\n".to_owned();
    for i in 1..40 {
        let alias = format!("*a{}", i - 1);
        let _ = writeln!(text, "a{i}: &a{i} {{<<: [{}]}}", vec![alias; 9].join(", "));
    }
    let error = yaml::load(&text).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Constructor);
    assert!(error.problem.contains("merge"), "{error}");
}

#[test]
fn looking_for_a_key_in_merges_of_empty_merges_ends() {
    let mut text = "a0: &a0 {}\n".to_owned();
    for i in 1..100 {
        let alias = format!("*a{}", i - 1);
        let _ = writeln!(text, "a{i}: &a{i} {{<<: [{}]}}", vec![alias; 9].join(", "));
    }
    let document = yaml::load_document(&text).unwrap();
    assert!(document.entry(&["a99", "x"]).is_none());
}

#[test]
fn a_value_that_contains_itself_is_written_with_an_alias() {
    let list = List::new(Vec::new());
    list.write().unwrap().push(Value::List(list.clone()));
    assert_eq!(
        yaml::dump(&Value::List(list)).unwrap(),
        "&id001\n- *id001\n"
    );
}

#[test]
fn numbers_have_at_most_as_many_digits_as_python_converts() {
    let digits = |n: usize| yaml::load(&format!("0x{}", "f".repeat(n))).unwrap();
    assert!(yaml::dump(&digits(3571)).is_ok());
    assert_eq!(yaml::dump(&digits(3572)), Err(DumpError::TooManyDigits));
    assert_eq!(yaml::dump(&digits(100_000)), Err(DumpError::TooManyDigits));
    assert_eq!(
        yaml::load(&format!("1{}", ":1".repeat(50_000)))
            .unwrap_err()
            .kind,
        ErrorKind::Constructor
    );
}

#[test]
fn long_texts_without_structure_are_read_in_one_go() {
    for piece in [
        "a ",
        "a\n",
        "'",
        "\"",
        "# ",
        ": ",
        "a: b\n",
        "é",
        "\n",
        " ",
        "&a ",
        "[a]\n",
        "a: |\n x\n",
    ] {
        let text = piece.repeat(200_000);
        let _ = yaml::load_document(&text);
        let _ = yaml::dump(&Value::str(text.as_str()));
    }
}
