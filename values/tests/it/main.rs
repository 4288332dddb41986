//! Expressions, and what `CPython` makes of them: `cases/*.json`, written by `generate.py`.
//!
//! `VALUES_CASES` names another folder, for cases that are made at random.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::disallowed_methods, reason = "test data are files")]

mod behaviour;
mod driver;

use std::path::Path;

use serde_json::Value as Json;
use values::repr;

use driver::Driver;

/// What the expression gave, written as `generate.py` writes it.
fn outcome(tree: &Json) -> Result<String, (String, String)> {
    let mut driver = Driver::default();
    let shown = driver
        .eval(tree)
        .and_then(|value| Ok(format!("{} {}", value.type_name(), repr::try_repr(&value)?)));
    shown.map_err(|error| (error.kind.python_name().to_owned(), error.message))
}

fn mismatch(case: &Json) -> Option<String> {
    let got = outcome(&case["tree"]);
    let expression = case["expression"].as_str().unwrap();
    match (&got, case["is"].as_str()) {
        (Ok(got), Some(expected)) if got == expected => None,
        (Ok(got), Some(expected)) => Some(format!(
            "{expression}\n    is       {got}\n    expected {expected}"
        )),
        (Err((kind, message)), None) => {
            let expected = (
                case["raises"][0].as_str().unwrap(),
                case["raises"][1].as_str(),
            );
            let same = expected.0 == kind && expected.1.is_none_or(|expected| expected == message);
            (!same).then(|| {
                format!("{expression}\n    raises   {kind}: {message}\n    expected {expected:?}")
            })
        }
        _ => Some(format!(
            "{expression}\n    gives    {got:?}\n    expected {} {}",
            case["is"], case["raises"]
        )),
    }
}

#[test]
fn every_expression_gives_what_cpython_gives() {
    let folder = std::env::var("VALUES_CASES")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases").into());
    let mut failures = Vec::new();
    let mut count = 0;
    let mut files: Vec<_> = std::fs::read_dir(Path::new(&folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    for file in files.iter().filter(|path| {
        path.extension()
            .is_some_and(|extension| extension == "json")
    }) {
        let cases: Vec<Json> =
            serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        count += cases.len();
        let name = file.file_stem().unwrap().to_string_lossy();
        failures.extend(
            cases
                .iter()
                .filter_map(mismatch)
                .map(|failure| format!("{name}: {failure}")),
        );
    }
    assert!(count > 0, "no cases in {folder}");
    assert!(
        failures.is_empty(),
        "{} of {count} differ:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

#[test]
fn every_list_of_expressions_has_its_results() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            let source = std::fs::read_to_string(&path).unwrap();
            let lines = source
                .split('\n')
                .filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
            let results = std::fs::read_to_string(path.with_extension("json")).unwrap();
            let cases: Vec<Json> = serde_json::from_str(&results).unwrap();
            let expressions: Vec<_> = cases
                .iter()
                .map(|case| case["expression"].as_str().unwrap())
                .collect();
            assert_eq!(
                lines.collect::<Vec<_>>(),
                expressions,
                "{}: run generate.py",
                path.display()
            );
        }
    }
}
