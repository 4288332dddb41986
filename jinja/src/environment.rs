//! Parsing and rendering: the front door.

use std::collections::HashSet;
use std::sync::Arc;

use crate::program::Program;
use crate::source::Source;
use crate::{Host, Result, compile, parser, render};

/// The settings of the engine: Jinja2's defaults, with strict undefined values.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    host_filters: Arc<HashSet<String>>,
}

/// A parsed template: immutable and cheap to clone.
#[derive(Clone, Debug)]
pub struct Template(Arc<Program>);

impl Environment {
    /// The built-in filters, tests and globals only.
    pub fn new() -> Self {
        Self::default()
    }
    /// The same with filters that the host implements; they hide built-in ones of the same name.
    pub fn with_host_filters<S: Into<String>>(
        mut self,
        names: impl IntoIterator<Item = S>,
    ) -> Self {
        Arc::make_mut(&mut self.host_filters).extend(names.into_iter().map(Into::into));
        self
    }
    /// Whether the host implements the filter `name`.
    pub fn is_host_filter(&self, name: &str) -> bool {
        self.host_filters.contains(name)
    }
    /// Parses a template.
    pub fn parse(&self, name: Option<&str>, source: &str) -> Result<Template> {
        let source = Source::new(name, source);
        crate::stack::with_room(|| {
            let tree = parser::parse(&source)?;
            Ok(Template(Arc::new(compile::compile(self, source, tree)?)))
        })
    }
    /// Renders a template in a fresh context, as `template.render(**variables)` does.
    pub fn render(&self, template: &Template, host: &dyn Host) -> Result<String> {
        render::render(self, host, template)
    }
}

impl Template {
    /// The name it was parsed under.
    pub fn name(&self) -> Option<&str> {
        self.0.source.name.as_deref()
    }
    /// The text it was parsed from.
    pub fn source(&self) -> &str {
        &self.0.source.original
    }
    pub(crate) fn program(&self) -> &Arc<Program> {
        &self.0
    }
}
