//! Runs one case, given and answered as JSON.

use std::cell::RefCell;
use std::collections::HashMap;

use jinja::{Environment, Error, Host, Result, Template};
use serde_json::{Value as Json, json};
use values::{Args, Dict, Value};

/// A host with variables and templates out of a case.
pub(crate) struct TestHost<'c> {
    environment: Environment,
    context: &'c Json,
    templates: &'c Json,
    /// Variables are the same object each time they are read.
    variables: RefCell<HashMap<String, Value>>,
    parsed: RefCell<HashMap<String, Template>>,
}

impl<'c> TestHost<'c> {
    /// The host of a case.
    pub(crate) fn new(case: &'c Json) -> Self {
        Self {
            environment: Environment::new(),
            context: &case["context"],
            templates: &case["templates"],
            variables: RefCell::default(),
            parsed: RefCell::default(),
        }
    }
}

impl Host for TestHost<'_> {
    fn variable(&self, name: &str) -> Result<Option<Value>> {
        if let Some(known) = self.variables.borrow().get(name) {
            return Ok(Some(known.clone()));
        }
        let Some(json) = self.context.get(name) else {
            return Ok(None);
        };
        let value = value(json);
        self.variables
            .borrow_mut()
            .insert(name.to_owned(), value.clone());
        Ok(Some(value))
    }
    fn global(&self, _name: &str) -> Option<Value> {
        None
    }
    fn template(&self, name: &str) -> Result<Option<Template>> {
        if let Some(known) = self.parsed.borrow().get(name) {
            return Ok(Some(known.clone()));
        }
        let Some(source) = self.templates.get(name).and_then(Json::as_str) else {
            return Ok(None);
        };
        let template = self.environment.parse(Some(name), source)?;
        self.parsed
            .borrow_mut()
            .insert(name.to_owned(), template.clone());
        Ok(Some(template))
    }
    fn call_function(&self, name: &str, _args: &Args) -> Result<Value> {
        Err(Error::unsupported(name))
    }
    fn call_filter(&self, name: &str, _value: &Value, _args: &Args) -> Result<Value> {
        Err(Error::unsupported(name))
    }
}

/// A value out of JSON.
pub(crate) fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::None,
        Json::Bool(b) => Value::Bool(*b),
        Json::Number(n) => n
            .as_i64()
            .map_or_else(|| Value::Float(n.as_f64().unwrap()), Value::Int),
        Json::String(text) => Value::str(text.as_str()),
        Json::Array(items) => Value::list(items.iter().map(value).collect::<Vec<_>>()),
        Json::Object(items) => {
            Value::Dict(Dict::from_pairs(items.iter().map(|(k, v)| (k, value(v)))))
        }
    }
}

/// Runs a case.
pub(crate) fn run(case: &Json) -> Json {
    let host = TestHost::new(case);
    let name = case["name"].as_str();
    let parsed = host
        .environment
        .parse(name, case["source"].as_str().unwrap());
    match parsed.and_then(|template| host.environment.render(&template, &host)) {
        Ok(output) => json!({ "output": output }),
        Err(error) => json!({
            "error": error.kind.python_name(),
            "message": error.message,
            "line": error.line,
        }),
    }
}
