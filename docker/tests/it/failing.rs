//! Builds that fail, and what is said about it.

use std::path::PathBuf;

use docker::{BuildSpec, Error, NamedContext};

use crate::bench::{Bench, at_newest, everywhere};

const FROM: &str = "FROM tutor-lab/base:1\n";

/// Fails with this Dockerfile.
fn error_of(bench: &mut Bench, dockerfile: &str, change: impl FnOnce(&mut BuildSpec)) -> Error {
    bench.write("Dockerfile", dockerfile);
    let mut spec = bench.spec();
    change(&mut spec);
    let (built, events) = bench.try_build(&spec);
    let error = built.expect_err(&format!("{events:?}"));
    let image = bench.engine.inspect(&spec.tags[0]);
    if let Ok(image) = image {
        assert_eq!(image, None, "something was recorded");
    }
    assert_eq!(error.to_string().lines().count(), 1, "{error}");
    error
}

#[test]
fn a_failing_step_comes_with_its_log_and_its_line() {
    everywhere(
        "a_failing_step_comes_with_its_log_and_its_line",
        |mut bench| {
            let text = format!(
                "# a comment\n{FROM}\nRUN echo fine\nRUN echo one && \\\n  echo two && \\\n  exit 3\n"
            );
            let error = error_of(&mut bench, &text, |spec| spec.no_cache = true);
            let Error::Step(step) = &error else {
                panic!("{error:?}");
            };
            assert_eq!(step.log, ["one", "two"], "{step:?}");
            assert_eq!(step.line, Some(5), "{step:?}");
            assert!(step.name.contains("RUN echo one"), "{step:?}");
            assert!(step.message.contains("exit code: 3"), "{step:?}");
            assert!(step.dockerfile.ends_with("Dockerfile"));
        },
    );
}

#[test]
fn a_file_that_is_not_in_the_context_fails_its_step() {
    everywhere(
        "a_file_that_is_not_in_the_context_fails_its_step",
        |mut bench| {
            let error = error_of(&mut bench, &format!("{FROM}COPY gone /\n"), |_| ());
            let Error::Step(step) = &error else {
                panic!("{error:?}");
            };
            assert!(step.name.contains("COPY gone"), "{step:?}");
            assert!(step.message.contains("not found"), "{step:?}");
            assert_eq!(step.line, Some(2), "{step:?}");
        },
    );
}

#[test]
fn a_dockerfile_that_is_missing_or_does_not_parse_is_named() {
    everywhere(
        "a_dockerfile_that_is_missing_or_does_not_parse",
        |mut bench| {
            let error = error_of(&mut bench, "", |spec| {
                spec.dockerfile = "gone/Dockerfile".into()
            });
            let expected = bench.folder.path().join("gone/Dockerfile");
            assert_eq!(error, Error::NoDockerfile { path: expected });
            for (text, line) in [
                (format!("{FROM}\nRUNN x\n"), Some(3)),
                (String::new(), None),
                ("RUN x\n".to_owned(), None),
                (format!("{FROM}COPY a\n"), None),
                ("FROM Upper/Case:1\n".to_owned(), None),
            ] {
                let error = error_of(&mut bench, &text, |_| ());
                let Error::Dockerfile {
                    path, line: found, ..
                } = &error
                else {
                    panic!("{text:?} in {}: {error:?}", bench.of.name);
                };
                assert_eq!(path, &bench.folder.path().join("Dockerfile"));
                if line.is_some() {
                    assert_eq!(*found, line, "{error}");
                }
                assert!(error.hint().is_some());
            }
        },
    );
}

#[test]
fn a_target_that_is_no_stage_is_named() {
    everywhere("a_target_that_is_no_stage_is_named", |mut bench| {
        let error = error_of(&mut bench, FROM, |spec| {
            spec.target = Some("nope".to_owned())
        });
        let Error::NotFound { what, .. } = &error else {
            panic!("{error:?}");
        };
        assert!(what.contains("nope"), "{what}");
    });
}

#[test]
fn a_base_that_cannot_be_had_says_where_it_was_looked_for() {
    everywhere("a_base_that_cannot_be_had", |mut bench| {
        let open = bench.lab.open_registry().to_owned();
        let error = error_of(&mut bench, &format!("FROM {open}/none:1\n"), |_| ());
        assert!(matches!(error, Error::NotFound { .. }), "{error:?}");
        let error = error_of(&mut bench, "FROM 127.0.0.1:9/none:1\n", |_| ());
        let Error::Unreachable { registry, .. } = &error else {
            panic!("{error:?}");
        };
        assert_eq!(registry, "127.0.0.1:9");
        let closed = bench.lab.closed_registry().to_owned();
        let error = error_of(&mut bench, &format!("FROM {closed}/none:1\n"), |_| ());
        assert_eq!(
            error,
            Error::CredentialsNeeded {
                registry: closed.clone()
            }
        );
        assert_eq!(
            error.hint().unwrap(),
            format!("run `docker login {closed}`")
        );
    });
}

#[test]
fn what_can_be_told_at_once_is_told_without_asking_the_engine() {
    at_newest("what_can_be_told_at_once", |mut bench| {
        let error = error_of(&mut bench, FROM, |spec| {
            spec.tags = vec!["Bad/Name:1".to_owned()]
        });
        assert!(matches!(error, Error::InvalidReference { .. }), "{error:?}");
        let gone = PathBuf::from("/none/of/this");
        for as_named in [false, true] {
            let error = error_of(&mut bench, FROM, |spec| {
                if as_named {
                    let files = docker::Files::All;
                    let path = gone.clone();
                    spec.contexts = vec![("x".to_owned(), NamedContext::Folder { path, files })];
                } else {
                    spec.context.clone_from(&gone);
                }
            });
            let Error::Unreadable { path, .. } = &error else {
                panic!("{error:?}");
            };
            assert_eq!(path, &gone);
        }
    });
}

#[test]
fn a_step_that_finds_no_space_left_is_a_failing_step_with_the_right_hint() {
    everywhere("a_step_that_finds_no_space_left", |mut bench| {
        // What a step prints is not what the engine says.
        let error = error_of(
            &mut bench,
            &format!("{FROM}RUN echo no space left on device; exit 1\n"),
            |spec| spec.no_cache = true,
        );
        assert!(matches!(error, Error::Step(_)), "{error:?}");
        assert!(error.hint().unwrap().contains("docker system df"));
    });
}
