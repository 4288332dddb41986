//! One thing changes at a time: is it seen, and is it told?

use std::os::unix::fs::{PermissionsExt, symlink};

use super::fake::World1;

const DOCKERFILE: &str = "\
# A comment
FROM base:1
ARG USED=a
COPY src /src
COPY --from=tools:1 /tool /tool
RUN make
FROM base:1 AS other
RUN other
";

/// An image `i` that was built.
fn world() -> World1 {
    let world = World1::new();
    for path in ["src/a", "src/sub/b", "outside", "src/ignored.pyc"] {
        world.put(&format!("i/{path}"), "1");
    }
    symlink("a", world.path("i/src/link")).unwrap();
    world.put("i/.dockerignore", "**/*.pyc\n");
    world.put("i/Dockerfile", DOCKERFILE);
    world.docker.import("base:1");
    world.docker.import("tools:1");
    let mut build = world.build("i");
    build.target = Some("0".into());
    world.made(&build);
    world
}

/// What is to be done about `i` after a change of the world.
fn after(change: impl FnOnce(&World1)) -> String {
    let world = world();
    change(&world);
    let mut build = world.build("i");
    build.target = Some("0".into());
    world.decision(&build)
}

fn mode(world: &World1, path: &str, mode: u32) {
    std::fs::set_permissions(world.path(path), std::fs::Permissions::from_mode(mode)).unwrap();
}

