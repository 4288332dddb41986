//! Nothing that a template says overflows the stack: not in a thread of two megabytes, not in a debug build.

use serde_json::{Value as Json, json};

use crate::support;

/// Runs a template and others in a small thread, and returns the output or the error's class.
fn outcome(source: String, templates: Json) -> String {
    let run = move || {
        let answer = support::run(&json!({ "source": source, "templates": templates }));
        answer["output"]
            .as_str()
            .or(answer["error"].as_str())
            .unwrap_or_default()
            .to_owned()
    };
    std::thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(run)
        .unwrap()
        .join()
        .unwrap()
}

fn alone(source: String) -> String {
    outcome(source, json!({}))
}

#[test]
fn macros_nest_as_deep_as_in_python() {
    let source = |n: u32| {
        format!(
            "{{% macro m(n) %}}{{% if n %}}{{{{ m(n - 1) }}}}{{% else %}}end{{% endif %}}{{% endmacro %}}{{{{ m({n}) }}}}"
        )
    };
    assert_eq!(alone(source(240)), "end");
    assert_eq!(alone(source(300)), "RecursionError");
    assert_eq!(alone(source(1_000_000)), "RecursionError");
}

#[test]
fn includes_nest_as_deep_as_in_python() {
    let x = "{% if n %}{% set n = n - 1 %}{% include 'x' %}{% else %}end{% endif %}";
    let source = |n: u32| format!("{{% set n = {n} %}}{{% include 'x' %}}");
    assert_eq!(outcome(source(900), json!({ "x": x })), "end");
    assert_eq!(outcome(source(1_000), json!({ "x": x })), "RecursionError");
}

#[test]
fn whatever_calls_itself_is_stopped() {
    for source in [
        "{% block a %}{{ self.a() }}{% endblock %}",
        "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
        "{% macro m() %}{% call m() %}{{ caller() }}{% endcall %}{% endmacro %}{{ m() }}",
        "{% macro m() %}{% filter upper %}{{ m() }}{% endfilter %}{% endmacro %}{{ m() }}",
        "{% extends 'e' %}",
        "{% import 'i' as i %}",
        "{% include 'b' %}",
    ] {
        let templates = json!({
            "e": "{% extends 'e' %}",
            "i": "{% import 'i' as i %}",
            "b": "{% block b %}{% include 'b' %}{% endblock %}",
        });
        assert_eq!(
            outcome(source.to_owned(), templates),
            "RecursionError",
            "{source}"
        );
    }
}

#[test]
fn expressions_of_any_depth_are_rejected_or_work() {
    let around = |n: usize, open: &str, inner: &str, close: &str| {
        alone(format!(
            "{{{{ {}{inner}{} }}}}",
            open.repeat(n),
            close.repeat(n)
        ))
    };
    for (open, inner, close) in [
        ("(", "1", ")"),
        ("[", "1", "]"),
        ("{1: ", "1", "}"),
        ("not ", "1", ""),
        ("- ", "1", ""),
        ("1 if 1 else ", "1", ""),
        ("", "1", " + 1"),
        ("", "1", " and 1"),
        ("", "x", ".x"),
        ("", "x", "[0]"),
        ("", "x", "()"),
        ("", "'x'", "|upper"),
        ("", "1", " if 1"),
        ("", "1", " ** 1"),
        ("x(", "1", ")"),
        ("x[", "1", "]"),
        ("x|upper(", "1", ")"),
    ] {
        assert_ne!(
            around(60, open, inner, close),
            "RecursionError",
            "{open}{inner}{close}"
        );
        assert_eq!(
            around(100_000, open, inner, close),
            "RecursionError",
            "{open}{inner}{close}"
        );
    }
}

#[test]
fn long_lists_are_no_problem() {
    assert_eq!(
        alone(format!("{{{{ [{}]|length }}}}", "1, ".repeat(100_000))),
        "100000"
    );
    assert_eq!(
        alone(format!("{{{{ ('a'{})|length }}}}", " ~ 'b'".repeat(50_000))),
        "50001"
    );
    assert_eq!(
        alone(format!(
            "{{% if 0 %}}{}{{% endif %}}",
            "{% elif 0 %}".repeat(2_000)
        )),
        ""
    );
}

#[test]
fn statements_of_any_depth_are_rejected_or_work() {
    for (open, close) in [
        ("{% if 1 %}", "{% endif %}"),
        ("{% with %}", "{% endwith %}"),
        ("{% filter upper %}", "{% endfilter %}"),
        ("{% set x %}", "{% endset %}"),
        ("{% macro m() %}", "{% endmacro %}{{ m() }}"),
    ] {
        let source = |n: usize| format!("{}x{}", open.repeat(n), close.repeat(n));
        assert_ne!(alone(source(60)), "RecursionError", "{open}");
        assert_eq!(alone(source(100_000)), "RecursionError", "{open}");
    }
}

#[test]
fn the_deepest_template_that_parses_also_renders() {
    let expr = format!("{}1{}", "(".repeat(150), " + 1)".repeat(150));
    let body = format!(
        "{}{{{{ {expr} }}}}{}",
        "{% if one %}".repeat(40),
        "{% endif %}".repeat(40)
    );
    let source = format!(
        "{{% set one = 1 %}}{{% macro m(n) %}}{body}{{% if n %}}{{{{ m(n - 1) }}}}{{% endif %}}{{% endmacro %}}\
         {{{{ m(200)|length }}}}"
    );
    assert_eq!(alone(source), "603");
}
