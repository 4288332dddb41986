//! What builds look at, Dockerfile by Dockerfile.

use super::*;

fn platform() -> Platform {
    Platform::parse("linux/amd64")
}

fn looked_at(
    text: &str,
    arguments: &[(&str, &str)],
    target: Option<&str>,
    contexts: &[&str],
) -> Result<Uses, Problem> {
    let document = Document::parse(text)?;
    let arguments = arguments
        .iter()
        .map(|(name, value)| ((*name).into(), (*value).into()));
    let contexts = contexts.iter().map(|name| (*name).into()).collect();
    uses(
        &document,
        &Given {
            arguments: &arguments.collect(),
            target,
            contexts: &contexts,
            platform: &platform(),
            native: &platform(),
        },
    )
}

fn images(uses: &Uses) -> Vec<&str> {
    uses.images.iter().map(|(name, _)| name.as_str()).collect()
}

const STAGES: &str = "\
ARG BASE=alpine
ARG UNUSED=1
FROM $BASE:1 AS one
ARG A=x
RUN echo
FROM other AS two
ADD https://x.org/file /
FROM one AS three
COPY --from=two /a /b
RUN --mount=type=bind,from=tools:2,source=/x x
COPY src/*.py d/ /dst/
FROM one AS four
COPY . .
";

#[test]
fn only_stages_that_the_target_needs_count() {
    let uses = looked_at(STAGES, &[], Some("Three"), &[]).unwrap();
    assert_eq!(images(&uses), ["alpine:1", "other", "tools:2"]);
    assert_eq!(uses.remotes.len(), 1);
    assert!(uses.context.has("src/a.py") && uses.context.has("d/x") && !uses.context.has("x"));
    let uses = looked_at(STAGES, &[], None, &[]).unwrap();
    assert_eq!(images(&uses), ["alpine:1"]);
    assert!(uses.remotes.is_empty() && uses.context.has("anything"));
    let problem = looked_at(STAGES, &[], Some("thre"), &[]).unwrap_err();
    assert_eq!(problem.hint.as_deref(), Some("did you mean 'three'?"));
}

#[test]
fn arguments_count_where_they_are_declared() {
    let of = |arguments: &[(&str, &str)]| looked_at(STAGES, arguments, Some("one"), &[]).unwrap();
    let plain = of(&[]);
    assert_eq!(
        plain.arguments,
        BTreeMap::from([(("A".into(), 0), Some("x".into()))])
    );
    assert_eq!(of(&[("UNUSED", "2"), ("NOWHERE", "3")]), plain);
    assert_eq!(of(&[("A", "x")]), plain);
    assert_eq!(
        of(&[("A", "y")]).arguments[&("A".into(), 0)].as_deref(),
        Some("y")
    );
    assert_eq!(images(&of(&[("BASE", "busybox")])), ["busybox:1"]);
}

#[test]
fn a_context_takes_the_place_of_a_stage_and_of_an_image() {
    let uses = looked_at(STAGES, &[], Some("three"), &["two", "tools:2"]).unwrap();
    assert_eq!(images(&uses), ["alpine:1"]);
    assert!(uses.remotes.is_empty());
    let two = &uses.contexts["two"];
    assert!(two.has("a/x") && !two.has("b"));
    assert!(uses.contexts["tools:2"].has("x"));
}

#[test]
fn comments_and_the_way_it_is_written_do_not_count() {
    let of = |text: &str| {
        let uses = looked_at(text, &[], None, &[]).unwrap();
        uses.text
            .into_iter()
            .map(|(_, text)| text)
            .collect::<Vec<_>>()
    };
    let plain = of("FROM a AS x\nARG V=1\nRUN b c\n");
    assert_eq!(
        of("# hello\n\nfrom a as y\n  # there\nARG V=1\nrun   b \\\n# no\nc"),
        plain
    );
    assert_eq!(of("FROM unused\nRUN z\nFROM a\nARG V=1\nRUN b c\n"), plain);
    assert_ne!(of("FROM a\nARG V=1\nRUN b  c\n"), plain);
}

#[test]
fn variables_are_those_of_the_stage_and_of_those_below_it() {
    let text = "FROM scratch AS a\nARG D=dir\nENV E=$D/sub\nFROM a\nCOPY $E/x /\nADD $URL /\nARG R=https://x.org/a.git\nADD $R#main /";
    let uses = looked_at(text, &[], None, &[]).unwrap();
    assert!(uses.context.has("dir/sub/x"));
    assert_eq!(uses.remotes.len(), 1);
    let text = "FROM base\nCOPY $HOME/x /\nADD $WHERE /\n";
    let uses = looked_at(text, &[], None, &[]).unwrap();
    assert!(uses.context.has("anything"));
    assert_eq!(
        uses.unknown,
        ["line 3 of the Dockerfile: where ADD fetches from cannot be told"]
    );
    let text = "ARG TARGETARCH\nFROM --platform=$BUILDPLATFORM x-$TARGETARCH\nARG TARGETOS\n";
    let uses = looked_at(text, &[], None, &[]).unwrap();
    assert_eq!(
        uses.images,
        BTreeSet::from([("x-amd64".into(), Some("linux/amd64".into()))])
    );
    assert_eq!(
        uses.arguments[&("TARGETOS".into(), 0)].as_deref(),
        Some("linux")
    );
}

#[test]
fn what_cannot_be_built_is_told() {
    for (text, line) in [
        ("RUN x\nFROM a", 1),
        ("ARG A", 1),
        ("FROM a b", 1),
        ("ARG X\nFROM $X", 2),
        ("FROM a\nCOPY x", 2),
    ] {
        assert_eq!(
            looked_at(text, &[], None, &[]).unwrap_err().line,
            line,
            "{text}"
        );
    }
}
