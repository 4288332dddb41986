//! Random cases: plugin sets, a `config.yml`, templates, and commands that
//! are run in both programs. The same seed makes the same case.
//!
//! What comes out is a text in the format of the case files, so that a
//! failing one can be kept as it is.

mod expressions;
pub mod plugins;
mod rng;
mod sections;
mod yaml;

pub use rng::Rng;

use crate::case::{self, Case};

/// The numbers that the environment variable `variable` asks for (`200` or `1000..1200`), else the first few.
pub fn seeds(variable: &str, usually: u64) -> std::ops::Range<u64> {
    let Ok(text) = std::env::var(variable) else {
        return 0..usually;
    };
    let number = |text: &str| text.parse().unwrap_or_else(|_| panic!("{variable}={text}"));
    match text.split_once("..") {
        Some((first, end)) => number(first)..number(end),
        None => 0..number(&text),
    }
}

/// The text of the case with this number.
pub fn text(seed: u64) -> String {
    let mut rng = Rng::new(seed);
    sections::case(&mut rng)
}

/// The case with this number.
pub fn case(seed: u64) -> Result<Case, String> {
    case::parse(&format!("random/{seed}"), &text(seed))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_same_seed_makes_the_same_case() {
        assert_eq!(super::text(7), super::text(7));
        assert_ne!(super::text(7), super::text(8));
    }

    #[test]
    fn every_seed_makes_a_case_that_parses() {
        for seed in 0..500 {
            super::case(seed).unwrap();
        }
    }
}
