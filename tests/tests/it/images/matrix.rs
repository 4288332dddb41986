//! One thing changes at a time: what ours would do, beside what BuildKit then does.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use tests::lab::LabEngine;
use tests::parallel;
use tests::sandbox::copy_tree;

use super::row::Expected::{Needless, Other, Same};
use super::row::Row;
use super::{Project, lab, write};

const DOCKERFILE: &str = "\
# A comment
FROM @base@ AS made
ARG USED=a
COPY src /src
COPY --from=@tools@ /tool /tool
RUN echo @mark@ \"$USED\" >/made
FROM made AS more
WORKDIR /more
";

const PUT_BACK: &str = "the tag has to be put back, and that is done by a build, from the cache";

pub(super) fn nothing() -> Vec<String> {
    Vec::new()
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Changes the Dockerfile.
fn edit(p: &Project, from: &str, to: &str) -> Vec<String> {
    let path = p.context("Dockerfile");
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from));
    fs::write(path, text.replace(from, to)).unwrap();
    nothing()
}

fn mode(p: &Project, path: &str, mode: u32) -> Vec<String> {
    fs::set_permissions(p.context(path), fs::Permissions::from_mode(mode)).unwrap();
    nothing()
}

fn put(p: &Project, path: &str, text: &str) -> Vec<String> {
    write(&p.context(path), text);
    nothing()
}

const FILES: [Row; 14] = [
    (
        "content of a file",
        |p| put(p, "src/a", &format!("{} 2", p.mark)),
        Other("context: src/a"),
    ),
    (
        "mode of a file",
        |p| mode(p, "src/a", 0o755),
        Other("context: src/a (mode)"),
    ),
    (
        "mode of a folder",
        |p| mode(p, "src/sub", 0o700),
        Needless(
            "context: src/sub (mode)",
            "BuildKit sees it only where it has not been sent this context before",
        ),
    ),
    (
        "a new file",
        |p| put(p, "src/new", ""),
        Other("context: src/new (new)"),
    ),
    (
        "a new folder",
        |p| {
            fs::create_dir(p.context("src/empty")).unwrap();
            nothing()
        },
        Other("src/empty (new)"),
    ),
    (
        "a removed file",
        |p| {
            fs::remove_file(p.context("src/sub/b")).unwrap();
            nothing()
        },
        Other("src/sub/b (gone)"),
    ),
    (
        "a renamed file",
        |p| {
            fs::rename(p.context("src/a"), p.context("src/c")).unwrap();
            nothing()
        },
        Other("context: src/a (gone), src/c (new)"),
    ),
    (
        "a file that .dockerignore leaves out",
        |p| put(p, "src/x.pyc", "2"),
        Same,
    ),
    (
        ".dockerignore lets a file in",
        |p| put(p, ".dockerignore", ""),
        Other("src/x.pyc (new)"),
    ),
    (
        "a comment in .dockerignore",
        |p| put(p, ".dockerignore", "# x\n**/*.pyc\n"),
        Same,
    ),
    (
        "a file that is not copied",
        |p| put(p, "outside", "2"),
        Same,
    ),
    (
        "times only",
        |p| {
            let file = fs::File::options()
                .append(true)
                .open(p.context("src/a"))
                .unwrap();
            file.set_modified(SystemTime::now() - Duration::from_hours(1))
                .unwrap();
            nothing()
        },
        Same,
    ),
    (
        "where a link leads",
        |p| {
            fs::remove_file(p.context("src/link")).unwrap();
            symlink("sub", p.context("src/link")).unwrap();
            nothing()
        },
        Other("context: src/link"),
    ),
    (
        "a file becomes a link to the same content",
        |p| {
            fs::rename(p.context("src/a"), p.context("outside")).unwrap();
            symlink("sub/a", p.context("src/a")).unwrap();
            nothing()
        },
        Other("context: src/a"),
    ),
];

