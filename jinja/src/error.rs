//! What goes wrong in a template: the exception that Jinja2 would raise, and where.

use std::any::Any;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// The result of parsing, rendering, and of every filter.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Which exception an error stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// `TemplateSyntaxError`
    Syntax,
    /// `TemplateAssertionError`: an unknown filter, a block defined twice, …
    Assertion,
    /// `UndefinedError`
    Undefined,
    /// `TemplateRuntimeError`
    TemplateRuntime,
    /// `FilterArgumentError`
    FilterArgument,
    /// `TemplateNotFound`
    TemplateNotFound,
    /// `TemplatesNotFound`
    TemplatesNotFound,
    /// A built-in exception of Python, raised by an operation on values.
    Python(values::ErrorKind),
    /// `SyntaxError`: Python refuses the code that Jinja2 makes of the template.
    PythonSyntax,
    /// `AssertionError`, where a template runs into a defect of Jinja2's compiler.
    PythonAssertion,
    /// `NameError`, where a template runs into a defect of Jinja2's compiler.
    PythonName,
    /// An error of the host, which it finds again in [`ErrorData::payload`].
    Host,
    /// Something that Jinja2 can do and this engine cannot.
    Unsupported,
}

impl ErrorKind {
    /// The name of the Python exception class.
    pub fn python_name(self) -> &'static str {
        match self {
            Self::Syntax => "TemplateSyntaxError",
            Self::Assertion => "TemplateAssertionError",
            Self::Undefined => "UndefinedError",
            Self::TemplateRuntime => "TemplateRuntimeError",
            Self::FilterArgument => "FilterArgumentError",
            Self::TemplateNotFound => "TemplateNotFound",
            Self::TemplatesNotFound => "TemplatesNotFound",
            Self::Python(kind) => kind.python_name(),
            Self::PythonSyntax => "SyntaxError",
            Self::PythonAssertion => "AssertionError",
            Self::PythonName => "NameError",
            Self::Host => "HostError",
            Self::Unsupported => "NotImplementedError",
        }
    }
}

/// A place that was being rendered when the error happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The template's name, `None` for one made from a string.
    pub template: Option<String>,
    /// The line, from 1.
    pub line: usize,
}

/// What an [`Error`] says.
#[derive(Clone, Debug)]
pub struct ErrorData {
    /// The exception class.
    pub kind: ErrorKind,
    /// `str(exception)`; without the location for syntax errors.
    pub message: String,
    /// The name of the template in which it happened; `None` for one made from a string.
    pub template: Option<String>,
    /// The line, from 1. `None` as long as no template is involved.
    pub line: Option<usize>,
    /// The column, in characters from 1.
    pub column: Option<usize>,
    /// Line and column after the last character, where the error covers an expression.
    pub end: Option<(usize, usize)>,
    /// The undefined variable's or attribute's name, for "did you mean".
    pub name: Option<String>,
    /// The includes, macros, blocks and imports around it, innermost first.
    pub frames: Vec<Frame>,
    /// What a host put in: it travels through unchanged.
    pub payload: Option<Arc<dyn Any + Send + Sync>>,
}

/// An error, as small as a pointer. Dereferences to [`ErrorData`].
#[derive(Clone)]
pub struct Error(Box<ErrorData>);

impl Error {
    /// An error of class `kind`, without a place.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(ErrorData {
            kind,
            message: message.into(),
            template: None,
            line: None,
            column: None,
            end: None,
            name: None,
            frames: Vec::new(),
            payload: None,
        }))
    }
    /// An error of the host; `payload` can be taken out again by whoever called `render`.
    pub fn host(message: impl Into<String>, payload: Arc<dyn Any + Send + Sync>) -> Self {
        let mut error = Self::new(ErrorKind::Host, message);
        error.payload = Some(payload);
        error
    }
    /// A `TypeError`.
    pub fn type_error(message: impl Into<String>) -> Self {
        values::Error::type_error(message).into()
    }
    /// A `ValueError`.
    pub fn value_error(message: impl Into<String>) -> Self {
        values::Error::value_error(message).into()
    }
    /// The `UndefinedError` of an undefined value.
    pub fn undefined(undefined: &values::Undefined) -> Self {
        let mut error = Self::new(ErrorKind::Undefined, undefined.message.clone());
        error.name = Some(undefined.name.clone());
        error
    }
    /// Something that Jinja2 can do and this engine cannot.
    pub fn unsupported(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Unsupported, message)
    }
}

impl Deref for Error {
    type Target = ErrorData;
    fn deref(&self) -> &ErrorData {
        &self.0
    }
}

impl DerefMut for Error {
    fn deref_mut(&mut self) -> &mut ErrorData {
        &mut self.0
    }
}

impl From<values::Error> for Error {
    fn from(error: values::Error) -> Self {
        let kind = match error.kind {
            values::ErrorKind::Undefined => ErrorKind::Undefined,
            values::ErrorKind::Unsupported => ErrorKind::Unsupported,
            kind => ErrorKind::Python(kind),
        };
        let mut made = Self::new(kind, error.message);
        made.payload = error.cause.map(|cause| cause.0);
        made
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.python_name(), self.message)
    }
}

impl std::error::Error for Error {}
