//! Builds by the command `docker buildx build`.

use std::fs;
use std::time::{Duration, Instant};

use docker::{BuildSpec, Cancel, Error, Event, Executor, Files, NamedContext, Reason};

use crate::bench::{at_newest, everywhere, log};

const FROM: &str = "FROM tutor-lab/base:1\n";

/// A build that only the command can do.
fn with_command(spec: BuildSpec) -> BuildSpec {
    BuildSpec {
        docker_args: vec!["--network=none".to_owned()],
        ..spec
    }
}

#[test]
fn what_only_the_command_has_is_given_to_it() {
    everywhere("what_only_the_command_has_is_given_to_it", |mut bench| {
        let mark = tests::lab::unique("x");
        bench.write(
            "Dockerfile",
            &format!("{FROM}ARG A\nRUN echo {mark} \"$A\" && cat /etc/hosts\nCOPY . /all\n"),
        );
        bench.write("left-out", "x");
        bench.write(".dockerignore", "left-out\n");
        let mut spec = with_command(bench.spec());
        spec.args = vec![("A".to_owned(), "a b=c".to_owned())];
        spec.labels = vec![("l".to_owned(), "m n".to_owned())];
        spec.add_hosts = vec!["one:9.8.7.6".to_owned()];
        assert_eq!(
            bench.engine.executor(&spec),
            Executor::Buildx(vec![Reason::Arguments])
        );
        let (built, events) = bench.build(&spec);
        assert!(
            log(&events).contains(&format!("{mark} a b=c").as_str()),
            "{events:?}"
        );
        assert!(
            log(&events).iter().any(|line| line.contains("9.8.7.6")),
            "{events:?}"
        );
        let image = bench.engine.inspect(&spec.tags[0]).unwrap().unwrap();
        assert_eq!((&image.id, image.labels["l"].as_str()), (&built.id, "m n"));
        assert!(!bench.inside(&spec.tags[0], "ls /all").contains("left-out"));
        let (again, _) = bench.build(&spec);
        assert_eq!((again.cached.len(), again.ran.len()), (2, 0), "{again:?}");
        assert_eq!(again.id, built.id);
    });
}

#[test]
fn both_executors_share_the_engines_cache() {
    everywhere("both_executors_share_the_engines_cache", |mut bench| {
        let mark = tests::lab::unique("x");
        bench.write("Dockerfile", &format!("{FROM}COPY a /a\nRUN echo {mark}\n"));
        bench.write("a", &mark);
        let spec = bench.spec();
        bench.build(&spec);
        let (by_command, _) = bench.build(&BuildSpec {
            docker_args: vec!["--pull=false".to_owned()],
            ..spec
        });
        assert!(by_command.ran.is_empty(), "{by_command:?}");
        assert_eq!(by_command.cached.len(), 2);
    });
}

#[test]
fn the_result_goes_where_the_output_says() {
    at_newest("the_result_goes_where_the_output_says", |mut bench| {
        bench.write("Dockerfile", "FROM scratch\nCOPY a /a\n");
        bench.write("a", "content");
        let target = tempfile::tempdir().unwrap();
        let mut spec = bench.spec();
        spec.output = Some(format!("type=local,dest={}", target.path().display()));
        bench.build(&spec);
        assert_eq!(
            fs::read_to_string(target.path().join("a")).unwrap(),
            "content"
        );
        assert_eq!(bench.engine.inspect(&spec.tags[0]).unwrap(), None);
    });
}

#[test]
fn a_folder_stands_for_a_name_by_the_command_too() {
    at_newest(
        "a_folder_stands_for_a_name_by_the_command_too",
        |mut bench| {
            bench.write("Dockerfile", &format!("{FROM}COPY --from=code . /code\n"));
            let code = tempfile::tempdir().unwrap();
            fs::write(code.path().join("main.py"), "1").unwrap();
            let mut spec = with_command(bench.spec());
            let path = code.path().to_path_buf();
            let files = Files::All;
            spec.contexts = vec![("code".to_owned(), NamedContext::Folder { path, files })];
            bench.build(&spec);
            assert_eq!(bench.inside(&spec.tags[0], "ls /code"), "main.py");
        },
    );
}

#[test]
fn a_step_that_fails_is_told_as_the_engine_tells_it() {
    everywhere(
        "a_step_that_fails_is_told_as_the_engine_tells_it",
        |mut bench| {
            bench.write(
                "Dockerfile",
                &format!("{FROM}RUN echo one; echo two; exit 3\n"),
            );
            let spec = with_command(bench.spec());
            let error = bench.try_build(&spec).0.unwrap_err();
            let Error::Step(step) = &error else {
                panic!("{error:?}");
            };
            assert_eq!(step.log, ["one", "two"]);
            assert_eq!(step.line, Some(2), "{step:?}");
            assert!(step.message.contains("exit code: 3"), "{step:?}");
            bench.write("Dockerfile", &format!("{FROM}RUNN\n"));
            let error = bench.try_build(&spec).0.unwrap_err();
            assert!(
                matches!(&error, Error::Dockerfile { line: Some(2), .. }),
                "{error:?}"
            );
            let odd = BuildSpec {
                docker_args: vec!["--no-such-option".to_owned()],
                ..spec
            };
            let error = bench.try_build(&odd).0.unwrap_err();
            assert!(error.to_string().contains("--no-such-option"), "{error}");
        },
    );
}

#[test]
fn cancelling_stops_the_command_and_the_build() {
    everywhere("cancelling_stops_the_command_and_the_build", |mut bench| {
        let mark = format!("4321.{}", std::process::id());
        bench.write(
            "Dockerfile",
            &format!("{FROM}RUN echo begin; sleep {mark}\n"),
        );
        let spec = with_command(bench.spec());
        let cancel = Cancel::new();
        let begin = Instant::now();
        let result = bench.engine.build(
            &spec,
            &mut |event| {
                if matches!(&event, Event::Log { line, .. } if line == "begin") {
                    cancel.cancel();
                }
            },
            &cancel,
        );
        assert_eq!(result, Err(Error::Cancelled));
        let is_asleep = || {
            let all = fs::read_dir("/proc").unwrap().flatten();
            all.filter_map(|process| fs::read(process.path().join("cmdline")).ok())
                .any(|line| String::from_utf8_lossy(&line) == format!("sleep\0{mark}\0"))
        };
        while is_asleep() {
            assert!(
                begin.elapsed() < Duration::from_secs(30),
                "it goes on in {}",
                bench.of.name
            );
            std::thread::sleep(Duration::from_millis(100));
        }
    });
}

#[test]
fn that_buildx_is_missing_is_told_with_what_needs_it() {
    at_newest("that_buildx_is_missing_is_told", |mut bench| {
        bench.write("Dockerfile", FROM);
        let spec = with_command(bench.spec());
        let home = tempfile::tempdir().unwrap();
        let variables = [("DOCKER_HOST", bench.of.host.as_str()), ("PATH", "/none")];
        let environment = docker::Environment::new(variables, Some(home.path().to_path_buf()));
        let engine = docker::Engine::connect(&environment).unwrap();
        let error = engine
            .build(&spec, &mut |_| (), &Cancel::new())
            .unwrap_err();
        let Error::NoBuildx { needed_for, .. } = &error else {
            panic!("{error:?}");
        };
        assert!(needed_for.contains("arguments"), "{needed_for}");
    });
}
