//! Sources that are elsewhere: Git, the web, registries, folders of this machine.

use std::path::{Path, PathBuf};
use std::process::Command;

use tests::lab::{Lab, LabEngine};
use tests::parallel;

use super::matrix::{nothing, tried};
use super::row::Expected::{Needless, Other, Same};
use super::row::Row;
use super::servers::Server;
use super::{Project, lab, write};

/// The folder that is served.
fn served(p: &Project) -> PathBuf {
    p.path("served")
}

/// Runs Git in the repository that is served.
fn git(p: &Project, args: &[&str]) {
    run_git(&served(p).join("code.git"), args);
}

fn run_git(folder: &Path, args: &[&str]) {
    let done = Command::new("git")
        .args(["-c", "user.name=n", "-c", "user.email=e@x.org", "-C"])
        .arg(folder)
        .args(args)
        .output()
        .unwrap();
    assert!(done.status.success(), "{done:?}");
}

const GIT: [Row; 4] = [
    (
        "a Git branch that moved",
        |p| {
            write(&served(p).join("code.git/file"), "2");
            git(p, &["commit", "-qam", "two"]);
            nothing()
        },
        Other("Git ref main"),
    ),
    ("a Git branch that did not move", |_| nothing(), Same),
    (
        "another Git branch that moved",
        |p| {
            git(p, &["checkout", "-qb", "other"]);
            git(p, &["commit", "-q", "--allow-empty", "-m", "two"]);
            nothing()
        },
        Same,
    ),
    (
        "a Git branch that moved, to the same files",
        |p| {
            git(p, &["commit", "-q", "--allow-empty", "-m", "two"]);
            nothing()
        },
        // BuildKit looks at commits, too; then it finds the same files.
        Needless(
            "Git ref main",
            "commits are compared, and not what is in them",
        ),
    ),
];

const WEB: [Row; 3] = [
    (
        "a file on the web that changed",
        |p| {
            write(&served(p).join("file"), "another one");
            nothing()
        },
        Other("/file moved"),
    ),
    ("a file on the web that did not change", |_| nothing(), Same),
    (
        "another file on the web that changed",
        |p| {
            write(&served(p).join("other"), "2");
            nothing()
        },
        Same,
    ),
];

const REGISTRY: [Row; 2] = [
    (
        "a base image in a registry that moved",
        |p| {
            p.by_hand(&p.tools, "FROM @base@\nCOPY f /f\n");
            publish(p);
            nothing()
        },
        Other("base image"),
    ),
    (
        "a base image in a registry that did not move",
        |_| nothing(),
        Same,
    ),
];

const FOLDERS: [Row; 2] = [
    (
        "a file of a folder that stands for a stage",
        |p| {
            p.put("code/lib/a", &p.mark);
            nothing()
        },
        Other("folder code: lib/a"),
    ),
    (
        "a file of such a folder that is not copied",
        |p| {
            p.put("code/other", "2");
            nothing()
        },
        Same,
    ),
];

/// Pushes the image to copy from to the registry in its name, and takes it away here.
fn publish(p: &Project) {
    p.engine.run(&["push", "--quiet", &p.tools]);
    p.engine.run(&["image", "rm", &p.tools]);
}

/// A project whose image is made of `source`, at a server.
fn fetching(
    engine: &LabEngine,
    kind: fn(&LabEngine, &Path) -> Server,
    source: &str,
) -> (Project, Server) {
    let p = Project::new(engine, "FROM @base@\n");
    let folder = served(&p);
    let code = folder.join("code.git");
    for path in ["code.git/file", "file", "other"] {
        write(&folder.join(path), &p.tag);
    }
    run_git(&code, &["init", "-q", "-b", "main"]);
    run_git(&code, &["add", "."]);
    run_git(&code, &["commit", "-qm", &p.tag]);
    let server = kind(engine, &folder);
    let source = source.replace("@address@", &server.address);
    p.dockerfile("i", &format!("FROM @base@\nADD {source} /added\n"));
    p.save();
    (p, server)
}

