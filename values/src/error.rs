//! The exceptions that operations on values raise.

use std::fmt;

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

/// An exception: its class and its message, worded as CPython words it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The exception class.
    pub kind: ErrorKind,
    /// What `str(exception)` gives.
    pub message: String,
}

/// The result of an operation on values.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An exception of class `kind`.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }
    /// A `TypeError`.
    pub fn type_error(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Type, message)
    }
    /// A `ValueError`.
    pub fn value_error(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Value, message)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.python_name(), self.message)
    }
}

impl std::error::Error for Error {}
