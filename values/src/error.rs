//! The exceptions that operations on values raise.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

/// Which Python exception an error stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// `TypeError`
    Type,
    /// `ValueError`
    Value,
    /// `KeyError`
    Key,
    /// `IndexError`
    Index,
    /// `AttributeError`
    Attribute,
    /// `ZeroDivisionError`
    ZeroDivision,
    /// `OverflowError`
    Overflow,
    /// `jinja2.UndefinedError`: an undefined value was used.
    Undefined,
    /// `RuntimeError`, including a container that changed while it was iterated.
    Runtime,
    /// `RecursionError`
    Recursion,
    /// Something that Python can do and this crate cannot. Never raised by Python: the render says so.
    Unsupported,
}

impl ErrorKind {
    /// The name of the Python exception class.
    pub fn python_name(self) -> &'static str {
        match self {
            Self::Type => "TypeError",
            Self::Value => "ValueError",
            Self::Key => "KeyError",
            Self::Index => "IndexError",
            Self::Attribute => "AttributeError",
            Self::ZeroDivision => "ZeroDivisionError",
            Self::Overflow => "OverflowError",
            Self::Undefined => "UndefinedError",
            Self::Runtime => "RuntimeError",
            Self::Recursion => "RecursionError",
            Self::Unsupported => "NotImplementedError",
        }
    }
}

/// An exception: its class and its message, worded as `CPython` words it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The exception class.
    pub kind: ErrorKind,
    /// What `str(exception)` gives.
    pub message: String,
    /// What whoever raised it knows besides.
    pub cause: Option<Box<Cause>>,
}

/// Something that travels with an error, for who knows what it is.
#[derive(Clone)]
pub struct Cause(pub Arc<dyn Any + Send + Sync>);

impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cause")
    }
}

impl PartialEq for Cause {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Cause {}

/// The result of an operation on values.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An exception of class `kind`.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            cause: None,
        }
    }
    /// The same, with what is known besides.
    #[must_use]
    pub fn because(mut self, cause: Arc<dyn Any + Send + Sync>) -> Self {
        self.cause = Some(Box::new(Cause(cause)));
        self
    }
    /// A `TypeError`.
    pub fn type_error(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Type, message)
    }
    /// A `ValueError`.
    pub fn value_error(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Value, message)
    }
    /// An `OverflowError`.
    pub fn overflow(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Overflow, message)
    }
    /// A `KeyError`.
    pub fn key(key: &crate::Value) -> Self {
        Self::new(ErrorKind::Key, crate::repr::repr(key))
    }
    /// The error that any use of an undefined value raises.
    pub fn undefined(undefined: &crate::Undefined) -> Self {
        Self::new(ErrorKind::Undefined, undefined.message.clone())
    }
    /// A `RecursionError`; `doing` starts with a space, as in `CPython`.
    pub fn recursion(doing: &str) -> Self {
        Self::new(
            ErrorKind::Recursion,
            format!("maximum recursion depth exceeded{doing}"),
        )
    }
    /// Something that Python can do and this crate cannot.
    pub fn unsupported(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Unsupported, message)
    }
    /// A result that would not fit into memory: `MemoryError` or `OverflowError` in Python, or a very long wait.
    pub fn too_large(what: &str) -> Self {
        Self::overflow(format!("{what} would be too large"))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.python_name(), self.message)
    }
}

impl std::error::Error for Error {}