const OPTIONS: [Row; 14] = [
    (
        "an instruction",
        |p| edit(p, "WORKDIR /more", "WORKDIR /more/of/it"),
        Other("Dockerfile: line 8"),
    ),
    (
        "an instruction that makes no files",
        |p| edit(p, "FROM made", "CMD [\"x\"]\nFROM made"),
        Other("Dockerfile"),
    ),
    (
        "a comment in the Dockerfile",
        |p| edit(p, "# A comment", "# Another\n\n# comment"),
        Same,
    ),
    (
        "case of a keyword",
        |p| edit(p, "COPY src", "copy src"),
        Same,
    ),
    (
        "a stage that is not built",
        |p| {
            edit(
                p,
                "FROM made",
                "FROM scratch AS un\nCOPY outside /\nFROM made",
            )
        },
        Same,
    ),
    (
        "a build argument",
        |_| words(&["-a", "USED=b"]),
        Other("build argument USED"),
    ),
    (
        "default of a build argument",
        |p| edit(p, "USED=a", "USED=b"),
        Other("build argument USED: a -> b"),
    ),
    (
        "a build argument's own default",
        |_| words(&["-a", "USED=a"]),
        Same,
    ),
    (
        "a build argument that nobody declares",
        |_| words(&["-a", "UNUSED=b"]),
        Same,
    ),
    ("target", |_| words(&["--target", "made"]), Other("target")),
    (
        "target, by the name of the last stage",
        |_| words(&["--target", "more"]),
        Needless("target", "a target is compared by its name"),
    ),
    (
        "a host",
        |_| words(&["--add-host", "x:1.2.3.4"]),
        Other("add-host"),
    ),
    (
        "platform, by the name of the engine's own",
        |_| words(&["-d", "--platform=linux/amd64"]),
        Needless("platform", "a platform is compared by its name"),
    ),
    (
        "a label",
        |_| words(&["-d", "--label=a=b"]),
        Other("label a"),
    ),
];

const IMAGES: [Row; 12] = [
    (
        "tag removed",
        |p| {
            p.engine.run(&["image", "rm", &p.tag]);
            nothing()
        },
        Needless("tag is missing", PUT_BACK),
    ),
    (
        "tag moved",
        |p| {
            p.engine.run(&["tag", &p.base, &p.tag]);
            nothing()
        },
        Needless("was not built by", PUT_BACK),
    ),
    (
        "tag taken by another build",
        |p| {
            p.by_hand(&p.tag, "FROM @base@\nRUN echo by hand @mark@\n");
            nothing()
        },
        Needless("was not built by", PUT_BACK),
    ),
    (
        "tag taken by a build on top of it",
        |p| {
            p.by_hand(&p.tag, &format!("FROM {}\nRUN echo on top @mark@\n", p.tag));
            nothing()
        },
        Needless("moved to another image", PUT_BACK),
    ),
    (
        "tag taken by a build on top of it that makes no files",
        |p| {
            p.by_hand(&p.tag, &format!("FROM {}\nENV A=b\n", p.tag));
            nothing()
        },
        Needless("moved to another image", PUT_BACK),
    ),
    (
        "tag taken by a container",
        |p| {
            let container = p.engine.run(&["create", &p.tag, "x"]);
            p.engine
                .run(&["commit", "--change", "ENV A=b", &container, &p.tag]);
            p.engine.run(&["rm", &container]);
            nothing()
        },
        Needless("moved to another image", PUT_BACK),
    ),
    (
        "a second tag",
        |p| {
            let other = p.images.name("other");
            p.engine.run(&["tag", &p.tag, &other]);
            nothing()
        },
        Same,
    ),
    (
        "base image retagged",
        |p| {
            p.by_hand(&p.base, "FROM @base@\nCOPY f /f\n");
            nothing()
        },
        Other("base image"),
    ),
    (
        "base image retagged, other settings only",
        |p| {
            p.by_hand(&p.base, "FROM @base@\nLABEL x=@mark@\n");
            nothing()
        },
        Other("base image"),
    ),
    (
        "another name for the same base image",
        |p| {
            let other = p.images.name("base2");
            p.engine.run(&["tag", &p.base, &other]);
            edit(p, &p.base, &other)
        },
        Needless(
            "Dockerfile: line 2",
            "instructions are compared as they are written",
        ),
    ),
    (
        "image of COPY --from retagged",
        |p| {
            p.import(&p.tools, "tool", &format!("{} 2", p.mark));
            nothing()
        },
        Other("base image"),
    ),
    (
        "image of COPY --from retagged, what is copied is the same",
        |p| {
            p.import(&p.tools, "tool", &p.mark);
            nothing()
        },
        Needless(
            "base image",
            "images are compared as a whole, since nobody looks into them",
        ),
    ),
];

