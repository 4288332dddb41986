//! Bound methods of the objects that are defined here.

use std::any::Any;

use values::{Args, Object, Value};

use super::cycle::Cycler;
use super::globals;
use super::range::Range;
use crate::Result;

/// What a method is bound to.
#[derive(Clone, Debug)]
pub(super) enum Receiver {
    /// A cycler.
    Cycler(Cycler),
    /// A range.
    Range(Range),
    /// The class `dict`.
    DictClass,
}

/// A method with its receiver: `cycler(1, 2).next`.
#[derive(Debug)]
pub(super) struct Method {
    receiver: Receiver,
    name: &'static str,
}

impl Receiver {
    /// The method called `name`.
    pub(super) fn method(self, name: &str) -> Option<Value> {
        let names: &[&'static str] = match self {
            Self::Cycler(_) => &["next", "reset"],
            Self::Range(_) => &["count", "index"],
            Self::DictClass => &["fromkeys"],
        };
        let name = names.iter().find(|known| **known == name)?;
        Some(Value::object(Method {
            receiver: self,
            name,
        }))
    }
}

impl Method {
    /// Calls it.
    pub(super) fn call(&self, args: &Args) -> Result<Value> {
        match &self.receiver {
            Receiver::Cycler(cycler) => cycler.call(self.name, args),
            Receiver::Range(range) => range.call(self.name, args),
            Receiver::DictClass => globals::dict_fromkeys(args),
        }
    }
}

impl Object for Method {
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn type_name(&self) -> &'static str {
        match self.receiver {
            Receiver::Cycler(_) => "method",
            _ => "builtin_function_or_method",
        }
    }
    fn repr(&self) -> String {
        match &self.receiver {
            Receiver::Cycler(cycler) => {
                format!("<bound method Cycler.{} of {}>", self.name, cycler.repr())
            }
            Receiver::Range(_) => format!(
                "<built-in method {} of range object at 0x7f0000000000>",
                self.name
            ),
            Receiver::DictClass => format!(
                "<built-in method {} of type object at 0x7f0000000000>",
                self.name
            ),
        }
    }
    fn is_callable(&self) -> bool {
        true
    }
}
