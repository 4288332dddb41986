//! Randomness in templates.
//!
//! What ends up in `config.yml` is drawn from the system, once. A template or patch that draws by itself gets
//! the same value at every save of one project root: derived from a secret of the root, keyed by where and for
//! what it is drawn. So a save with and without caches gives the same bytes.

use std::cell::RefCell;

use jinja::Error;

use super::host::Counters;
use crate::inputs::{Db, Project};

/// How long the secret of a root is.
pub const ROOT_SECRET_BYTES: usize = 32;

/// Where a render's random values come from.
pub(super) enum Draws {
    /// The system: anew at each render.
    Fresh,
    /// The root's secret: the same at each render of `place`.
    Repeatable {
        /// Owner and place, unique in the project.
        place: String,
        /// How often each thing was drawn in this render.
        counters: Counters,
    },
}

/// A stream of random bytes: the output of a hash that runs on for as long as need be.
pub(super) struct Stream(Box<blake3::OutputReader>);

impl Draws {
    /// The draws of one place.
    pub(super) fn repeatable(place: String) -> Self {
        Self::Repeatable {
            place,
            counters: RefCell::default(),
        }
    }

    /// The stream for one draw of `what` with `arguments`.
    pub(super) fn stream(&self, db: &dyn Db, what: &str, arguments: &str) -> Result<Stream, Error> {
        match self {
            Self::Fresh => {
                let mut seed = [0; 32];
                db.system().random(&mut seed).map_err(|error| {
                    Error::unsupported(format!("the system gives no random bytes: {error}"))
                })?;
                Ok(Stream(Box::new(
                    blake3::Hasher::new_keyed(&seed).finalize_xof(),
                )))
            }
            Self::Repeatable { place, counters } => {
                let purpose = format!("{what}\0{arguments}");
                let mut counters = counters.borrow_mut();
                let count = counters.entry(purpose.clone()).or_default();
                let secret = Project::get(db).secret(db);
                let mut hasher = blake3::Hasher::new_keyed(&secret);
                for part in [place.as_str(), &purpose, &count.to_string()] {
                    hasher.update(&(part.len() as u64).to_le_bytes());
                    hasher.update(part.as_bytes());
                }
                *count += 1;
                Ok(Stream(Box::new(hasher.finalize_xof())))
            }
        }
    }
}

impl Stream {
    /// Fills `buffer`.
    pub(super) fn fill(&mut self, buffer: &mut [u8]) {
        self.0.fill(buffer);
    }

    /// A number below `bound`, each equally likely.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        // Numbers from the incomplete last round are thrown away.
        let bound = bound.max(1);
        let limit = u64::MAX - u64::MAX % bound;
        loop {
            let mut bytes = [0; 8];
            self.fill(&mut bytes);
            let number = u64::from_le_bytes(bytes);
            if number < limit {
                return number % bound;
            }
        }
    }
}

/// For the generation of keys.
impl rsa::rand_core::TryRng for Stream {
    type Error = std::convert::Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut bytes = [0; 4];
        self.fill(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }
    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut bytes = [0; 8];
        self.fill(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }
    fn try_fill_bytes(&mut self, buffer: &mut [u8]) -> Result<(), Self::Error> {
        self.fill(buffer);
        Ok(())
    }
}
impl rsa::rand_core::TryCryptoRng for Stream {}
