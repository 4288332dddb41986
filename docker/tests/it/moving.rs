//! Pulls and pushes, with and without credentials.

use std::fs;
use std::path::Path;

use docker::{Cancel, Engine, Environment, Error, Event};
use tests::lab::{PASSWORD, USER};

use crate::bench::{Bench, everywhere};

/// The bench's engine, with a client's configuration of its own.
fn with_config(bench: &Bench, home: &Path, config: &str) -> Engine {
    fs::create_dir_all(home.join(".docker")).unwrap();
    fs::write(home.join(".docker/config.json"), config).unwrap();
    let path = format!("{}:{}", home.display(), bench.of.path);
    let variables = [("DOCKER_HOST", bench.of.host.clone()), ("PATH", path)];
    Engine::connect(&Environment::new(variables, Some(home.to_path_buf()))).unwrap()
}

/// An image with a label, under a name at `registry`.
fn image_at(bench: &mut Bench, registry: &str) -> String {
    let mark = tests::lab::unique("x");
    bench.write(
        "Dockerfile",
        &format!("FROM tutor-lab/base:1\nRUN echo {mark} && head -c 100000 /dev/urandom >/noise\nLABEL x.y=z\n"),
    );
    let mut spec = bench.spec();
    let name = format!("{registry}/{}", spec.tags[0]);
    bench.images.also(&name);
    spec.tags = vec![name.clone()];
    bench.build(&spec);
    name
}

#[test]
fn labels_survive_push_and_pull() {
    everywhere("labels_survive_push_and_pull", |mut bench| {
        let registry = bench.lab.open_registry().to_owned();
        let name = image_at(&mut bench, &registry);
        let before = bench.engine.inspect(&name).unwrap().unwrap();
        assert!(before.repo_digests.is_empty());
        let mut events = Vec::new();
        let digest = bench
            .engine
            .push(&name, &mut |e| events.push(e), &Cancel::new())
            .unwrap()
            .unwrap();
        let layers = events.iter().filter(|e| {
            matches!(e, Event::Progress { what, total: Some(total), .. } if !what.is_empty() && *total > 0)
        });
        assert!(layers.count() > 0, "{events:?}");
        let pushed = bench.engine.inspect(&name).unwrap().unwrap();
        assert!(pushed.repo_digests[0].ends_with(&digest), "{pushed:?}");
        let credentials = docker::Credentials::default();
        assert_eq!(
            docker::registry::digest(&name, &credentials).unwrap(),
            Some(digest.clone())
        );
        let remote = docker::registry::labels(&name, "linux/amd64", &credentials)
            .unwrap()
            .unwrap();
        assert_eq!((&remote.digest, &remote.id), (&digest, &before.id));
        assert_eq!(remote.labels["x.y"], "z");
        assert!(bench.engine.remove(&name).unwrap());
        let mut events = Vec::new();
        bench
            .engine
            .pull(&name, &mut |e| events.push(e), &Cancel::new())
            .unwrap();
        assert!(
            events.iter().any(|e| matches!(e, Event::Progress { .. })),
            "{events:?}"
        );
        let after = bench.engine.inspect(&name).unwrap().unwrap();
        assert_eq!((after.id, after.labels), (before.id, before.labels));
    });
}

#[test]
fn what_is_missing_or_unreachable_is_told_apart() {
    everywhere("what_is_missing_or_unreachable_is_told_apart", |bench| {
        let registry = bench.lab.open_registry();
        let pull = |name: &str| {
            bench
                .engine
                .pull(name, &mut |_| (), &Cancel::new())
                .unwrap_err()
        };
        let push = |name: &str| {
            bench
                .engine
                .push(name, &mut |_| (), &Cancel::new())
                .unwrap_err()
        };
        let none = format!("{registry}/none:1");
        assert!(
            matches!(pull(&none), Error::NotFound { .. }),
            "{:?}",
            pull(&none)
        );
        assert!(
            matches!(push(&none), Error::NotFound { .. }),
            "{:?}",
            push(&none)
        );
        let error = pull("127.0.0.1:9/x:1");
        assert!(matches!(error, Error::Unreachable { .. }), "{error:?}");
        assert!(matches!(pull("Bad:"), Error::InvalidReference { .. }));
        let cancel = Cancel::new();
        cancel.cancel();
        assert_eq!(
            bench.engine.pull(&none, &mut |_| (), &cancel),
            Err(Error::Cancelled)
        );
    });
}

#[test]
fn a_closed_registry_wants_credentials_and_takes_the_right_ones() {
    everywhere("a_closed_registry_wants_credentials", |mut bench| {
        let registry = bench.lab.closed_registry().to_owned();
        let name = image_at(&mut bench, &registry);
        let push = |engine: &Engine| engine.push(&name, &mut |_| (), &Cancel::new());
        let home = tempfile::tempdir().unwrap();
        let anonymous = with_config(&bench, home.path(), "{}");
        let expected = Error::CredentialsNeeded {
            registry: registry.clone(),
        };
        assert_eq!(push(&anonymous), Err(expected.clone()));
        let account = |password: &str| {
            format!(
                r#"{{"auths":{{"{registry}":{{"username":"{USER}","password":"{password}"}}}}}}"#
            )
        };
        // Bytes that differ between the two alphabets of base64.
        let wrong = with_config(&bench, home.path(), &account("wrong?>~~~ÿÿÿ"));
        let user = USER.to_owned();
        let refused = Error::CredentialsRefused {
            registry: registry.clone(),
            user,
        };
        assert_eq!(push(&wrong), Err(refused.clone()));
        let right = with_config(&bench, home.path(), &account(PASSWORD));
        assert!(push(&right).unwrap().is_some());

        let load = |config: &str| {
            fs::write(home.path().join(".docker/config.json"), config).unwrap();
            let environment =
                Environment::new([("PATH", "/usr/bin:/bin")], Some(home.path().to_path_buf()));
            docker::registry::digest(&name, &docker::Credentials::load(&environment).unwrap())
        };
        assert!(load(&account(PASSWORD)).unwrap().is_some());
        assert_eq!(load("{}"), Err(expected));
        assert_eq!(load(&account("wrong")), Err(refused));

        // A program has them, for pulls and for the bases of builds.
        Bench::script(
            home.path(),
            "docker-credential-lab",
            &format!(
                "read -r r; [ \"$r\" = {registry} ] && echo '{{\"Username\":\"{USER}\",\"Secret\":\"{PASSWORD}\"}}' && exit; echo credentials not found in native keychain; exit 1"
            ),
        );
        let helped = with_config(&bench, home.path(), r#"{"credsStore":"lab"}"#);
        bench.engine.remove(&name).unwrap();
        helped.pull(&name, &mut |_| (), &Cancel::new()).unwrap();
        bench.engine.remove(&name).unwrap();
        bench.write("Dockerfile", &format!("FROM {name}\nRUN echo based\n"));
        let spec = bench.spec();
        helped.build(&spec, &mut |_| (), &Cancel::new()).unwrap();
        let built = bench.engine.inspect(&spec.tags[0]).unwrap().unwrap();
        assert_eq!(built.labels["x.y"], "z");
    });
}