/// A project whose base image is in a registry only.
fn based_on(engine: &LabEngine, registry: &str, base: &str) -> Project {
    let mut p = Project::new(engine, "FROM scratch\n");
    p.tools = format!("{registry}/{}", p.tools);
    let name = p.tools.clone();
    p.images.also(&name);
    p.by_hand(&p.tools, base);
    publish(&p);
    p.dockerfile("i", &format!("FROM @tools@\nRUN echo {}\n", p.tag));
    p.template("i", "f", &p.mark);
    p.save();
    p
}

/// The engines that know all of today's Dockerfiles.
fn recent(lab: &Lab, test: &str) -> Vec<LabEngine> {
    let engines: Vec<_> = lab
        .engines()
        .into_iter()
        .filter(LabEngine::is_private)
        .collect();
    if engines.is_empty() {
        Lab::skip(test, "there is no recent engine");
    }
    engines
}

fn all(
    engines: &[LabEngine],
    rows: &[Row],
    test: impl Fn(&LabEngine, &Row) -> Result<(), String> + Sync,
) {
    let cases: Vec<_> = engines
        .iter()
        .flat_map(|engine| rows.iter().map(move |row| (engine, row)))
        .collect();
    let wrong = parallel::each(&cases, |(engine, row)| test(engine, row));
    let wrong: Vec<_> = wrong.into_iter().filter_map(Result::err).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn git_references_are_skipped_exactly_when_every_step_is_cached() {
    let test = "git_references_are_skipped";
    let Some((lab, _guard)) = lab(test) else {
        return;
    };
    all(&recent(lab, test), &GIT, |engine, row| {
        let (p, _server) = fetching(engine, Server::git, "git://@address@/code.git#main");
        tried(p, row)
    });
}

#[test]
fn files_on_the_web_are_skipped_exactly_when_every_step_is_cached() {
    let Some((lab, _guard)) = lab("files_on_the_web_are_skipped") else {
        return;
    };
    all(&lab.engines(), &WEB, |engine, row| {
        let (p, _server) = fetching(engine, Server::http, "http://@address@/file");
        tried(p, row)
    });
}

#[test]
fn images_in_registries_are_skipped_exactly_when_every_step_is_cached() {
    let test = "images_in_registries_are_skipped";
    let Some((lab, _guard)) = lab(test) else {
        return;
    };
    // Docker 20.10 was seen to begin with the earlier image once, a moment after a push.
    all(&recent(lab, test), &REGISTRY, |engine, row| {
        let p = based_on(engine, lab.open_registry(), "FROM @base@\nLABEL a=b\n");
        tried(p, row)
    });
}

#[test]
fn folders_that_stand_for_stages_are_skipped_exactly_when_every_step_is_cached() {
    let test = "folders_that_stand_for_stages";
    let Some((lab, _guard)) = lab(test) else {
        return;
    };
    all(&recent(lab, test), &FOLDERS, |engine, row| {
        let mut p = Project::new(engine, "FROM @base@\nCOPY --from=code lib /lib\n");
        p.put("code/lib/a", &p.tag);
        p.put("code/other", "1");
        p.more = vec![
            "-d".to_owned(),
            format!("--build-context=code={}", p.path("code").display()),
        ];
        p.save();
        tried(p, row)
    });
}

#[test]
fn a_base_image_that_takes_files_of_its_users_is_never_skipped() {
    let Some((lab, _guard)) = lab("a_base_image_that_takes_files") else {
        return;
    };
    for engine in lab.engines() {
        let p = based_on(
            &engine,
            lab.open_registry(),
            "FROM @base@\nONBUILD COPY f /taken\n",
        );
        assert!(p.said("i", &[]).contains("ONBUILD"));
        write(&p.context("f"), "another one");
        assert!(p.plan(&[]).contains("ONBUILD"), "in a registry only");
        p.build(&[]);
        let taken = engine.run(&["run", "--rm", "--network=none", &p.tag, "cat", "/taken"]);
        assert_eq!(taken, "another one");
        engine.run(&["pull", "--quiet", &p.tools]);
        assert!(p.plan(&[]).contains("ONBUILD"), "in the engine");
    }
}
