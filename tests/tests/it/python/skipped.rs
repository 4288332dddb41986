//! What holds whenever a plugin does not load, whatever the reason.

use tests::packages::Package;

use super::snake::{GOOD, Snake};

/// A house with the plugin `bad`, which is this package, beside one that works. Both are enabled.
pub(super) fn beside_a_good_one(bad: &Package) -> Snake {
    let snake = with_a_good_one("");
    snake.add(bad);
    snake
}

/// The same, with nothing of `bad` installed yet, and with further sections.
pub(super) fn with_a_good_one(sections: &str) -> Snake {
    let snake = Snake::with(&["bad", "good"], sections);
    snake.add(&Package::new("good", GOOD));
    snake
}

/// The plugin `bad` with this module.
pub(super) fn bad(module: &str) -> Package {
    Package::new("bad", module)
}

/// The plugin `bad` is left out with an alert that says all of `told`; everything else goes on; with `--strict` it is
/// an error; and the user can get rid of it.
pub(super) fn is_skipped(snake: &Snake, told: &[&str]) {
    let names_all = |what: &str, stderr: &str| {
        for text in told.iter().chain(&["plugin 'bad'", "help:"]) {
            assert!(stderr.contains(text), "{what}: lacks {text:?}:\n{stderr}");
        }
        assert!(stderr.len() < 20_000, "{what}: {} bytes", stderr.len());
    };
    let strict = ["--strict", "config", "save", "-s", "LMS_HOST=b.example"];
    let stderr = snake.fails_and_changes_nothing(snake.command(&strict));
    names_all("with --strict", &stderr);

    for what in ["the first save", "the second save"] {
        let answer = snake.save(&[]);
        names_all(what, &answer.stderr);
        assert!(answer.stderr.contains("Warning"), "{}", answer.stderr);
        assert_eq!(snake.core(), "core local.openedx.io good", "{what}");
    }
    let stderr = snake.fails_and_changes_nothing(snake.command(&strict));
    names_all("with --strict, after a save", &stderr);

    assert_eq!(snake.value("PLUGINS"), "['bad', 'good']");
    assert_eq!(snake.row("good").unwrap()[1], "✅ enabled");
    snake.works(&["plugins", "printroot"]);
    snake.works(&["config", "printroot"]);

    snake.works(&["plugins", "disable", "bad"]);
    assert_eq!(snake.value("PLUGINS"), "['good']");
    let answer = snake.save(&["--strict"]);
    assert!(!answer.stderr.contains("Warning"), "{}", answer.stderr);
    assert_eq!(snake.core(), "core local.openedx.io good");
}

/// The same for one of many reasons of a kind: only that it is told, and that `--strict` makes an error of it.
pub(super) fn is_told(snake: &Snake, told: &[&str]) {
    let answer = snake.save(&[]);
    assert_eq!(snake.core(), "core local.openedx.io good", "{told:?}");
    let strict = snake.command(&["config", "save", "--strict"]);
    for stderr in [answer.stderr, snake.fails_and_changes_nothing(strict)] {
        for text in told.iter().chain(&["plugin 'bad'", "help:"]) {
            assert!(stderr.contains(text), "lacks {text:?}:\n{stderr}");
        }
    }
}

/// A plugin with this module is skipped, with an alert that says all of `told`.
pub(super) fn module_is_skipped(module: &str, told: &[&str]) {
    is_skipped(&beside_a_good_one(&bad(module)), told);
}
