//! Push and pull: fingerprints travel with images, and credentials are asked for.

use tests::lab::{LabEngine, PASSWORD, USER};

use super::{Project, lab, write};

/// A project whose image `i` is in a registry by its tag.
fn project(engine: &LabEngine, registry: &str) -> Project {
    let mut p = Project::new(engine, "FROM @base@\nCOPY f /f\n");
    p.tag = format!("{registry}/{}", p.tag);
    let tag = p.tag.clone();
    p.images.also(&tag);
    p.plugin(&[("i", &tag)]);
    p.template("i", "f", &tag);
    p.save();
    p
}

fn transfer(p: &Project, way: &str) {
    let answer = p.tutor(&["images", way, "i"]);
    assert_eq!(answer.status, 0, "{}{}", answer.stdout, answer.stderr);
}

fn remove(p: &Project) {
    p.engine.run(&["image", "rm", "--force", &p.tag]);
}

#[test]
fn who_pulls_an_image_skips_it_and_so_does_another_machine() {
    let Some((lab, _guard)) = lab("who_pulls_an_image_skips_it") else {
        return;
    };
    for engine in lab.engines() {
        let p = project(&engine, lab.open_registry());
        p.build(&[]);
        transfer(&p, "push");
        assert_eq!(p.said("i", &[]), "unchanged", "after a push");
        remove(&p);
        // As on a machine that remembers nothing.
        std::fs::remove_dir_all(p.path("root/.tutor")).unwrap();
        assert!(p.plan(&[]).starts_with("build (tag is missing"));
        transfer(&p, "pull");
        assert_eq!(p.said("i", &[]), "unchanged", "after a pull");
        write(&p.context("f"), "2");
        assert!(p.plan(&[]).contains("context"));
    }
}

#[test]
fn an_unchanged_image_is_pulled_instead_of_built_and_a_changed_one_is_not() {
    let Some((lab, _guard)) = lab("an_unchanged_image_is_pulled") else {
        return;
    };
    for engine in lab.engines() {
        let p = project(&engine, lab.open_registry());
        p.build(&[]);
        transfer(&p, "push");
        let before = p.image(&p.tag);
        remove(&p);
        assert!(p.said("i", &["--pull-unchanged"]).starts_with("pull"));
        assert_eq!(p.image(&p.tag), before);
        assert_eq!(p.said("i", &["--pull-unchanged"]), "unchanged");
        remove(&p);
        write(&p.context("f"), "2");
        assert!(p.said("i", &["--pull-unchanged"]).starts_with("build"));
        assert_eq!(p.said("i", &[]), "unchanged");
    }
}

#[test]
fn a_registry_that_wants_credentials_gets_those_of_the_docker_client() {
    let Some((lab, _guard)) = lab("a_registry_that_wants_credentials") else {
        return;
    };
    for engine in lab.engines() {
        let registry = lab.closed_registry();
        let mut p = project(&engine, registry);
        p.build(&[]);
        let config = p.path("client").display().to_string();
        p.variables.push(("DOCKER_CONFIG".to_owned(), config));
        let account = |password: &str| {
            let account = format!(r#"{{"username":"{USER}","password":"{password}"}}"#);
            p.put(
                "client/config.json",
                &format!(r#"{{"auths":{{"{registry}":{account}}}}}"#),
            );
        };
        p.put("client/config.json", "{}");
        for way in ["push", "pull"] {
            let answer = p.tutor(&["images", way, "i"]);
            assert_eq!(answer.status, 1);
            assert!(answer.stderr.contains("docker login"), "{}", answer.stderr);
        }
        account("wrong-password");
        let answer = p.tutor(&["images", "push", "i"]);
        assert_eq!(answer.status, 1);
        assert!(answer.stderr.contains(registry), "{}", answer.stderr);
        assert!(!answer.stderr.contains("wrong-password"));
        account(PASSWORD);
        transfer(&p, "push");
        remove(&p);
        assert!(p.said("i", &["--pull-unchanged"]).starts_with("pull"));
        transfer(&p, "pull");
        assert_eq!(p.said("i", &[]), "unchanged");
    }
}

#[test]
fn what_a_registry_does_not_have_is_told_and_others_go_on_if_that_is_wanted() {
    let Some((lab, _guard)) = lab("what_a_registry_does_not_have") else {
        return;
    };
    let engine = lab.newest();
    let mut p = project(&engine, lab.open_registry());
    let nowhere = "127.0.0.1:9/tutor-lab/none:1";
    p.plugin(&[("none", nowhere), ("i", &p.tag)]);
    p.template("none", "Dockerfile", "FROM scratch\n");
    p.save();
    p.names = vec!["i"];
    p.build(&[]);
    let answer = p.tutor(&["images", "push", "none", "i"]);
    assert_eq!(answer.status, 1);
    let answer = p.tutor(&["images", "pull", "i"]);
    assert_eq!(answer.status, 1, "what comes after a failure is left out");
    let answer = p.tutor(&["images", "push", "none", "i", "--keep-going"]);
    assert_eq!(answer.status, 1);
    assert!(answer.stderr.contains("Error: "), "{}", answer.stderr);
    transfer(&p, "pull");
}
