//! An object of Python's, which stays there.

use std::any::Any;
use std::fmt;

use serde_json::{Value as Json, json};
use values::{Args, Error, ErrorKind, Object, Value, attr, ops};

use super::session;
use super::told::{said, said_all};
use crate::plugins::python::value;

/// Something in Python that is no data: what is known of it without asking, and how it is called.
pub(super) struct Remote {
    /// What it is called there.
    pub(super) name: Json,
    /// What the plugin gives to templates that it came from.
    root: Json,
    /// How many operations had changed something when it was described.
    at: usize,
    type_name: String,
    is_callable: bool,
    is_iterator: bool,
    is_subscriptable: bool,
    /// Its truth, where no code decides.
    truth: Option<bool>,
    kinds: Vec<String>,
    attributes: Vec<(String, Value)>,
    /// The text or number that it is as well.
    data: Option<Value>,
    /// What was in it then, if it is a list, a dictionary or a set.
    content: Option<Value>,
}

/// Methods of containers that change nothing.
const HARMLESS: [&str; 7] = ["copy", "count", "get", "index", "items", "keys", "values"];

impl Remote {
    /// The object that `told` describes.
    pub(super) fn new(told: &Json, name: Json, root: Json, at: usize) -> Self {
        let is = |key: &str| told.get(key).and_then(Json::as_bool);
        let array = |key: &str| told.get(key).and_then(Json::as_array).into_iter().flatten();
        let attributes = array("attributes").filter_map(|pair| {
            let [name, item] = &pair.as_array()?[..] else {
                return None;
            };
            Some((name.as_str()?.to_owned(), value::value(item)?))
        });
        let kinds = array("is").filter_map(|kind| Some(kind.as_str()?.to_owned()));
        let html = is("html").unwrap_or_default().then(|| String::from("html"));
        let full = told.get("type").and_then(Json::as_str).unwrap_or_default();
        Self {
            name,
            root,
            at,
            type_name: full.rsplit('.').next().unwrap_or_default().to_owned(),
            is_callable: is("callable").unwrap_or_default(),
            is_iterator: is("iterator").unwrap_or_default(),
            is_subscriptable: is("subscript").unwrap_or(true),
            truth: is("truth"),
            kinds: kinds.chain(html).collect(),
            attributes: attributes.collect(),
            data: told.get("data").and_then(value::value),
            content: None,
        }
    }

    /// A list, dictionary or set that is a part of something in Python, with what is in it.
    pub(super) fn live(content: Value, name: Json, root: Json, at: usize) -> Self {
        let kinds: &[&str] = match content {
            Value::Dict(_) => &["mapping", "dict"],
            Value::List(_) => &["list"],
            _ => &[],
        };
        // Who gets hold of it shall not change it here.
        content.freeze();
        Self {
            name,
            root,
            at,
            type_name: content.type_name().to_owned(),
            is_callable: false,
            is_iterator: false,
            is_subscriptable: !matches!(content, Value::Set(_)),
            truth: None,
            kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
            attributes: Vec::new(),
            data: None,
            content: Some(content),
        }
    }

    /// What an operation comes to by what is in it, as long as nothing has changed.
    fn by_content(&self, op: &str, args: &[Value]) -> Option<values::Result<Value>> {
        let content = self.content.as_ref()?;
        let is_here = |value: &Value| match value {
            Value::Object(object) => !object.is_elsewhere(),
            _ => true,
        };
        let [_, rest @ ..] = args else { return None };
        if !session::is_at(self.at) || !rest.iter().all(is_here) {
            return None;
        }
        let text = |text: String| Value::str(text);
        Some(match (op, rest) {
            ("getattr", [name]) => {
                let name = name.as_str()?;
                if HARMLESS.contains(&name) {
                    return attr::get_attr(content, name).map(Ok);
                }
                if values::methods::has(content, name) || name.starts_with("__") {
                    return None;
                }
                let message = format!("'{}' object has no attribute '{name}'", self.type_name);
                Err(Error::new(ErrorKind::Attribute, message))
            }
            ("bool", []) => ops::truth(content).map(Value::Bool),
            ("len", []) => ops::len(content).map(Value::from),
            ("iterate", []) => values::iter::collect(content).map(Value::list),
            ("str" | "repr", []) => values::repr::try_repr(content).map(text),
            ("getitem", [key]) => attr::get_item(content, key),
            ("slice", [start, stop, step]) => attr::get_slice(content, start, stop, step),
            ("is_iterable", []) => Ok(Value::Bool(true)),
            ("is_sequence", []) => Ok(Value::Bool(self.is_subscriptable)),
            _ => return None,
        })
    }

    fn ask(&self, op: &str) -> values::Result<Value> {
        let this = json!({ "t": "of", "v": self.name });
        session::ask_here(&self.root, op, &[this], &[])
    }

    /// What is known without asking.
    fn known(&self, op: &str, args: &[Value]) -> Option<values::Result<Value>> {
        let is_first = args
            .first()?
            .downcast::<Self>()
            .is_some_and(|first| std::ptr::eq(first, self));
        match (op, args) {
            _ if !is_first => None,
            _ if self.content.is_some() => self.by_content(op, args),
            ("bool", _) => self.truth.map(|truth| Ok(Value::Bool(truth))),
            ("getattr", [_, name]) if session::is_at(self.at) => {
                let name = name.as_str()?;
                let mut found = self.attributes.iter();
                let (_, found) = found.find(|(other, _)| other == name)?;
                Some(Ok(found.clone()))
            }
            ("getitem", _) if !self.is_subscriptable => {
                let message = format!("'{}' object is not subscriptable", self.type_name);
                Some(Err(Error::type_error(message)))
            }
            _ => None,
        }
    }
}

impl fmt::Debug for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} in Python>", self.type_name)
    }
}

impl Object for Remote {
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn type_name(&self) -> &str {
        &self.type_name
    }
    fn repr(&self) -> String {
        format!("<{} object>", self.type_name)
    }
    fn is_callable(&self) -> bool {
        self.is_callable
    }
    fn is_iterator(&self) -> bool {
        self.is_iterator
    }
    fn next(&self) -> Option<values::Result<Option<Value>>> {
        self.is_iterator.then(|| {
            let found = values::iter::collect(&self.ask("next")?)?;
            Ok(found.into_iter().next())
        })
    }
    fn items(&self) -> Option<values::Result<Vec<Value>>> {
        if let (Some(content), true) = (&self.content, session::is_at(self.at)) {
            return Some(values::iter::collect(content));
        }
        let found = self.ask("iterate");
        Some(found.and_then(|found| values::iter::collect(&found)))
    }
    fn is_elsewhere(&self) -> bool {
        true
    }
    fn operate(&self, op: &str, args: &Args) -> values::Result<Value> {
        if let Some(known) = self.known(op, &args.positional) {
            return known;
        }
        let positional = said_all(&args.positional)?;
        let keyword = args.keyword.iter();
        let keyword = keyword.map(|(name, value)| Ok(json!([name, said(value)?])));
        let keyword = keyword.collect::<values::Result<Vec<_>>>()?;
        session::ask_here(&self.root, op, &positional, &keyword)
    }
    fn as_text(&self) -> Option<&str> {
        match &self.data {
            Some(Value::Str(text)) => Some(text),
            _ => None,
        }
    }
    fn is_a(&self, kind: &str) -> bool {
        self.kinds.iter().any(|one| one == kind)
    }
}

/// The error where nobody can be asked.
pub(super) fn nowhere() -> Error {
    Error::new(
        ErrorKind::Unsupported,
        "an object of a plugin is used after the render that it belongs to",
    )
}