/// What a change comes to, and the change.
type Row = (&'static str, fn(&World1));

#[test]
fn what_a_build_looks_at_is_built_again_when_it_changes() {
    let rows: [Row; 17] = [
        ("rebuild (context: src/a)", |w| w.put("i/src/a", "2")),
        ("rebuild (context: src/a (mode))", |w| {
            mode(w, "i/src/a", 0o755);
        }),
        ("rebuild (context: src/new (new))", |w| {
            w.put("i/src/new", "");
        }),
        ("rebuild (context: src/sub/b (gone))", |w| {
            std::fs::remove_file(w.path("i/src/sub/b")).unwrap();
        }),
        ("rebuild (context: src/a (gone), src/c (new))", |w| {
            std::fs::rename(w.path("i/src/a"), w.path("i/src/c")).unwrap();
        }),
        ("rebuild (context: src/link)", |w| {
            std::fs::remove_file(w.path("i/src/link")).unwrap();
            symlink("sub", w.path("i/src/link")).unwrap();
        }),
        ("rebuild (context: src/sub (mode))", |w| {
            mode(w, "i/src/sub", 0o700);
        }),
        ("rebuild (Dockerfile: line 6)", |w| {
            w.put(
                "i/Dockerfile",
                &DOCKERFILE.replace("RUN make", "RUN make all"),
            );
        }),
        ("rebuild (build argument USED: a -> b)", |w| {
            w.put("i/Dockerfile", &DOCKERFILE.replace("USED=a", "USED=b"));
        }),
        ("rebuild (context: src/ignored.pyc (new))", |w| {
            w.put("i/.dockerignore", "");
        }),
        ("rebuild (base image base:1 moved)", |w| {
            w.docker.import("base:1");
        }),
        ("rebuild (base image tools:1 moved)", |w| {
            w.docker.import("tools:1");
        }),
        ("build (tag is missing)", |w| {
            drop(w.docker.state().images.remove("i:1"));
        }),
        (
            "rebuild (the image under this tag was not built by this program)",
            |w| w.docker.import("i:1"),
        ),
        ("rebuild (the tag was moved to another image)", |w| {
            // Another image that was built on ours has its labels.
            w.docker.state().images.get_mut("i:1").unwrap().id = "sha256:child".into();
        }),
        (
            "build (base image base:1 cannot be looked up: neither the engine nor a registry has it)",
            |w| {
                // The engine was wiped.
                w.docker.state().images.clear();
                let tools = "sha256:t".to_owned();
                let image = crate::images::Image {
                    id: tools,
                    ..Default::default()
                };
                w.docker.state().registry.insert("tools:1".into(), image);
            },
        ),
        ("rebuild (Dockerfile: line 2)", |w| {
            w.put(
                "i/Dockerfile",
                &DOCKERFILE.replace(
                    "FROM base:1\nARG",
                    "FROM --platform=linux/amd64 base:1\nARG",
                ),
            );
        }),
    ];
    for (words, change) in rows {
        assert_eq!(after(change), words);
    }
}

#[test]
fn what_a_build_does_not_look_at_changes_nothing() {
    let rows: [Row; 9] = [
        ("a time", |w| {
            let file = std::fs::File::open(w.path("i/src/a")).unwrap();
            file.set_modified(std::time::SystemTime::UNIX_EPOCH)
                .unwrap();
        }),
        ("a file that is ignored", |w| {
            w.put("i/src/ignored.pyc", "2");
        }),
        ("a file that is not copied", |w| w.put("i/outside", "2")),
        ("a comment", |w| {
            w.put(
                "i/Dockerfile",
                &DOCKERFILE.replace("# A comment", "# Another\n\n"),
            );
        }),
        ("a stage that the target does not need", |w| {
            w.put(
                "i/Dockerfile",
                &DOCKERFILE.replace("RUN other", "RUN another"),
            );
        }),
        ("a file beside the context", |w| w.put("other/file", "2")),
        ("the very same written again", |w| w.put("i/src/a", "1")),
        ("another image", |w| w.docker.import("another:1")),
        ("a rule that ignores what is not there", |w| {
            w.put("i/.dockerignore", "**/*.pyc\nnothing\n");
        }),
    ];
    for (what, change) in rows {
        assert_eq!(after(change), "unchanged", "{what}");
    }
}

#[test]
fn options_of_the_build_count_as_far_as_the_dockerfile_uses_them() {
    let world = world();
    let plain = || {
        let mut build = world.build("i");
        build.target = Some("0".into());
        build
    };
    let mut build = plain();
    build.arguments.insert("UNUSED".into(), "1".into());
    assert_eq!(world.decision(&build), "unchanged");
    build.arguments.insert("USED".into(), "b".into());
    assert_eq!(
        world.decision(&build),
        "rebuild (build argument USED: a -> b)"
    );
    let mut build = plain();
    build.target = Some("other".into());
    assert!(world.decision(&build).contains("target: 0 -> other"));
    let mut build = plain();
    build.platform = Some("linux/arm64".into());
    assert_eq!(
        world.decision(&build),
        "rebuild (platform: (not set) -> linux/arm64)"
    );
    let mut build = plain();
    build.add_hosts.push("h:1.2.3.4".into());
    assert_eq!(
        world.decision(&build),
        "rebuild (add-host: (not set) -> h:1.2.3.4)"
    );
    let mut build = plain();
    build.no_cache = true;
    assert_eq!(world.decision(&build), "rebuild (--no-cache)");
    let mut build = plain();
    build.output = Some("type=local,dest=x".into());
    assert!(world.decision(&build).contains("goes elsewhere"));
    let mut build = plain();
    build.tags.push("i:2".into());
    assert!(world.decision(&build).starts_with("rebuild ("));
}

#[test]
fn another_project_finds_the_image_and_knows_which_kind_of_part_changed() {
    let mut world = world();
    world.state = "other";
    let mut build = world.build("i");
    build.target = Some("0".into());
    assert_eq!(world.decision(&build), "unchanged");
    world.put("i/src/a", "2");
    assert_eq!(world.decision(&build), "rebuild (context changed)");
}

#[test]
fn folders_in_place_of_stages_count_as_far_as_they_are_copied() {
    let world = World1::new();
    world.put(
        "i/Dockerfile",
        "FROM scratch AS code\nFROM scratch\nCOPY --from=code /lib /lib\n",
    );
    world.put("host/lib/a", "1");
    let mut build = world.build("i");
    build
        .contexts
        .insert("code".into(), world.path("host").display().to_string());
    world.made(&build);
    world.put("host/other", "1");
    assert_eq!(world.decision(&build), "unchanged");
    world.put("host/lib/a", "2");
    assert_eq!(world.decision(&build), "rebuild (folder code: lib/a)");
    world.put("host/.dockerignore", "lib/a");
    assert_eq!(
        world.decision(&build),
        "rebuild (folder code: lib/a (gone))"
    );
    std::fs::remove_dir_all(world.path("host")).unwrap();
    assert!(
        world
            .plan(&[build])
            .unwrap()
            .1
            .iter()
            .any(|problem| problem.code == "context-missing")
    );
}

#[test]
fn remote_sources_are_asked_unless_one_is_offline() {
    let mut world = World1::new();
    world.put("i/Dockerfile", "FROM far:1\nADD https://x.org/f /f\n");
    let put = |id: &str| {
        let image = crate::images::Image {
            id: id.into(),
            ..Default::default()
        };
        world.docker.state().registry.insert("far:1".into(), image);
    };
    put("sha256:f");
    world
        .docker
        .state()
        .web
        .insert("https://x.org/f".into(), "etag 1".into());
    let build = world.build("i");
    world.made(&build);
    assert_eq!(world.decision(&build), "unchanged");
    put("sha256:g");
    world
        .docker
        .state()
        .web
        .insert("https://x.org/f".into(), "etag 2".into());
    world.manner.offline = true;
    assert_eq!(world.decision(&build), "unchanged");
    world.manner.offline = false;
    assert_eq!(
        world.decision(&build),
        "rebuild (base image far:1 moved; https://x.org/f moved)"
    );
    world.docker.state().web.clear();
    assert!(
        world
            .decision(&build)
            .contains("https://x.org/f cannot be looked up")
    );
}

#[test]
fn a_base_image_in_a_registry_that_has_on_build_is_not_trusted() {
    let mut world = World1::new();
    world.put("i/Dockerfile", "FROM far:1\n");
    let put = |id: &str, has_on_build| {
        let image = crate::images::Image {
            id: id.into(),
            has_on_build,
            ..Default::default()
        };
        world.docker.state().registry.insert("far:1".into(), image);
    };
    put("sha256:f", true);
    world.put("i/f", "");
    let build = world.build("i");
    world.run(std::slice::from_ref(&build), 1, false);
    assert!(world.docker.state().files.contains(&"f".into()));
    assert!(world.decision(&build).contains("ONBUILD"));
    put("sha256:g", false);
    world.made(&build);
    world.manner.offline = true;
    assert_eq!(world.decision(&build), "unchanged");
}

#[test]
fn a_base_image_that_moves_while_it_is_pulled_is_not_taken_for_the_other() {
    let world = World1::new();
    world.put("i/Dockerfile", "FROM far:1\n");
    let image = crate::images::Image {
        id: "sha256:f".into(),
        ..Default::default()
    };
    world.docker.state().registry.insert("far:1".into(), image);
    let build = world.build("i");
    world.docker.state().from = Some("far:1@sha256:g".into());
    world.run(std::slice::from_ref(&build), 1, false);
    assert!(
        world
            .decision(&build)
            .contains("changed while it was built")
    );
    world.docker.state().from = Some("far:1@sha256:f".into());
    world.made(&build);
}

#[test]
fn a_git_branch_that_moved_is_seen() {
    let world = World1::new();
    let git = |args: &[&str]| {
        let done = std::process::Command::new("git")
            .args(["-c", "user.name=n", "-c", "user.email=e@x.org", "-C"])
            .arg(world.path("code.git"))
            .args(args)
            .output()
            .unwrap();
        assert!(done.status.success(), "{done:?}");
    };
    world.put("code.git/file", "1");
    git(&["init", "-q", "-b", "main"]);
    git(&["add", "."]);
    git(&["commit", "-qm", "one"]);
    let system = crate::system::OsSystem;
    let resolver = crate::images::resolve::Resolver::new(
        &system,
        &world.docker,
        false,
        std::collections::BTreeMap::default(),
    );
    let ask = |reference: &str| {
        let remote = crate::images::dockerfile::Remote::Git {
            url: world.path("code.git").display().to_string(),
            reference: Some(reference.into()),
        };
        let answers = resolver.resolve(
            &std::collections::BTreeSet::default(),
            &[remote.clone()].into(),
            false,
            &|_| false,
        );
        answers.remotes[&remote].clone()
    };
    let before = ask("main").unwrap();
    assert_eq!(ask("main").unwrap(), before);
    git(&["commit", "-q", "--allow-empty", "-m", "two"]);
    assert_ne!(ask("main").unwrap(), before);
    assert_eq!(
        ask("nothing").unwrap_err(),
        "there is no branch or tag 'nothing'"
    );
    let commit = "0123456789012345678901234567890123456789";
    assert_eq!(ask(commit).unwrap(), commit);
}
