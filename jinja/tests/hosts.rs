//! What a render asks its host for, and when.

use std::cell::RefCell;
use std::sync::Arc;

use jinja::{Environment, Error, ErrorKind, Host, HostFunction, Result, Template};
use values::{Args, Value};

/// Knows a few things, and notes what it is asked.
#[derive(Default)]
struct Noting {
    asked: RefCell<Vec<String>>,
}

impl Noting {
    fn note(&self, what: impl Into<String>) {
        self.asked.borrow_mut().push(what.into());
    }
}

fn environment() -> Environment {
    Environment::new().with_host_filters(["draw", "shout", "upper"])
}

impl Host for Noting {
    fn variable(&self, name: &str) -> Result<Option<Value>> {
        self.note(name);
        match name {
            "a" | "b" => Ok(Some(Value::str(name))),
            "broken" => Err(Error::host("it broke", Arc::new(42_u32))),
            _ => Ok(None),
        }
    }
    fn global(&self, name: &str) -> Option<Value> {
        (name == "greet" || name == "range").then(|| HostFunction::value(name))
    }
    fn template(&self, name: &str) -> Result<Option<Template>> {
        self.note(format!("template {name}"));
        let source = match name {
            "lib" => "{% macro f() %}{{ a is defined }}{{ greet(1) }}{% endmacro %}",
            "child" => "{{ a }}{{ b }}",
            "bad" => "{% if %}",
            _ => return Ok(None),
        };
        environment().parse(Some(name), source).map(Some)
    }
    fn call_function(&self, name: &str, args: &Args) -> Result<Value> {
        Ok(Value::from(format!(
            "{name}({})",
            args.positional.len() + args.keyword.len()
        )))
    }
    fn call_filter(&self, name: &str, value: &Value, _args: &Args) -> Result<Value> {
        self.note(format!("filter {name}"));
        let count = self.asked.borrow().len();
        Ok(Value::from(format!(
            "{}{count}",
            value.as_str().unwrap_or("?")
        )))
    }
}

fn render(source: &str) -> (Result<String>, Vec<String>) {
    let host = Noting::default();
    let environment = environment();
    let result = environment
        .parse(None, source)
        .and_then(|template| environment.render(&template, &host));
    (result, host.asked.into_inner())
}

#[test]
fn a_variable_is_asked_for_only_when_it_is_read() {
    let (result, asked) =
        render("{% if a %}x{% else %}{{ b }}{{ broken }}{% endif %}{% set c = 1 %}{{ c }}");
    assert_eq!(result.unwrap(), "x1");
    assert_eq!(asked, ["a"]);
}

#[test]
fn a_variable_is_asked_for_once() {
    let (result, asked) =
        render("{{ a }}{% for i in [1, 2] %}{{ a }}{% endfor %}{% include 'child' %}");
    assert_eq!(result.unwrap(), "aaaab");
    assert_eq!(asked, ["a", "template child", "b"]);
}

#[test]
fn macros_ask_only_when_they_are_called() {
    let (result, asked) = render("{% macro m() %}{{ b }}{% endmacro %}{{ a }}");
    assert_eq!(result.unwrap(), "a");
    assert_eq!(asked, ["a"]);
}

#[test]
fn imported_templates_see_globals_and_no_variables() {
    let (result, asked) = render("{% from 'lib' import f %}{{ f() }}");
    assert_eq!(result.unwrap(), "Falsegreet(1)");
    assert_eq!(asked, ["template lib"]);
}

#[test]
fn globals_of_the_host_hide_built_in_ones() {
    assert_eq!(
        render("{{ range(3, step=1) }}{{ greet }}").0.unwrap(),
        "range(2)<function greet>"
    );
}

#[test]
fn filters_of_the_host_hide_built_in_ones() {
    assert_eq!(
        render("{{ a|upper }}{{ ['x']|map('shout')|list }}")
            .0
            .unwrap(),
        "a2['x3']"
    );
}

#[test]
fn a_filter_on_a_constant_is_applied_once() {
    let (result, _) = render("{% for i in [1, 2] %}{{ 'x'|draw }}{{ a|draw }} {% endfor %}");
    assert_eq!(result.unwrap(), "x1a3 x1a4 ");
}

#[test]
fn an_error_of_the_host_arrives_as_it_was() {
    let error = render("\n {{ broken }}").0.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Host);
    assert_eq!(
        error.payload.as_ref().unwrap().downcast_ref(),
        Some(&42_u32)
    );
    assert_eq!((error.line, error.column), (Some(2), Some(5)));
}

#[test]
fn a_broken_template_is_an_error_even_where_missing_ones_are_ignored() {
    let error = render("{% include 'bad' ignore missing %}").0.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Syntax);
    assert_eq!(error.template.as_deref(), Some("bad"));
    assert_eq!(error.frames.len(), 1);
}

#[test]
fn templates_can_be_shared_between_threads() {
    fn shared<T: Send + Sync + Clone>(_: &T) {}
    let template = environment().parse(None, "{{ 1 }}").unwrap();
    shared(&template);
    assert_eq!((template.name(), template.source()), (None, "{{ 1 }}"));
}

/// Gives one value away, and can tell who still has it.
struct Lending(Arc<str>);

impl Host for Lending {
    fn variable(&self, name: &str) -> Result<Option<Value>> {
        Ok((name == "lent").then(|| Value::Str(Arc::clone(&self.0))))
    }
    fn global(&self, _name: &str) -> Option<Value> {
        None
    }
    fn template(&self, name: &str) -> Result<Option<Template>> {
        let source =
            "{% set inner = lent %}{% macro m(n) %}{{ inner }}{{ m(n - 1) if n }}{% endmacro %}";
        (name == "library")
            .then(|| environment().parse(Some(name), source))
            .transpose()
    }
    fn call_function(&self, name: &str, _args: &Args) -> Result<Value> {
        Err(Error::unsupported(name))
    }
    fn call_filter(&self, name: &str, _value: &Value, _args: &Args) -> Result<Value> {
        Err(Error::unsupported(name))
    }
    fn random_below(&self, _bound: u64) -> Result<u64> {
        Ok(0)
    }
}

#[test]
fn a_render_leaves_nothing_behind_whatever_holds_itself() {
    let templates = [
        "{% set kept = lent %}{% macro m(n) %}{{ kept }}{{ m(n - 1) if n }}{% endmacro %}{{ m(2) }}",
        "{% import 'library' as library with context %}{{ library.m(2) }}",
        "{% from 'library' import m with context %}{{ m(2) }}",
        "{% for i in [1, 2] %}{% set kept = lent %}{% macro m() %}{{ kept }}{{ m is defined }}{% endmacro %}{{ m() }}{% endfor %}",
        "{% set kept = lent %}{% block b %}{% macro m() %}{{ kept }}{% endmacro %}{{ m() }}{% endblock %}",
        "{% macro m() %}{{ caller() }}{% endmacro %}{% call m() %}{{ lent }}{% endcall %}{{ nothing.at.all }}",
    ];
    let host = Lending("lent text".into());
    for source in templates {
        let template = environment().parse(None, source).unwrap();
        let _ = environment().render(&template, &host);
        assert_eq!(Arc::strong_count(&host.0), 1, "{source}");
    }
}
