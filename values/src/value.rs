//! The value type.

use std::fmt;
use std::sync::Arc;

use num_bigint::BigInt;

use crate::{Date, DateTime, Dict, List, Object};

/// A Python object.
///
/// Cloning is cheap and keeps identity: a clone of a list is the same list.
/// `==` is *strict* equality, for caches: same type and same content (`1 != 1.0 != True`).
/// Python's own equality is [`crate::ops::eq`].
#[derive(Clone)]
pub enum Value {
    /// Jinja2's strict undefined: an error in whatever is done with it but `is defined`.
    Undefined(Arc<Undefined>),
    /// `None`
    None,
    /// `bool`
    Bool(bool),
    /// An `int` that fits; larger ones are always [`Value::BigInt`].
    Int(i64),
    /// An `int` that does not fit into an `i64`.
    BigInt(Arc<BigInt>),
    /// `float`
    Float(f64),
    /// `str`
    Str(Arc<str>),
    /// `markupsafe.Markup`
    Markup(Arc<str>),
    /// `bytes`
    Bytes(Arc<[u8]>),
    /// `list`
    List(List),
    /// `tuple`
    Tuple(Arc<[Value]>),
    /// `dict`
    Dict(Dict),
    /// `set`: the keys of a dictionary, in insertion order.
    Set(Dict),
    /// `datetime.date`
    Date(Arc<Date>),
    /// `datetime.datetime`
    DateTime(Arc<DateTime>),
    /// Everything else: iterators, functions, macros, loops, keys.
    Object(Arc<dyn Object>),
}

/// Why a value is undefined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undefined {
    /// The name that was looked up, for "did you mean".
    pub name: String,
    /// The message of the error that any use raises.
    pub message: String,
}

impl Value {
    /// A `str`.
    pub fn str(text: impl Into<Arc<str>>) -> Self {
        Self::Str(text.into())
    }
    /// An `int`, in its canonical form.
    pub fn big(value: BigInt) -> Self {
        match i64::try_from(&value) {
            Ok(small) => Self::Int(small),
            Err(_) => Self::BigInt(Arc::new(value)),
        }
    }
    /// A new list.
    pub fn list(items: impl Into<Vec<Value>>) -> Self {
        Self::List(List::new(items.into()))
    }
    /// A tuple.
    pub fn tuple(items: impl Into<Vec<Value>>) -> Self {
        Self::Tuple(items.into().into())
    }
    /// An undefined variable called `name`.
    pub fn undefined(name: &str) -> Self {
        Self::undefined_with(name, format!("'{name}' is undefined"))
    }
    /// An undefined value with a message of its own.
    pub fn undefined_with(name: &str, message: impl Into<String>) -> Self {
        Self::Undefined(Arc::new(Undefined {
            name: name.to_owned(),
            message: message.into(),
        }))
    }
    /// An object.
    pub fn object(object: impl Object) -> Self {
        Self::Object(Arc::new(object))
    }

    /// The text of a `str` or `Markup`, or of an instance of a class made from them.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) | Self::Markup(text) => Some(text),
            Self::Object(object) => object.as_text(),
            _ => None,
        }
    }
    /// The value of an `int` or `bool` that fits.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Bool(b) => Some(i64::from(*b)),
            Self::Int(i) => Some(*i),
            _ => None,
        }
    }
    /// The object of type `T`.
    pub fn downcast<T: Object>(&self) -> Option<&T> {
        match self {
            Self::Object(object) => object.as_any().downcast_ref(),
            _ => None,
        }
    }
    /// Whether this is an undefined value.
    pub fn is_undefined(&self) -> bool {
        matches!(self, Self::Undefined(_))
    }
    /// `type(value).__name__`
    pub fn type_name(&self) -> &str {
        match self {
            Self::Undefined(_) => "StrictUndefined",
            Self::None => "NoneType",
            Self::Bool(_) => "bool",
            Self::Int(_) | Self::BigInt(_) => "int",
            Self::Float(_) => "float",
            Self::Str(_) => "str",
            Self::Markup(_) => "Markup",
            Self::Bytes(_) => "bytes",
            Self::List(_) => "list",
            Self::Tuple(_) => "tuple",
            Self::Dict(_) => "dict",
            Self::Set(_) => "set",
            Self::Date(_) => "date",
            Self::DateTime(_) => "datetime",
            Self::Object(object) => object.type_name(),
        }
    }

    /// The type's name where `CPython` writes it with its module: `datetime.date`, but `str`.
    pub fn full_type_name(&self) -> &str {
        match self {
            Self::Date(_) => "datetime.date",
            Self::DateTime(_) => "datetime.datetime",
            _ => self.type_name(),
        }
    }

    /// Makes this value and what it contains immutable: changing it is an error from now on.
    /// For values that are shared between renders.
    pub fn freeze(&self) {
        match self {
            Self::List(list) => list.freeze(),
            Self::Dict(dict) | Self::Set(dict) => dict.freeze(),
            Self::Tuple(items) => items.iter().for_each(Value::freeze),
            _ => {}
        }
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Undefined(a), Self::Undefined(b)) => a == b,
            (Self::None, Self::None) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::BigInt(a), Self::BigInt(b)) => a == b,
            (Self::Float(a), Self::Float(b)) => a.to_bits() == b.to_bits(),
            (Self::Str(a), Self::Str(b)) | (Self::Markup(a), Self::Markup(b)) => a == b,
            (Self::Bytes(a), Self::Bytes(b)) => a == b,
            (Self::List(a), Self::List(b)) => a == b,
            (Self::Tuple(a), Self::Tuple(b)) => a == b,
            (Self::Dict(a), Self::Dict(b)) | (Self::Set(a), Self::Set(b)) => a == b,
            (Self::Date(a), Self::Date(b)) => a == b,
            (Self::DateTime(a), Self::DateTime(b)) => a == b,
            (Self::Object(a), Self::Object(b)) => Arc::ptr_eq(a, b),
            _ => false,
        }
    }
}

impl Eq for Value {}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Undefined(undefined) => write!(f, "<undefined {}>", undefined.name),
            _ => f.write_str(&crate::repr::repr(self)),
        }
    }
}

macro_rules! from {
    ($($type:ty => |$name:ident| $value:expr;)*) => {
        $(impl From<$type> for Value {
            fn from($name: $type) -> Self { $value }
        })*
    };
}
from! {
    &str => |v| Value::Str(v.into());
    String => |v| Value::Str(v.into());
    Arc<str> => |v| Value::Str(v);
    bool => |v| Value::Bool(v);
    i64 => |v| Value::Int(v);
    i32 => |v| Value::Int(v.into());
    u32 => |v| Value::Int(v.into());
    usize => |v| Value::big(v.into());
    f64 => |v| Value::Float(v);
    BigInt => |v| Value::big(v);
    Vec<Value> => |v| Value::list(v);
    List => |v| Value::List(v);
    Dict => |v| Value::Dict(v);
}
