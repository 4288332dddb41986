//! Who carries a build out.

use std::fmt;

use crate::spec::BuildSpec;

/// Who carries a build out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Executor {
    /// The engine's own BuildKit, spoken to directly.
    Engine,
    /// The command `docker buildx build`, for the first of these reasons.
    Buildx(Vec<Reason>),
}

/// What only `docker buildx build` has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Arguments of its own.
    Arguments,
    /// Another place for the result.
    Output,
    /// Another builder.
    Builder,
    /// A cache that is exported.
    CacheTo,
    /// A cache that is imported from something else than a registry.
    CacheFrom,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Arguments => "passing arguments on to Docker",
            Self::Output => "an output other than the engine",
            Self::Builder => "another builder than the engine",
            Self::CacheTo => "exporting the build's cache",
            Self::CacheFrom => "importing a cache that is in no registry",
        })
    }
}

pub(crate) fn choose(spec: &BuildSpec) -> Executor {
    let from_registries = spec
        .cache_from
        .iter()
        .all(|from| registry_cache(from).is_some());
    let reasons: Vec<Reason> = [
        (!spec.docker_args.is_empty(), Reason::Arguments),
        (spec.output.is_some(), Reason::Output),
        (spec.builder.is_some(), Reason::Builder),
        (!spec.cache_to.is_empty(), Reason::CacheTo),
        (!from_registries, Reason::CacheFrom),
    ]
    .into_iter()
    .filter_map(|(holds, reason)| holds.then_some(reason))
    .collect();
    if reasons.is_empty() {
        Executor::Engine
    } else {
        Executor::Buildx(reasons)
    }
}

/// The image of `type=registry,ref=IMAGE`, or of a plain `IMAGE`.
pub(crate) fn registry_cache(from: &str) -> Option<&str> {
    if !from.contains('=') {
        return Some(from);
    }
    let mut fields = from.split(',').map(|field| field.split_once('='));
    let mut image = None;
    let all_known = fields.all(|field| match field {
        Some(("type", "registry")) => true,
        Some(("ref", value)) => {
            image = Some(value);
            true
        }
        _ => false,
    });
    image.filter(|_| all_known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engine_builds_unless_something_asks_for_buildx() {
        let mut spec = BuildSpec {
            cache_from: vec!["a/b".to_owned(), "type=registry,ref=c:d".to_owned()],
            ..BuildSpec::default()
        };
        assert_eq!(choose(&spec), Executor::Engine);
        spec.output = Some("type=local,dest=x".to_owned());
        spec.cache_from.push("type=gha".to_owned());
        let expected = vec![Reason::Output, Reason::CacheFrom];
        assert_eq!(choose(&spec), Executor::Buildx(expected));
    }
}
