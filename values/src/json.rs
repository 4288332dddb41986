//! `json.dumps`.

use crate::{Result, Value};

/// Options of `json.dumps`.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// `sort_keys`
    pub sort_keys: bool,
    /// `indent`: what one level is indented by.
    pub indent: Option<String>,
    /// `ensure_ascii=False`
    pub keep_unicode: bool,
}

/// `json.dumps(value, …)`
pub fn dumps(_value: &Value, _options: &Options) -> Result<String> {
    todo!()
}
