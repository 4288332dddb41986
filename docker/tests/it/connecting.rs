//! Finding an engine, and not finding one.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixListener;
use std::process::Command;

use docker::{Engine, Environment, Error, Kind, Origin};
use tests::lab::{BASE, Lab};

use crate::bench::{at_newest, environment, everywhere};

fn at(host: &str) -> Environment {
    Environment::new([("DOCKER_HOST", host)], None)
}

#[test]
fn an_engine_says_its_version_and_which_images_it_has() {
    everywhere("an_engine_says_its_version", |bench| {
        let version = bench.engine.version();
        assert_eq!(version.kind, Kind::Docker);
        let said = bench.of.run(&[
            "version",
            "-f",
            "{{.Server.Version}} {{.Server.Os}}/{{.Server.Arch}}",
        ]);
        assert_eq!(format!("{} {}", version.engine, version.platform), said);
        let image = bench.engine.inspect(BASE).unwrap().unwrap();
        assert!(
            image.id.starts_with("sha256:") && image.size > 0,
            "{image:?}"
        );
        assert_eq!(bench.engine.inspect(&image.id).unwrap().unwrap(), image);
        assert_eq!(bench.engine.inspect("tutor-lab/none:1").unwrap(), None);
        assert!(matches!(
            bench.engine.inspect("not valid"),
            Err(Error::InvalidReference { .. })
        ));
        let all = bench
            .engine
            .inspect_all(&[BASE, "tutor-lab/none:1", "Not Valid"]);
        assert_eq!(all[0], Ok(Some(image)));
        assert_eq!(all[1], Ok(None));
        assert!(all[2].is_err());
    });
}

#[test]
fn names_are_given_and_taken_away() {
    everywhere("names_are_given_and_taken_away", |mut bench| {
        let name = bench.images.name("tagged");
        bench.engine.tag(BASE, &name).unwrap();
        let images = bench.engine.inspect_all(&[BASE, &name]);
        assert_eq!(images[0], images[1]);
        assert_eq!(bench.engine.remove(&name), Ok(true));
        assert_eq!(bench.engine.remove(&name), Ok(false));
        let error = bench.engine.tag("tutor-lab/none:1", &name).unwrap_err();
        assert!(matches!(error, Error::NotFound { .. }), "{error:?}");
    });
}

#[test]
fn contexts_of_dockers_client_are_followed() {
    at_newest("contexts_of_dockers_client_are_followed", |bench| {
        let config = tempfile::tempdir().unwrap();
        // Docker's own client makes it.
        let made = bench
            .of
            .docker(&["context", "create", "lab", "--docker"])
            .arg(format!("host={}", bench.of.host))
            .env("DOCKER_CONFIG", config.path())
            .output()
            .unwrap();
        assert!(made.status.success(), "{made:?}");
        let folder = config.path().to_str().unwrap();
        let variables = [("DOCKER_CONFIG", folder), ("DOCKER_CONTEXT", "lab")];
        let engine = Engine::connect(&Environment::new(variables, None)).unwrap();
        assert_eq!(
            engine.endpoint().origin(),
            &Origin::Context("lab".to_owned())
        );
        assert_eq!(engine.version(), bench.engine.version());
    });
}

#[test]
fn an_engine_that_is_not_there_is_said_not_to_run() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("docker.sock");
    let host = format!("unix://{}", socket.display());
    let check = |reason: &str| {
        let error = Engine::connect(&at(&host)).unwrap_err();
        let Error::NotRunning {
            endpoint,
            reason: found,
        } = &error
        else {
            panic!("{error:?}");
        };
        assert_eq!(endpoint, &host);
        assert!(found.contains(reason), "{found}");
        assert!(error.hint().unwrap().contains("systemctl"));
    };
    check("no such socket");
    drop(UnixListener::bind(&socket).unwrap());
    check("refused");
    let error = Engine::connect(&at("tcp://127.0.0.1:9")).unwrap_err();
    assert!(matches!(error, Error::NotRunning { .. }), "{error:?}");
}

#[test]
fn something_else_that_answers_is_no_engine() {
    use std::io::{Read as _, Write as _};
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("docker.sock");
    let listener = UnixListener::bind(&socket).unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 1000]);
            let _ = stream
                .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi");
        }
    });
    let error = Engine::connect(&at(&format!("unix://{}", socket.display()))).unwrap_err();
    assert!(matches!(error, Error::NotRunning { .. }), "{error:?}");
}

#[test]
fn an_engine_without_buildkit_is_too_old() {
    use std::io::{Read as _, Write as _};
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("docker.sock");
    let listener = UnixListener::bind(&socket).unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 1000]);
            let body = r#"{"Version":"17.06","ApiVersion":"1.30","Os":"linux","Arch":"amd64"}"#;
            let length = body.len();
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
            );
        }
    });
    let error = Engine::connect(&at(&format!("unix://{}", socket.display()))).unwrap_err();
    let Error::TooOld { version, .. } = &error else {
        panic!("{error:?}");
    };
    assert_eq!(version, "17.06");
}

/// Started anew by the test below, as somebody who is not in the group docker.
#[test]
fn helper_connects_as_somebody_else() {
    let Ok(host) = std::env::var("DOCKER_TEST_HOST") else {
        return;
    };
    let error = Engine::connect(&at(&host)).unwrap_err();
    assert!(matches!(error, Error::NoPermission { .. }), "{error:?}");
    assert!(error.hint().unwrap().contains("group docker"));
}

#[test]
fn a_socket_of_somebody_else_says_which_group_to_join() {
    let Some(lab) = Lab::get("a_socket_of_somebody_else") else {
        return;
    };
    // The host's socket is where everybody may look, as it is everywhere.
    let host = &lab.engines()[0].host;
    let folder = tempfile::tempdir_in("/tmp").unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let program = folder.path().join("it");
    fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    let socket = folder.path().join("docker.sock");
    let _listener = UnixListener::bind(&socket).unwrap();
    fs::set_permissions(&socket, fs::Permissions::from_mode(0o660)).unwrap();
    let own = format!("unix://{}", socket.display());
    let hosts = if host.contains("/var/run/") {
        vec![own.as_str(), host]
    } else {
        vec![own.as_str()]
    };
    for host in hosts {
        let output = Command::new("setpriv")
            .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
            .arg(&program)
            .args(["--exact", "connecting::helper_connects_as_somebody_else"])
            .env("DOCKER_TEST_HOST", host)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{host}: {said}");
        assert!(said.contains("1 passed"), "{said}");
    }
}

#[test]
fn the_environment_is_what_is_handed_in() {
    at_newest("the_environment_is_what_is_handed_in", |bench| {
        let engine =
            Engine::connect(&environment(&bench.of, &[("DOCKER_CONTEXT", "none")])).unwrap();
        assert_eq!(engine.endpoint().to_string(), bench.of.host);
        let error =
            Engine::connect(&Environment::new([("DOCKER_CONTEXT", "x")], None)).unwrap_err();
        assert!(matches!(error, Error::Configuration { .. }), "{error:?}");
    });
}
