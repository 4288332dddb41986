//! Functions of plugins of API v1 that go wrong when they are called: nothing is written, and the message says whose
//! they are, where they are used, and where they are written.

mod ending;
mod impure;
mod manners;
mod raising;
mod recursion;
mod types;

use std::time::{Duration, Instant};

use super::snake::Snake;

/// Longer than anything here may take.
const AT_ONCE: Duration = Duration::from_secs(15);

/// What `plugins/bad.py` begins with: so many lines that a test's own begin at [`FIRST`].
const HEAD: &str = "\
import os
from tutor import hooks
here = os.path.dirname(os.path.abspath(__file__))
hooks.Filters.ENV_TEMPLATE_ROOTS.add_item(os.path.join(here, 'templates'))
hooks.Filters.ENV_TEMPLATE_TARGETS.add_item(('bad/apps', 'plugins'))
V, F = hooks.Filters.ENV_TEMPLATE_VARIABLES, hooks.Filters.ENV_TEMPLATE_FILTERS
";

/// The line at which what a test writes into the plugin begins.
const FIRST: usize = 7;

/// A house with the plugin `bad`, which begins as [`HEAD`] and goes on with `body`, and has one template, beside a good
/// plugin. Both are enabled.
fn house(body: &str, template: &str) -> Snake {
    house_with(body, template, "")
}

/// The same with further sections.
fn house_with(body: &str, template: &str, sections: &str) -> Snake {
    let snake = Snake::with(&["bad", "good"], sections);
    snake.put("plugins/bad.py", &format!("{HEAD}{body}"));
    snake.put("plugins/templates/bad/apps/page", template);
    snake.put("plugins/good.yml", "name: good\npatches: {spot: good}\n");
    snake
}

/// The place of a line of the test's own, counted from 0.
fn at(line: usize) -> String {
    format!("bad.py:{}", FIRST + line)
}

/// A save is an error that says all of `told` and changes nothing, the first time and the second, and also after a save
/// that was right; without the plugin all is well.
fn is_an_error(snake: &Snake, told: &[&str]) {
    for what in ["the first save", "the second save"] {
        let started = Instant::now();
        let stderr = snake.fails_and_changes_nothing(snake.command(&["config", "save"]));
        assert!(started.elapsed() < AT_ONCE, "{:?}", started.elapsed());
        assert!(!snake.path("root/env").exists(), "{what} wrote");
        says(&stderr, told, what);
    }
    is_forgotten(snake);
    snake.works(&["plugins", "list"]);
    let config = snake.read("root/config.yml");
    snake.put(
        "root/config.yml",
        &config.replace("PLUGINS:\n- good\n", "PLUGINS:\n- bad\n- good\n"),
    );
    let stderr = snake.fails_and_changes_nothing(snake.command(&["config", "save"]));
    says(&stderr, told, "after a save without it");
    is_forgotten(snake);
}

fn says(stderr: &str, told: &[&str], what: &str) {
    for text in told.iter().chain(&["plugin 'bad'"]) {
        assert!(stderr.contains(text), "{what}: lacks {text:?}:\n{stderr}");
    }
    assert!(!stderr.contains("panicked"), "{what}: {stderr}");
    assert!(stderr.len() < 20_000, "{what}: {} bytes", stderr.len());
}

/// Without the plugin, all is well.
fn is_forgotten(snake: &Snake) {
    let answer = snake.works(&["plugins", "disable", "bad"]);
    assert!(!answer.stderr.contains("Error:"), "{}", answer.stderr);
    snake.saves_well();
    assert_eq!(snake.core(), "core local.openedx.io good");
}
