//! The engine's side of the conversation, with a host that follows a script.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex};

use super::*;

/// What the other side does next.
#[derive(Clone, Debug)]
enum Step {
    Says(&'static str),
    HangsUp,
    IsSilent,
}

#[derive(Debug)]
struct Scripted {
    steps: VecDeque<Step>,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Conversation for Scripted {
    fn hold(&mut self, _descriptor: i32) {}
    fn held(&mut self, _beginning: usize) -> (Vec<u8>, Vec<u8>) {
        Default::default()
    }
    fn send(&mut self, line: &str) -> io::Result<()> {
        self.heard.lock().unwrap().push(line.to_owned());
        Ok(())
    }
    fn receive(&mut self, _patience: Duration) -> io::Result<Option<String>> {
        match self.steps.pop_front() {
            Some(Step::Says(line)) => Ok(Some(line.to_owned())),
            Some(Step::HangsUp) | None => Ok(None),
            Some(Step::IsSilent) => Err(ErrorKind::TimedOut.into()),
        }
    }
    fn printed(&mut self) -> String {
        String::from("last words\n")
    }
    fn last_words(&mut self) -> String {
        String::from("in f\n")
    }
    fn end(&mut self) -> Option<Ended> {
        Some(Ended::Status(3))
    }
}

const READY: Step = Step::Says(r#"{"ready": {"protocol": 1}}"#);

/// Loads a plugin once for each of `scripts`, each that of a host that is started anew if the one before is gone.
fn load(scripts: &[&[Step]], times: usize) -> (Vec<Result<Answer, Failed>>, Vec<String>) {
    let heard: Arc<Mutex<Vec<String>>> = Arc::default();
    let left = Mutex::new(
        scripts
            .iter()
            .map(|script| script.to_vec())
            .collect::<VecDeque<_>>(),
    );
    let start = || {
        let script = left
            .lock()
            .unwrap()
            .pop_front()
            .ok_or(ErrorKind::NotFound)?;
        let conversation = Scripted {
            steps: script.into(),
            heard: heard.clone(),
        };
        Ok(Box::new(conversation) as Box<dyn Conversation>)
    };
    let plugin = Load {
        name: "hello".into(),
        api: Api::V0,
        module: "tutorhello.plugin".into(),
        attribute: None,
        file: None,
        distribution: "tutor-hello".into(),
        version: Some("1.0".into()),
        seed: None,
    };
    let asked = &mut |what: &str, with: &Json| match with.get("with") {
        Some(answer) => Ok(answer.clone()),
        None => Err(format!("nobody knows '{what}'")),
    };
    let mut host = Host::default();
    let sdk = BTreeMap::from([("tutor/__init__.py", "")]);
    let answers = (0..times)
        .map(|_| host.load(&start, &sdk, &plugin, Duration::from_secs(1), asked))
        .collect();
    drop(host);
    let heard = heard.lock().unwrap().clone();
    (answers, heard)
}

#[test]
fn one_host_is_greeted_once_works_for_all_and_is_told_when_it_is_over() {
    let script = [
        READY,
        Step::Says(r#"{"result": 1, "reads": {"files": ["/a"]}}"#),
        Step::Says(r#"{"result": 2}"#),
    ];
    let (answers, heard) = load(&[&script], 2);
    let first = answers[0].as_ref().unwrap();
    assert_eq!(
        (&first.outcome, &first.reads.files),
        (&Ok(json!(1)), &vec![String::from("/a")])
    );
    assert_eq!(answers[1].as_ref().unwrap().outcome, Ok(json!(2)));
    assert_eq!(heard.len(), 4, "{heard:?}");
    assert!(heard[0].starts_with(r#"{"hello":{"protocol":1,"sdk":{"tutor/__init__.py":""#));
    assert!(heard[1].contains(r#""call":"load_v0""#) && heard[1].contains("tutorhello.plugin"));
    assert_eq!(heard[3], r#"{"shutdown":{}}"#);
}

#[test]
fn what_is_asked_is_answered_and_the_call_goes_on() {
    let script = [
        READY,
        Step::Says(r#"{"ask": "filter", "with": 7}"#),
        Step::Says(r#"{"ask": "config"}"#),
        Step::Says(r#"{"result": null}"#),
    ];
    let (answers, heard) = load(&[&script], 1);
    assert_eq!(answers[0].as_ref().unwrap().outcome, Ok(Json::Null));
    assert_eq!(heard[2], r#"{"answer":7}"#);
    assert_eq!(heard[3], r#"{"error":{"message":"nobody knows 'config'"}}"#);
}

#[test]
fn an_exception_is_told_with_its_place_and_the_host_goes_on() {
    let script = [
        READY,
        Step::Says(
            r#"{"error": {"kind": "ZeroDivisionError", "message": "division by zero", "frames": [{"file": "/p.py", "line": 3}]}}"#,
        ),
        Step::Says(r#"{"result": 2}"#),
    ];
    let (answers, _) = load(&[&script], 2);
    let Err(problem) = &answers[0].as_ref().unwrap().outcome else {
        panic!("{answers:?}");
    };
    assert_eq!(
        (problem.kind.as_str(), problem.frames[0].line),
        ("ZeroDivisionError", Some(3))
    );
    assert!(answers[1].is_ok());
}

#[test]
fn a_host_that_dies_leaves_its_last_words_and_another_one_takes_over() {
    let second = [READY, Step::Says(r#"{"result": 2}"#)];
    let (answers, _) = load(&[&[READY, Step::HangsUp], &second], 2);
    let died = Failed::Died {
        how: Some(Ended::Status(3)),
        last_words: String::from("last words"),
        doer: None,
    };
    assert_eq!(answers[0], Err(died));
    assert!(answers[1].is_ok());
}

#[test]
fn a_host_that_hangs_talks_nonsense_or_refuses_is_given_up() {
    let scripts: [(&[Step], Failed); 4] = [
        (
            &[READY, Step::IsSilent],
            Failed::Silent {
                patience: Duration::from_secs(1),
                last_words: String::from("in f\n"),
                doer: None,
            },
        ),
        (
            &[Step::Says(r#"{"refused": "Python 3.6 is too old"}"#)],
            Failed::Refused(String::from("Python 3.6 is too old")),
        ),
        (
            &[READY, Step::Says("{}")],
            Failed::Nonsense(String::from("it neither asks nor answers")),
        ),
        (
            &[],
            Failed::Start(String::from(
                "it ended before it was asked anything (exit status 3): last words",
            )),
        ),
    ];
    for (script, wanted) in scripts {
        let (answers, _) = load(&[script], 1);
        assert_eq!(answers[0], Err(wanted));
    }
    let (answers, _) = load(&[&[READY, Step::Says("no JSON")]], 1);
    assert!(matches!(&answers[0], Err(Failed::Nonsense(why)) if why.contains("no JSON")));
    let (answers, _) = load(&[&[Step::Says(r#"{"ready": {"protocol": 2}}"#)]], 1);
    assert!(matches!(&answers[0], Err(Failed::Start(_))));
    let (answers, _) = load(&[], 1);
    assert!(matches!(&answers[0], Err(Failed::Start(_))));
}
