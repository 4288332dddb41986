//! How long a plugin may take.

use std::time::Duration;

use values::Value;

use crate::config::{self, Pass};
use crate::diagnostics::{Diagnostic, Failure, Owner};
use crate::inputs::Db;

/// The setting, in seconds.
const SETTING: &str = "PYTHON_TIMEOUT";
/// The variable that comes before it.
const VARIABLE: &str = "TUTOR_PYTHON_TIMEOUT";
const DEFAULT: Duration = Duration::from_mins(1);

/// How long a plugin may take to load: `TUTOR_PYTHON_TIMEOUT`, else `PYTHON_TIMEOUT` of `config.yml`, else a minute; and
/// what is wrong with the one that is given.
#[salsa::tracked]
pub(super) fn time_limit(db: &dyn Db) -> (Duration, Option<Failure>) {
    let (found, name, owner) = match db.variable(VARIABLE).value(db) {
        Some(text) => (
            text.to_string(),
            VARIABLE,
            Owner::Environment(VARIABLE.into()),
        ),
        None => match config::value_of(db, Pass::Bootstrap, SETTING) {
            Ok(Some(Value::None) | None) | Err(_) => return (DEFAULT, None),
            Ok(Some(value)) => {
                let text = values::repr::to_str(&value).unwrap_or_default();
                (text, SETTING, Owner::User)
            }
        },
    };
    let seconds = found.trim().parse::<f64>().ok();
    let limit = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    if let Some(limit) = limit.filter(|limit| !limit.is_zero()) {
        return (limit, None);
    }
    let message = format!(
        "{name} is '{found}', which is no number of seconds: plugins have {} s to load",
        DEFAULT.as_secs()
    );
    let warning = Diagnostic::warning("python-timeout", message).of(owner);
    let warning = warning.hint(format!("set {name} to a number greater than 0"));
    (DEFAULT, Some(warning.into()))
}
