//! Builds that work, by the engine's own BuildKit.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::time::{Duration, Instant};

use docker::{BuildSpec, Cancel, Error, Event, Files, NamedContext, Verdict};

use crate::bench::{at_newest, everywhere, log};

const FROM: &str = "FROM tutor-lab/base:1\n";

#[test]
fn an_image_has_what_was_asked_for() {
    everywhere("an_image_has_what_was_asked_for", |mut bench| {
        let mut spec = bench.spec();
        let second = bench.images.name("second");
        spec.tags.push(second.clone());
        spec.args = vec![("WHO".to_owned(), "wörld, \"x\"=1".to_owned())];
        spec.labels = vec![("a.b/c".to_owned(), "d=e, f".to_owned())];
        spec.add_hosts = vec!["one:9.8.7.6".to_owned(), "two=1.2.3.4".to_owned()];
        spec.dockerfile = bench.folder.path().join("elsewhere/My.Dockerfile");
        bench.write(
            "elsewhere/My.Dockerfile",
            "FROM tutor-lab/base:1 AS wanted\nARG WHO=nobody\n\
             RUN echo hello \"$WHO\" >/who && cat /who && grep 9.8.7.6 /etc/hosts && grep 1.2.3.4 /etc/hosts\n\
             FROM scratch AS other\n",
        );
        spec.target = Some("wanted".to_owned());
        spec.no_cache = true;
        let (built, events) = bench.build(&spec);
        assert!(log(&events).contains(&"hello wörld, \"x\"=1"), "{events:?}");
        let [first, second] =
            [&spec.tags[0], &second].map(|tag| bench.engine.inspect(tag).unwrap().unwrap());
        assert_eq!(first.id, built.id);
        assert_eq!(second.id, built.id);
        assert_eq!(first.labels["a.b/c"], "d=e, f");
        assert_eq!(
            bench.inside(&spec.tags[0], "cat /who"),
            "hello wörld, \"x\"=1"
        );
        assert_eq!(built.ran.len(), 1, "{built:?}");
    });
}

#[test]
fn an_image_without_a_name_is_built_too() {
    everywhere("an_image_without_a_name_is_built_too", |mut bench| {
        bench.write("Dockerfile", "FROM scratch\nCOPY Dockerfile /\n");
        let spec = BuildSpec {
            tags: Vec::new(),
            ..bench.spec()
        };
        let (built, _) = bench.build(&spec);
        assert!(bench.engine.inspect(&built.id).unwrap().is_some());
        bench.images.also(&built.id);
    });
}

#[test]
fn a_second_build_finds_every_step_in_the_cache() {
    everywhere(
        "a_second_build_finds_every_step_in_the_cache",
        |mut bench| {
            let unique = tests::lab::unique("x");
            bench.write(
                "Dockerfile",
                &format!("{FROM}RUN echo {unique}\nCOPY a /a\nRUN cat /a\nCMD x\n"),
            );
            bench.write("a", &unique);
            let spec = bench.spec();
            let (first, _) = bench.build(&spec);
            assert_eq!(first.ran.len(), 3, "{first:?}");
            let (second, events) = bench.build(&spec);
            assert_eq!(second.id, first.id);
            assert!(second.ran.is_empty(), "{second:?}");
            assert_eq!(second.cached.len(), 3);
            let cached = events.iter().filter(|e| matches!(e, Event::Cached { .. }));
            assert!(cached.count() >= 3, "{events:?}");
            // Only what follows a change is carried out again.
            bench.write("a", "changed");
            let (third, _) = bench.build(&spec);
            assert_eq!((third.cached.len(), third.ran.len()), (1, 2), "{third:?}");
            let (forced, _) = bench.build(&BuildSpec {
                no_cache: true,
                ..spec
            });
            assert_eq!(forced.ran.len(), 3, "{forced:?}");
        },
    );
}

#[test]
fn modes_links_and_times_arrive_as_they_are_and_owners_as_root() {
    everywhere("modes_links_and_times_arrive", |mut bench| {
        bench.write("Dockerfile", &format!("{FROM}COPY tree /tree\n"));
        bench.write("tree/run", "x");
        bench.write("tree/deep/er/file", "y");
        bench.write("tree/ümlaut file", "z");
        let tree = bench.folder.path().join("tree");
        fs::set_permissions(tree.join("run"), fs::Permissions::from_mode(0o4751)).unwrap();
        fs::set_permissions(tree.join("deep"), fs::Permissions::from_mode(0o1777)).unwrap();
        fs::create_dir(tree.join("empty")).unwrap();
        symlink("../run", tree.join("deep/link")).unwrap();
        symlink("/nowhere", tree.join("dangling")).unwrap();
        fs::write(tree.join("large"), vec![7; 300_000]).unwrap();
        std::os::unix::fs::chown(tree.join("run"), Some(1234), Some(1234)).unwrap();
        fs::set_permissions(tree.join("run"), fs::Permissions::from_mode(0o4751)).unwrap();
        let spec = bench.spec();
        bench.build(&spec);
        let found = bench.inside(
            &spec.tags[0],
            "cd /tree; for f in run deep deep/er/file empty 'ümlaut file' large; do stat -c '%n %a %u %F %s' \"$f\"; done; readlink deep/link; readlink dangling; md5sum <large",
        );
        let lines: Vec<&str> = found.lines().collect();
        assert_eq!(lines[0], "run 4751 0 regular file 1");
        assert!(lines[1].starts_with("deep 1777 0 directory"), "{found}");
        assert_eq!(lines[2], "deep/er/file 644 0 regular file 1");
        assert!(lines[3].starts_with("empty 755 0 directory"), "{found}");
        assert_eq!(lines[4], "ümlaut file 644 0 regular file 1");
        assert_eq!(lines[5], "large 644 0 regular file 300000");
        assert_eq!(lines[6..8], ["../run", "/nowhere"]);
    });
}

