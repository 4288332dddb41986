//! Two builds at one engine, and an engine that lost all it had.

use std::sync::PoisonError;

use tests::lab::{BASE, Lab, LabEngine};
use tests::parallel;

use super::matrix::project;
use super::{CACHES, lab};

#[test]
fn two_builds_at_once_both_come_about_and_are_skipped_from_then_on() {
    let Some((lab, _guard)) = lab("two_builds_at_once") else {
        return;
    };
    for engine in lab.engines() {
        let p = project(&engine);
        let both = parallel::each(&[(), ()], |()| p.try_build(&[]));
        for answer in both {
            assert_eq!(answer.status, 0, "{}{}", answer.stdout, answer.stderr);
        }
        assert_eq!(p.plan(&[]), "unchanged");
        assert!(p.force(&[]).ran.is_empty());
    }
}

#[test]
fn a_wiped_engine_is_built_at_again() {
    let Some((lab, guard)) = lab("a_wiped_engine") else {
        return;
    };
    drop(guard);
    // The machine's own engine may have a cache that somebody needs.
    let Some(engine) = lab.engines().into_iter().find(LabEngine::is_private) else {
        return Lab::skip("a_wiped_engine", "there is no engine that may be wiped");
    };
    let _alone = CACHES.write().unwrap_or_else(PoisonError::into_inner);
    let p = project(&engine);
    p.build(&[]);
    engine.run(&["builder", "prune", "--all", "--force"]);
    // The image is what counts, not the cache.
    assert_eq!(p.plan(&[]), "unchanged");
    for image in [&p.tag, &p.base, &p.tools] {
        engine.run(&["image", "rm", "--force", image]);
    }
    engine.run(&["builder", "prune", "--all", "--force"]);
    let answer = p.try_build(&[]);
    assert_eq!(
        answer.status, 1,
        "what it is built on is gone: {}",
        answer.stdout
    );
    engine.run(&["tag", BASE, &p.base]);
    p.import(&p.tools, "tool", &p.mark);
    assert!(p.plan(&[]).starts_with("build (tag is missing"));
    assert!(p.force(&[]).cached.is_empty());
    assert_eq!(p.plan(&[]), "unchanged");
}
