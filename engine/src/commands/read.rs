//! Commands that only look.

use std::sync::Arc;

use values::{Value, repr};

use super::{Answer, Session, checks};
use crate::config;
use crate::diagnostics::{Diagnostic, Diagnostics, did_you_mean};
use crate::render;

impl Session {
    /// The value of a setting, as `config printvalue` prints it.
    ///
    /// # Errors
    /// Without a configuration, with one that is wrong anywhere, and for an unknown name.
    pub fn print_value(&mut self, key: &str) -> Answer<String> {
        let mut diagnostics = self.needs_config()?;
        let table = checks::full(&self.db, &mut diagnostics);
        if diagnostics.is_fatal(self.options.strict) {
            return Err(diagnostics);
        }
        let Some(value) = table.and_then(|table| table.get(key)) else {
            let mut missing = Diagnostic::error(
                "unknown-setting",
                format!("Missing configuration value: {key}"),
            );
            let names = table.into_iter().flat_map(|table| table.iter());
            missing.hint = did_you_mean(key, names.map(|(name, _)| &**name))
                .map(|near| format!("did you mean '{near}'?"));
            diagnostics.push(missing);
            return Err(diagnostics);
        };
        self.remember_look(&diagnostics);
        Ok((printed(value), diagnostics))
    }

    /// Patch names, each with the templates that call it.
    ///
    /// # Errors
    /// Without a configuration, and if any template does not render.
    pub fn patch_locations(&mut self) -> Answer<Vec<(Arc<str>, Vec<String>)>> {
        let mut diagnostics = self.needs_config()?;
        checks::full(&self.db, &mut diagnostics);
        match render::patch_locations(&self.db) {
            Ok(locations) => {
                self.remember_records();
                self.answer(locations.into_iter().collect(), diagnostics)
            }
            Err(failures) => {
                diagnostics.extend(failures);
                Err(diagnostics)
            }
        }
    }

    /// What the plugins make of a patch; empty for an unknown one.
    ///
    /// # Errors
    /// If the configuration or the patch is wrong.
    pub fn patch(&mut self, name: &str) -> Answer<String> {
        self.load_secret()?;
        let mut diagnostics = checks::of_plugins(&self.db);
        checks::full(&self.db, &mut diagnostics);
        match render::patch(&self.db, name, "\n", "") {
            Ok(text) => self.answer(text, diagnostics),
            Err(failure) => {
                diagnostics.push(failure);
                Err(diagnostics)
            }
        }
    }

    /// For commands that make no sense before the first save.
    fn needs_config(&mut self) -> Result<Diagnostics, Diagnostics> {
        self.load_secret()?;
        if !config::exists(&self.db) {
            let message = format!("there is no project at {}", self.options.root.display());
            return Err(Diagnostic::error("no-project", message)
                .hint("run `tutor config save` first, or point --root (TUTOR_ROOT) at your project")
                .into());
        }
        let mut diagnostics = checks::of_plugins(&self.db);
        checks::version(&self.db, &mut diagnostics);
        Ok(diagnostics)
    }
}

/// A value as `config printvalue` prints it.
pub(super) fn printed(value: &Value) -> String {
    match value {
        Value::Bool(true) => String::from("true"),
        Value::Bool(false) => String::from("false"),
        Value::None => String::from("null"),
        other => repr::to_str(other).unwrap_or_default(),
    }
}