#[test]
fn only_files_that_take_part_are_seen_and_the_dockerfile_need_not() {
    everywhere("only_files_that_take_part_are_seen", |mut bench| {
        bench.write("Dockerfile", &format!("{FROM}COPY . /all\n"));
        for path in ["a", "b/c", "b/d", "secret", ".dockerignore"] {
            bench.write(path, path);
        }
        // A rule file that says otherwise is not followed: the caller has done that.
        bench.write(".dockerignore", "a\n");
        let list = |image: &str, bench: &crate::bench::Bench| {
            bench.inside(image, "cd /all; find . -mindepth 1 | sort | tr '\\n' ' '")
        };
        let mut spec = bench.spec();
        spec.files = Files::listed(["a", "b/c"]);
        bench.build(&spec);
        assert_eq!(list(&spec.tags[0], &bench), "./a ./b ./b/c");
        spec.files = Files::filtered(|path, _| match path.to_str() {
            Some("secret" | "Dockerfile" | ".dockerignore") => Verdict::LeaveAll,
            _ => Verdict::Take,
        });
        bench.build(&spec);
        assert_eq!(list(&spec.tags[0], &bench), "./a ./b ./b/c ./b/d");
    });
}

#[test]
fn images_and_folders_can_stand_for_names() {
    at_newest("images_and_folders_can_stand_for_names", |mut bench| {
        bench.write(
            "Dockerfile",
            "FROM base\nCOPY --from=code . /code\nRUN ls /code\n",
        );
        let code = tempfile::tempdir().unwrap();
        fs::write(code.path().join("main.py"), "1").unwrap();
        fs::write(code.path().join("left-out"), "1").unwrap();
        let mut spec = bench.spec();
        spec.contexts = vec![
            (
                "base".to_owned(),
                NamedContext::Image("tutor-lab/base:1".to_owned()),
            ),
            (
                "code".to_owned(),
                NamedContext::Folder {
                    path: code.path().to_path_buf(),
                    files: Files::listed(["main.py"]),
                },
            ),
        ];
        bench.build(&spec);
        assert_eq!(bench.inside(&spec.tags[0], "ls /code"), "main.py");
        let (again, _) = bench.build(&spec);
        assert!(again.ran.is_empty(), "{again:?}");
        fs::write(code.path().join("main.py"), "2").unwrap();
        let (changed, _) = bench.build(&spec);
        assert_eq!(changed.ran.len(), 2, "{changed:?}");
    });
}

#[test]
fn a_cancelled_build_stops_in_the_engine() {
    everywhere("a_cancelled_build_stops_in_the_engine", |mut bench| {
        let mark = std::process::id();
        bench.write(
            "Dockerfile",
            &format!("{FROM}RUN echo begin {mark}; sleep 98765.{mark}\n"),
        );
        let mut spec = bench.spec();
        spec.no_cache = true;
        let cancel = Cancel::new();
        let begin = Instant::now();
        let result = bench.engine.build(
            &spec,
            &mut |event| {
                if matches!(&event, Event::Log { line, .. } if line.starts_with("begin")) {
                    cancel.cancel();
                }
            },
            &cancel,
        );
        assert_eq!(result, Err(Error::Cancelled));
        assert!(begin.elapsed() < Duration::from_secs(20));
        let is_asleep = || {
            let all = fs::read_dir("/proc").unwrap().flatten();
            all.filter_map(|process| fs::read(process.path().join("cmdline")).ok())
                .any(|line| String::from_utf8_lossy(&line) == format!("sleep\098765.{mark}\0"))
        };
        while is_asleep() {
            assert!(
                begin.elapsed() < Duration::from_secs(30),
                "it goes on in {}",
                bench.of.name
            );
            std::thread::sleep(Duration::from_millis(100));
        }
        // One that was used stops what comes after it, too.
        assert_eq!(
            bench.engine.build(&spec, &mut |_| (), &cancel),
            Err(Error::Cancelled)
        );
    });
}

#[test]
fn several_builds_go_on_at_once() {
    at_newest("several_builds_go_on_at_once", |mut bench| {
        bench.write("Dockerfile", &format!("{FROM}ARG N\nRUN echo $N >/n\n"));
        let specs: Vec<BuildSpec> = (0..4)
            .map(|n| BuildSpec {
                args: vec![("N".to_owned(), n.to_string())],
                ..bench.spec()
            })
            .collect();
        std::thread::scope(|scope| {
            for spec in &specs {
                let bench = &bench;
                scope.spawn(move || bench.build(spec));
            }
        });
        let names: Vec<&str> = specs.iter().map(|spec| spec.tags[0].as_str()).collect();
        let found = bench.engine.inspect_all(&names);
        assert!(
            found.iter().all(|image| matches!(image, Ok(Some(_)))),
            "{found:?}"
        );
        assert_eq!(bench.inside(names[3], "cat /n"), "3");
    });
}
