//! What the real Jinja2 makes of the cases in `cases/`. See `generate.py` for how they are written.

#![allow(clippy::disallowed_methods, reason = "the cases are files")]

use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value as Json, json};

use crate::support;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

fn text(lines: &[&str]) -> String {
    let lines = lines.strip_suffix(&[""]).unwrap_or(lines);
    lines.join("\n").replace('␍', "\r").replace('␊', "\n")
}

/// A case's title, and the lines of its templates; the first of them has no name.
type Parts<'l> = (&'l str, Vec<(&'l str, Vec<&'l str>)>);

/// The cases of a file: title, source, templates.
fn split(path: &Path) -> Vec<(String, String, Map<String, Json>)> {
    let content = read(path);
    if path
        .extension()
        .is_some_and(|extension| extension == "lines")
    {
        let lines = content.split('\n').filter(|line| !line.is_empty());
        return lines
            .map(|line| (line.to_owned(), text(&[line]), Map::new()))
            .collect();
    }
    let mut cases: Vec<Parts> = Vec::new();
    for line in content.split('\n') {
        if let Some(title) = line.strip_prefix("=== ") {
            cases.push((title, vec![("", Vec::new())]));
        } else if let Some((_, parts)) = cases.last_mut() {
            match line.strip_prefix("--- ") {
                Some(name) => parts.push((name, Vec::new())),
                None => parts.last_mut().unwrap().1.push(line),
            }
        }
    }
    let whole = |(title, parts): Parts| {
        let templates = parts[1..]
            .iter()
            .map(|(name, lines)| ((*name).to_owned(), json!(text(lines))));
        (title.to_owned(), text(&parts[0].1), templates.collect())
    };
    cases.into_iter().map(whole).collect()
}

/// What differs between an answer of Jinja2 and ours.
fn difference(expected: &Json, found: &Json) -> Option<String> {
    if expected.get("output").is_some() {
        return (expected["output"] != found["output"])
            .then(|| format!("expected {expected}\n   found {found}"));
    }
    // Python words this in many ways, and counts its own frames.
    let recursion = expected["error"] == "RecursionError";
    let place = expected["error"] != "SyntaxError" && !expected["line"].is_null();
    let same = expected["error"] == found["error"]
        && (recursion || message(&expected["message"]) == message(&found["message"]))
        && (recursion || !place || expected["line"] == found["line"]);
    (!same).then(|| format!("expected {expected}\n   found {found}"))
}

/// A message without the line of generated code that Python adds to its own syntax errors.
fn message(json: &Json) -> &str {
    let text = json.as_str().unwrap_or_default();
    text.split(" (<template>, line").next().unwrap_or_default()
}

#[test]
fn every_case_gives_what_jinja2_gives() {
    let context: Json = serde_json::from_str(&read(&folder().join("context.json"))).unwrap();
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "txt" || extension == "lines")
    });
    files.sort();
    let (mut count, mut wrong) = (0, String::new());
    for path in files {
        let answers: Vec<Json> = serde_json::from_str(&read(&path.with_extension("json"))).unwrap();
        let cases = split(&path);
        assert_eq!(
            cases.len(),
            answers.len(),
            "{}: run generate.py",
            path.display()
        );
        for ((title, source, templates), answer) in cases.into_iter().zip(answers) {
            assert_eq!(
                answer["title"],
                title.as_str(),
                "{}: run generate.py",
                path.display()
            );
            count += 1;
            let case = json!({ "source": source, "templates": templates, "context": context });
            if let Some(difference) = difference(&answer, &support::run(&case)) {
                let file = path.file_name().unwrap_or_default().to_string_lossy();
                writeln!(wrong, "{file}: {title}\n{difference}\n").unwrap();
            }
        }
    }
    assert!(count >= 300, "only {count} cases were found");
    assert!(wrong.is_empty(), "{wrong}");
}
