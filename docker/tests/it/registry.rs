//! Registries that are asked without an engine: small servers play their parts.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use docker::registry::{digest, labels};
use docker::{Credentials, Environment, Error};

/// A request: its first line, and who asks.
type Asked = Arc<Mutex<Vec<(String, String)>>>;

/// A server that answers each path with the same text: status line, headers, empty line, body.
fn server(answers: impl Fn(&str, &str, &str) -> String + Send + Sync + 'static) -> (String, Asked) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let asked = Asked::default();
    let (log, own) = (Arc::clone(&asked), address.clone());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let (line, who) = read(&stream);
            // A client that tries TLS first gets nothing.
            if line.starts_with("GET ") || line.starts_with("HEAD ") || line.starts_with("POST ") {
                log.lock().unwrap().push((line.clone(), who.clone()));
                let _ = stream.write_all(answers(&line, &who, &own).as_bytes());
            }
        }
    });
    (address, asked)
}

fn read(stream: &TcpStream) -> (String, String) {
    let mut reader = BufReader::new(stream);
    let mut first = Vec::new();
    let _ = reader.read_until(b'\n', &mut first);
    let first = String::from_utf8_lossy(&first).trim().to_owned();
    let mut who = String::new();
    let mut line = String::new();
    while first.contains("HTTP/") && reader.read_line(&mut line).is_ok_and(|n| n > 2) {
        if let Some(value) = line.to_lowercase().strip_prefix("authorization: ") {
            who = line[line.len() - value.len()..].trim().to_owned();
        }
        line.clear();
    }
    (first, who)
}

fn answer(status: &str, headers: &[&str], body: &str) -> String {
    let mut text = format!(
        "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n",
        body.len()
    );
    for header in headers {
        text.push_str(header);
        text.push_str("\r\n");
    }
    text + "\r\n" + body
}

fn account(registry: &str, user: &str, password: &str) -> Credentials {
    let home = tempfile::tempdir().unwrap();
    let config =
        format!(r#"{{"auths":{{"{registry}":{{"username":"{user}","password":"{password}"}}}}}}"#);
    std::fs::create_dir(home.path().join(".docker")).unwrap();
    std::fs::write(home.path().join(".docker/config.json"), config).unwrap();
    let environment = Environment::new(
        BTreeMap::<String, String>::new(),
        Some(home.path().to_path_buf()),
    );
    Credentials::load(&environment).unwrap()
}

#[test]
fn a_token_is_fetched_where_the_registry_says() {
    let (address, asked) = server(|line, who, own| {
        if line.contains("/token?") {
            assert!(
                line.contains("service=here") && line.contains("scope=repository%3Aa/b%3Apull"),
                "{line}"
            );
            let allowed = who == "Basic bWU6c2VjcmV0";
            return if allowed {
                answer("200 OK", &[], r#"{"token":"T"}"#)
            } else {
                answer("401 Unauthorized", &[], "")
            };
        }
        if who == "Bearer T" {
            return answer("200 OK", &["Docker-Content-Digest: sha256:12"], "");
        }
        let challenge = format!(
            "WWW-Authenticate: Bearer realm=\"http://{own}/token\",service=\"here\",scope=\"repository:a/b:pull\""
        );
        answer("401 Unauthorized", &[&challenge], "")
    });
    let name = format!("{address}/a/b:1");
    let found = digest(&name, &account(&address, "me", "secret")).unwrap();
    assert_eq!(found.as_deref(), Some("sha256:12"));
    let lines: Vec<String> = asked
        .lock()
        .unwrap()
        .iter()
        .map(|(line, _)| line.clone())
        .collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    let user = "me".to_owned();
    assert_eq!(
        digest(&name, &account(&address, "me", "wrong")),
        Err(Error::CredentialsRefused {
            registry: address.clone(),
            user
        })
    );
    assert_eq!(
        digest(&name, &Credentials::default()),
        Err(Error::CredentialsNeeded { registry: address })
    );
}

#[test]
fn of_an_image_for_several_platforms_the_right_one_is_taken() {
    use sha2::{Digest as _, Sha256};
    let config = r#"{"config":{"Labels":{"a":"b"}}}"#;
    let hash: String = Sha256::digest(config)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let id = format!("sha256:{hash}");
    let expected = id.clone();
    let (address, asked) = server(move |line, who, own| {
        if line.contains("/manifests/1 ") {
            return answer(
                "200 OK",
                &["Docker-Content-Digest: sha256:list"],
                r#"{"manifests":[
                {"digest":"sha256:none","platform":{"os":"unknown","architecture":"unknown"}},
                {"digest":"sha256:arm","platform":{"os":"linux","architecture":"arm64","variant":"v8"}},
                {"digest":"sha256:amd","platform":{"os":"linux","architecture":"amd64"}}]}"#,
            );
        }
        if line.contains("/manifests/sha256:amd ") {
            return answer(
                "200 OK",
                &[],
                &format!(r#"{{"config":{{"digest":"{id}"}}}}"#),
            );
        }
        if line.contains("/blobs/") {
            return answer(
                "307 Temporary Redirect",
                &[&format!("Location: http://{own}/elsewhere")],
                "",
            );
        }
        if line.contains("/elsewhere ") {
            assert_eq!(who, "", "credentials were carried elsewhere");
            return answer("200 OK", &[], config);
        }
        answer("404 Not Found", &[], "")
    });
    let name = format!("{address}/a:1");
    let none = Credentials::default();
    let found = labels(&name, "linux/amd64", &none).unwrap().unwrap();
    assert_eq!((found.digest.as_str(), found.id), ("sha256:list", expected));
    assert_eq!(found.labels["a"], "b");
    assert_eq!(labels(&name, "linux/s390x", &none), Ok(None));
    assert_eq!(
        labels(&format!("{address}/a:2"), "linux/amd64", &none),
        Ok(None)
    );
    assert!(!asked.lock().unwrap().is_empty());
}

#[test]
fn refusals_and_broken_connections_are_told() {
    let (address, _) = server(|line, _, _| {
        if line.contains("/denied/") {
            answer(
                "403 Forbidden",
                &[],
                r#"{"errors":[{"message":"not for you"}]}"#,
            )
        } else if line.contains("/broken/") {
            "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{".to_owned()
        } else if line.contains("/circle/") {
            answer("302 Found", &["Location: /v2/circle/manifests/latest"], "")
        } else {
            answer("500 Internal Server Error", &[], "")
        }
    });
    let none = Credentials::default();
    let ask = |name: &str| labels(&format!("{address}/{name}"), "linux/amd64", &none).unwrap_err();
    let Error::Refused { message, .. } = ask("denied") else {
        panic!("{:?}", ask("denied"));
    };
    assert!(message.contains("not for you"), "{message}");
    for name in ["broken", "circle", "other"] {
        assert!(
            matches!(ask(name), Error::Unreachable { .. }),
            "{name}: {:?}",
            ask(name)
        );
    }
    let error = digest("127.0.0.1:9/x", &none).unwrap_err();
    assert!(matches!(error, Error::Unreachable { .. }), "{error:?}");
    assert!(matches!(
        digest("X:", &none),
        Err(Error::InvalidReference { .. })
    ));
}
