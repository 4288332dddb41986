//! Plugins that never come back: they are ended after as long as the user says.

use std::time::{Duration, Instant};

use tests::packages::Package;

use super::skipped::{bad, with_a_good_one};
use super::snake::{GOOD, Snake};

/// Longer than anything here may take: what hangs, hangs for longer.
const AT_ONCE: Duration = Duration::from_secs(10);

/// A plugin that never comes back is ended after as long as the user says.
fn is_ended(statement: &str) {
    let snake = with_a_good_one("-- env --\nTUTOR_PYTHON_TIMEOUT=1\n");
    snake.add(&bad(&format!("x = 1\n{statement}\n")));
    let started = Instant::now();
    let answer = snake.save(&[]);
    assert!(started.elapsed() < AT_ONCE, "{:?}", started.elapsed());
    for told in ["plugin 'bad'", "TUTOR_PYTHON_TIMEOUT", "bad/plugin.py:3"] {
        assert!(answer.stderr.contains(told), "{told}: {}", answer.stderr);
    }
    assert_eq!(snake.core(), "core local.openedx.io good");
    snake.fails_and_changes_nothing(snake.command(&["config", "save", "--strict"]));
    snake.works(&["plugins", "disable", "bad"]);
    snake.saves_well();
}

#[test]
fn it_sleeps() {
    is_ended("import time; time.sleep(600)");
}

#[test]
fn it_loops() {
    is_ended("while True: pass");
}

#[test]
fn it_hangs_and_ignores_signals() {
    is_ended(
        "import signal, time; [signal.signal(n, signal.SIG_IGN) for n in (1, 2, 15)]; time.sleep(600)",
    );
}

#[test]
fn a_time_limit_that_is_no_number_is_told() {
    let snake = Snake::with(&["p"], "-- env --\nTUTOR_PYTHON_TIMEOUT=soon\n");
    snake.add(&Package::new("p", GOOD));
    let answer = snake.tutor(&["config", "save"]);
    assert!(
        answer.stderr.contains("TUTOR_PYTHON_TIMEOUT"),
        "{}",
        answer.stderr
    );
    assert!(answer.stderr.contains("soon"), "{}", answer.stderr);
}
