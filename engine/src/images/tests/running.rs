//! Several images: their order, what fails, what is remembered.

use super::fake::World1;

/// Images `a`, `b` on `a`, `c` on `b`, and `d`.
fn world() -> World1 {
    let world = World1::new();
    world.put("a/Dockerfile", "FROM scratch\nCOPY f /f\n");
    world.put("a/f", "1");
    world.put("b/Dockerfile", "FROM a:1\n");
    world.put("c/Dockerfile", "FROM scratch\nCOPY --from=b:1 / /\n");
    world.put("d/Dockerfile", "FROM scratch\nCOPY f /f\n");
    world.put("d/f", "1");
    world
}

fn builds(world: &World1) -> Vec<crate::images::Build> {
    ["c", "b", "d", "a"].map(|name| world.build(name)).into()
}

#[test]
fn images_are_built_after_those_that_they_are_built_on() {
    let world = world();
    let (is_complete, _) = world.run(&builds(&world), 1, false);
    assert!(is_complete);
    assert_eq!(world.docker.state().built, ["a", "b", "c", "d"]);
    let (_, told) = world.run(&builds(&world), 3, false);
    assert_eq!(told.len(), 4);
    assert!(
        told.iter().all(|line| line.ends_with(": unchanged")),
        "{told:?}"
    );
    assert_eq!(world.docker.state().built.len(), 4);
}

#[test]
fn what_is_built_on_a_new_image_is_built_again() {
    let world = world();
    world.run(&builds(&world), 2, false);
    world.put("a/f", "2");
    let (planned, _) = world.plan(&builds(&world)).unwrap();
    let planned: Vec<_> = planned.iter().map(|one| one.decision.to_string()).collect();
    assert_eq!(
        planned,
        [
            "rebuild (context: f)",
            "rebuild (base image a:1 is built first)",
            "rebuild (base image b:1 is built first)",
            "unchanged"
        ]
    );
    let (_, mut told) = world.run(&builds(&world), 2, false);
    told.sort();
    assert_eq!(
        told,
        [
            "a: rebuild (context: f)",
            "b: rebuild (base image a:1 moved)",
            "c: rebuild (base image b:1 moved)",
            "d: unchanged"
        ]
    );
}

#[test]
fn when_one_fails_others_go_on_if_that_is_wanted() {
    let world = world();
    world.docker.state().failing.push("a".into());
    let (is_complete, told) = world.run(&builds(&world), 1, true);
    assert!(!is_complete);
    assert!(told.contains(&"a failed: no luck".into()), "{told:?}");
    assert!(
        told.contains(&"b left out: a".into()) && told.contains(&"c left out: b".into()),
        "{told:?}"
    );
    assert_eq!(world.docker.state().built, ["a", "d"]);
    world.docker.state().built.clear();
    let (_, told) = world.run(&builds(&world), 1, false);
    assert_eq!(world.docker.state().built, ["a"]);
    assert!(
        !told.iter().any(|line| line.starts_with("d failed")),
        "{told:?}"
    );
    world.docker.state().failing.clear();
    let (is_complete, told) = world.run(&builds(&world), 1, false);
    assert!(
        is_complete && told[0] == "a: build (tag is missing)",
        "{told:?}"
    );
}

#[test]
fn images_in_a_circle_are_an_error() {
    let world = world();
    world.put("a/Dockerfile", "FROM c:1\n");
    let problems = world.plan(&builds(&world)).unwrap_err();
    let message = &problems.iter().next().unwrap().message;
    assert!(message.contains("in a circle"), "{message}");
}

#[test]
fn an_image_whose_files_change_while_it_is_built_is_built_once_more() {
    let world = world();
    let build = world.build("d");
    world.docker.state().meanwhile = vec![world.path("d/f")];
    let (is_complete, _) = world.run(std::slice::from_ref(&build), 1, false);
    assert!(is_complete);
    assert_eq!(world.docker.state().built, ["d", "d"]);
    assert_eq!(world.decision(&build), "unchanged");
    world.put("d/f", "1");
    assert_eq!(world.decision(&build), "rebuild (context: f)");
}

#[test]
fn an_image_whose_files_change_again_and_again_says_nothing_of_what_it_is_made_from() {
    let world = world();
    let build = world.build("d");
    world.docker.state().meanwhile = vec![world.path("d/f"), world.path("d/g")];
    world.put("d/Dockerfile", "FROM scratch\nCOPY . /f\n");
    let (is_complete, _) = world.run(std::slice::from_ref(&build), 1, false);
    assert!(is_complete);
    assert_eq!(world.docker.state().built, ["d", "d", "d"]);
    assert!(world.docker.state().images["d:1"].labels.is_empty());
    assert_eq!(
        world.decision(&build),
        "rebuild (its files or base images changed while it was built)"
    );
    world.made(&build);
}

#[test]
fn an_image_is_pulled_if_the_registry_has_it_from_the_very_same() {
    let mut world = world();
    let build = world.build("d");
    world.made(&build);
    {
        let mut state = world.docker.state();
        let image = state.images["d:1"].clone();
        state.registry.insert("d:1".into(), image);
        state.images.clear();
        state.built.clear();
    }
    assert_eq!(world.decision(&build), "build (tag is missing)");
    world.manner.pull_unchanged = true;
    world.state = "other";
    let (_, told) = world.run(std::slice::from_ref(&build), 1, false);
    assert_eq!(
        told,
        ["d: pull (the registry has it, built from the very same)"]
    );
    assert!(world.docker.state().built.is_empty());
    assert_eq!(world.decision(&build), "unchanged");
    world.put("d/f", "2");
    assert_eq!(world.decision(&build), "rebuild (context: f)");
}

#[test]
fn what_cannot_be_built_is_told_and_nothing_else_is_kept_from() {
    let world = world();
    world.put("a/Dockerfile", "FROM scratch\nRUM x\n");
    let mut strange = world.build("d");
    strange.tags = vec!["no tag".into()];
    let (planned, problems) = world
        .plan(&[
            world.build("a"),
            world.build("nowhere"),
            strange,
            world.build("d"),
        ])
        .unwrap();
    let problems: Vec<_> = problems
        .iter()
        .map(|problem| problem.message.clone())
        .collect();
    assert_eq!(
        problems,
        [
            "the Dockerfile of image 'a' is wrong: 'RUM' is no instruction",
            "image 'nowhere' has no build context: there is no such folder",
            "image 'd': no such name"
        ]
    );
    assert_eq!(planned.len(), 1);
}
