//! Places where a key without `?` may have started.

use super::{Result, Scanner, error};
use crate::error::{Error, Mark};

/// How far, in characters, the `:` may be from the start of its key.
const KEY_LIMIT: usize = 1024;

/// A place where a key without `?` may have started.
#[derive(Clone, Copy, Debug)]
pub(super) struct PossibleKey {
    pub(super) flow_level: isize,
    /// The number of its first token.
    pub(super) token: usize,
    /// Whether it has to be a key, because nothing else can stand at its column.
    pub(super) required: bool,
    /// How many characters come before it.
    pub(super) chars: usize,
    pub(super) mark: Mark,
}

impl Scanner<'_> {
    fn no_value(&self, key: &PossibleKey) -> Error {
        error("could not find expected ':'", self.cursor.mark())
            .within("while scanning a simple key", key.mark)
    }

    /// Forgets the possible keys that are too far away by now to be keys.
    pub(super) fn drop_stale_keys(&mut self) -> Result<()> {
        let (line, chars) = (self.cursor.line(), self.cursor.chars());
        let stale = |key: &PossibleKey| key.mark.line != line || chars - key.chars > KEY_LIMIT;
        if !self.possible_keys.first().is_some_and(stale) {
            return Ok(());
        }
        if let Some(key) = self
            .possible_keys
            .iter()
            .find(|key| key.required && stale(key))
        {
            return Err(self.no_value(key));
        }
        self.possible_keys.retain(|key| !stale(key));
        Ok(())
    }

    /// The next token may be a key.
    pub(super) fn maybe_key(&mut self) -> Result<()> {
        if self.key_allowed {
            self.forget_key()?;
            self.possible_keys.push(PossibleKey {
                flow_level: self.flow_level,
                token: self.taken + self.ready.len(),
                required: !self.in_flow() && self.indent == self.column(),
                chars: self.cursor.chars(),
                mark: self.cursor.mark(),
            });
        }
        Ok(())
    }

    /// Takes the possible key of this level.
    pub(super) fn take_key(&mut self) -> Option<PossibleKey> {
        let level = self.flow_level;
        let index = self
            .possible_keys
            .iter()
            .rposition(|key| key.flow_level == level)?;
        Some(self.possible_keys.remove(index))
    }

    /// What was a possible key on this level is none.
    pub(super) fn forget_key(&mut self) -> Result<()> {
        match self.take_key() {
            Some(key) if key.required => Err(self.no_value(&key)),
            _ => Ok(()),
        }
    }
}