const PROJECTS: [Row; 3] = [
    (
        "unrelated settings and files",
        |p| {
            write(&p.path("root/env/apps/other"), "x");
            write(&p.path("root/other"), "x");
            p.put("templates/ours/build/other/Dockerfile", "FROM scratch\n");
            let saved = p.tutor(&["config", "save", "--set", "LMS_HOST=other.example"]);
            assert_eq!(saved.status, 0, "{}", saved.stderr);
            assert!(p.context("src/link").exists());
            nothing()
        },
        Same,
    ),
    (
        "another project with the same image",
        |p| {
            copy_tree(&p.path("root"), &p.path("elsewhere")).unwrap();
            // Links and what is remembered are not copied.
            let link = p.path("elsewhere/env/plugins/ours/build/i/src/link");
            fs::remove_file(&link).unwrap();
            symlink("a", &link).unwrap();
            fs::remove_dir_all(p.path("elsewhere/.tutor")).unwrap();
            fs::remove_dir_all(p.path("root")).unwrap();
            p.variables.push((
                "TUTOR_ROOT".to_owned(),
                p.path("elsewhere").display().to_string(),
            ));
            nothing()
        },
        Same,
    ),
    (
        "nothing is remembered",
        |p| {
            fs::remove_dir_all(p.path("root/.tutor")).unwrap();
            nothing()
        },
        Same,
    ),
];

/// A project whose image is not built yet.
pub(super) fn project(engine: &LabEngine) -> Project {
    let p = Project::new(engine, DOCKERFILE);
    p.import(&p.tools, "tool", &p.mark);
    for (path, text) in [
        ("src/a", &*p.mark),
        ("src/sub/b", "1"),
        ("src/x.pyc", "1"),
        ("outside", "1"),
    ] {
        p.template("i", path, text);
    }
    p.template("i", ".dockerignore", "**/*.pyc\n");
    p.save();
    for (path, text) in [("src/x.pyc", "1"), (".dockerignore", "**/*.pyc\n")] {
        write(&p.context(path), text);
    }
    symlink("a", p.context("src/link")).unwrap();
    p
}

/// Tries one row; answers what is wrong with it.
pub(super) fn tried(mut p: Project, (name, change, expected): &Row) -> Result<(), String> {
    let first = p.said("i", &[]);
    if !first.starts_with("build") {
        return Err(format!("{name}: at first it says '{first}'"));
    }
    let before = p.image(&p.tag);
    let again = p.plan(&[]);
    if again != "unchanged" {
        return Err(format!("{name}: before anything changes it says '{again}'"));
    }
    let more = change(&mut p);
    let more: Vec<&str> = more.iter().map(String::as_str).collect();
    let ours = p.plan(&more);
    let done = p.force(&more);
    let is_same = done.ran.is_empty() && p.image(&p.tag) == before;
    let fits = match expected {
        Same => is_same && ours == "unchanged",
        Other(words) => !is_same && ours.contains("build (") && ours.contains(words),
        Needless(words, _) => is_same && ours.contains("build (") && ours.contains(words),
    };
    if !fits {
        return Err(format!(
            "{name}, at {}: ours says '{ours}'; BuildKit carried out {:?}, found {:?}, besides {:?}, and the image is {}; expected {expected:?}",
            p.engine.name,
            done.ran,
            done.cached,
            done.others,
            if is_same {
                "the same"
            } else {
                "another, or built anew"
            },
        ));
    }
    // What was built is skipped from then on.
    match p.plan(&more).as_str() {
        "unchanged" => Ok(()),
        other => Err(format!("{name}: after the build it says '{other}'")),
    }
}

/// Who builds what all projects begin with.
static FIRST: Mutex<()> = Mutex::new(());

/// Tries rows side by side: all at the newest engine, and every second at an older one, for it takes a second each.
fn all(test: &str, rows: &[Row]) {
    let Some((lab, _guard)) = lab(test) else {
        return;
    };
    let (engines, newest) = (lab.engines(), lab.newest());
    // What all projects begin with is built once: of two such builds at once, either may be in the cache later.
    let first = FIRST.lock().unwrap_or_else(PoisonError::into_inner);
    for engine in &engines {
        project(engine).build(&[]);
    }
    drop(first);
    let of = |engine| {
        let step = if engine == &newest { 1 } else { 2 };
        rows.iter().step_by(step).map(move |row| (engine, row))
    };
    let cases: Vec<_> = engines.iter().flat_map(of).collect();
    assert!(!cases.is_empty());
    let wrong = parallel::each(&cases, |(engine, row)| tried(project(engine), row));
    let wrong: Vec<_> = wrong.into_iter().filter_map(Result::err).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_are_skipped_exactly_when_every_step_is_cached() {
    all("files_are_skipped", &FILES);
}

#[test]
fn dockerfiles_and_options_are_skipped_exactly_when_every_step_is_cached() {
    all("dockerfiles_and_options_are_skipped", &OPTIONS);
}

#[test]
fn images_are_skipped_exactly_when_every_step_is_cached() {
    all("images_are_skipped", &IMAGES);
}

#[test]
fn other_projects_are_skipped_exactly_when_every_step_is_cached() {
    all("other_projects_are_skipped", &PROJECTS);
}
