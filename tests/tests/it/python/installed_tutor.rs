//! A real Tutor in the same environment: ours comes first, and gives way only for what it lacks.

use tests::packages::Package;

use super::snake::Snake;

/// A package `tutor` as an older or newer one might be: it has something that ours lacks, and all else is broken.
fn with_a_tutor(snake: &Snake) {
    let tutor = Package::library("unused", "")
        .file("tutor/__init__.py", "raise RuntimeError('the real one')\n")
        .file("tutor/env.py", "raise RuntimeError('the real env')\n")
        .file("tutor/only_there.py", "WORD = 'from there'\n")
        .file(
            "tutor/commands/only_there.py",
            "from tutor import env\nWORD = 'deep'\n",
        );
    snake.add(&tutor);
}

#[test]
fn ours_comes_first() {
    let snake = Snake::of(
        "p",
        "from tutor import env, exceptions, hooks as tutor_hooks\npatches = {'spot': env.pathjoin('a', 'b')}\n",
    );
    with_a_tutor(&snake);
    snake.saves_well();
    let timings = snake.works(&["config", "save", "--no-cache", "--timings"]);
    let said = format!("{}{}", timings.stdout, timings.stderr);
    assert!(!said.contains("installed Tutor"), "{said}");
}

#[test]
fn what_ours_lacks_is_taken_from_there_and_the_timings_say_so() {
    let module = "\
from tutor import only_there
from tutor.commands import only_there as deep
patches = {'spot': only_there.WORD + ' ' + deep.WORD}
";
    let snake = Snake::of("p", module);
    with_a_tutor(&snake);
    snake.saves_well();
    assert_eq!(snake.core(), "core local.openedx.io from there deep");
    let timings = snake.works(&["config", "save", "--no-cache", "--timings"]);
    let said = format!("{}{}", timings.stdout, timings.stderr);
    for told in [
        "plugin 'p'",
        "tutor.only_there",
        "tutor.commands.only_there",
    ] {
        assert!(said.contains(told), "{told}: {said}");
    }
}
