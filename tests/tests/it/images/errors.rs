//! What goes wrong: one error that says what to do, exit status 1, and nothing recorded for what failed.

use std::fs;
use std::io::Read;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tests::lab::LabEngine;
use tests::oracle::Answer;

use super::{Project, lab, write};

/// The error of a command, which there is one of.
fn error(answer: &Answer) -> String {
    assert_eq!(answer.status, 1, "{}{}", answer.stdout, answer.stderr);
    let errors = answer.stderr.matches("Error: ").count();
    assert_eq!(errors, 1, "{}", answer.stderr);
    assert!(!answer.stderr.contains("panicked"), "{}", answer.stderr);
    answer.stderr.split_once("Error: ").unwrap().1.to_owned()
}

fn has(text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "no '{word}' in: {text}");
    }
}

fn simple(engine: &LabEngine) -> Project {
    let p = Project::new(engine, "FROM @base@\nCOPY f /f\n");
    p.template("i", "f", &p.tag);
    p.save();
    p
}

/// The project's images: each with a tag of its own, and its Dockerfile.
fn several(engine: &LabEngine, images: &[(&'static str, &str)]) -> Project {
    let mut p = Project::new(engine, "FROM scratch\n");
    let tags: Vec<(&str, String)> = images
        .iter()
        .map(|(name, _)| (*name, p.images.name(name)))
        .collect();
    let named: Vec<(&str, &str)> = tags.iter().map(|(name, tag)| (*name, &**tag)).collect();
    p.plugin(&named);
    p.names = images.iter().map(|(name, _)| *name).collect();
    for (name, text) in images {
        let text = tags.iter().fold((*text).to_owned(), |text, (name, tag)| {
            text.replace(&format!("@{name}@"), tag)
        });
        p.dockerfile(name, &text);
    }
    p.save();
    p
}

#[test]
fn an_engine_that_is_not_there_is_told() {
    let Some((lab, _guard)) = lab("an_engine_that_is_not_there") else {
        return;
    };
    let mut p = simple(&lab.newest());
    for host in ["unix:///nowhere/docker.sock", "tcp://127.0.0.1:9"] {
        p.variables = vec![("DOCKER_HOST".to_owned(), host.to_owned())];
        has(
            &error(&p.try_build(&[])),
            &[host.rsplit("//").next().unwrap(), "= help:"],
        );
        has(&error(&p.try_build(&["--plan"])), &["= help:"]);
        error(&p.tutor(&["images", "pull", "i"]));
    }
}

#[test]
fn a_dockerfile_that_is_missing_or_does_not_parse_is_told_with_its_line() {
    let Some((lab, _guard)) = lab("a_dockerfile_that_is_missing") else {
        return;
    };
    let p = simple(&lab.newest());
    write(&p.context("Dockerfile"), "FROM scratch\nCPY f /f\n");
    has(&error(&p.try_build(&[])), &["build/i/Dockerfile:2", "CPY"]);
    std::fs::remove_file(p.context("Dockerfile")).unwrap();
    has(
        &error(&p.try_build(&[])),
        &["image 'i' has no Dockerfile", "config save"],
    );
    std::fs::remove_dir_all(p.context("")).unwrap();
    has(&error(&p.try_build(&[])), &["image 'i'", "config save"]);
    assert!(!p.has(&p.tag));
}

#[test]
fn a_step_that_fails_is_told_with_its_log_and_its_line_and_nothing_is_recorded() {
    let Some((lab, _guard)) = lab("a_step_that_fails") else {
        return;
    };
    for engine in lab.engines() {
        let p = simple(&engine);
        p.build(&[]);
        let before = p.image(&p.tag);
        let good = std::fs::read_to_string(p.context("Dockerfile")).unwrap();
        let bad = format!("{good}\nRUN echo the-log-of-it; exit 3\n");
        write(&p.context("Dockerfile"), &bad);
        for _ in 0..2 {
            has(
                &error(&p.try_build(&[])),
                &["build/i/Dockerfile:3", "the-log-of-it", "3"],
            );
            assert_eq!(p.image(&p.tag), before);
            assert!(p.plan(&[]).starts_with("rebuild (Dockerfile: line 3"));
        }
        write(&p.context("Dockerfile"), &good);
        assert_eq!(p.plan(&[]), "unchanged");
        // A file that is not there is known before anything runs.
        write(
            &p.context("Dockerfile"),
            &good.replace("COPY f", "COPY nothing"),
        );
        has(
            &error(&p.try_build(&[])),
            &["build/i/Dockerfile:2", "nothing"],
        );
    }
}

#[test]
fn a_tag_that_is_none_is_told_before_anything_is_built() {
    let Some((lab, _guard)) = lab("a_tag_that_is_none") else {
        return;
    };
    let p = simple(&lab.newest());
    p.plugin(&[("i", "Not A:Tag")]);
    has(&error(&p.try_build(&[])), &["image 'i'", "Not A:Tag"]);
}

#[test]
fn images_in_a_circle_are_told() {
    let Some((lab, _guard)) = lab("images_in_a_circle") else {
        return;
    };
    let p = several(
        &lab.newest(),
        &[
            ("a", "FROM @b@\n"),
            ("b", "FROM scratch\nCOPY --from=@a@ / /\n"),
        ],
    );
    has(&error(&p.try_build(&[])), &["in a circle", "a -> b -> a"]);
}

#[test]
fn when_one_fails_others_go_on_if_that_is_wanted() {
    let Some((lab, _guard)) = lab("when_one_fails_others_go_on") else {
        return;
    };
    let images = [
        ("bad", "FROM @base@\nRUN exit 7\n"),
        ("child", "FROM @bad@\nRUN true\n"),
        ("good", "FROM @base@\nCMD @mark@\n"),
    ];
    let p = several(&lab.newest(), &images);
    error(&p.try_build(&["--jobs", "1"]));
    let answer = p.try_build(&["--keep-going", "--jobs", "2"]);
    error(&answer);
    has(
        &answer.stdout,
        &["child: left out, since bad failed", "bad: failed"],
    );
    let plan = p.build(&["--plan"]);
    has(
        &plan,
        &[
            "good: unchanged",
            "bad: build (tag is missing)",
            "child: build (",
        ],
    );
}

#[test]
fn a_child_is_built_after_what_it_is_built_on_and_both_are_skipped_then() {
    let Some((lab, _guard)) = lab("a_child_is_built_after") else {
        return;
    };
    for engine in lab.engines() {
        let images = [
            ("child", "FROM @parent@\nCOPY --from=@parent@ /f /g\n"),
            ("parent", "FROM @base@\nCOPY f /f\n"),
        ];
        let p = several(&engine, &images);
        let file = p.path("root/env/plugins/ours/build/parent/f");
        write(&file, &p.mark);
        p.build(&["--jobs", "2"]);
        has(
            &p.build(&["--jobs", "2"]),
            &["child: unchanged", "parent: unchanged"],
        );
        write(&file, "2");
        let told = p.build(&["--jobs", "2"]);
        has(
            &told,
            &["parent: rebuild (context: f)", "child: rebuild (base image"],
        );
        has(&p.build(&[]), &["child: unchanged", "parent: unchanged"]);
    }
}

/// Whether a process with this command line is running anywhere on this machine, also in an engine.
fn runs(command: &str) -> bool {
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let mut lines = processes.filter_map(|process| fs::read(process.path().join("cmdline")).ok());
    lines.any(|line| String::from_utf8_lossy(&line).replace('\0', " ").trim() == command)
}

#[test]
fn whoever_has_had_enough_ends_the_build_in_the_engine() {
    let Some((lab, _guard)) = lab("whoever_has_had_enough") else {
        return;
    };
    for (number, engine) in lab.engines().iter().enumerate() {
        // A number that nobody else waits for.
        let wait = format!("sleep {}.{number}", 100_000 + std::process::id());
        let p = Project::new(engine, &format!("FROM @base@\nRUN {wait}\n"));
        p.save();
        let mut command = p.command("root", &["images", "build", "--no-registry-cache", "i"]);
        let mut build = command
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let until = |what: &str, is: &dyn Fn() -> bool| {
            let begun = Instant::now();
            while !is() {
                assert!(begun.elapsed() < Duration::from_mins(1), "{what}");
                thread::sleep(Duration::from_millis(20));
            }
        };
        until("it does not begin", &|| runs(&wait));
        let mut interrupt = Command::new("kill");
        interrupt.args(["-INT", &build.id().to_string()]);
        assert!(interrupt.status().unwrap().success());
        let status = build.wait().unwrap();
        assert_eq!(status.code(), Some(1));
        until("it goes on in the engine", &|| !runs(&wait));
        let mut said = String::new();
        build.stderr.unwrap().read_to_string(&mut said).unwrap();
        has(&said, &["cancelled"]);
        assert!(!p.has(&p.tag));
    }
}
