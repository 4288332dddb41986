//! Filters, tests and globals against the real ones.
//!
//! Each line of `filters_cases/*.json` is a template and what Jinja2 made of it; `generate_filters.py` writes them.
//! `FILTERS_CASES=folder` checks other files instead, such as those that it writes with `--fuzz`.

#![allow(clippy::disallowed_methods, reason = "the cases are files")]

use std::fmt::Write;
use std::path::{Path, PathBuf};

use jinja::{Environment, Error, Host, Result, Template};
use serde_json::Value as Json;
use values::{Args, Value};

/// A host without anything but a number for `lipsum`.
struct Nothing;

impl Host for Nothing {
    fn variable(&self, _name: &str) -> Result<Option<Value>> {
        Ok(None)
    }
    fn global(&self, _name: &str) -> Option<Value> {
        None
    }
    fn template(&self, _name: &str) -> Result<Option<Template>> {
        Ok(None)
    }
    fn call_function(&self, name: &str, _args: &Args) -> Result<Value> {
        Err(Error::unsupported(name))
    }
    fn call_filter(&self, name: &str, _value: &Value, _args: &Args) -> Result<Value> {
        Err(Error::unsupported(name))
    }
    fn random_below(&self, bound: u64) -> Result<u64> {
        Ok(7 % bound)
    }
}

fn folder() -> PathBuf {
    let usual = || Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/filters_cases");
    std::env::var_os("FILTERS_CASES").map_or_else(usual, PathBuf::from)
}

fn render(template: &str) -> Result<String> {
    let environment = Environment::new();
    environment.render(&environment.parse(None, template)?, &Nothing)
}

/// What was expected and what came, if they differ.
fn difference(case: &Json) -> Option<String> {
    let text = |key: &str| case[key].as_str().unwrap_or_default();
    let expected = match case["output"].as_str() {
        Some(output) => format!("{output:?}"),
        None => format!("{}: {}", text("error"), text("message")),
    };
    let found = match render(text("template")) {
        Ok(output) => format!("{output:?}"),
        Err(error) => error.to_string(),
    };
    (found != expected).then(|| {
        format!(
            "{}\n  expected {expected}\n  found    {found}\n",
            text("template")
        )
    })
}

#[test]
fn filters_tests_and_globals_do_what_those_of_jinja2_do() {
    let mut files: Vec<_> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let (mut count, mut wrong, mut report) = (0, 0, String::new());
    for file in files.iter().filter(|file| {
        file.extension()
            .is_some_and(|extension| extension == "json")
    }) {
        let cases: Vec<Json> =
            serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        for case in &cases {
            count += 1;
            if let Some(difference) = difference(case) {
                wrong += 1;
                report += &difference;
            }
        }
    }
    writeln!(report, "{wrong} of {count} differ").unwrap();
    assert!(count >= 350, "only {count} cases");
    assert!(wrong == 0, "{report}");
}

#[test]
fn sizes_that_no_memory_could_hold_are_errors() {
    for template in [
        "{{ 'x'|center(10**12) }}",
        "{{ 'x'|indent(10**12, true) }}",
        "{{ [1]|batch(10**12, 0)|list }}",
        "{{ [1]|slice(10**12)|list }}",
        "{{ range(10**12)|list }}",
        "{{ [1]|tojson(10**12) }}",
        "{{ 1|round(10**12, 'floor') }}",
        "{{ lipsum(10**9) }}",
        "{{ '%999999999999d'|format(1) }}",
    ] {
        assert!(render(template).is_err(), "{template}");
    }
    for (template, expected) in [
        ("{{ 5 is in(range(10**12)) }}", "True"),
        ("{{ 1.5|round(10**12) }}", "1.5"),
        ("{{ 15|round(-(10**12)) }}", "0"),
        ("{{ 'x'|truncate(10**30) }}", "x"),
        ("{{ 'a b'|wordwrap(10**30) }}", "a b"),
        ("{{ range(10**12)|length }}", "1000000000000"),
    ] {
        assert_eq!(
            render(template).map_err(|error| error.to_string()),
            Ok(expected.to_owned()),
            "{template}"
        );
    }
}

#[test]
fn without_randomness_a_random_item_is_an_error_that_says_so() {
    struct Fixed;
    impl Host for Fixed {
        fn variable(&self, name: &str) -> Result<Option<Value>> {
            Nothing.variable(name)
        }
        fn global(&self, name: &str) -> Option<Value> {
            Nothing.global(name)
        }
        fn template(&self, name: &str) -> Result<Option<Template>> {
            Nothing.template(name)
        }
        fn call_function(&self, name: &str, args: &Args) -> Result<Value> {
            Nothing.call_function(name, args)
        }
        fn call_filter(&self, name: &str, value: &Value, args: &Args) -> Result<Value> {
            Nothing.call_filter(name, value, args)
        }
    }
    let environment = Environment::new();
    for source in ["{{ [1, 2]|random }}", "{{ lipsum() }}"] {
        let template = environment.parse(None, source).unwrap();
        let error = environment.render(&template, &Fixed).unwrap_err();
        assert_eq!(
            error.kind,
            jinja::ErrorKind::Unsupported,
            "{source}: {error}"
        );
    }
    assert_eq!(render("{{ [0,1,2,3,4,5]|random }}").unwrap(), "1");
}
