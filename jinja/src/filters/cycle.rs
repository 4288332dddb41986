//! `cycler(…)` and `joiner(…)`: objects that answer differently each time they are asked.

use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use values::{Args, Object, Value};

use super::method::Receiver;
use super::signature::bind;
use crate::{Error, Result};

/// Goes through its items again and again.
#[derive(Clone, Debug)]
pub(super) struct Cycler {
    /// At least one.
    items: Arc<[Value]>,
    /// Shared with the methods that are bound to it.
    position: Arc<AtomicUsize>,
}

impl Cycler {
    /// `cycler(*items)`
    pub(super) fn construct(args: &Args) -> Result<Value> {
        if let Some((key, _)) = args.keyword.first() {
            let problem = if key == "self" {
                "multiple values for"
            } else {
                "an unexpected keyword"
            };
            return Err(Error::type_error(format!(
                "Cycler.__init__() got {problem} argument '{key}'"
            )));
        }
        if args.positional.is_empty() {
            let message = "at least one item has to be provided";
            return Err(values::Error::new(values::ErrorKind::Runtime, message).into());
        }
        Ok(Value::object(Self {
            items: args.positional.clone().into(),
            position: Arc::default(),
        }))
    }

    /// The methods `next` and `reset`.
    pub(super) fn call(&self, name: &str, args: &Args) -> Result<Value> {
        bind::<0>(&format!("Cycler.{name}"), &["self"], [], 0, args)?;
        if name == "reset" {
            self.position.store(0, Ordering::Relaxed);
            return Ok(Value::None);
        }
        let current = self.current();
        let next = (self.position.load(Ordering::Relaxed) + 1) % self.items.len().max(1);
        self.position.store(next, Ordering::Relaxed);
        Ok(current)
    }

    fn current(&self) -> Value {
        self.items
            .get(self.position.load(Ordering::Relaxed))
            .cloned()
            .unwrap_or(Value::None)
    }
}

impl Object for Cycler {
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn type_name(&self) -> &'static str {
        "Cycler"
    }
    fn repr(&self) -> String {
        "<jinja2.utils.Cycler object at 0x7f0000000000>".to_owned()
    }
    fn get_attr(&self, name: &str) -> Option<Value> {
        match name {
            "current" => Some(self.current()),
            "items" => Some(Value::Tuple(self.items.clone())),
            "pos" => Some(self.position.load(Ordering::Relaxed).into()),
            _ => Receiver::Cycler(self.clone()).method(name),
        }
    }
}

/// Nothing the first time it is called, its separator from then on.
#[derive(Debug)]
pub(super) struct Joiner {
    separator: Value,
    used: AtomicBool,
}

impl Joiner {
    /// `joiner(sep)`
    pub(super) fn construct(args: &Args) -> Result<Value> {
        let [separator] = bind("Joiner.__init__", &["self"], ["sep"], 0, args)?;
        let separator = separator.unwrap_or_else(|| Value::str(", "));
        Ok(Value::object(Self {
            separator,
            used: AtomicBool::new(false),
        }))
    }
    /// `self()`
    pub(super) fn call(&self, args: &Args) -> Result<Value> {
        bind::<0>("Joiner.__call__", &["self"], [], 0, args)?;
        let used = self.used.swap(true, Ordering::Relaxed);
        Ok(if used {
            self.separator.clone()
        } else {
            Value::str("")
        })
    }
}

impl Object for Joiner {
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn type_name(&self) -> &'static str {
        "Joiner"
    }
    fn repr(&self) -> String {
        "<jinja2.utils.Joiner object at 0x7f0000000000>".to_owned()
    }
    fn get_attr(&self, name: &str) -> Option<Value> {
        match name {
            "sep" => Some(self.separator.clone()),
            "used" => Some(Value::Bool(self.used.load(Ordering::Relaxed))),
            _ => None,
        }
    }
    fn is_callable(&self) -> bool {
        true
    }
}
