//! Where errors say that they happened.

use jinja::{Error, Frame};
use serde_json::{Value as Json, json};

use crate::support::TestHost;

fn error(source: &str, templates: &Json) -> Error {
    let case = json!({ "templates": templates, "context": { "one": 1, "map": { "a": 1 } } });
    let host = TestHost::new(&case);
    let environment = jinja::Environment::new();
    let result = environment
        .parse(Some("main"), source)
        .and_then(|template| environment.render(&template, &host));
    result.unwrap_err()
}

fn place(source: &str) -> (usize, usize, Option<(usize, usize)>) {
    let error = error(source, &json!({}));
    (error.line.unwrap(), error.column.unwrap(), error.end)
}

#[test]
fn an_undefined_variable_is_where_it_is_written() {
    assert_eq!(place("é\n é{{ zzz }}"), (2, 6, Some((2, 9))));
    assert_eq!(place("{{ one + zzz }}"), (1, 4, Some((1, 13))));
    assert_eq!(place("{{ map.a.b.c }}"), (1, 4, Some((1, 13))));
    assert_eq!(
        place("{% if one and\n zzz %}{% endif %}"),
        (1, 7, Some((2, 5)))
    );
    assert_eq!(
        place("{% for x in zzz %}{% endfor %}"),
        (1, 13, Some((1, 16)))
    );
    assert_eq!(place("{{ 1 if zzz }}"), (1, 4, Some((1, 12))));
}

#[test]
fn the_name_of_what_is_undefined_is_known() {
    let name = |source| error(source, &json!({})).name.clone();
    assert_eq!(name("{{ zzz }}").as_deref(), Some("zzz"));
    assert_eq!(name("{{ zzz + 1 }}").as_deref(), Some("zzz"));
    assert_eq!(name("{{ zzz.a }}").as_deref(), Some("zzz"));
    assert_eq!(name("{{ zzz() }}").as_deref(), Some("zzz"));
    assert_eq!(name("{{ map.zz }}").as_deref(), Some("zz"));
    assert_eq!(name("{{ map['zz'] ~ 1 }}").as_deref(), Some("zz"));
    assert_eq!(
        name("{% for x in zzz %}{% endfor %}").as_deref(),
        Some("zzz")
    );
    assert_eq!(name("{% if zzz %}{% endif %}").as_deref(), Some("zzz"));
    assert_eq!(name("{{ 1 / 0 }}"), None);
}

#[test]
fn a_syntax_error_is_at_the_token() {
    assert_eq!(place("a\n{{ 1 2 }}"), (2, 6, Some((2, 7))));
    assert_eq!(place("{% unknown %}"), (1, 4, Some((1, 11))));
    assert_eq!(place("{{ 1|nofilter }}"), (1, 6, Some((1, 14))));
    assert_eq!(place("\n {# x"), (2, 4, None));
}

#[test]
fn line_breaks_of_other_systems_count() {
    assert_eq!(place("a\r\nb\r{{ zzz }}"), (3, 4, Some((3, 7))));
}

#[test]
fn includes_and_macros_around_an_error_are_listed() {
    let templates = json!({
        "inc": "\n{% from 'lib' import f %}{{ f() }}",
        "lib": "{% macro f() %}\n\n{{ zzz }}{% endmacro %}",
    });
    let error = error("\n\n\n{% include 'inc' %}", &templates);
    assert_eq!(
        (error.template.as_deref(), error.line),
        (Some("lib"), Some(3))
    );
    let frame = |template: &str, line| Frame {
        template: Some(template.to_owned()),
        line,
    };
    assert_eq!(error.frames, [frame("inc", 2), frame("main", 4)]);
}
