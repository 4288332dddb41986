//! What `PyYAML` answered for the inputs in `tests/cases`; `tests/generate.py` asked it.

use std::path::Path;

use serde_json::Value as Json;

use crate::codec;

/// All cases of the `.jsonl` files in a folder, with the place of each.
fn cases(folder: &str) -> Vec<(String, Json)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cases")
        .join(folder);
    let mut cases = Vec::new();
    let mut inputs = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path
            .extension()
            .is_none_or(|extension| extension != "jsonl")
        {
            inputs += 1;
            assert!(
                path.with_file_name(format!("{name}.jsonl")).exists(),
                "run generate.py for {name}"
            );
            continue;
        }
        for (number, line) in std::fs::read_to_string(&path).unwrap().lines().enumerate() {
            cases.push((
                format!("{name}:{}", number + 1),
                serde_json::from_str(line).unwrap(),
            ));
        }
    }
    assert!(
        inputs > 0 && cases.len() >= 300,
        "only {} cases",
        cases.len()
    );
    cases
}

/// Fails with all that differs.
fn check(folder: &str, compare: impl Fn(&Json) -> Result<(), String>) {
    let cases = cases(folder);
    let failures: Vec<_> = cases
        .iter()
        .filter_map(|(place, case)| {
            compare(case)
                .err()
                .map(|problem| format!("{place}: {problem}"))
        })
        .collect();
    assert!(
        failures.is_empty(),
        "{} of {} differ:\n{}",
        failures.len(),
        cases.len(),
        failures.join("\n")
    );
}

#[test]
fn documents_give_the_values_and_errors_that_pyyaml_gives() {
    check("load", |case| {
        let text = case["text"].as_str().unwrap();
        match (yaml::load(text), case["error"].as_str()) {
            (Ok(value), None) => {
                let value = codec::encode(&value);
                let same = value == case["value"];
                same.then_some(())
                    .ok_or_else(|| format!("{text:?} gave {value}, not {}", case["value"]))
            }
            (Ok(value), Some(error)) => Err(format!(
                "{text:?} gave {}, not {error}",
                codec::encode(&value)
            )),
            (Err(error), expected) => {
                let class = error.kind.python_name();
                if expected != Some(class) {
                    return Err(format!(
                        "{text:?} failed with {class}: {error}, not {expected:?}"
                    ));
                }
                let message = error.to_python(text, "<unicode string>");
                match case["message"].as_str() {
                    Some(expected) if expected != message => Err(format!(
                        "{text:?} failed with\n{message}\nnot with\n{expected}"
                    )),
                    _ => Ok(()),
                }
            }
        }
    });
}

#[test]
fn values_are_written_as_pyyaml_writes_them() {
    check("dump", |case| {
        let value = codec::decode(&case["value"])?;
        let text = yaml::dump(&value).map_err(|error| error.to_string())?;
        let expected = case["text"].as_str().unwrap();
        if text == expected {
            Ok(())
        } else {
            Err(format!("{} gave {text:?}, not {expected:?}", case["case"]))
        }
    });
}

#[test]
fn what_is_written_is_read_back_unless_pyyaml_fails_too() {
    check("dump", |case| {
        let text = case["text"].as_str().unwrap();
        let has_python_tag = text.contains("!!python/");
        if has_python_tag || !case["note"].is_null() {
            return Ok(());
        }
        let value = yaml::load(text).map_err(|error| error.to_string())?;
        let again = yaml::dump(&value).map_err(|error| error.to_string())?;
        if again == text {
            Ok(())
        } else {
            Err(format!("{text:?} was read and written as {again:?}"))
        }
    });
}
